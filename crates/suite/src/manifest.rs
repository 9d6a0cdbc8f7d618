//! A contract's manifest.

use crate::Name;
use eyre::{Context, OptionExt, Result, ensure};
use serde::Deserialize;
use std::fs;
use std::path::{Path, PathBuf};

/// A contract's crate, and what its manifest says of it.
#[derive(Clone, Debug)]
pub struct Contract {
    /// The name of its folder, its package and its artifacts.
    pub name: Name,
    /// Its Cargo.toml.
    pub manifest: PathBuf,
    /// Whether it is a workspace of its own, with a lock file of its own.
    pub is_workspace: bool,
    /// What the project's tools read.
    pub metadata: Metadata,
}

/// `[package.metadata.consilium]` of a contract's manifest.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Metadata {
    /// The most bytes of deployed code that the project allows it.
    pub budget: usize,
    /// The most memory pages of 64 KiB that it may have at its start. Two are free at every call.
    #[serde(default = "free_pages")]
    pub pages: u64,
    /// The Solidity contract it is measured against: its name in `tests/*/solidity` or `tests/peers/src`.
    pub peer: Option<String>,
    /// Its modules that decide without a chain. `cargo xtask mutants` runs their property tests on a host.
    #[serde(default)]
    pub rules: Vec<String>,
    /// The components that change with its mutants: folders in `crates/components/src`. A component that one contract
    /// names is not for another to name.
    #[serde(default)]
    pub components: Vec<String>,
    /// The test programs that run it on a chain, the likeliest to notice a fault first.
    #[serde(default)]
    pub tests: Vec<String>,
}

fn free_pages() -> u64 {
    2
}

/// The parts of a manifest that are read.
#[derive(Deserialize)]
struct Manifest {
    package: Package,
    workspace: Option<toml::Table>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    metadata: Option<Tools>,
}

#[derive(Deserialize)]
struct Tools {
    consilium: Option<Metadata>,
}

/// Reads a contract's Cargo.toml.
///
/// # Errors
/// If it cannot be read or lacks what the tools need, or the package has another name than its folder.
pub fn read(manifest: PathBuf) -> Result<Contract> {
    let at = || manifest.display().to_string();
    let text = fs::read_to_string(&manifest).with_context(at)?;
    let (package, is_workspace, metadata) = parse(&text).with_context(at)?;
    let folder = manifest.parent().and_then(Path::file_name).and_then(|folder| folder.to_str()).unwrap_or_default();
    let name = Name::new(folder).with_context(at)?;
    ensure!(package == folder, "{}: name the package as its folder, {folder}", at());
    Ok(Contract { name, manifest, is_workspace, metadata })
}

/// Whether a manifest has what a contract's has.
pub(crate) fn is_program(manifest: &str) -> bool {
    manifest.contains("\n[package.metadata.consilium]\n")
}

/// A manifest's name, whether it is a workspace, and what it says to this project's tools.
fn parse(manifest: &str) -> Result<(String, bool, Metadata)> {
    let Manifest { package, workspace } = toml::from_str(manifest)?;
    let metadata = package.metadata.and_then(|tools| tools.consilium);
    let metadata = metadata.ok_or_eyre("[package.metadata.consilium] is missing: give it a `budget` in bytes")?;
    Ok((package.name, workspace.is_some(), metadata))
}

#[cfg(test)]
mod tests;
