//! Who there is: those who call, those who sign, payees and tokens that misbehave.

use alloy::{
    primitives::{Address, FixedBytes, U256},
    sol,
    sol_types::{SolCall, SolConstructor, SolValue},
};
use consilium_bindings::RevenueSplitter as S;
use harness::{
    peers::Peer,
    walk::{Cast, signers::Signer},
};

sol! {
    /// `tests/revenue-splitter/solidity/SplitterWalk.sol`.
    interface Registry {
        error NotNow();
        function know(bytes32 pointer, bytes32 request, address custodian, uint8 dataClass, address actor) external;
        function mute(bool yes) external;
    }
}

/// Contracts that make calls.
pub(super) const ACTORS: usize = 8;
pub(super) const DAO: usize = 0;
pub(super) const GUARDIAN: usize = 1;
pub(super) const PAYER: usize = 2;
/// For how long an epoch can be disabled, at first.
pub(super) const WINDOW: u32 = 1_000;
/// The tokens: one of OpenZeppelin's, and two that misbehave.
pub(super) const TOKENS: usize = 3;

/// Everybody.
#[derive(Clone, Debug)]
pub(super) struct People {
    pub(super) contract: Address,
    pub(super) implementation: Address,
    pub(super) actors: Vec<Address>,
    pub(super) authority: Address,
    pub(super) registry: Address,
    /// The first is OpenZeppelin's.
    pub(super) tokens: Vec<Address>,
    /// Payees that do something of their own with ether.
    pub(super) odd: Vec<Address>,
    pub(super) signers: Vec<Signer>,
    pub(super) wallet: Address,
}

/// Made before the contract.
pub(super) fn before() -> Vec<(&'static str, Vec<u8>)> {
    let nothing = Vec::new;
    vec![
        ("ConsentAuthority", nothing()),
        ("WalkRegistry", nothing()),
        ("PlainToken", U256::ZERO.abi_encode()),
        ("WildToken", nothing()),
        ("WildToken", nothing()),
        ("OddPayee", nothing()),
        ("OddPayee", nothing()),
        ("Wallet", nothing()),
    ]
}

/// The first table, by places in [`People::payees`].
pub(super) const FIRST_TABLE: [(usize, u16); 4] = [(3, 4_000), (8, 2_000), (9, 1_000), (14, 3_000)];

/// What both begin with.
pub(super) fn arguments(cast: &Cast) -> [Vec<u8>; 2] {
    let people = People::new(cast);
    let payees = people.payees();
    let begin = S::constructorCall {
        initialAuthority: people.authority,
        registry: people.registry,
        treasury: people.actors[7],
        window: WINDOW,
        recipients: FIRST_TABLE.iter().map(|(place, _)| payees[*place]).collect(),
        basisPoints: FIRST_TABLE.iter().map(|(_, share)| *share).collect(),
    };
    let begin = begin.abi_encode();
    let peer = Peer::load("PeerSplitter").and_then(|peer| peer.initialize(&begin)).expect("the peer is compiled");
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
            registry: helper(1),
            tokens: (2..2 + TOKENS).map(helper).collect(),
            odd: vec![helper(5), helper(6)],
            signers: Signer::all(helper(7)),
            wallet: helper(7),
        }
    }

    /// Everybody who can be due something: those who call, the odd ones, those who sign, and the pool.
    pub(super) fn payees(&self) -> Vec<Address> {
        let signers = self.signers.iter().map(Signer::account);
        self.actors.iter().chain(&self.odd).copied().chain(signers).chain([self.contract]).collect()
    }

    pub(super) fn payee(&self, which: u8) -> Address {
        let all = self.payees();
        all[usize::from(which) % all.len()]
    }

    /// Ether, or a token.
    pub(super) fn asset(&self, which: u8) -> Address {
        match usize::from(which) % (TOKENS + 1) {
            0 => Address::ZERO,
            place => self.tokens[place - 1],
        }
    }

    pub(super) fn assets(&self) -> Vec<Address> {
        [Address::ZERO].into_iter().chain(self.tokens.iter().copied()).collect()
    }

    /// Who has code.
    pub(super) fn with_code(&self) -> Vec<Address> {
        let one = [self.authority, self.registry, self.contract, self.implementation, self.wallet];
        self.actors.iter().chain(&self.tokens).chain(&self.odd).copied().chain(one).collect()
    }
}

/// The functions that the authority restricts.
pub(super) fn restricted() -> [FixedBytes<4>; 8] {
    [
        S::setTableCall::SELECTOR,
        S::publishEpochCall::SELECTOR,
        S::disableEpochCall::SELECTOR,
        S::recoverEpochCall::SELECTOR,
        S::setTreasuryCall::SELECTOR,
        S::setRegistryCall::SELECTOR,
        S::setWindowCall::SELECTOR,
        S::upgradeToAndCallCall::SELECTOR,
    ]
    .map(FixedBytes)
}
