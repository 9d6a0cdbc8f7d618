//! A registry with its consent and access manager on a chain of its own, people, and a folder for their files.

use std::fmt::Debug;
use std::process::Output;

use alloy::primitives::{Address, B256, FixedBytes, U256, aliases::U48, keccak256};
use alloy::sol_types::{SolCall, SolConstructor};
use consilium_bindings::AccessManager::{self, grantRoleCall, setTargetFunctionRoleCall};
use consilium_bindings::DataPointerRegistry as R;
use consilium_bindings::{Consent as C, Construct};
use eyre::{Result, ensure};
use harness::chain::{Account, Chain};
use harness::deploy;
use serde_json::{Value, json};

use super::registry;
use crate::consent::scene::{Desk, done};

/// The class of laboratory results, as the standard tables number it.
pub(crate) const LABORATORY: u8 = 8;
pub(crate) const TREAT: u8 = 0;
/// What a custodian needs.
const STORE: u8 = 34;
/// The role that may record in the consent.
const RECORDER: u64 = 4;
/// How long a custodian has to answer.
pub(crate) const WITHIN: u32 = 3_600;

/// A chain with a registry. The laboratory is an admitted custodian, and the patient lets it store laboratory results.
pub(crate) struct Scene {
    pub(crate) chain: Chain,
    pub(crate) at: Address,
    consent: Address,
    dao: Account,
    pub(crate) patient: Account,
    pub(crate) lab: Account,
    pub(crate) doctor: Account,
    pub(crate) desk: Desk,
}

impl Scene {
    pub(crate) async fn start() -> Result<Self> {
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
        let scene = Self { chain, at, consent, dao, patient, lab, doctor, desk: Desk::new() };
        let selectors = vec![FixedBytes(C::recordCall::SELECTOR)];
        let role = setTargetFunctionRoleCall { target: consent, selectors, roleId: RECORDER };
        scene.sends(&scene.dao, manager, role).await?;
        let grant = grantRoleCall { roleId: RECORDER, account: at, executionDelay: 0 };
        scene.sends(&scene.dao, manager, grant).await?;
        let until = U48::from(scene.chain.now().await? + 1_000_000);
        scene.sends(&scene.dao, at, R::admitCustodianCall { account: scene.lab.address(), until }).await?;
        let schema = R::proposeSchemaCall {
            url: keccak256("https://schema.example"),
            version: 1,
            content: keccak256("a schema"),
            dataClass: LABORATORY,
        };
        scene.sends(&scene.dao, at, schema).await?;
        scene.sends(&scene.dao, at, R::activateSchemaCall { number: 1 }).await?;
        scene.permits(scene.lab.address(), STORE).await?;
        Ok(scene)
    }

    /// Sends a call that must succeed.
    async fn sends(&self, by: &Account, to: Address, call: impl SolCall + Debug) -> Result<()> {
        ensure!(by.send(to, call.abi_encode()).await?.status(), "{call:?} reverted");
        Ok(())
    }

    /// What a view of the registry answers.
    pub(crate) async fn reads<C: SolCall>(&self, view: C) -> Result<C::Return> {
        Ok(self.chain.ask(Address::ZERO, self.at, view.abi_encode()).await?.output::<C>())
    }

    /// The patient permits laboratory results for a purpose.
    pub(crate) async fn permits(&self, grantee: Address, purpose: u8) -> Result<()> {
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
    pub(crate) async fn revokes(&self) -> Result<()> {
        let grantor = self.patient.address();
        self.sends(&self.patient, self.consent, C::revokeAllCall { grantor }).await
    }

    /// Runs `consilium registry` as an account.
    pub(crate) fn runs(&self, by: &Account, words: &[&str]) -> Output {
        let (contract, url) = (self.at.to_string(), self.chain.url());
        let mut command = registry(&[words, &["--contract", &contract, "--rpc-url", &url]].concat());
        command.env("CONSILIUM_PRIVATE_KEY", by.signer.to_bytes().to_string());
        tokio::task::block_in_place(|| command.output().expect("the command runs"))
    }

    /// The same, which must succeed and print JSON.
    #[track_caller]
    pub(crate) fn does(&self, by: &Account, words: &[&str]) -> Value {
        let output = self.runs(by, &[words, &["--json"]].concat());
        serde_json::from_str(&done(&output)).expect("JSON")
    }

    /// Writes a pointer to a laboratory result of the patient to a file.
    pub(crate) fn pointer(&self, name: &str, commitment: &str) -> String {
        let value = json!({
            "subject": self.patient.address(),
            "dataClass": "LABORATORY",
            "schema": 1,
            "cid": format!("f01551220{:x}", keccak256(name)),
            "encryption": 1,
            "keyCommitment": commitment,
        });
        self.desk.file(name, serde_json::to_string_pretty(&value).expect("JSON"))
    }

    /// A result that is registered, with the file of its key; its id.
    #[track_caller]
    pub(crate) fn registered(&self, name: &str) -> (String, String) {
        let key = self.desk.path(&format!("{name}.key"));
        let made = done(&registry(&["key", "--out", &key, "--json"]).output().expect("the command runs"));
        let made: Value = serde_json::from_str(&made).expect("JSON");
        let file = self.pointer(name, made["keyCommitment"].as_str().expect("a commitment"));
        let id = self.does(&self.lab, &["register", &file])["id"].as_str().expect("an id").to_owned();
        (id, key)
    }
}
