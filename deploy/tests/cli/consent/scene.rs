//! A consent contract on a chain of its own, people, and a folder for their files.

use std::fmt::Debug;
use std::path::PathBuf;
use std::process::{Command, Output};

use alloy::primitives::{Address, B256, U256, aliases::U48, keccak256};
use alloy::sol_types::SolCall;
use consilium_bindings::{Consent::*, Construct};
use eyre::{Result, ensure};
use harness::chain::{Account, Chain};
use harness::{authority, deploy};
use tempfile::TempDir;

use crate::{consilium, root};

/// The account of the keystore in `deploy/src/key/tests`.
pub(crate) const KEYSTORE_ACCOUNT: &str = "0x008AeEda4D805471dF9b2A5B0f38A0C3bCBA786b";

/// The permits for this purpose last a day.
pub(crate) const SHORT: u8 = 2;
/// This purpose needs a consent of its own.
pub(crate) const SEPARATE: u8 = 3;
/// The policy refuses this jurisdiction.
pub(crate) const REFUSED: u8 = 9;

/// `consilium consent` with these words.
pub(crate) fn consent(words: &[&str]) -> Command {
    consilium(&[&["consent"], words].concat())
}

/// What a command wrote to standard output.
pub(crate) fn told(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("text")
}

/// What a command wrote to standard output; it must have succeeded.
#[track_caller]
pub(crate) fn done(output: &Output) -> String {
    assert!(output.status.success(), "{output:?}");
    told(output)
}

/// Files of people, of which none is on a chain.
pub(crate) struct Desk(TempDir);

impl Desk {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    /// The path of a file.
    pub(crate) fn path(&self, name: &str) -> String {
        self.0.path().join(name).display().to_string()
    }

    /// Writes a file, and gives its path.
    pub(crate) fn file(&self, name: &str, text: impl AsRef<[u8]>) -> String {
        std::fs::write(self.path(name), text).expect("written");
        self.path(name)
    }

    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).expect("a file")
    }

    /// The options of the keystore.
    pub(crate) fn keystore(&self) -> [String; 4] {
        let keystore: PathBuf = root().join("deploy/src/key/tests/keystore.json");
        let password = self.file("password", "testpassword\n");
        ["--keystore".into(), keystore.display().to_string(), "--password-file".into(), password]
    }
}

/// A chain with a consent contract.
pub(crate) struct Scene {
    pub(crate) chain: Chain,
    pub(crate) contract: Address,
    /// May call what is restricted.
    pub(crate) dao: Account,
    pub(crate) patient: Account,
    pub(crate) doctor: Address,
    pub(crate) desk: Desk,
}

impl Scene {
    pub(crate) async fn start() -> Result<Self> {
        let chain = Chain::start()?;
        let dao = chain.account("dao").await?;
        let authority = authority::letting(&chain, dao.address()).await?;
        let policy = Policy {
            separatePurposes: 1 << SEPARATE,
            separateClasses: 0,
            emergencyPurposes: 1,
            refusedJurisdictions: 1 << REFUSED,
            closedClasses: U256::ZERO,
            openFor: 3_600,
            reviewWithin: 3_600,
            window: 0,
            limit: 1,
            recoveryDelay: 60,
            hook: Address::ZERO,
        };
        let mut longest = [u16::MAX; 64];
        longest[usize::from(SHORT)] = 1;
        let call = constructorCall { initialAuthority: authority, policy, longest, codes: Vec::new() };
        let implementation = deploy::unconstructed(&chain, "consent").await?;
        let contract = deploy::proxy(&chain, implementation, call.init_data()).await?;
        let (patient, doctor) = (chain.account("patient").await?, chain.account("doctor").await?.address());
        Ok(Self { chain, contract, dao, patient, doctor, desk: Desk::new() })
    }

    /// Sends a call of the contract that must succeed.
    pub(crate) async fn sends(&self, by: &Account, call: impl SolCall + Debug) -> Result<()> {
        let receipt = by.send(self.contract, call.abi_encode()).await?;
        ensure!(receipt.status(), "{call:?} reverted");
        Ok(())
    }

    /// What a view of the contract answers.
    pub(crate) async fn reads<C: SolCall>(&self, view: C) -> Result<C::Return> {
        Ok(self.chain.ask(Address::ZERO, self.contract, view.abi_encode()).await?.output::<C>())
    }

    /// Runs `consilium consent` for this contract on the node at a URL.
    pub(crate) fn runs_at(&self, url: &str, words: &[&str]) -> Output {
        let contract = self.contract.to_string();
        let place = ["--contract", &contract, "--rpc-url", url];
        // The node in front answers meanwhile.
        tokio::task::block_in_place(|| consent(&[words, &place].concat()).output().expect("the command runs"))
    }

    /// Runs it on the chain's node.
    pub(crate) fn runs(&self, words: &[&str]) -> Output {
        self.runs_at(&self.chain.url(), words)
    }

    /// Signs an act as an account to a file of this name, for this contract and chain unless `words` say otherwise. Gives
    /// the file's path.
    pub(crate) fn signs(&self, by: &Account, name: &str, words: &[&str]) -> String {
        let (contract, out, grantor) = (self.contract.to_string(), self.desk.path(name), by.address().to_string());
        let mut all = [words, &["--out", &out]].concat();
        let usual =
            [("--contract", contract.as_str()), ("--chain", "412346"), ("--nonce", "0"), ("--grantor", &grantor)];
        for (option, value) in usual {
            if !words.contains(&option) {
                all.extend([option, value]);
            }
        }
        let mut command = consent(&[&["sign"], &all[..]].concat());
        command.env("CONSILIUM_PRIVATE_KEY", by.signer.to_bytes().to_string());
        let _ = done(&tokio::task::block_in_place(|| command.output().expect("the command runs")));
        out
    }
}

/// A permit of laboratory results for treatment, from now on, without an end.
pub(crate) fn permit(grantee: Address) -> Provision {
    Provision {
        grantee,
        classes: U256::from(1 << 8),
        purposes: 1,
        deny: false,
        notBefore: U48::ZERO,
        expiry: U48::ZERO,
        document: B256::ZERO,
    }
}

/// An address of nobody's.
pub(crate) fn somebody(name: &str) -> Address {
    Address::from_word(keccak256(name))
}
