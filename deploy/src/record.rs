//! The record of a deployment: `deployments/<chain id>.json`.
//!
//! It is written before the first transaction and after each step, as a whole or not at all. It is a diary for people, and
//! keeps a second run from founding a second DAO by mistake. The chain, not the record, decides what is done; a proof
//! never reads it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicU64, Ordering};

use alloy::primitives::{Address, B256};
use eyre::{OptionExt, Report, Result, WrapErr, ensure, eyre};
use serde::{Deserialize, Serialize};

use crate::config::Config;
use crate::files;
use crate::json;
use crate::part::Name;
use crate::plan::Plan;
use crate::shown::{line, shortened};

/// The most bytes of a record. A thousand holders take 200,000.
const LARGEST: u64 = 16 * files::MEBIBYTE;

/// The settings that enter no address of the DAO's contracts: two DAOs never differ in them alone.
const OF_NO_ADDRESS: [&str; 4] = ["vault", "cache", "programs", "deployer"];

/// A deployment: what it shall be, and what of it has been done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Deployment {
    /// EIP-155 chain id.
    pub chain_id: u64,
    /// The account that deploys. It has no power at any time.
    pub deployer: Address,
    /// Whether every step is done and the proof held.
    pub complete: bool,
    /// The contract that creates the others.
    pub founder: Address,
    /// The contracts by their names, at their planned addresses.
    pub contracts: BTreeMap<String, Deployed>,
    /// The Safes of the settings by their names, at their planned addresses.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub safes: BTreeMap<String, Address>,
    /// The vault of the settings, at its planned address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vault: Option<Address>,
    /// The transaction that the DAO came into being in; none before that.
    pub founding: Option<B256>,
    /// Every transaction sent, in order.
    pub transactions: Vec<Transaction>,
    /// The settings, for people: no run reads them.
    pub settings: serde_json::Value,
}

/// A contract of a deployment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Deployed {
    /// Where it stands or will stand.
    pub address: Address,
    /// Where its program stands, if `address` is a proxy before it. The DAO can upgrade the proxy to another later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub implementation: Option<Address>,
    /// Keccak-256 of its program's code.
    pub code_hash: B256,
}

