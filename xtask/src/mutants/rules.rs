//! Mutants of the rules, by cargo-mutants.
//!
//! The rules need no chain and no SDK, so they are copied into packages of their own: these compile in a second where a
//! contract takes ten, also those whose SDK compiles for no host. A contract's manifest names these modules (`rules`), and
//! `.cargo/mutants.toml` says what is changed.

use crate::{command, project};
use eyre::{Context, Result, ensure};
use serde::Deserialize;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use suite::Contract;
use syn::Item;
use syn::spanned::Spanned;

/// What all packages share, after the list of members. The lock file is the suite's, so the versions are, too.
const WORKSPACE: &str = r#"resolver = "3"

[profile.dev]
debug = false
"#;

const PACKAGE: &str = r#"
version = "0.0.0"
edition = "2024"

[dependencies]
alloy-primitives = "1"
consilium-abi = { path = "../../../crates/abi" }

[dev-dependencies]
consilium-abi-syntax = { path = "../../../crates/abi-syntax" }
proptest = "1"
"#;

/// Runs all mutants, or those whose name or place contains one of these texts. Shows what became of them, and fails where one
/// survives that docs/mutants.md does not explain.
///
/// # Errors
/// Where cargo-mutants is missing or the unchanged tests fail; where there is no such mutant; where less than nine in ten are
/// caught; where a survivor is not explained.
pub(super) fn mutants(only: &[String]) -> Result<()> {
    ensure!(
        command::ask(Command::new("cargo-mutants").args(["mutants", "--version"])).is_some(),
        "cargo-mutants is not installed; run: cargo install --locked cargo-mutants"
    );
    let all = run(&packages()?, only)?;
    ensure!(!all.is_empty(), "no mutant's name or place contains one of {only:?}");
    let count = |fate| all.iter().filter(|(_, found)| *found == fate).count();
    let (caught, timeout, missed) = (count(Fate::CaughtMutant), count(Fate::Timeout), count(Fate::MissedMutant));
    let viable = caught + timeout + missed;
    println!("{} mutants, {viable} compile: {caught} fail a test, {timeout} do not end, {missed} survive", all.len());

    let survivors: Vec<_> = all.iter().filter(|(_, fate)| *fate == Fate::MissedMutant).map(|(name, _)| name).collect();
    for name in &survivors {
        println!("  {name}");
    }
    ensure!((caught + timeout) * 10 >= viable * 9, "less than nine in ten are caught");
    let explained = super::explained()?;
    let strange: Vec<_> = survivors.into_iter().filter(|name| !explained.contains(change(name))).collect();
    ensure!(strange.is_empty(), "docs/mutants.md does not explain: {strange:#?}");
    Ok(())
}

/// What became of a mutant, in cargo-mutants' words.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
enum Fate {
    CaughtMutant,
    MissedMutant,
    Timeout,
    Unviable,
    /// The unchanged tests passed.
    Success,
    Failure,
}

#[derive(Deserialize)]
struct Outcomes {
    outcomes: Vec<Outcome>,
}

#[derive(Deserialize)]
struct Outcome {
    summary: Fate,
    scenario: Scenario,
}

#[derive(Deserialize)]
enum Scenario {
    Baseline,
    Mutant { name: String },
}

/// Runs cargo-mutants on `workspace`, and gives each mutant with its fate.
fn run(workspace: &Path, only: &[String]) -> Result<Vec<(String, Fate)>> {
    let mut mutants = Command::new("cargo-mutants");
    // In place: what is changed is a copy already.
    mutants.args(["mutants", "--in-place", "--dir"]).arg(workspace).arg("--config");
    mutants.arg(project::root().join(".cargo/mutants.toml"));
    mutants.args(only.iter().flat_map(|text| ["--re".to_owned(), literal(text)]));
    let status = command::status(&mut mutants)?;
    // 2 and 3: some survived, some did not end.
    ensure!(matches!(status.code(), Some(0 | 2 | 3)), "cargo mutants failed: {status}");

    let report = workspace.join("mutants.out/outcomes.json");
    let report: Outcomes =
        serde_json::from_str(&fs::read_to_string(&report)?).with_context(|| report.display().to_string())?;
    let fates = report.outcomes.into_iter().filter_map(|Outcome { summary, scenario }| match scenario {
        Scenario::Mutant { name } => Some((name, summary)),
        Scenario::Baseline => None,
    });
    Ok(fates.collect())
}

