//! Who there is: those who call, tokens and payees that misbehave.

use alloy::{
    primitives::{Address, FixedBytes, U256},
    sol_types::{SolCall, SolConstructor, SolValue},
};
use consilium_bindings::Mandate as M;
use harness::{peers::Peer, walk::Cast};

use crate::world::payee;

/// Contracts that make calls.
pub(super) const ACTORS: usize = 6;
pub(super) const DAO: usize = 0;
/// Has the ether that comes in.
pub(super) const PAYER: usize = 5;
/// Those who call and can have a mandate, by their places, before the two payees.
pub(super) const HOLDERS: usize = 3;

/// Everybody.
#[derive(Clone, Debug)]
pub(super) struct People {
    pub(super) contract: Address,
    pub(super) implementation: Address,
    pub(super) actors: Vec<Address>,
    pub(super) authority: Address,
    /// OpenZeppelin's, and one that misbehaves.
    pub(super) tokens: [Address; 2],
    /// Payees that do something of their own with ether.
    pub(super) odd: [Address; 2],
}

/// Made before the contract.
pub(super) fn before() -> Vec<(&'static str, Vec<u8>)> {
    let nothing = Vec::new;
    vec![
        ("ConsentAuthority", nothing()),
        ("PlainToken", U256::ZERO.abi_encode()),
        ("WildToken", nothing()),
        ("OddPayee", nothing()),
        ("OddPayee", nothing()),
    ]
}

/// What both begin with: nobody has a mandate.
pub(super) fn arguments(cast: &Cast) -> [Vec<u8>; 2] {
    let people = People::new(cast);
    let begin = crate::world::beginning(people.authority, Vec::new(), Vec::new()).abi_encode();
    let peer = Peer::load("PeerMandate").and_then(|peer| peer.initialize(&begin)).expect("the peer is compiled");
    [begin, peer.into()]
}

impl People {
    pub(super) fn new(cast: &Cast) -> Self {
        let helper = |place: usize| cast.helpers[place];
        Self {
            contract: cast.contract,
            implementation: cast.implementation,
            actors: cast.actors.clone(),
            authority: helper(0),
            tokens: [helper(1), helper(2)],
            odd: [helper(3), helper(4)],
        }
    }

    /// Ether, and the tokens.
    pub(super) fn monies(&self) -> [Address; 3] {
        [Address::ZERO, self.tokens[0], self.tokens[1]]
    }

    pub(super) fn money(&self, which: u8) -> Address {
        self.monies()[usize::from(which) % 3]
    }

    /// Those who have mandates: who calls, and a payee that calls back.
    pub(super) fn holders(&self) -> Vec<Address> {
        self.actors[1..=HOLDERS].iter().copied().chain([self.odd[0]]).collect()
    }

    /// A holder; the last few cannot be one.
    pub(super) fn holder(&self, which: u8) -> Address {
        match which {
            253 => Address::ZERO,
            254 => self.contract,
            255 => self.authority,
            _ => self.holders()[usize::from(which) % (HOLDERS + 1)],
        }
    }

    /// Whom to pay: the odd ones often, and some who cannot be paid.
    pub(super) fn payee(&self, which: u8) -> Address {
        match which {
            250.. => {
                [Address::ZERO, self.contract, self.tokens[0], self.tokens[1], self.authority, self.implementation]
                    [usize::from(which - 250)]
            }
            _ => [payee(), self.odd[0], self.odd[1], self.actors[1]][usize::from(which % 4)],
        }
    }

    /// Who has code.
    pub(super) fn with_code(&self) -> Vec<Address> {
        let one = [self.authority, self.contract, self.implementation];
        self.actors.iter().chain(&self.tokens).chain(&self.odd).copied().chain(one).collect()
    }
}

/// The functions that the authority restricts.
pub(super) fn restricted() -> [FixedBytes<4>; 5] {
    [
        M::grantMandateCall::SELECTOR,
        M::endMandateCall::SELECTOR,
        M::setAllowanceCall::SELECTOR,
        M::recoverCall::SELECTOR,
        M::upgradeToAndCallCall::SELECTOR,
    ]
    .map(FixedBytes)
}
