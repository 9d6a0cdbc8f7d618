//! A registry behind a proxy on a chain of its own, with a consent, an access manager and people, and the assertions
//! about it.

use alloy::{
    primitives::{Address, B256, Bytes, FixedBytes, LogData, U256, aliases::U48, keccak256},
    sol_types::{SolCall, SolConstructor, SolEvent, SolValue},
};
use consilium_bindings::{
    AccessManager::{self, grantRoleCall, setTargetFunctionRoleCall},
    Consent as C, Construct,
    DataPointerRegistry::*,
};
use eyre::{Result, ensure};
pub(crate) use harness::calls::Calls;
use harness::{
    chain::{Account, Chain},
    deploy, peers,
};

pub(crate) const DAY: u64 = 86_400;

/// Data classes of the consent.
pub(crate) const LABS: u8 = 4;
pub(crate) const NOTES: u8 = 5;

/// Purposes of the consent. The last is what a custodian needs.
pub(crate) const TREAT: u8 = 0;
pub(crate) const RESEARCH: u8 = 7;
pub(crate) const STORE: u8 = 34;

/// How long a custodian has to answer.
pub(crate) const WITHIN: u32 = 3_600;

/// The role that may record in the consent.
const RECORDER: u64 = 4;

/// Of the multicodec table.
pub(crate) const SHA2_256: u64 = 0x12;
pub(crate) const RAW: u64 = 0x55;

/// The schema that the world begins with, of laboratory results.
pub(crate) const SCHEMA: u32 = 1;

/// The public key that access is asked for.
pub(crate) const KEY: B256 = B256::repeat_byte(0x5e);

pub(crate) fn time(seconds: u64) -> U48 {
    U48::from(seconds)
}

/// The code of an encryption.
pub(crate) fn code(text: &str) -> B256 {
    B256::right_padding_from(text.as_bytes())
}

/// A provision for a grantee, from now on, without an end.
pub(crate) fn permit(grantee: Address, class: u8, purpose: u8) -> C::Provision {
    C::Provision {
        grantee,
        classes: U256::ONE << usize::from(class),
        purposes: 1 << purpose,
        deny: false,
        notBefore: time(0),
        expiry: time(0),
        document: B256::ZERO,
    }
}

/// A policy that limits nothing. An emergency opens for treatment and for storing.
pub(crate) fn policy() -> C::Policy {
    C::Policy {
        separatePurposes: 0,
        separateClasses: 0,
        emergencyPurposes: 1 << TREAT | 1 << STORE,
        refusedJurisdictions: 0,
        closedClasses: U256::ZERO,
        openFor: 3_600,
        reviewWithin: 3_600,
        window: 3_600,
        limit: 9,
        recoveryDelay: 0,
        hook: Address::ZERO,
    }
}

/// What a registry's proxy calls when it is created.
pub(crate) fn constructor(initialAuthority: Address, consent: Address) -> Bytes {
    set_up(initialAuthority, consent).init_data()
}

/// What a registry is set up by.
fn set_up(initialAuthority: Address, consent: Address) -> constructorCall {
    let encryptions = vec![code("A256GCM"), code("HPKE-X25519")];
    let (storePurpose, answerWithin) = (STORE, WITHIN);
    constructorCall { initialAuthority, consent, storePurpose, answerWithin, encryptions }
}

/// What a consent is set up by.
fn consent_constructor(initialAuthority: Address) -> C::constructorCall {
    C::constructorCall { initialAuthority, policy: policy(), longest: [u16::MAX; 64], codes: Vec::new() }
}

/// The id of a pointer, by alloy's encoder and not the contract's.
pub(crate) fn id(pointer: &Pointer) -> B256 {
    keccak256(keccak256(pointer.abi_encode()))
}

/// The id of a request.
pub(crate) fn request_id(id: B256, actor: Address, onBehalfOf: Address, purpose: u8, key: B256, now: u64) -> B256 {
    keccak256((id, actor, onBehalfOf, U256::from(purpose), key, U256::from(now)).abi_encode())
}

