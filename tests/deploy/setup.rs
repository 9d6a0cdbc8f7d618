//! A devnode, the devnet's settings, and a deployment that can be watched and stopped.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, U256, keccak256};
use alloy::providers::Provider;
use alloy::rpc::types::{Filter, TransactionRequest};
use alloy::signers::local::PrivateKeySigner;
use alloy::sol;
use alloy::sol_types::{SolCall, SolEvent};
use consilium_deploy::{
    Artifacts, Chain, Config, Deployment, Done, Founder, Name, Plan, Progress, Proof, Sender, Step, Stopped, dev_key,
    verify,
};
use devnode::DevNode;
use eyre::{Result, bail, ensure};
use harness::root;
use nitro::{ARB_OWNER, ArbOwner};
use tempfile::TempDir;

sol! {
    #[sol(rpc)]
    interface Timelock {
        function hasRole(bytes32 role, address account) external view returns (bool);
        function grantRole(bytes32 role, address account) external;
        function revokeRole(bytes32 role, address account) external;
    }
}

/// Settings without the section of the council's account.
pub(crate) fn without_council(text: &str) -> String {
    let start = text.find("[council]").expect("the section");
    let end = start + text[start + 1..].find("\n[").expect("the next section") + 2;
    format!("{}{}", &text[..start], &text[end..])
}

/// A chain, what is deployed to it, and where that is recorded.
pub(crate) struct Site {
    pub node: DevNode,
    pub config: Config,
    pub artifacts: Artifacts,
    records: TempDir,
}

impl Site {
    /// A fresh chain and the devnet's settings.
    pub(crate) fn new() -> Result<Self> {
        Self::of(Config::load(root().join("deploy/config/devnet.toml"))?)
    }

    /// A fresh chain and these settings.
    pub(crate) fn of(config: Config) -> Result<Self> {
        Ok(Self {
            node: DevNode::spawn()?,
            artifacts: Artifacts::load(harness::deploy::programs(), &config)?,
            config,
            records: tempfile::tempdir()?,
        })
    }

    /// The folder of the records.
    pub(crate) fn records(&self) -> &Path {
        self.records.path()
    }

    /// The record's file.
    pub(crate) fn file(&self) -> PathBuf {
        Deployment::path(self.records(), self.config.chain.id)
    }

    pub(crate) async fn chain(&self) -> Result<Chain> {
        Chain::connect(&self.node.http_url()).await
    }

    /// The devnode's account.
    pub(crate) async fn sender(&self) -> Result<Sender> {
        self.chain().await?.with_key(dev_key())
    }

    /// An account of its own, with `wei`.
    pub(crate) async fn sender_with(&self, name: &str, wei: U256) -> Result<Sender> {
        let key = PrivateKeySigner::from_bytes(&keccak256(name))?;
        let gift = TransactionRequest::default().with_to(key.address()).with_value(wei);
        let dev = self.sender().await?;
        ensure!(dev.chain().provider().send_transaction(gift).await?.get_receipt().await?.status());
        self.chain().await?.with_key(key)
    }

    /// Deploys to the end, or until `progress` stops it.
    pub(crate) async fn deploy(&self, sender: &Sender, progress: &mut dyn Progress) -> Result<Deployment> {
        consilium_deploy::deploy(sender, &self.config, &self.artifacts, self.records(), progress).await
    }

    /// Deploys until a step is done, which must be before the end, and stops there.
    pub(crate) async fn stop_after(&self, sender: &Sender, step: Step) -> Result<()> {
        match self.deploy(sender, &mut Watch::stopping_after(step)).await {
            Ok(_) => bail!("\"{step}\" did not stop it"),
            Err(error) => {
                ensure!(error.is::<Stopped>(), "{error}");
                ensure!(
                    error.to_string() == format!("stopped after the step \"{step}\"; run it again to go on"),
                    error
                );
                Ok(())
            }
        }
    }

