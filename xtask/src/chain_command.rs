//! The commands that drive a chain are a program of their own, `xtask-chain`, built when it is asked for.

use crate::{build, command, contract_tests, project, setup, solidity};
use eyre::Result;
use std::ffi::OsStr;
use std::process::Command;

/// Builds what the demo needs and runs it.
pub(crate) fn demo(rpc_url: Option<String>) -> Result<()> {
    build::build_contracts(setup::Choice::Auto)?;
    let options: Vec<_> = rpc_url.into_iter().flat_map(|url| ["--rpc-url".to_owned(), url]).collect();
    run("demo", &options)
}

/// Deploys what Safes need.
pub(crate) fn safe_contracts(rpc_url: &str) -> Result<()> {
    run("safe-contracts", &["--rpc-url", rpc_url])
}

/// Replays a recording.
pub(crate) fn fidelity(options: &[String]) -> Result<()> {
    run("fidelity", options)
}

/// Builds what is compared and compares it.
pub(crate) fn fuzz(options: &[String]) -> Result<()> {
    build::build_contracts(setup::Choice::Auto)?;
    solidity::peers()?;
    if contract_tests::is_walk(options) {
        return contract_tests::walk(options);
    }
    run("fuzz", options)
}

/// Builds what is measured and measures it.
pub(crate) fn bench(gas: bool, nitro_url: Option<String>) -> Result<()> {
    build::build_contracts(setup::Choice::Auto)?;
    solidity::peers()?;
    let nitro = nitro_url.into_iter().flat_map(|url| ["--nitro-url".to_owned(), url]);
    let options: Vec<_> = gas.then(|| "--gas".to_owned()).into_iter().chain(nitro).collect();
    run("bench", &options)?;
    if gas { Ok(()) } else { contract_tests::bench() }
}

/// Builds `xtask-chain` and the devnode, with the features that the tests build them with, and runs a command of it.
fn run(task: &str, options: &[impl AsRef<OsStr>]) -> Result<()> {
    let folder = project::root().join("target");
    let programs = ["--bin", "xtask-chain", "--bin", "devnode"];
    let mut cargo = command::cargo();
    command::run(cargo.args(["build", "--workspace", "--locked"]).args(programs).arg("--target-dir").arg(&folder))?;
    let program = folder.join("debug/xtask-chain");
    command::run(Command::new(program).arg(task).args(options).current_dir(project::root()))
}