/// A registry, and who deals with it. The laboratory is an admitted custodian, and the patient lets it store laboratory
/// results.
pub(crate) struct World {
    pub(crate) chain: Chain,
    pub(crate) at: Address,
    pub(crate) implementation: Address,
    pub(crate) consent: Address,
    pub(crate) manager: Address,
    pub(crate) dao: Account,
    pub(crate) patient: Account,
    pub(crate) lab: Account,
    pub(crate) clinic: Account,
    pub(crate) doctor: Account,
    pub(crate) stranger: Account,
}

impl Calls for World {
    fn chain(&self) -> &Chain {
        &self.chain
    }

    fn at(&self) -> Address {
        self.at
    }
}

impl World {
    pub(crate) async fn start() -> Result<Self> {
        let world = Self::bare().await?;
        world.admits(&world.lab).await?;
        world.schema(LABS).await?;
        world.permits(&world.lab, LABS, STORE).await?;
        Ok(world)
    }

    /// The same without custodians, schemas and provisions.
    pub(crate) async fn bare() -> Result<Self> {
        Self::on(Chain::start()?).await
    }

    pub(crate) async fn on(chain: Chain) -> Result<Self> {
        let dao = chain.account("dao").await?.address();
        let manager = AccessManager::constructorCall { initialAdmin: dao, grants: Vec::new(), functions: Vec::new() };
        let manager = deploy::program(&chain, "access-manager", &manager.abi_encode()).await?;
        let program = deploy::unconstructed(&chain, "consent").await?;
        let consent = deploy::proxy(&chain, program, consent_constructor(manager).init_data()).await?;
        let implementation = deploy::unconstructed(&chain, "data-pointer-registry").await?;
        let at = deploy::proxy(&chain, implementation, constructor(manager, consent)).await?;
        Self::of(chain, [at, implementation, consent, manager]).await
    }

    /// The same in Solidity: the peers of registry, consent and access manager.
    pub(crate) async fn of_peers(chain: Chain) -> Result<Self> {
        let dao = chain.account("dao").await?.address();
        let manager = peers::create(&chain, "PeerAccessManager", &dao.abi_encode()).await?;
        let [consent, _] = peers::proxied(&chain, "PeerConsent", &consent_constructor(manager).abi_encode()).await?;
        let arguments = set_up(manager, consent).abi_encode();
        let [at, implementation] = peers::proxied(&chain, "PeerRegistry", &arguments).await?;
        Self::of(chain, [at, implementation, consent, manager]).await
    }

    /// The people, and the role by which the registry records in the consent.
    async fn of(chain: Chain, [at, implementation, consent, manager]: [Address; 4]) -> Result<Self> {
        let [dao, patient, lab, clinic, doctor, stranger] = [
            chain.account("dao").await?,
            chain.account("patient").await?,
            chain.account("lab").await?,
            chain.account("clinic").await?,
            chain.account("doctor").await?,
            chain.account("stranger").await?,
        ];
        let selectors = vec![FixedBytes(C::recordCall::SELECTOR)];
        let role = setTargetFunctionRoleCall { target: consent, selectors, roleId: RECORDER };
        let grant = grantRoleCall { roleId: RECORDER, account: at, executionDelay: 0 };
        for call in [role.abi_encode(), grant.abi_encode()] {
            ensure!(dao.send(manager, call).await?.status(), "the manager refused");
        }
        Ok(Self { chain, at, implementation, consent, manager, dao, patient, lab, clinic, doctor, stranger })
    }

    /// Sends a call of the consent that must succeed.
    pub(crate) async fn consents(&self, by: &Account, call: impl SolCall) -> Result<()> {
        ensure!(by.send(self.consent, call.abi_encode()).await?.status(), "the consent refused");
        Ok(())
    }

    /// The next block is made ten seconds after the last one: when.
    pub(crate) async fn soon(&self) -> Result<u64> {
        let soon = self.chain.now().await? + 10;
        self.chain.set_time(soon).await?;
        Ok(soon)
    }

    /// Admits a custodian for a year.
    pub(crate) async fn admits(&self, account: &Account) -> Result<()> {
        let until = time(self.chain.now().await? + 365 * DAY);
        self.does(&self.dao, admitCustodianCall { account: account.address(), until }).await?;
        Ok(())
    }

    /// Admits a custodian for a year, and the patient lets it store laboratory results.
    pub(crate) async fn takes_in(&self, account: &Account) -> Result<()> {
        self.admits(account).await?;
        self.permits(account, LABS, STORE).await
    }

