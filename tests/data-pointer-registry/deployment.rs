//! A DAO with a data pointer registry: deployed from a file, and proven.

use std::fs;

use consilium_bindings::DataPointerRegistry;
use consilium_deploy::{Artifacts, Chain as Node, Config, ConfigError, Name, Silent, deploy, dev_key, verify};
use eyre::{Result, ensure};
use harness::{chain::Chain, deploy::programs, root};
use tempfile::TempDir;

use crate::parts;

const NAME: Name = Name::new("data-pointer-registry");

/// The devnet's settings with a section of the board's.
fn config(folder: &TempDir, section: &str) -> Result<Config, ConfigError> {
    let text = fs::read_to_string(root().join("deploy/config/devnet.toml")).expect("the devnet's settings");
    let file = folder.path().join("dao.toml");
    fs::write(&file, format!("{text}\n[data-pointer-registry]\n{section}\n")).expect("a folder to write to");
    Config::load_with(&file, &parts())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_board_is_deployed_with_the_dao_and_proven() -> Result<()> {
    let (chain, folder) = (Chain::start()?, tempfile::tempdir()?);
    let settings = config(&folder, "lifetime = 86_400")?;
    let node = Node::connect(&chain.url()).await?;
    let sender = Node::connect(&chain.url()).await?.with_key(dev_key())?;
    let artifacts = Artifacts::load(programs(), &settings)?;
    let deployment = deploy(&sender, &settings, &artifacts, folder.path(), &mut Silent).await?;

    let board = DataPointerRegistry::new(deployment.address(NAME)?, &chain.dev);
    assert_eq!(board.lifetime().call().await?, 86_400);
    let proof = verify(&node, &settings, &artifacts, None).await?;
    proof.ensure()?;
    ensure!(proof.checks.iter().any(|check| check.subject == "board.lifetime"), "the lifetime is not proven");
    Ok(())
}

#[test]
fn settings_that_make_no_board_are_refused() -> Result<()> {
    let folder = tempfile::tempdir()?;
    for (section, reason) in [
        ("", "lifetime"),
        ("lifetime = 0", "at least a second"),
        ("lifetime = 4_294_967_296", "32 bits"),
        ("lifetime = 1\nother = 1", "other"),
    ] {
        let refused = config(&folder, section).unwrap_err().to_string();
        ensure!(refused.contains(reason) && refused.contains("dao.toml"), "{section}: {refused}");
    }
    Ok(())
}
