//! Which contracts there are, and what each says of itself.
//!
//! Every folder of `contracts/` that has a Cargo.toml is a contract. Its name is the folder's, and every other spelling
//! follows from it ([`Name`]). What the project's tools need to know of it is in its own manifest ([`Metadata`]). Nothing
//! else lists the contracts: what has to treat each of them asks [`contracts`].

mod manifest;
mod name;

pub use manifest::{Contract, Metadata, read};
pub use name::Name;

use eyre::{Context, Result};
use std::fs;
use std::path::{Path, PathBuf};

/// All contracts of the repository at `root`, by name.
///
/// # Errors
/// If a manifest cannot be read, or lacks what the tools need.
pub fn contracts(root: &Path) -> Result<Vec<Contract>> {
    sorted(manifests(&root.join("contracts"))?)
}

/// The programs that only the tests deploy: the crates whose manifest has what a contract's has, and the contract that
/// `cargo xtask new` copies.
///
/// # Errors
/// As [`contracts`].
pub fn test_programs(root: &Path) -> Result<Vec<Contract>> {
    let mut all = manifests(&root.join("crates"))?;
    all.retain(|manifest| fs::read_to_string(manifest).is_ok_and(|text| manifest::is_program(&text)));
    all.extend(manifests(&root.join(TEMPLATE).join("contracts"))?);
    sorted(all)
}

/// What `cargo xtask new` copies: a part of the repository, with all files of one contract.
pub const TEMPLATE: &str = "examples/template";

fn sorted(manifests: Vec<PathBuf>) -> Result<Vec<Contract>> {
    let mut contracts = manifests.into_iter().map(read).collect::<Result<Vec<_>>>()?;
    contracts.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(contracts)
}

/// The manifests of a folder's folders. A folder that is not there has none.
fn manifests(folder: &Path) -> Result<Vec<PathBuf>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let entries = fs::read_dir(folder).with_context(|| folder.display().to_string())?;
    let manifests = entries.map(|entry| Ok(entry?.path().join("Cargo.toml"))).collect::<Result<Vec<_>>>()?;
    Ok(manifests.into_iter().filter(|manifest| manifest.is_file()).collect())
}
