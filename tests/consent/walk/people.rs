//! Who there is, and the numbers that are drawn.

use alloy::{
    primitives::{Address, B256, FixedBytes, U256, keccak256},
    sol_types::{SolCall, SolConstructor, SolValue},
};
use consilium_bindings::Consent as C;
use harness::{
    peers::Peer,
    walk::{Cast, signers::Signer},
};

use super::acts::time;

/// Contracts that make calls: the DAO, a clinician, a recorder, two organisations, and two persons.
pub(super) const ACTORS: usize = 7;
/// Classes and purposes that are asked for.
pub(super) const CLASSES: [u8; 3] = [0, 3, 200];
pub(super) const PURPOSES: [u8; 3] = [1, 9, 3];
/// Roles that are granted to: more than a grantor may name.
pub(super) const ROLES: u8 = 10;

/// Everybody.
#[derive(Clone, Debug)]
pub(super) struct People {
    pub(super) contract: Address,
    pub(super) implementation: Address,
    pub(super) actors: Vec<Address>,
    pub(super) authority: Address,
    pub(super) hook: Address,
    pub(super) signers: Vec<Signer>,
}

/// Made before the contract: its authority, and the hook.
pub(super) fn before() -> Vec<(&'static str, Vec<u8>)> {
    vec![("ConsentAuthority", Vec::new()), ("ConsentWalkHook", Vec::new())]
}

/// Made after it: a wallet.
pub(super) fn helpers() -> Vec<(&'static str, Vec<u8>)> {
    vec![("Wallet", Vec::new())]
}

/// What both begin with.
pub(super) fn arguments(cast: &Cast) -> [Vec<u8>; 2] {
    let (policy, longest) = (first_policy(), first_longest());
    let begin =
        C::constructorCall { initialAuthority: cast.helpers[0], policy, longest, codes: first_codes() }.abi_encode();
    let peer = Peer::load("PeerConsent").and_then(|peer| peer.initialize(&begin)).expect("the peer is compiled");
    [begin, peer.into()]
}

pub(super) fn first_policy() -> C::Policy {
    C::Policy {
        separatePurposes: 1 << 9,
        separateClasses: 1 << 8,
        emergencyPurposes: 1 << 3,
        refusedJurisdictions: 1 << 7,
        closedClasses: U256::from(1) << 200,
        openFor: 3_600,
        reviewWithin: 86_400,
        window: 7_200,
        limit: 2,
        recoveryDelay: 86_400,
        hook: Address::ZERO,
    }
}

/// Two runs: the ends of two tables.
pub(super) fn first_codes() -> Vec<C::Codes> {
    let run = |table, first| C::Codes { table, first, codes: [1, 2].map(B256::repeat_byte).to_vec() };
    vec![run(0, 0), run(1, 62)]
}

pub(super) fn first_longest() -> [u16; 64] {
    let mut longest = [u16::MAX; 64];
    (longest[1], longest[2]) = (30, 0);
    longest
}

impl People {
    pub(super) fn new(cast: &Cast) -> Self {
        Self {
            contract: cast.contract,
            implementation: cast.implementation,
            actors: cast.actors.clone(),
            authority: cast.helpers[0],
            hook: cast.helpers[1],
            signers: Signer::all(cast.helpers[2]),
        }
    }

    /// Those with data: two persons who call, and all who sign.
    pub(super) fn grantors(&self) -> Vec<Address> {
        self.actors[5..].iter().copied().chain(self.signers.iter().map(Signer::account)).collect()
    }

    /// Everybody who can be named: those who call, then those who sign.
    pub(super) fn accounts(&self) -> Vec<Address> {
        self.actors.iter().copied().chain(self.signers.iter().map(Signer::account)).collect()
    }

    pub(super) fn grantor(&self, which: u8) -> Address {
        let all = self.grantors();
        all[usize::from(which) % all.len()]
    }

    pub(super) fn account(&self, which: u8) -> Address {
        let all = self.accounts();
        all[usize::from(which) % all.len()]
    }

    /// Somebody whom a provision can be for: an account, a role, or what is refused.
    pub(super) fn grantee(&self, which: u8) -> Address {
        match which {
            250.. => Address::ZERO,
            200.. => role_grantee(which % ROLES),
            _ => self.account(which % 7),
        }
    }

    /// Who asks: the clinician, an organisation and its member, and one who signs.
    pub(super) fn askers(&self) -> [Address; 4] {
        [self.actors[1], self.actors[3], self.actors[6], self.signers[0].account()]
    }

    pub(super) fn organizations(&self) -> [Address; 2] {
        [self.actors[3], self.actors[4]]
    }
}

/// The address of a role, by the text.
pub(super) fn role_grantee(role: u8) -> Address {
    let mut address = Address::ZERO;
    address[..4].copy_from_slice(b"ROLE");
    address[19] = role;
    address
}

/// The functions that the authority restricts.
pub(super) fn restricted() -> [FixedBytes<4>; 9] {
    [
        C::setOrganizationCall::SELECTOR,
        C::setRoleCall::SELECTOR,
        C::appointRepresentativeCall::SELECTOR,
        C::setPolicyCall::SELECTOR,
        C::setCodeCall::SELECTOR,
        C::declareEmergencyCall::SELECTOR,
        C::reviewEmergencyCall::SELECTOR,
        C::recordCall::SELECTOR,
        C::upgradeToAndCallCall::SELECTOR,
    ]
    .map(FixedBytes)
}

/// The members of an organisation's tree, with their ends: its root is made of these four leaves.
fn leaves(members: &[(Address, u64)]) -> Vec<B256> {
    members.iter().map(|member| keccak256(keccak256((member.0, time(member.1)).abi_encode()))).collect()
}

/// A tree of four members.
pub(super) struct List {
    members: Vec<(Address, u64)>,
    leaves: Vec<B256>,
    pub(super) root: B256,
}

fn above(a: B256, b: B256) -> B256 {
    let (low, high) = if a < b { (a, b) } else { (b, a) };
    keccak256([low, high].concat())
}

impl List {
    pub(super) fn new(members: Vec<(Address, u64)>) -> Self {
        let leaves = leaves(&members);
        let root = above(above(leaves[0], leaves[1]), above(leaves[2], leaves[3]));
        Self { members, leaves, root }
    }

    pub(super) fn proof(&self, which: usize) -> (Address, u64, Vec<B256>) {
        let (who, until) = self.members[which];
        let others = [2 - (which / 2) * 2, 3 - (which / 2) * 2];
        let other = above(self.leaves[others[0]], self.leaves[others[1]]);
        (who, until, vec![self.leaves[which ^ 1], other])
    }
}
