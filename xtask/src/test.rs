//! `cargo xtask test`: all that must hold before a change lands, cheapest first. It stops at the first step that fails.

use crate::{abi, build, command, project, setup, solidity};
use eyre::{Context, Result};
use std::process::Command;
use std::time::{Duration, Instant};

/// A step: its heading, and what it does.
type Step = (&'static str, fn() -> Result<()>);

/// Everything, in the order it is run.
///
/// One selection of packages (`--workspace`) serves all host builds: another would unify features differently and build
/// every dependency twice.
// The voting token's crate is compiled by the contracts' step alone: what needs its SDK does not build on a host. Its property
// tests run with the suite's (tests/token).
const STEPS: [Step; 9] = [
    ("format", format),
    ("interfaces: abi/ is what the contracts declare", || abi::abi(true)),
    ("contracts", || build::build(setup::Choice::Auto, &[])),
    ("Solidity: abi/ and the examples compile", solidity::check),
    ("peers: OpenZeppelin's contracts, compiled", solidity::peers),
    ("clients: what npm has for wallets and voting sites", || {
        setup::node::install(&project::root().join("tests/clients"))
    }),
    ("lints", || cargo(&["clippy", "--workspace", "--all-targets", "--locked", "--", "--deny", "warnings"])),
    ("licences and sources of dependencies", licences),
    ("unit, integration and fidelity tests", || cargo(&["test", "--workspace", "--locked"])),
];

/// Runs all steps and says how long each took.
///
/// # Errors
/// That of the first step that fails, with its heading.
pub(crate) fn test() -> Result<()> {
    let start = Instant::now();
    let mut times = Vec::new();
    for (number, (heading, step)) in STEPS.iter().enumerate() {
        eprintln!("\n== {}/{} {heading}", number + 1, STEPS.len());
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
    cargo(&["fmt", "--manifest-path", "contracts/voting-token/Cargo.toml", "--check"])
}

/// Asks cargo-deny, where it is installed, about both lock files; deny.toml says what is allowed.
fn licences() -> Result<()> {
    if command::ask(Command::new("cargo-deny").arg("--version")).is_none() {
        eprintln!("skipped: cargo-deny is not installed (cargo install cargo-deny)");
        return Ok(());
    }
    ["Cargo.toml", "contracts/voting-token/Cargo.toml"].into_iter().try_for_each(|manifest| {
        // A licence that only the other one has is no news.
        let check = ["check", "--allow", "license-not-encountered", "licenses", "bans", "sources"];
        cargo(&[["deny", "--manifest-path", manifest].as_slice(), &check].concat())
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
