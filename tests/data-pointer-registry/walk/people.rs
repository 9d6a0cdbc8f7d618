//! Who there is, and the numbers that are drawn.

use alloy::{
    primitives::{Address, B256, FixedBytes, U256},
    sol_types::{SolCall, SolConstructor, SolValue},
};
use consilium_bindings::{Consent as C, DataPointerRegistry as D};
use harness::{
    peers::Peer,
    walk::{Cast, signers::Signer},
};

/// Contracts that make calls: the DAO, three that can be custodians, a doctor, a member of an organisation, and two
/// patients.
pub(super) const ACTORS: usize = 8;
pub(super) const DAO: usize = 0;
pub(super) const CUSTODIANS: [usize; 3] = [1, 2, 3];
/// The second of the custodians is an organisation in the consent too.
pub(super) const ORGANIZATION: usize = 2;
pub(super) const DOCTOR: usize = 4;
pub(super) const PATIENTS: [usize; 2] = [6, 7];

/// Data classes.
pub(super) const CLASSES: [u8; 2] = [4, 5];
/// Purposes. The last is that of storing, at the start.
pub(super) const PURPOSES: [u8; 3] = [0, 7, 34];

/// The first encryptions; they count from 1.
pub(super) fn encryptions() -> Vec<B256> {
    ["A256GCM", "HPKE-X25519"].map(|code| B256::right_padding_from(code.as_bytes())).into()
}
pub(super) const ANSWER_WITHIN: u32 = 3_600;

/// Everybody.
#[derive(Clone, Debug)]
pub(super) struct People {
    pub(super) contract: Address,
    pub(super) implementation: Address,
    pub(super) actors: Vec<Address>,
    pub(super) authority: Address,
    pub(super) consent: Address,
    pub(super) signers: Vec<Signer>,
}

/// Made before the contract: the authority, and a consent behind a proxy.
pub(super) fn before(at: &dyn Fn(usize) -> Address) -> Vec<(&'static str, Vec<u8>)> {
    let initialize =
        C::constructorCall { initialAuthority: at(0), policy: policy(), longest: [u16::MAX; 64], codes: Vec::new() };
    let initialize = Peer::load("PeerConsent").and_then(|peer| peer.initialize(&initialize.abi_encode()));
    let proxy = (at(1), initialize.expect("the peer is compiled")).abi_encode_params();
    vec![("ConsentAuthority", Vec::new()), ("PeerConsent", Vec::new()), ("PeerProxy", proxy)]
}

/// Made after it: a wallet.
pub(super) fn helpers() -> Vec<(&'static str, Vec<u8>)> {
    vec![("Wallet", Vec::new())]
}

/// What both begin with.
pub(super) fn arguments(cast: &Cast) -> [Vec<u8>; 2] {
    let begin = D::constructorCall {
        initialAuthority: cast.helpers[0],
        consent: cast.helpers[2],
        storePurpose: PURPOSES[2],
        answerWithin: ANSWER_WITHIN,
        encryptions: encryptions(),
    };
    let begin = begin.abi_encode();
    let peer = Peer::load("PeerRegistry").and_then(|peer| peer.initialize(&begin)).expect("the peer is compiled");
    [begin, peer.into()]
}

/// An emergency opens for the first purpose and for storing. Nothing else is limited.
fn policy() -> C::Policy {
    C::Policy {
        separatePurposes: 0,
        separateClasses: 0,
        emergencyPurposes: 1 << PURPOSES[0] | 1 << PURPOSES[2],
        refusedJurisdictions: 0,
        closedClasses: U256::ZERO,
        openFor: 3_600,
        reviewWithin: 3_600,
        window: 60,
        limit: 9,
        recoveryDelay: 0,
        hook: Address::ZERO,
    }
}

impl People {
    pub(super) fn new(cast: &Cast) -> Self {
        Self {
            contract: cast.contract,
            implementation: cast.implementation,
            actors: cast.actors.clone(),
            authority: cast.helpers[0],
            consent: cast.helpers[2],
            signers: Signer::all(cast.helpers[3]),
        }
    }

    /// Those with records: two patients who call, all who sign, and a custodian.
    pub(super) fn subjects(&self) -> Vec<Address> {
        let callers = PATIENTS.map(|patient| self.actors[patient]).into_iter();
        callers.chain(self.signers.iter().map(Signer::account)).chain([self.actors[CUSTODIANS[0]]]).collect()
    }

    /// Everybody who can be named: those who call, then those who sign.
    pub(super) fn accounts(&self) -> Vec<Address> {
        self.actors.iter().copied().chain(self.signers.iter().map(Signer::account)).collect()
    }

    pub(super) fn subject(&self, which: u8) -> Address {
        let all = self.subjects();
        all[usize::from(which) % all.len()]
    }

    pub(super) fn account(&self, which: u8) -> Address {
        let all = self.accounts();
        all[usize::from(which) % all.len()]
    }

    pub(super) fn custodian(&self, which: u8) -> Address {
        self.actors[CUSTODIANS[usize::from(which) % CUSTODIANS.len()]]
    }

    /// Who has code.
    pub(super) fn with_code(&self) -> Vec<Address> {
        let others = [self.authority, self.consent, self.contract, self.implementation, self.signers[3].account()];
        self.actors.iter().copied().chain(others).collect()
    }
}

/// The functions of the registry that the authority restricts.
pub(super) fn restricted() -> [FixedBytes<4>; 8] {
    [
        D::admitCustodianCall::SELECTOR,
        D::activateSchemaCall::SELECTOR,
        D::deprecateSchemaCall::SELECTOR,
        D::supersedeSchemaCall::SELECTOR,
        D::setStorePurposeCall::SELECTOR,
        D::setAnswerWithinCall::SELECTOR,
        D::setEncryptionCall::SELECTOR,
        D::upgradeToAndCallCall::SELECTOR,
    ]
    .map(FixedBytes)
}

/// Those of the consent that the walk uses.
pub(super) fn of_consent() -> [FixedBytes<4>; 4] {
    [
        C::setOrganizationCall::SELECTOR,
        C::appointRepresentativeCall::SELECTOR,
        C::declareEmergencyCall::SELECTOR,
        C::recordCall::SELECTOR,
    ]
    .map(FixedBytes)
}
