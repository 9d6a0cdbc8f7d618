//! Who there is, and what can be called.

use alloy::primitives::{Address, FixedBytes};
use alloy::sol_types::SolValue;
use harness::walk::Cast;

use crate::setup::{Manager, PUBLIC, Target, selector};

pub(super) const ACTORS: usize = 5;
/// One of them is too large for few bytes.
pub(super) const ROLES: [u64; 5] = [0, 1, 2, (1 << 56) + 3, PUBLIC];

/// Contracts that both sides have: two targets that obey the manager, one that consumes by itself, one that calls back.
pub(super) fn helpers(manager: Address) -> Vec<(&'static str, Vec<u8>)> {
    let arguments = manager.abi_encode();
    vec![("ManagedTarget", arguments.clone()), ("ManagedTarget", arguments), ("Consumer", Vec::new())]
}

/// The functions whose roles are set and asked for: more than fit into one word.
pub(super) fn selectors() -> [FixedBytes<4>; 8] {
    [
        selector::<Target::noteCall>(),
        selector::<Target::markCall>(),
        selector::<Target::reenterCall>(),
        selector::<Target::setAuthorityCall>(),
        selector::<Manager::grantRoleCall>(),
        selector::<Manager::expirationCall>(),
        FixedBytes([0; 4]),
        FixedBytes([0xff; 4]),
    ]
}

/// Everybody.
#[derive(Clone, Debug)]
pub(super) struct People {
    pub(super) manager: Address,
    pub(super) targets: [Address; 2],
    pub(super) consumer: Address,
    /// Who may hold roles: the actors, the first target and the manager.
    pub(super) accounts: Vec<Address>,
}

impl People {
    pub(super) fn new(cast: &Cast) -> Self {
        let (manager, targets, consumer) = (cast.contract, [cast.helpers[0], cast.helpers[1]], cast.helpers[2]);
        let accounts = cast.actors.iter().copied().chain([targets[0], manager]).collect();
        Self { manager, targets, consumer, accounts }
    }

    pub(super) fn account(&self, which: u8) -> Address {
        self.accounts[usize::from(which) % self.accounts.len()]
    }

    /// What can be a target: those that obey, the manager itself, the consumer, and an account without code.
    pub(super) fn all_targets(&self) -> [Address; 5] {
        let [first, second] = self.targets;
        [first, second, self.manager, self.consumer, Address::repeat_byte(0x77)]
    }

    pub(super) fn target(&self, which: u8) -> Address {
        let all = self.all_targets();
        all[usize::from(which) % all.len()]
    }

    pub(super) fn role(which: u8) -> u64 {
        ROLES[usize::from(which) % ROLES.len()]
    }
}
