//! A Safe of three owners, two of whom have to sign, behind Safe's own proxy; and a folder for people's files.

use std::process::Output;

use alloy::primitives::Address;
use alloy::sol_types::SolCall;
use eyre::{Result, ensure};
use harness::chain::{Account, Chain};
use harness::{deploy, peers, safes};
use serde_json::Value;

use crate::consent::scene::{Desk, done};
use crate::consilium;

/// Whose singleton the Safe runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Of {
    Us,
    Safe,
    /// Of version 1.5.0.
    UsV15,
    SafeV15,
}

pub(crate) const BOTH: [Of; 2] = [Of::Us, Of::Safe];

/// Stands for [`Scene::contract`] among owners.
pub(crate) const CONTRACT: Address = Address::repeat_byte(0xcc);

/// What the Safe has at first, in wei.
pub(crate) const MONEY: u64 = 1_000;

/// A chain with a Safe, its owners, somebody else, and their files.
pub(crate) struct Scene {
    pub(crate) chain: Chain,
    pub(crate) safe: Address,
    pub(crate) singleton: Address,
    /// What says to its own signature whether it has signed.
    pub(crate) contract: Address,
    pub(crate) ann: Account,
    pub(crate) ben: Account,
    pub(crate) eve: Account,
    /// No owner.
    pub(crate) relayer: Account,
    pub(crate) desk: Desk,
}

impl Scene {
    pub(crate) async fn start(of: Of) -> Result<Self> {
        Self::with(of, &[], 2).await
    }

    /// The same with more owners, and another threshold. [`CONTRACT`] is an owner that is a contract.
    pub(crate) async fn with(of: Of, more: &[Address], threshold: u64) -> Result<Self> {
        Self::on(Chain::start()?, of, more, threshold).await
    }

    /// The same on a chain.
    pub(crate) async fn on(chain: Chain, of: Of, more: &[Address], threshold: u64) -> Result<Self> {
        let singleton = match of {
            Of::Us => deploy::program(&chain, "safe", &[]).await?,
            Of::UsV15 => deploy::program(&chain, "safe-v15", &[]).await?,
            Of::Safe => peers::create(&chain, "Safe", &[]).await?,
            Of::SafeV15 => peers::create(&chain, "Safe150", &[]).await?,
        };
        let contract = peers::create(&chain, "SafeSigner", &[]).await?;
        let factory = peers::create(&chain, "SafeProxyFactory", &[]).await?;
        let mut people = Vec::new();
        for name in ["ann", "ben", "eve", "relayer"] {
            people.push(chain.account(name).await?);
        }
        let [ann, ben, eve, relayer] = <[Account; 4]>::try_from(people).map_err(|_| eyre::eyre!("four"))?;
        let owners = [&[&ann, &ben, &eve].map(Account::address)[..], more].concat();
        let owners: Vec<_> = owners.into_iter().map(|owner| if owner == CONTRACT { contract } else { owner }).collect();
        let setup = safes::setup(&owners, threshold).abi_encode();
        let safe = safes::proxy(&relayer, factory, singleton, setup, 0).await?;
        ensure!(relayer.send_with(safe, [], MONEY).await?.status(), "the Safe takes ether");
        Ok(Self { chain, safe, singleton, contract, ann, ben, eve, relayer, desk: Desk::new() })
    }

    /// Runs `consilium safe` as an account, with the chain's node.
    pub(crate) fn runs(&self, by: &Account, words: &[&str]) -> Output {
        self.runs_at(&self.chain.url(), by, words)
    }

    /// The same with a node at a URL.
    pub(crate) fn runs_at(&self, url: &str, by: &Account, words: &[&str]) -> Output {
        let (task, rest) = words.split_first().expect("a task");
        let mut command = consilium(&[&["safe", task, "--rpc-url", url], rest].concat());
        command.env("CONSILIUM_PRIVATE_KEY", by.signer.to_bytes().to_string());
        // The node in front answers meanwhile.
        tokio::task::block_in_place(|| command.output().expect("the command runs"))
    }

    /// Runs it; it must succeed and print JSON.
    #[track_caller]
    pub(crate) fn does(&self, by: &Account, words: &[&str]) -> Value {
        let (task, rest) = words.split_first().expect("a task");
        let output = self.runs(by, &[&[*task, "--json"], rest].concat());
        crate::parsed(&done(&output))
    }

    /// Proposes a call to a file of this name; its path.
    #[track_caller]
    pub(crate) fn proposes(&self, name: &str, words: &[&str]) -> String {
        let (safe, out) = (self.safe.to_string(), self.desk.path(name));
        self.does(&self.relayer, &[&["propose", "--safe", &safe, "--out", &out], words].concat());
        out
    }

    /// Proposes to send so many wei to the relayer.
    #[track_caller]
    pub(crate) fn pays(&self, name: &str, wei: &str, words: &[&str]) -> String {
        let to = self.relayer.address().to_string();
        self.proposes(name, &[&["--to", &to, "--value", wei], words].concat())
    }

    /// Signs a file as an account to another file; its path.
    #[track_caller]
    pub(crate) fn signs(&self, by: &Account, file: &str, words: &[&str]) -> String {
        let out = format!("{file}-{}", by.address());
        self.does(by, &[&["sign", "--out", &out, file], words].concat());
        out
    }

    /// Signs it as Ann and Ben.
    #[track_caller]
    pub(crate) fn signed(&self, file: &str, words: &[&str]) -> String {
        let by_ann = self.signs(&self.ann, file, words);
        self.signs(&self.ben, &by_ann, words)
    }

    /// Executes a call of the Safe to itself.
    #[track_caller]
    pub(crate) fn changes(&self, name: &str, call: &str, arguments: &[&str]) {
        let safe = self.safe.to_string();
        let file = self.proposes(name, &[&["--to", &safe, "--call", call][..], arguments].concat());
        let done = self.does(&self.relayer, &["execute", &self.signed(&file, &[])]);
        assert_eq!(done["success"], true, "{done}");
    }

    /// What a view of the Safe answers.
    pub(crate) async fn reads<C: SolCall>(&self, view: C) -> Result<C::Return> {
        Ok(self.chain.ask(Address::ZERO, self.safe, view.abi_encode()).await?.output::<C>())
    }

    /// The members of a file.
    pub(crate) fn json(&self, file: &str) -> Value {
        crate::parsed(&std::fs::read_to_string(file).expect("a file"))
    }
}