/// Makes the workspace of the rules' packages.
fn packages() -> Result<PathBuf> {
    let (root, workspace) = (project::root(), project::root().join("target/mutants"));
    fs::create_dir_all(&workspace)?;
    let mut contracts = project::contracts()?;
    contracts.retain(|contract| !contract.metadata.rules.is_empty());
    let members: Vec<_> = contracts.iter().map(|contract| contract.name.kebab()).collect();
    fs::write(workspace.join("Cargo.toml"), format!("[workspace]\nmembers = {members:?}\n{WORKSPACE}"))?;
    fs::copy(root.join("Cargo.lock"), workspace.join("Cargo.lock"))?;
    for Contract { name: contract, metadata, .. } in &contracts {
        let package = workspace.join(contract);
        if package.exists() {
            fs::remove_dir_all(&package)?;
        }
        super::copy(&root.join("contracts").join(contract).join("src"), &package.join("src"))?;
        fs::write(package.join("Cargo.toml"), format!("[package]\nname = \"{contract}-rules\"{PACKAGE}"))?;
        let modules: String = metadata.rules.iter().map(|module| format!("mod {module};\n")).collect();
        let lib = format!(
            "#![allow(dead_code, unused_imports, missing_docs)]\nextern crate alloc;\nmod abi;\nmod storage;\n{modules}"
        );
        fs::write(package.join("src/lib.rs"), lib)?;
        fs::write(package.join("src/abi.rs"), errors(contract.kebab())?)?;
        fs::write(package.join("src/storage.rs"), words(contract.kebab())?)?;
    }
    Ok(workspace)
}

/// A declaration of the contract's errors alone: of its interface the rules know no more.
fn errors(contract: &str) -> Result<String> {
    let declared = fs::read_to_string(project::root().join("contracts").join(contract).join("src/abi.rs"))?;
    let errors: Vec<_> = declared.lines().filter(|line| line.trim_start().starts_with("error ")).collect();
    Ok(format!("consilium_abi::sol_abi! {{\n    interface IErrors {{\n{}\n    }}\n}}\n", errors.join("\n")))
}

/// The packed words that a contract declares in `storage.rs`: of what is stored the rules know no more.
fn words(contract: &str) -> Result<String> {
    let file = project::root().join("contracts").join(contract).join("src/storage.rs");
    let text = fs::read_to_string(&file).with_context(|| file.display().to_string())?;
    let items = syn::parse_file(&text).with_context(|| file.display().to_string())?.items;
    let packed = items.iter().filter(|item| matches!(item, Item::Macro(item) if item.mac.path.is_ident("packed")));
    Ok(packed.map(|item| format!("consilium_abi::{}\n", &text[item.span().byte_range()])).collect())
}

/// A regular expression that finds a text as it is.
fn literal(text: &str) -> String {
    let each = |one: char| if one.is_alphanumeric() { one.to_string() } else { format!("\\x{{{:x}}}", u32::from(one)) };
    text.chars().map(each).collect()
}

/// A mutant's name without its place in the file, which moves.
fn change(name: &str) -> &str {
    name.split_once(": ").map_or(name, |(_, change)| change)
}

#[cfg(test)]
mod tests {
    use super::{literal, packages};
    use crate::{command, project};
    use serde_json::Value;
    use std::collections::BTreeSet;

    /// A contract is a member where its manifest names `rules`, and each of these is a module of its package.
    #[test]
    fn the_manifests_say_what_is_changed() {
        let workspace = packages().unwrap();
        let mut metadata = command::cargo();
        metadata.args(["metadata", "--no-deps", "--format-version", "1", "--manifest-path"]);
        let told = command::output(metadata.arg(workspace.join("Cargo.toml"))).unwrap();
        let told: Value = serde_json::from_str(&told).unwrap();
        let members: BTreeSet<_> =
            told["packages"].as_array().unwrap().iter().map(|one| one["name"].to_string()).collect();
        let mut expected = BTreeSet::new();
        for contract in project::contracts().unwrap() {
            let lib = std::fs::read_to_string(workspace.join(&contract.name).join("src/lib.rs")).unwrap_or_default();
            assert!(contract.metadata.rules.iter().all(|module| lib.contains(&format!("mod {module};"))), "{lib}");
            if !contract.metadata.rules.is_empty() {
                expected.insert(format!("\"{}-rules\"", contract.name));
            }
        }
        assert!(!expected.is_empty());
        assert_eq!(members, expected);
    }

    #[test]
    fn a_text_is_found_as_it_is() {
        assert_eq!(literal("a/b.rs: < 1"), r"a\x{2f}b\x{2e}rs\x{3a}\x{20}\x{3c}\x{20}1");
    }
}
