//! A data pointer registry with its consent and access manager, and people who deal with it: for tests of what works
//! with the contracts, and is not one of them.

use std::fmt::Debug;

use alloy::{
    primitives::{Address, B256, FixedBytes, U256, aliases::U48, keccak256},
    sol_types::{SolCall, SolConstructor},
};
use consilium_bindings::{
    AccessManager::{self, grantRoleCall, setTargetFunctionRoleCall},
    Consent as C, Construct, DataPointerRegistry as R,
};
use eyre::{Result, ensure};

use crate::{
    chain::{Account, Chain},
    deploy,
};

/// The class of laboratory results, as the standard tables number it.
pub const LABORATORY: u8 = 8;
/// The purpose of treatment, likewise.
pub const TREAT: u8 = 0;
/// What a custodian needs.
pub const STORE: u8 = 34;
/// The schema that there is, of laboratory results.
pub const SCHEMA: u32 = 1;
/// The role that may record in the consent.
const RECORDER: u64 = 4;
/// How long a custodian has to answer, in seconds.
const WITHIN: u32 = 3_600;

/// A pointer to a laboratory result, of this number. It is found by the CID of its digest.
#[must_use]
pub fn pointer(subject: Address, custodian: Address, number: u8) -> R::Pointer {
    R::Pointer {
        subject,
        custodian,
        dataClass: LABORATORY,
        schema: SCHEMA,
        hashCode: 0x12,
        digest: B256::repeat_byte(number),
        locatorKind: 1,
        locatorCodec: 0x55,
        locator: B256::ZERO,
        encryption: 1,
        keyCommitment: B256::repeat_byte(number.wrapping_add(1)),
        previous: B256::ZERO,
    }
}

/// A chain with a registry. The laboratory is an admitted custodian, and the patient lets it store laboratory results.
pub struct Records {
    /// The chain.
    pub chain: Chain,
    /// The registry.
    pub at: Address,
    /// The consent that it asks.
    pub consent: Address,
    /// May call what is restricted.
    pub dao: Account,
    /// The subject of records.
    pub patient: Account,
    /// The custodian.
    pub lab: Account,
    /// Who wants to see records, and has no consent yet.
    pub doctor: Account,
}

impl Records {
    /// A registry on a chain of its own.
    ///
    /// # Errors
    /// Where a program was not built, or the chain does not start.
    pub async fn start() -> Result<Self> {
        let chain = Chain::start()?;
        let (dao, patient) = (chain.account("dao").await?, chain.account("patient").await?);
        let (lab, doctor) = (chain.account("lab").await?, chain.account("doctor").await?);
        let manager =
            AccessManager::constructorCall { initialAdmin: dao.address(), grants: Vec::new(), functions: Vec::new() };
        let manager = deploy::program(&chain, "access-manager", &manager.abi_encode()).await?;
        let policy = C::Policy {
            separatePurposes: 0,
            separateClasses: 0,
            emergencyPurposes: 1,
            refusedJurisdictions: 0,
            closedClasses: U256::ZERO,
            openFor: 3_600,
            reviewWithin: 3_600,
            window: 3_600,
            limit: 9,
            recoveryDelay: 0,
            hook: Address::ZERO,
        };
        let (longest, codes) = ([u16::MAX; 64], Vec::new());
        let constructor = C::constructorCall { initialAuthority: manager, policy, longest, codes };
        let program = deploy::unconstructed(&chain, "consent").await?;
        let consent = deploy::proxy(&chain, program, constructor.init_data()).await?;
        let encryptions = vec![B256::right_padding_from(b"A256GCM")];
        let constructor = R::constructorCall {
            initialAuthority: manager,
            consent,
            storePurpose: STORE,
            answerWithin: WITHIN,
            encryptions,
        };
        let program = deploy::unconstructed(&chain, "data-pointer-registry").await?;
        let at = deploy::proxy(&chain, program, constructor.init_data()).await?;
        let records = Self { chain, at, consent, dao, patient, lab, doctor };
        let selectors = vec![FixedBytes(C::recordCall::SELECTOR)];
        let role = setTargetFunctionRoleCall { target: consent, selectors, roleId: RECORDER };
        records.sends(&records.dao, manager, role).await?;
        let grant = grantRoleCall { roleId: RECORDER, account: at, executionDelay: 0 };
        records.sends(&records.dao, manager, grant).await?;
        let until = U48::from(records.chain.now().await? + 1_000_000);
        records.sends(&records.dao, at, R::admitCustodianCall { account: records.lab.address(), until }).await?;
        let schema = R::proposeSchemaCall {
            url: keccak256("https://schema.example"),
            version: 1,
            content: keccak256("a schema"),
            dataClass: LABORATORY,
        };
        records.sends(&records.dao, at, schema).await?;
        records.sends(&records.dao, at, R::activateSchemaCall { number: SCHEMA }).await?;
        records.permits(records.lab.address(), STORE).await?;
        Ok(records)
    }

    /// Sends a call that must succeed.
    ///
    /// # Errors
    /// Where the node does not answer, or the call reverts.
    pub async fn sends(&self, by: &Account, to: Address, call: impl SolCall + Debug) -> Result<()> {
        ensure!(by.send(to, call.abi_encode()).await?.status(), "{call:?} reverted");
        Ok(())
    }

    /// What a view of the registry answers.
    ///
    /// # Errors
    /// Where the node does not answer, or the call reverts.
    pub async fn reads<C: SolCall>(&self, view: C) -> Result<C::Return> {
        Ok(self.chain.ask(Address::ZERO, self.at, view.abi_encode()).await?.output::<C>())
    }

    /// The patient permits laboratory results for a purpose.
    ///
    /// # Errors
    /// Where the node does not answer, or the call reverts.
    pub async fn permits(&self, grantee: Address, purpose: u8) -> Result<()> {
        let provision = C::Provision {
            grantee,
            classes: U256::ONE << usize::from(LABORATORY),
            purposes: 1 << purpose,
            deny: false,
            notBefore: U48::ZERO,
            expiry: U48::ZERO,
            document: B256::ZERO,
        };
        let grantor = self.patient.address();
        self.sends(&self.patient, self.consent, C::grantCall { grantor, provision }).await
    }

    /// The patient takes back all that it permitted.
    ///
    /// # Errors
    /// Where the node does not answer, or the call reverts.
    pub async fn revokes(&self) -> Result<()> {
        let grantor = self.patient.address();
        self.sends(&self.patient, self.consent, C::revokeAllCall { grantor }).await
    }
}
