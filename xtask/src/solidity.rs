//! Solidity: the interfaces in abi/ and the examples that use them compile, and so do the peers that tests and bench measure
//! against. The compiler is the npm package that tests/peers pins.

use crate::{command, project, setup};
use eyre::Result;
use std::process::Command;

/// Compiles every `.sol` file in abi/ and examples/solidity/, warnings counting as errors.
pub(crate) fn check() -> Result<()> {
    node("xtask/tools/check-solidity.cjs", &["abi", "examples/solidity"])
}

/// Compiles the peers into target/peers, where tests and bench read them.
pub(crate) fn peers() -> Result<()> {
    node("tests/peers/compile.js", &[])
}

fn node(script: &str, arguments: &[&str]) -> Result<()> {
    setup::node::install(&project::root().join("tests/peers"))?;
    command::run(Command::new("node").arg(script).args(arguments).current_dir(project::root()))
}
