//! The record of a deployment: `deployments/<chain id>.json`.
//!
//! It is written before the first transaction and after each step, as a whole or not at all. The chain, not the
//! record, decides what is done already; the record says what is being deployed, by whom, and where it is found.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use alloy::primitives::{Address, B256};
use eyre::{Result, WrapErr};
use serde::{Deserialize, Serialize};

use crate::config::Config;
use crate::plan::{Contract, Plan};

/// A deployment: what it shall be, and what of it has been done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Deployment {
    /// EIP-155 chain id.
    pub chain_id: u64,
    /// The account that deploys. It holds nothing once `complete` is set.
    pub deployer: Address,
    /// Whether every step is done and the proof held.
    pub complete: bool,
    /// The contracts, at their planned addresses.
    pub contracts: BTreeMap<Contract, Deployed>,
    /// Every transaction sent, in order.
    pub transactions: Vec<Transaction>,
    /// The settings.
    pub config: Config,
}

/// A contract of a deployment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Deployed {
    /// Where it stands or will stand.
    pub address: Address,
    /// Keccak-256 of its code.
    pub code_hash: B256,
    /// The block it was created in; none before that.
    pub block: Option<u64>,
}

/// A transaction of a deployment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Transaction {
    /// What it did.
    pub step: String,
    /// Its hash.
    pub hash: B256,
    /// The gas it used.
    pub gas_used: u64,
}

impl Deployment {
    /// A deployment of which nothing is done yet.
    pub(crate) fn begin(config: &Config, plan: &Plan, deployer: Address) -> Self {
        let contracts = Contract::ALL.map(|contract| {
            let planned = plan.of(contract);
            let code_hash = planned.program.code_hash();
            (contract, Deployed { address: planned.address, code_hash, block: None })
        });
        Self {
            chain_id: config.chain.id,
            deployer,
            complete: false,
            contracts: contracts.into(),
            transactions: Vec::new(),
            config: config.clone(),
        }
    }

    /// The file of a chain's deployment in a folder.
    pub fn path(folder: &Path, chain_id: u64) -> PathBuf {
        folder.join(format!("{chain_id}.json"))
    }

    /// Reads the record of a chain, if there is one.
    ///
    /// # Errors
    /// If the file is there but cannot be read, or is no record.
    pub fn read(folder: &Path, chain_id: u64) -> Result<Option<Self>> {
        let path = Self::path(folder, chain_id);
        if !path.try_exists().wrap_err_with(|| format!("{} cannot be reached", path.display()))? {
            return Ok(None);
        }
        let text = fs::read_to_string(&path).wrap_err_with(|| format!("{} cannot be read", path.display()))?;
        let record = serde_json::from_str(&text).wrap_err_with(|| format!("{} is no deployment", path.display()))?;
        Ok(Some(record))
    }

    /// Writes the record in one step: a reader, or the next run, sees the old file or the new one, nothing between.
    pub(crate) fn write(&self, folder: &Path) -> Result<()> {
        let path = Self::path(folder, self.chain_id);
        let beside = path.with_extension("json.new");
        let write = || -> std::io::Result<()> {
            fs::create_dir_all(folder)?;
            let mut file = File::create(&beside)?;
            file.write_all(serde_json::to_string_pretty(self)?.as_bytes())?;
            file.write_all(b"\n")?;
            file.sync_all()?;
            fs::rename(&beside, &path)
        };
        write().wrap_err_with(|| format!("{} cannot be written", path.display()))
    }

    /// The address of a contract.
    pub fn address(&self, contract: Contract) -> Address {
        self.contracts[&contract].address
    }
}
