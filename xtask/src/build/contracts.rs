//! Which contracts there are: every folder of `contracts/` that holds a Cargo.toml is one program.

use crate::project;
use eyre::{Context, Result, eyre};
use std::path::PathBuf;

/// A contract's crate.
#[derive(Debug)]
pub(crate) struct Contract {
    /// The package's name, and that of its artifacts.
    pub(crate) name: String,
    pub(crate) manifest: PathBuf,
}

/// All contracts, by name.
pub(crate) fn all() -> Result<Vec<Contract>> {
    let mut contracts = Vec::new();
    for folder in std::fs::read_dir(project::root().join("contracts"))? {
        let manifest = folder?.path().join("Cargo.toml");
        if manifest.is_file() {
            contracts.push(read(manifest)?);
        }
    }
    contracts.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(contracts)
}

fn read(manifest: PathBuf) -> Result<Contract> {
    let shown = || manifest.display().to_string();
    let text = std::fs::read_to_string(&manifest).with_context(shown)?;
    let table: toml::Table = text.parse().with_context(shown)?;
    let name = table.get("package").and_then(|package| package.get("name")).and_then(toml::Value::as_str);
    let name = name.ok_or_else(|| eyre!("{}: package.name is missing", shown()))?.to_owned();
    Ok(Contract { name, manifest })
}
