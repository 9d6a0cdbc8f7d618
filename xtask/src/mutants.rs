//! `cargo xtask mutants`: changes one small thing in the contracts' rules at a time, and wants a test to fail each time.
//!
//! `.cargo/mutants.toml` says what is changed, docs/mutants.md which changes no test can see, and why. It takes long, so it is
//! no part of `cargo xtask test`.

use crate::{command, project};
use eyre::{Context, Result, ensure};
use serde::Deserialize;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Where all of it happens.
fn folder() -> PathBuf {
    project::root().join("target/mutants")
}

/// The manifest of the package in which the voting token's rules are tried: its own crate compiles for no host, and the
/// rules need nothing of what keeps it from that.
const TOKEN_MANIFEST: &str = r#"[workspace]

[package]
name = "voting-token-rules"
edition = "2021"

[dependencies]
alloy-primitives = "1"

[dev-dependencies]
proptest = "1"

[profile.dev]
debug = false
"#;

/// Runs all mutants, shows what became of them, and fails where one survives that docs/mutants.md does not explain.
///
/// # Errors
/// Where cargo-mutants is missing or the unchanged tests fail; where less than nine in ten are caught; where a survivor is not
/// explained.
pub(crate) fn mutants() -> Result<()> {
    ensure!(
        command::ask(Command::new("cargo-mutants").args(["mutants", "--version"])).is_some(),
        "cargo-mutants is not installed; run: cargo install --locked cargo-mutants"
    );
    let suite = run("suite", project::root(), &["--package", "governor", "--package", "timelock"])?;
    let token = run("token", &token_package()?, &["--in-place", "--no-config"])?;

    let all: Vec<_> = suite.into_iter().chain(token).collect();
    let count = |fate| all.iter().filter(|(_, found)| *found == fate).count();
    let (caught, missed, timeout) = (count(Fate::CaughtMutant), count(Fate::MissedMutant), count(Fate::Timeout));
    let viable = caught + missed + timeout;
    println!("{viable} mutants compile ({} do not): {caught} fail a test, {timeout} do not end, {missed} survive", count(Fate::Unviable));

    let explained = fs::read_to_string(project::root().join("docs/mutants.md"))?;
    let survivors: Vec<_> = all.iter().filter(|(_, fate)| *fate == Fate::MissedMutant).map(|(name, _)| name).collect();
    for name in &survivors {
        println!("  {name}");
    }
    ensure!((caught + timeout) * 10 >= viable * 9, "less than nine in ten are caught");
    let strange: Vec<_> = survivors.into_iter().filter(|name| !explained.contains(change(name))).collect();
    ensure!(strange.is_empty(), "docs/mutants.md does not explain: {strange:#?}");
    Ok(())
}

/// What became of a mutant, by cargo-mutants' words.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
enum Fate {
    CaughtMutant,
    MissedMutant,
    Timeout,
    Unviable,
    /// The tests of what was not changed.
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

/// Runs cargo-mutants on the workspace in `place`, and gives each mutant with its fate.
fn run(name: &str, place: &Path, options: &[&str]) -> Result<Vec<(String, Fate)>> {
    let output = folder().join(name);
    fs::create_dir_all(&output)?;
    let mut mutants = Command::new("cargo-mutants");
    mutants.args(["mutants", "--colors=never", "--dir"]).arg(place).arg("--output").arg(&output).args(options);
    // Dependencies are compiled once, and not again by the next run.
    mutants.env("CARGO_TARGET_DIR", folder().join("build"));
    let status = command::status(&mut mutants)?;
    // 2 and 3: some survived, some did not end.
    ensure!(matches!(status.code(), Some(0 | 2 | 3)), "cargo mutants failed: {status}");

    let report = output.join("mutants.out/outcomes.json");
    let report: Outcomes = serde_json::from_str(&fs::read_to_string(&report)?).with_context(|| report.display().to_string())?;
    let fates = report.outcomes.into_iter().filter_map(|Outcome { summary, scenario }| match scenario {
        Scenario::Mutant { name } => Some((name, summary)),
        Scenario::Baseline => None,
    });
    Ok(fates.collect())
}

/// Makes the package of the voting token's rules, with the versions that the suite uses.
fn token_package() -> Result<PathBuf> {
    let (package, root) = (folder().join("voting-token"), project::root());
    fs::create_dir_all(package.join("src"))?;
    fs::write(package.join("Cargo.toml"), TOKEN_MANIFEST)?;
    fs::write(package.join("src/lib.rs"), "#![allow(dead_code)]\nextern crate alloc;\nmod rules;\n")?;
    fs::copy(root.join("contracts/voting-token/src/rules.rs"), package.join("src/rules.rs"))?;
    fs::copy(root.join("Cargo.lock"), package.join("Cargo.lock"))?;
    Ok(package)
}

/// A mutant's name without its place in the file, which moves.
fn change(name: &str) -> &str {
    name.split_once(": ").map_or(name, |(_, change)| change)
}
