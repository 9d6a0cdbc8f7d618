//! `cargo xtask test` and `cargo xtask lint`: all that must hold before a change lands, cheapest first. Each stops at the
//! first step that fails.

use crate::{abi, build, command, project, setup, solidity};
use eyre::{Context, Result};
use std::process::Command;
use std::time::{Duration, Instant};

/// A step: its heading, and what it does.
type Step = (&'static str, fn() -> Result<()>);

/// What the tests need, then the tests.
///
/// One selection of packages (`--workspace`) serves all host builds: another would unify features differently and build
/// every dependency twice.
// A contract with a workspace of its own is compiled by the contracts' step alone: what needs its SDK does not build on a
// host. The tests of its folder in `tests/` run its property tests.
const TEST: [Step; 6] = [
    ("interfaces: abi/ is what the contracts declare", || abi::abi(true)),
    ("contracts", || build::build(setup::Choice::Auto, &[])),
    ("Solidity: abi/ and the examples compile", solidity::check),
    ("peers: OpenZeppelin's contracts, compiled", solidity::peers),
    ("clients: what npm has for wallets and voting sites", || {
        setup::node::install(&project::root().join("tests/clients"))
    }),
    ("unit, integration and fidelity tests", || cargo(&["test", "--workspace", "--locked"])),
];

/// What is looked at and not run. Apart from the tests, as clippy compiles nearly everything once more.
const LINT: [Step; 3] = [
    ("format", format),
    ("licences and sources of dependencies", licences),
    ("clippy", || cargo(&["clippy", "--workspace", "--all-targets", "--locked", "--", "--deny", "warnings"])),
];

/// Runs all tests.
///
/// # Errors
/// That of the first step that fails, with its heading.
pub(crate) fn test() -> Result<()> {
    run(&TEST)
}

/// Runs all lints.
///
/// # Errors
/// That of the first step that fails, with its heading.
pub(crate) fn lint() -> Result<()> {
    run(&LINT)
}

/// Runs the steps and says how long each took.
fn run(steps: &[Step]) -> Result<()> {
    let start = Instant::now();
    let mut times = Vec::new();
    for (number, (heading, step)) in steps.iter().enumerate() {
        eprintln!("\n== {}/{} {heading}", number + 1, steps.len());
        let begun = Instant::now();
        step().with_context(|| format!("step {} ({heading})", number + 1))?;
        times.push((heading, begun.elapsed()));
    }
    eprintln!("\n== all passed in {}", shown(start.elapsed()));
    for (heading, time) in times {
        eprintln!("   {:>8}  {heading}", shown(time));
    }
    Ok(())
}

fn format() -> Result<()> {
    cargo(&["fmt", "--all", "--check"])?;
    own_workspaces()?.iter().try_for_each(|manifest| cargo(&["fmt", "--manifest-path", manifest, "--check"]))
}

/// The manifests of the contracts that are no members of the suite's workspace.
fn own_workspaces() -> Result<Vec<String>> {
    let mut contracts = project::contracts()?;
    contracts.retain(|contract| contract.is_workspace);
    Ok(contracts.into_iter().map(|contract| contract.manifest.display().to_string()).collect())
}

/// Asks cargo-deny, where it is installed, about all lock files; deny.toml says what is allowed.
fn licences() -> Result<()> {
    if command::ask(Command::new("cargo-deny").arg("--version")).is_none() {
        eprintln!("skipped: cargo-deny is not installed (cargo install cargo-deny)");
        return Ok(());
    }
    let manifests = std::iter::once("Cargo.toml".to_owned()).chain(own_workspaces()?);
    manifests.into_iter().try_for_each(|manifest| {
        // A licence that only the other one has is no news.
        let check = ["check", "--allow", "license-not-encountered", "licenses", "bans", "sources"];
        cargo(&[["deny", "--manifest-path", &manifest].as_slice(), &check].concat())
    })
}

fn cargo(arguments: &[&str]) -> Result<()> {
    command::run(command::cargo().args(arguments))
}

fn shown(time: Duration) -> String {
    let seconds = time.as_secs();
    if seconds < 60 {
        format!("{:.1} s", time.as_secs_f64())
    } else {
        format!("{} min {:02} s", seconds / 60, seconds % 60)
    }
}
