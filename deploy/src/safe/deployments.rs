//! The addresses of singletons in the shape that Safe's npm package `@safe-global/safe-deployments` has for its own: a
//! JSON file a contract, which Safe's tools read.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use alloy::eips::BlockId;
use alloy::primitives::{Address, B256, keccak256};
use consilium_bindings::Safe as abi;
use eyre::{Result, WrapErr as _, ensure, eyre};
use nitro::PROGRAM_WITHOUT_DICTIONARY;
use serde::Serialize;
use serde_json::Value;

use super::node::Safe;
use crate::artifacts::Program;
use crate::chain::Chain;
use crate::files;

/// The interfaces by their versions, and our programs that have them.
const INTERFACES: [(&str, &str, &str); 2] = [
    ("1.4.1", include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../abi/Safe.json")), "safe"),
    ("1.5.0", include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../abi/SafeV15.json")), "safe-v15"),
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

/// Lists the singleton at an address. A program's address can follow from its code alone, so a stranger may have set it up
/// before it was closed: it is listed with a warning if it is the program that was built here, in the folder `artifacts`.
///
/// # Errors
/// If it is none, or one that somebody can set up, or that somebody has set up and that was not built here, or the node does
/// not answer.
pub async fn listed(chain: &Chain, at: Address, released: bool, artifacts: &Path) -> Result<(Listed, Option<String>)> {
    let code = chain.code(at).await?;
    let safe = Safe::open(chain, at).await?;
    let version = safe.read(abi::VERSIONCall {}, BlockId::latest()).await?;
    let known = INTERFACES.iter().find(|(known, ..)| *known == version);
    let (_, text, program) = known.ok_or_else(|| {
        let known: Vec<_> = INTERFACES.iter().map(|(version, ..)| *version).collect();
        eyre!("the singleton {at} is of version \"{version}\", and those known here are {}", known.join(", "))
    })?;
    let threshold = safe.read(abi::getThresholdCall {}, BlockId::latest()).await?;
    let owners = safe.read(abi::getOwnersCall {}, BlockId::latest()).await;
    let mut warning = None;
    if threshold.is_zero() || owners.is_ok_and(|owners| !owners.is_empty()) {
        ensure!(
            code.starts_with(&PROGRAM_WITHOUT_DICTIONARY),
            "{at} is no closed singleton: it has owners or can be set up. Name the contract behind the proxies"
        );
        ensure!(
            !threshold.is_zero(),
            "{at} is not closed: it can be set up by anybody, who would have a Safe there. Close it by a call of 0x5585258d, \
             which everybody may send"
        );
        ensure!(
            *Program::load(artifacts, *program)?.code() == code,
            "{at} has owners, and is not the program of version {version} in {}: take the folder of its build, or name \
             another singleton",
            artifacts.display()
        );
        warning = Some(format!(
            "WARNING: somebody has set {at} up, and has a Safe there: send it nothing. Its proxies have a storage of their \
             own, and are as they would be"
        ));
    }
    let whole: Value = serde_json::from_str(text)?;
    let listed = Listed {
        released,
        contract_name: "Safe",
        version,
        deployments: BTreeMap::from([(KIND, At { address: at, code_hash: keccak256(&code) })]),
        network_addresses: BTreeMap::from([(chain.id().to_string(), KIND)]),
        abi: whole.get("abi").cloned().unwrap_or_default(),
    };
    Ok((listed, warning))
}

/// As Safe's tools compare it.
fn checksummed<S: serde::Serializer>(address: &Address, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(address)
}
