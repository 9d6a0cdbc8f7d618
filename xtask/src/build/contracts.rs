//! Which contracts there are: every folder of `contracts/` that holds a Cargo.toml is one program.

use crate::project;
use eyre::{Context, OptionExt, Result, ensure};
use serde::Deserialize;
use std::path::{Path, PathBuf};

/// A contract's crate, and what its manifest says of it.
#[derive(Debug)]
pub(crate) struct Contract {
    /// The package's name, and that of its artifacts.
    pub(crate) name: String,
    pub(crate) manifest: PathBuf,
    pub(crate) metadata: Metadata,
}

/// `[package.metadata.consilium]` of a contract's manifest.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Metadata {
    /// The most bytes of deployed code that the project allows it.
    pub(crate) budget: usize,
    /// The most memory pages of 64 KiB that it may have at its start; two are free at every call.
    #[serde(default = "free_pages")]
    pub(crate) pages: u64,
    /// Its modules that decide without a chain. `cargo xtask mutants` runs their property tests on a host.
    #[serde(default)]
    pub(crate) rules: Vec<String>,
    /// The test programs that run it on a chain, the likeliest to notice a fault first.
    #[serde(default)]
    pub(crate) tests: Vec<String>,
}

fn free_pages() -> u64 {
    2
}

/// The parts of a manifest that are read.
#[derive(Deserialize)]
struct Manifest {
    package: Package,
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

/// The programs that are built for the tests alone: the folders of `crates/` whose manifest has what a contract's has.
pub(crate) fn test_programs() -> Result<Vec<Contract>> {
    let mut programs = Vec::new();
    for folder in std::fs::read_dir(project::root().join("crates"))? {
        let manifest = folder?.path().join("Cargo.toml");
        if std::fs::read_to_string(&manifest).is_ok_and(|text| text.contains("\n[package.metadata.consilium]\n")) {
            programs.push(read(manifest)?);
        }
    }
    programs.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(programs)
}

fn read(manifest: PathBuf) -> Result<Contract> {
    let text = std::fs::read_to_string(&manifest).with_context(|| manifest.display().to_string())?;
    let (name, metadata) = parse(&text).with_context(|| manifest.display().to_string())?;
    let folder = manifest.parent().and_then(Path::file_name).unwrap_or_default();
    ensure!(folder == name.as_str(), "{}: the package must be named as its folder", manifest.display());
    Ok(Contract { name, manifest, metadata })
}

/// A manifest's name, and what it says to this project's tools.
fn parse(manifest: &str) -> Result<(String, Metadata)> {
    let Manifest { package } = toml::from_str(manifest)?;
    let metadata = package.metadata.and_then(|tools| tools.consilium);
    Ok((package.name, metadata.ok_or_eyre("[package.metadata.consilium] is missing: give it a `budget` in bytes")?))
}

#[cfg(test)]
mod tests {
    use super::{all, parse, test_programs};

    #[test]
    fn each_contract_says_what_it_is_allowed() {
        let contracts = all().unwrap();
        assert!(contracts.len() >= 3);
        assert!(contracts.iter().all(|contract| contract.metadata.budget <= 22_000 && contract.metadata.pages <= 2));
    }

    #[test]
    fn a_test_program_is_no_contract() {
        let (contracts, programs) = (all().unwrap(), test_programs().unwrap());
        assert!(!programs.is_empty());
        assert!(programs.iter().all(|program| contracts.iter().all(|contract| contract.name != program.name)));
    }

    #[test]
    fn a_manifest_without_a_budget_is_refused() {
        let refused = |text: &str| format!("{:#}", parse(text).unwrap_err());
        assert!(refused("[package]\nname = \"a\"").contains("`budget`"));
        assert!(refused("[package]\nname = \"a\"\n[package.metadata.consilium]").contains("missing field `budget`"));
        let typo = "[package]\nname = \"a\"\n[package.metadata.consilium]\nbudget = 1\npage = 2";
        assert!(refused(typo).contains("unknown field `page`"));
    }
}
