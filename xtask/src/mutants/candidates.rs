//! Every mutant of every contract, with its place: those of its declarations ([`declarations`]) and of its methods
//! ([`generate`]). The modules are those that a contract's folder has, so that none can be forgotten.

use super::edit::Mutant;
use super::{Options, declarations, generate};
use crate::project;
use eyre::{Context, Result, ensure};
use sha2::{Digest, Sha256};
use std::fs;
use std::path::{Path, PathBuf};
use suite::Contract;

/// The crate of the components.
const COMPONENTS: &str = "crates/components";

/// A mutant with its place.
pub(super) struct Candidate<'a> {
    pub(super) contract: &'a Contract,
    /// The crate's folder, in the repository: the contract's, or that of the components.
    pub(super) package: PathBuf,
    /// In the crate's folder.
    pub(super) file: PathBuf,
    pub(super) text: String,
    pub(super) mutant: Mutant,
}

impl Candidate<'_> {
    pub(super) fn name(&self) -> String {
        format!("{} {}", self.contract.name, self.mutant.name)
    }

    /// `governor/src/vote.rs`
    pub(super) fn place(&self) -> String {
        let package = self.package.file_name().unwrap_or_default();
        format!("{}/{}", package.to_string_lossy(), self.file.display())
    }
}

/// Every mutant of every module, in the order of the text.
pub(super) fn all(contracts: &[Contract]) -> Result<Vec<Candidate<'_>>> {
    let mut all = Vec::new();
    for contract in contracts {
        let own = modules(contract)?.into_iter().map(|file| (Path::new("contracts").join(&contract.name), file));
        let shared = components(contract)?.into_iter().map(|file| (PathBuf::from(COMPONENTS), file));
        for (package, file) in own.chain(shared) {
            let path = project::root().join(&package).join(&file);
            let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
            let made = if file.ends_with("abi.rs") { declarations::mutants } else { generate::mutants };
            let mutants = made(&text).with_context(|| path.display().to_string())?;
            let (package, file) = (&package, &file);
            let candidate = |mutant| Candidate {
                contract,
                package: package.clone(),
                file: file.clone(),
                text: text.clone(),
                mutant,
            };
            all.extend(mutants.into_iter().map(candidate));
        }
    }
    Ok(all)
}

/// A contract's modules but its rules, which [`super::rules`] changes, and their tests.
pub(super) fn modules(contract: &Contract) -> Result<Vec<PathBuf>> {
    let folder = contract.manifest.parent().unwrap_or(Path::new("."));
    modules_in(contract, folder, folder.join("src"))
}

/// The modules of the components that change with a contract's mutants.
fn components(contract: &Contract) -> Result<Vec<PathBuf>> {
    let folder = project::root().join(COMPONENTS);
    let mut all = Vec::new();
    for name in &contract.metadata.components {
        all.extend(modules_in(contract, &folder, folder.join("src").join(name))?);
    }
    Ok(all)
}

/// The modules inside a folder of a crate's folder.
fn modules_in(contract: &Contract, folder: &Path, inside: PathBuf) -> Result<Vec<PathBuf>> {
    let (mut modules, mut folders) = (Vec::new(), vec![inside]);
    while let Some(inside) = folders.pop() {
        for entry in fs::read_dir(&inside).with_context(|| inside.display().to_string())? {
            let path = entry?.path();
            let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            if contract.metadata.rules.contains(&name) || name.ends_with("tests") {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                modules.push(path.strip_prefix(folder)?.to_owned());
            }
        }
    }
    modules.sort();
    Ok(modules)
}

/// Those that the options ask for, in the order of the text; in an order drawn by the seed where there may not be time for
/// all, so that those that are run are a sample.
pub(super) fn choose<'a>(mut all: Vec<Candidate<'a>>, options: &Options) -> Result<Vec<Candidate<'a>>> {
    if !options.only.is_empty() {
        let asked = |text: &String| options.only.iter().any(|only| text.contains(only.as_str()));
        all.retain(|candidate| asked(&candidate.name()) || asked(&candidate.place()));
        ensure!(!all.is_empty(), "no mutant's name or place contains one of {:?}; --list names all", options.only);
    }
    if options.minutes.is_some() {
        all.sort_by_cached_key(|candidate| Sha256::digest(format!("{} {}", options.seed, candidate.name())));
    }
    Ok(all)
}

#[cfg(test)]
mod tests;
