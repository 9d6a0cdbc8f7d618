//! Solidity: the interfaces in abi/ and the examples that use them compile, and so do the peers that tests and bench measure
//! against. The compiler is the npm package that tests/peers pins.

use crate::{command, project, setup};
use eyre::{Result, WrapErr, ensure};
use std::process::Command;

/// Compiles every `.sol` file in abi/ and examples/solidity/, warnings counting as errors.
pub(crate) fn check() -> Result<()> {
    node("xtask/tools/check-solidity.cjs", &["abi", "examples/solidity"])
}

/// Compiles the peers into target/peers, where tests and bench read them.
pub(crate) fn peers() -> Result<()> {
    node("tests/peers/compile.js", &[])
}

/// The JSON and the Solidity interface of the vault, whose source is Solidity.
pub(crate) fn vault() -> Result<(String, String)> {
    #[derive(serde::Deserialize)]
    struct Made {
        json: String,
        sol: String,
    }
    setup::node::install(&project::root().join("tests/peers"))?;
    let mut compiler = Command::new("node");
    let output = compiler.arg("xtask/tools/vault-abi.cjs").current_dir(project::root()).output();
    let output = output.wrap_err("node does not run")?;
    ensure!(output.status.success(), "the vault does not compile: {}", String::from_utf8_lossy(&output.stderr));
    let Made { json, sol } = serde_json::from_slice(&output.stdout)?;
    Ok((json, sol))
}

fn node(script: &str, arguments: &[&str]) -> Result<()> {
    setup::node::install(&project::root().join("tests/peers"))?;
    command::run(Command::new("node").arg(script).args(arguments).current_dir(project::root()))
}
