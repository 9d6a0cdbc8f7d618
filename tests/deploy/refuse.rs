//! What is refused, in one sentence, before anything is sent.

use alloy::primitives::{Address, U256};
use consilium_deploy::{Chain, Contract, Executors, Program, Step, dev_key};
use devnode::DevNode;
use eyre::Result;

use crate::setup::{Site, Watch};

/// The refusal of a deployment by the devnode's account, which has sent nothing.
async fn refusal(site: &Site) -> Result<String> {
    let before = site.sent().await?;
    let error = format!("{:#}", site.finish().await.expect_err("refused"));
    assert_eq!(site.sent().await?, before, "something was sent");
    assert!(!error.contains('\n'), "more than a sentence: {error}");
    Ok(error)
}

#[tokio::test]
async fn a_node_that_is_down() -> Result<()> {
    let node = DevNode::spawn()?;
    let url = node.http_url();
    drop(node);
    let error = format!("{:#}", Chain::connect(&url).await.expect_err("nobody listens"));
    assert!(error.starts_with(&format!("no node answers at {url}: ")) && error.contains("refused"), "{error}");
    let error = format!("{:#}", Chain::connect("not a url").await.expect_err("no URL"));
    assert!(error.starts_with("\"not a url\" is no URL of a node"), "{error}");
    Ok(())
}

#[tokio::test]
async fn a_node_of_another_chain() -> Result<()> {
    let mut site = Site::new()?;
    site.config.chain.id = 42_161;
    let url = site.node.http_url();
    let expected = format!("{url} is a node of chain 412346, and the configuration is for chain 42161");
    assert_eq!(refusal(&site).await?, expected);
    assert_eq!(site.verify().await.expect_err("refused").to_string(), expected);
    assert!(!site.file().exists());
    Ok(())
}

#[tokio::test]
async fn a_chain_without_a_stylus_deployer() -> Result<()> {
    let mut site = Site::new()?;
    site.config.chain.stylus_deployer = Address::repeat_byte(0x33);
    assert_eq!(refusal(&site).await?, format!("there is no StylusDeployer at {}", Address::repeat_byte(0x33)));
    Ok(())
}

#[tokio::test]
async fn too_little_money() -> Result<()> {
    let site = Site::new()?;
    for wei in [0, 1_000_000_000_000] {
        let sender = site.sender_with(&format!("{wei} wei"), U256::from(wei)).await?;
        let error = site.deploy(&sender, &mut Watch::default()).await.expect_err("refused").to_string();
        let start = format!("{} has {} ether, and the deployment may take up to ", sender.account(), ether(wei));
        assert!(error.starts_with(&start), "{error}");
        assert!(site.deployed().await?.is_empty());
        // What it asks for is enough.
        let need = error[start.len()..].parse::<f64>()?;
        assert!(need > 0.0005 && need < 0.1, "{need} ether");
    }
    Ok(())
}

fn ether(wei: u64) -> String {
    alloy::primitives::utils::format_ether(U256::from(wei))
}

#[tokio::test]
async fn a_record_that_was_begun_otherwise() -> Result<()> {
    let mut site = Site::new()?;
    site.stop_after(&site.sender().await?, Step::Deploy(Contract::Timelock)).await?;
    let file = site.file().display().to_string();
    let aside = format!("or move {file} away to begin another deployment");

    let rich = U256::from(10).pow(U256::from(18));
    let other = site.sender_with("another deployer", rich).await?;
    let error = site.deploy(&other, &mut Watch::default()).await.expect_err("refused").to_string();
    assert_eq!(error, format!("{file} was begun by {}: go on with its key, {aside}", dev_key().address()));

    let config = site.config.clone();
    site.config.timelock.executors = Executors::Anyone;
    let expected = format!("{file} was begun with other settings: go on with those, {aside}");
    assert_eq!(refusal(&site).await?, expected);
    site.config = config;

    let artifacts = site.artifacts.clone();
    site.artifacts.governor = Program::new(vec![0xef, 0xf0, 0, 0, 1])?;
    let expected = format!("{file} was begun with another program of the governor: go on with that build, {aside}");
    assert_eq!(refusal(&site).await?, expected);
    site.artifacts = artifacts;

    std::fs::write(site.file(), "{}")?;
    assert!(refusal(&site).await?.contains(" is no deployment"));
    Ok(())
}

#[tokio::test]
async fn a_program_that_the_chain_does_not_take() -> Result<()> {
    let mut site = Site::new()?;
    site.artifacts.token = Program::new(vec![0xef, 0xf0, 0, 0, 1])?;
    let error = refusal(&site).await?;
    assert!(error.contains("the chain refuses the program"), "{error}");
    Ok(())
}

#[tokio::test]
async fn nothing_to_verify() -> Result<()> {
    let site = Site::new()?;
    let error = site.verify().await.expect_err("no record").to_string();
    assert_eq!(error, format!("there is no {}: nothing was deployed from here", site.file().display()));
    Ok(())
}
