//! The addresses of singletons in the shape that Safe's npm package `@safe-global/safe-deployments` has for its own: a
//! JSON file a contract, which Safe's tools read.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use alloy::eips::BlockId;
use alloy::primitives::{Address, B256, keccak256};
use consilium_bindings::Safe as abi;
use eyre::{Result, WrapErr as _, ensure, eyre};
use serde::Serialize;
use serde_json::Value;

use super::node::Safe;
use crate::chain::Chain;
use crate::files;

/// The interfaces by their versions.
const INTERFACES: [(&str, &str); 2] = [
    ("1.4.1", include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../abi/Safe.json"))),
    ("1.5.0", include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../abi/SafeV15.json"))),
];

/// The package knows three kinds of addresses. This is the one for ordinary chains.
const KIND: &str = "canonical";

/// A singleton on a chain, as the package has it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Listed {
    /// Whether Safe's tools find it where they are not asked for others.
    pub released: bool,
    /// Safe's name of the contract.
    pub contract_name: &'static str,
    /// The version that it answers as.
    pub version: String,
    /// Its address and its code's hash.
    pub deployments: BTreeMap<&'static str, At>,
    /// The chains that it is on, by their ids.
    pub network_addresses: BTreeMap<String, &'static str>,
    /// Its interface.
    pub abi: Value,
}

/// Where a contract stands.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct At {
    #[serde(serialize_with = "checksummed")]
    address: Address,
    code_hash: B256,
}

impl Listed {
    /// Where the package has such a file: `v1.4.1/safe.json`.
    pub fn file(&self) -> String {
        format!("v{}/safe.json", self.version)
    }

    /// Writes it there, in a folder; the file's path.
    ///
    /// # Errors
    /// If there is such a file, or it cannot be written.
    pub fn write_new(&self, folder: &Path) -> Result<PathBuf> {
        let path = folder.join(self.file());
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).wrap_err_with(|| format!("{} cannot be made", parent.display()))?;
        }
        files::write_new(&path, self, 0o666)?;
        Ok(path)
    }
}

/// Lists the singleton at an address.
///
/// # Errors
/// If it is none, or one that somebody can set up and so own, or the node does not answer.
pub async fn listed(chain: &Chain, at: Address, released: bool) -> Result<Listed> {
    let code = chain.code(at).await?;
    let safe = Safe::open(chain, at).await?;
    let version = safe.read(abi::VERSIONCall {}, BlockId::latest()).await?;
    let known = INTERFACES.iter().find(|(known, _)| *known == version);
    let (_, text) = known.ok_or_else(|| {
        let known: Vec<_> = INTERFACES.iter().map(|(version, _)| *version).collect();
        eyre!("the singleton {at} is of version \"{version}\", and those known here are {}", known.join(", "))
    })?;
    let threshold = safe.read(abi::getThresholdCall {}, BlockId::latest()).await?;
    let owners = safe.read(abi::getOwnersCall {}, BlockId::latest()).await;
    ensure!(
        !threshold.is_zero() && owners.map_or(true, |owners| owners.is_empty()),
        "{at} is no closed singleton: it has owners or can be set up. Name the contract behind the proxies"
    );
    let whole: Value = serde_json::from_str(text)?;
    Ok(Listed {
        released,
        contract_name: "Safe",
        version,
        deployments: BTreeMap::from([(KIND, At { address: at, code_hash: keccak256(&code) })]),
        network_addresses: BTreeMap::from([(chain.id().to_string(), KIND)]),
        abi: whole.get("abi").cloned().unwrap_or_default(),
    })
}

/// As Safe's tools compare it.
fn checksummed<S: serde::Serializer>(address: &Address, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(address)
}
