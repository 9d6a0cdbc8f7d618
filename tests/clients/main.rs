//! Clients that nobody here wrote, against a deployed DAO: viem and ethers with the interfaces that OpenZeppelin publishes,
//! doing what Tally does, and Snapshot's own library. The scripts in this folder check everything themselves; each gets
//! a chain and a DAO of its own. Safe's own client gets a chain with a Safe.

mod safe;

use std::{collections::BTreeSet, fs, process::Output, time::Duration};

use consilium_deploy::{Artifacts, Chain, Config, Silent, deploy, dev_key};
use devnode::{DEV_KEY, DevNode};
use eyre::{Context, Result, ensure};
use harness::{npm, peers};
use serde_json::json;
use tokio::process::Command;

/// A script that takes longer waits for something that will not come. The longest takes a few seconds.
const PATIENCE: Duration = Duration::from_secs(180);

/// How a script is run.
#[derive(Debug, Clone, Copy)]
struct Way {
    /// Whether the node behaves as Hardhat's network.
    hardhat: bool,
    /// Whether viem may have the node fill in transactions; a node may lack the method.
    fill: bool,
}

const PLAIN: Way = Way { hardhat: false, fill: true };
const WITHOUT_FILL: Way = Way { fill: false, ..PLAIN };
const HARDHAT: Way = Way { hardhat: true, ..PLAIN };

/// One test for each script `<library>/<script>.js` and each way that it is run.
macro_rules! scripts {
    ($($module:ident = $library:literal, $way:ident: $($script:ident)*;)*) => {
        $(mod $module {
            $(#[tokio::test]
            async fn $script() -> eyre::Result<()> {
                super::run(concat!($library, "/", stringify!($script), ".js"), super::$way).await
            })*
        })*

        const SCRIPTS: &[&str] = &[$($(concat!($library, "/", stringify!($script), ".js")),*),*];
    };
}

scripts! {
    ethers = "ethers", PLAIN: errors life multicall signatures watch;
    hardhat = "hardhat", HARDHAT: helpers wallets;
    snapshot = "snapshot", PLAIN: strategies;
    viem = "viem", PLAIN: compose errors life multicall signatures simulate watch;
    viem_without_fill = "viem", WITHOUT_FILL: compose errors life multicall signatures watch;
}

/// Deploys the DAO of `deploy/config/devnet.toml` to a chain of its own and lets a script loose on it.
async fn run(script: &str, way: Way) -> Result<()> {
    let root = npm::installed("clients")?.join("../..");
    peers::compiled()?;
    let node = DevNode::builder().hardhat(way.hardhat).spawn()?;
    let config = Config::load(root.join("deploy/config/devnet.toml"))?;
    let artifacts = Artifacts::load(harness::deploy::programs(), &config)?;
    let records = tempfile::tempdir()?;
    let sender = Chain::connect(&node.http_url()).await?.with_key(dev_key())?;
    let deployment = deploy(&sender, &config, &artifacts, records.path(), &mut Silent).await?;

    // Addresses with their checksum, as clients show them.
    let input = json!({
        "http": node.http_url(),
        "ws": node.ws_url(),
        "devKey": DEV_KEY,
        "token": deployment.address("voting-token")?.to_string(),
        "governor": deployment.address("governor")?.to_string(),
        "timelock": deployment.address("timelock")?.to_string(),
        "fill": way.fill,
    });
    finished(script, &[&input.to_string()]).await?;
    Ok(())
}

/// Runs a script, which must get to its end; what it printed.
async fn finished(script: &str, arguments: &[&str]) -> Result<String> {
    let output = start(script, arguments).await?;
    let (told, complained) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    ensure!(output.status.success(), "{script}: {}\n{told}{complained}", output.status);
    // A script that ends early, for whatever reason, has not passed.
    ensure!(told.trim_end().ends_with(" steps passed"), "{script} did not get to its end:\n{told}{complained}");
    Ok(told.into_owned())
}

async fn start(script: &str, arguments: &[&str]) -> Result<Output> {
    let mut node = Command::new("node");
    node.arg(script).args(arguments).current_dir(npm::installed("clients")?).kill_on_drop(true);
    tokio::time::timeout(PATIENCE, node.output())
        .await
        .wrap_err_with(|| format!("{script} does not end"))?
        .wrap_err("node")
}

#[test]
fn every_script_is_run() -> Result<()> {
    let folder = npm::installed("clients")?;
    let mut found = BTreeSet::new();
    for library in ["ethers", "hardhat", "safe", "snapshot", "viem"] {
        for entry in fs::read_dir(folder.join(library))? {
            let path = entry?.path();
            // The others are modules.
            if fs::read_to_string(&path)?.trim_end().ends_with("finish();") {
                found.insert(format!("{library}/{}", path.file_name().unwrap_or_default().to_string_lossy()));
            }
        }
    }
    assert_eq!(found, SCRIPTS.iter().chain(safe::SCRIPTS).map(|script| (*script).to_owned()).collect());
    Ok(())
}

#[tokio::test]
async fn a_script_that_is_given_too_little_says_what_it_lacks() -> Result<()> {
    let output = start("viem/life.js", &[r#"{"http": "http://127.0.0.1:1"}"#]).await?;
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains(r#"the argument lacks "ws""#));
    Ok(())
}