    pub(crate) async fn removes(&self, account: &Account) -> Result<()> {
        self.does(&self.dao, admitCustodianCall { account: account.address(), until: time(0) }).await?;
        Ok(())
    }

    /// Proposes and activates a schema of a class; its number.
    pub(crate) async fn schema(&self, dataClass: u8) -> Result<u32> {
        let (url, content) = (keccak256("https://schema.example"), keccak256("a schema"));
        let number = self.does(&self.stranger, proposeSchemaCall { url, version: 1, content, dataClass }).await?;
        self.does(&self.dao, activateSchemaCall { number }).await?;
        Ok(number)
    }

    /// The patient permits a grantee a class for a purpose.
    pub(crate) async fn permits(&self, grantee: &Account, class: u8, purpose: u8) -> Result<()> {
        let provision = permit(grantee.address(), class, purpose);
        self.consents(&self.patient, C::grantCall { grantor: self.patient.address(), provision }).await
    }

    /// The patient takes back all that it permitted.
    pub(crate) async fn revokes(&self) -> Result<()> {
        self.consents(&self.patient, C::revokeAllCall { grantor: self.patient.address() }).await
    }

    /// A laboratory result of the patient, which is found by a CID of its own digest.
    pub(crate) fn result(&self, number: u64) -> Pointer {
        Pointer {
            subject: self.patient.address(),
            custodian: self.lab.address(),
            dataClass: LABS,
            schema: SCHEMA,
            hashCode: SHA2_256,
            digest: keccak256(format!("digest {number}")),
            locatorKind: 1,
            locatorCodec: RAW,
            locator: B256::ZERO,
            encryption: 1,
            keyCommitment: keccak256(format!("commitment {number}")),
            previous: B256::ZERO,
        }
    }

    /// The same, found by an Arweave id.
    pub(crate) fn on_arweave(&self, number: u64) -> Pointer {
        let locator = keccak256(format!("locator {number}"));
        Pointer { locatorKind: 3, locatorCodec: 0, locator, ..self.result(number) }
    }

    /// The pointer's custodian registers it; its id.
    pub(crate) async fn registers(&self, by: &Account, pointer: &Pointer) -> Result<B256> {
        let found = self.does(by, registerCall { pointer: pointer.clone() }).await?;
        assert_eq!(found, id(pointer));
        Ok(found)
    }

    /// A result of the laboratory that is registered.
    pub(crate) async fn registered(&self, number: u64) -> Result<B256> {
        self.registers(&self.lab, &self.result(number)).await
    }

    /// What is known of a pointer.
    pub(crate) async fn status(&self, id: B256) -> Result<Status> {
        self.read(statusCall { id }).await
    }
}

/// What is logged where a pointer is registered by itself.
pub(crate) fn was_registered(pointer: &Pointer, batch: u32, reason: u8) -> LogData {
    let &Pointer { subject, custodian, dataClass, schema, previous, .. } = pointer;
    PointerRegistered { id: id(pointer), subject, custodian, dataClass, schema, previous, batch, reason }
        .encode_log_data()
}

/// What is known of a pointer in such a state.
pub(crate) fn in_state(pointer: &Pointer, state: u8) -> Status {
    let &Pointer { subject, custodian, dataClass, schema, .. } = pointer;
    Status { state, subject, custodian, dataClass, schema }
}

/// What is known of what was never registered.
pub(crate) fn nothing() -> Status {
    Status { state: 0, subject: Address::ZERO, custodian: Address::ZERO, dataClass: 0, schema: 0 }
}

/// What a pointer points to, as it is stored.
pub(crate) fn contents_of(pointer: &Pointer) -> Contents {
    let &Pointer { hashCode, digest, locatorKind, locatorCodec, locator, encryption, keyCommitment, .. } = pointer;
    Contents { hashCode, digest, locatorKind, locatorCodec, locator, encryption, keyCommitment }
}

/// What is stored where nothing is.
pub(crate) fn no_contents() -> Contents {
    let zero = B256::ZERO;
    Contents {
        hashCode: 0,
        digest: zero,
        locatorKind: 0,
        locatorCodec: 0,
        locator: zero,
        encryption: 0,
        keyCommitment: zero,
    }
}