    /// Deploys as the devnode's account.
    pub(crate) async fn finish(&self) -> Result<Deployment> {
        self.deploy(&self.sender().await?, &mut consilium_deploy::Silent).await
    }

    /// Proves the deployment from settings, programs and chain.
    pub(crate) async fn verify(&self) -> Result<Proof> {
        verify(&self.chain().await?, &self.config, &self.artifacts, None).await
    }

    /// Where the contracts will stand, or stand.
    pub(crate) fn plan(&self) -> Plan {
        Plan::new(&self.config, &self.artifacts).expect("a plan")
    }

    /// The contracts that were founded on this chain.
    pub(crate) async fn deployed(&self) -> Result<Vec<Address>> {
        let filter = Filter::new().event_signature(Founder::Founded::SIGNATURE_HASH).from_block(0);
        let logs = self.chain().await?.provider().get_logs(&filter).await?;
        let mut contracts = Vec::new();
        for log in logs {
            contracts.extend(log.log_decode::<Founder::Founded>()?.inner.data.contracts);
        }
        Ok(contracts)
    }

    /// The names of the plan's contracts, in the order they are created.
    pub(crate) fn names(&self) -> Vec<Name> {
        self.plan().contracts().iter().map(|planned| planned.part.name()).collect()
    }

    /// Lets time pass, and makes a block.
    pub(crate) async fn pass(&self, days: u64) -> Result<()> {
        let chain = self.chain().await?;
        let _: serde_json::Value = chain.provider().raw_request("evm_increaseTime".into(), (days * 86_400,)).await?;
        let _: serde_json::Value = chain.provider().raw_request("evm_mine".into(), ()).await?;
        Ok(())
    }

    /// The chain's owner upgrades ArbOS from 51 to 61.
    pub(crate) async fn upgrade(&self) -> Result<()> {
        let sender = self.sender().await?;
        let call = ArbOwner::scheduleArbOSUpgradeCall { newVersion: 61, timestamp: 0 }.abi_encode();
        let request = TransactionRequest::default().with_to(ARB_OWNER).with_input(call);
        ensure!(sender.chain().provider().send_transaction(request).await?.get_receipt().await?.status());
        self.pass(0).await
    }

    /// Asserts that a deployment by the devnode's account is refused in one sentence with nothing sent, and gives that.
    pub(crate) async fn refusal(&self) -> Result<String> {
        let before = self.sent().await?;
        let error = format!("{:#}", self.finish().await.expect_err("refused"));
        assert_eq!(self.sent().await?, before, "something was sent");
        assert!(!error.contains('\n'), "more than a sentence: {error}");
        Ok(error)
    }

    /// How many transactions the devnode's account has sent.
    pub(crate) async fn sent(&self) -> Result<u64> {
        Ok(self.chain().await?.provider().get_transaction_count(dev_key().address()).await?)
    }
}

/// Writes down what a deployment does, and stops it after a step.
#[derive(Default)]
pub(crate) struct Watch {
    pub stop_after: Option<Step>,
    pub planned: Vec<Step>,
    pub finished: Vec<(Step, Done)>,
    pub noted: Vec<String>,
}

impl Watch {
    fn stopping_after(step: Step) -> Self {
        Self { stop_after: Some(step), ..Self::default() }
    }

    /// How a step ended.
    pub(crate) fn done(&self, step: Step) -> Option<&Done> {
        self.finished.iter().find(|(finished, _)| *finished == step).map(|(_, done)| done)
    }
}

impl Progress for Watch {
    fn planned(&mut self, steps: &[Step]) {
        self.planned = steps.to_vec();
    }

    fn noted(&mut self, note: &str) {
        self.noted.push(note.to_owned());
    }

    fn finished(&mut self, step: Step, done: &Done) -> ControlFlow<()> {
        self.finished.push((step, done.clone()));
        if self.stop_after == Some(step) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}
