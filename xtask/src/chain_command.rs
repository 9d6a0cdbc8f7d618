//! The commands that drive a chain are a program of their own, built when it is asked for.

use crate::{build, command, project, setup};
use eyre::Result;
use std::process::Command;

/// Builds what the demo needs and runs it.
pub(crate) fn demo(rpc_url: Option<String>) -> Result<()> {
    build::build(setup::Choice::Auto, &[])?;
    let url = rpc_url.iter().flat_map(|url| ["--rpc-url", url]);
    run(Command::new(program()?).arg("demo").args(url))
}

/// Builds `xtask-chain`, with the features that the tests build it with, and gives its place.
fn program() -> Result<std::path::PathBuf> {
    let mut cargo = command::cargo();
    command::run(cargo.args(["build", "--workspace", "--locked", "--bin", "xtask-chain", "--target-dir", "target"]))?;
    Ok(project::root().join("target/debug/xtask-chain"))
}

fn run(program: &mut Command) -> Result<()> {
    command::run(program.current_dir(project::root()))
}