/// A transaction of a deployment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
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
    pub(crate) fn begin(config: &Config, plan: &Plan, deployer: Address) -> Result<Self> {
        let deployed = plan.contracts().iter().map(|planned| {
            let deployed = Deployed {
                address: planned.address,
                implementation: planned.is_proxied().then_some(planned.implementation),
                code_hash: planned.program.code_hash(),
            };
            (planned.part.name().folder().to_owned(), deployed)
        });
        Ok(Self {
            chain_id: config.chain.id,
            deployer,
            complete: false,
            founder: plan.founder(),
            contracts: deployed.collect(),
            safes: plan.safes.iter().map(|safe| (safe.name.to_string(), safe.address)).collect(),
            vault: plan.vault.as_ref().map(|vault| vault.address),
            founding: None,
            transactions: Vec::new(),
            settings: json::value(config)?,
        })
    }

    /// The file of a chain's deployment in a folder.
    pub fn path(folder: &Path, chain_id: u64) -> PathBuf {
        folder.join(format!("{chain_id}.json"))
    }

    /// Reads the record of a chain, if there is one.
    ///
    /// # Errors
    /// If the file is there but cannot be read, or is no record of that chain.
    pub fn read(folder: &Path, chain_id: u64) -> Result<Option<Self>> {
        let path = Self::path(folder, chain_id);
        if !path.try_exists().wrap_err_with(|| format!("{} cannot be reached", path.display()))? {
            return Ok(None);
        }
        let text = files::text(&path, LARGEST).wrap_err_with(|| format!("{} cannot be read", path.display()))?;
        let record: Self = serde_json::from_str(&text).map_err(|error| no_record(&path, &files::json(&error)))?;
        ensure!(
            record.chain_id == chain_id,
            "{} is a record of chain {}, not of chain {chain_id}: move it away",
            path.display(),
            record.chain_id
        );
        Ok(Some(record))
    }

    /// Writes the record in one step: a reader, or another run, sees the old file or the new one, nothing between. Each
    /// writes to a file of its own before that.
    pub(crate) fn write(&self, folder: &Path) -> Result<()> {
        let path = Self::path(folder, self.chain_id);
        static WRITTEN: AtomicU64 = AtomicU64::new(0);
        let number = WRITTEN.fetch_add(1, Ordering::Relaxed);
        let beside = path.with_extension(format!("json.new-{}-{number}", process::id()));
        let text = json::pretty(self)?;
        let write = || -> std::io::Result<()> {
            fs::create_dir_all(folder)?;
            let mut file = File::create(&beside)?;
            file.write_all(text.as_bytes())?;
            file.write_all(b"\n")?;
            file.sync_all()?;
            fs::rename(&beside, &path)
        };
        write().map_err(|error| {
            let _ = fs::remove_file(&beside);
            eyre!("{} cannot be written: {error}", path.display())
        })
    }

    /// Moves the record of a chain out of the way. No earlier one is overwritten.
    pub(crate) fn move_aside(folder: &Path, chain_id: u64) -> Result<PathBuf> {
        let path = Self::path(folder, chain_id);
        let names = (1..).map(|number| match number {
            1 => path.with_extension("json.old"),
            _ => path.with_extension(format!("json.old-{number}")),
        });
        let aside = names.into_iter().find(|name| !name.exists()).unwrap_or_else(|| path.with_extension("json.old"));
        fs::rename(&path, &aside).wrap_err_with(|| format!("{} cannot be moved aside", path.display()))?;
        Ok(aside)
    }

    /// The address of a contract.
    ///
    /// # Errors
    /// If the deployment has none of this name.
    pub fn address(&self, name: impl Into<Name>) -> Result<Address> {
        let name = name.into();
        let deployed = self.contracts.get(name.folder());
        Ok(deployed.ok_or_eyre(format!("the deployment has no {name}"))?.address)
    }

    /// The address of a Safe of the settings.
    ///
    /// # Errors
    /// If the deployment has none of this name.
    pub fn safe(&self, name: &str) -> Result<Address> {
        self.safes.get(name).copied().ok_or_eyre(format!("the deployment has no Safe \"{name}\""))
    }

    /// Where the first contract that the Founder creates stands or will stand: with it, all do.
    pub(crate) fn first(&self) -> Address {
        self.founder.create(1)
    }

    /// Refuses a record that has the same Founder as another, and not the same contracts. Their names may differ: an
    /// earlier version had others.
    pub(crate) fn expect_contracts(&self, other: &Self, path: &Path) -> Result<()> {
        let contracts = |record: &Self| {
            let contracts = record.contracts.values();
            contracts.map(|c| (c.address, c.implementation, c.code_hash)).collect::<BTreeSet<_>>()
        };
        if contracts(self) == contracts(other) {
            return Ok(());
        }
        Err(no_record(path, "its contracts are not those that its founder creates"))
    }

    /// What the settings of this record and others differ in, of those that make another DAO: by the names that the file
    /// has for them, as `governor.voting_delay`.
    pub(crate) fn differences(&self, config: &Config) -> Result<Vec<String>> {
        let mut names = Vec::new();
        differ("", &json::value(&self.settings)?, &json::value(config)?, &mut names);
        names.retain(|name| !OF_NO_ADDRESS.contains(&name.split('.').next().unwrap_or_default()));
        let mut names: Vec<String> = names.iter().map(|name| key(name)).collect();
        names.sort();
        Ok(names)
    }
}

/// The key of the file that a setting of the record was read from.
fn key(name: &str) -> String {
    if name == "council" {
        return "council.guardian".to_owned();
    }
    let mut key = String::with_capacity(name.len());
    for c in name.chars() {
        if c.is_ascii_uppercase() {
            key.push('_');
        }
        key.push(c.to_ascii_lowercase());
    }
    // A section that is gone may have any name in a file.
    shortened(&line(&key), 60)
}

fn no_record(path: &Path, reason: &str) -> Report {
    eyre!(
        "{} is not a deployment's record ({}): move it away and run deploy again, which finds on the chain what is done",
        path.display(),
        // It quotes what the file has.
        shortened(&line(reason), 200)
    )
}

/// Adds the names of what two settings differ in.
fn differ(name: &str, one: &serde_json::Value, other: &serde_json::Value, names: &mut Vec<String>) {
    match (one.as_object(), other.as_object()) {
        (Some(one_members), Some(other_members)) => {
            for (key, value) in other_members {
                let name = if name.is_empty() { key.clone() } else { format!("{name}.{key}") };
                differ(&name, one_members.get(key).unwrap_or(&serde_json::Value::Null), value, names);
            }
            // A section that is gone.
            names
                .extend(one_members.keys().filter(|key| name.is_empty() && !other_members.contains_key(*key)).cloned());
        }
        _ if one != other => names.push(name.to_owned()),
        _ => {}
    }
}

#[cfg(test)]
mod tests;
