//! What is refused, in one sentence, before anything is sent.

use alloy::primitives::utils::parse_ether;
use alloy::primitives::{Address, B256, U256};
use consilium_deploy::{Chain, Program, Silent, renew};
use devnode::DevNode;
use eyre::Result;

use crate::setup::{Site, Watch};

#[tokio::test]
async fn a_node_that_is_down() -> Result<()> {
    let node = DevNode::spawn()?;
    let url = node.http_url();
    drop(node);
    let error = format!("{:#}", Chain::connect(&url).await.expect_err("nobody listens"));
    assert!(error.starts_with(&format!("no node answers at {url}: ")) && error.contains("refused"), "{error}");
    let error = format!("{:#}", Chain::connect("not a url").await.expect_err("no URL"));
    assert!(error.starts_with("this is no URL of a node, as http://127.0.0.1:8547 is one: "), "{error}");
    Ok(())
}

#[tokio::test]
async fn a_node_of_another_chain() -> Result<()> {
    let mut site = Site::new()?;
    site.config.chain.id = 42_161;
    let url = site.node.http_url();
    let expected = format!("{url} is a node of chain 412346, and chain 42161 is meant");
    assert_eq!(site.refusal().await?, expected);
    assert_eq!(site.verify().await.expect_err("refused").to_string(), expected);
    assert!(!site.file().exists());
    Ok(())
}

#[tokio::test]
async fn a_chain_without_a_create2_factory() -> Result<()> {
    let mut site = Site::new()?;
    site.config.chain.create2_factory = Address::repeat_byte(0x33);
    let expected = format!(
        "there is no CREATE2 factory at {}: deploy it, or set chain.create2_factory",
        Address::repeat_byte(0x33)
    );
    assert_eq!(site.refusal().await?, expected);
    // What stands there is something else.
    site.config.chain.create2_factory = nitro::STYLUS_DEPLOYER;
    let error = site.refusal().await?;
    assert!(error.starts_with("the CREATE2 factory refuses the Founder: "), "{error}");
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
        let need = error[start.len()..].parse::<f64>()?;
        assert!(need > 0.0005 && need < 0.1, "{need} ether");
    }
    Ok(())
}

/// What a deployment may take, in wei, by its refusal of an account that has nothing.
pub(crate) async fn asked_for(site: &Site) -> Result<U256> {
    let poor = site.sender_with("poor", U256::ZERO).await?;
    let error = site.deploy(&poor, &mut Watch::default()).await.expect_err("refused").to_string();
    let (_, need) = error.split_once(" may take up to ").expect(&error);
    Ok(parse_ether(need)?)
}

/// The sum that is asked for is enough to the end: a node takes no transaction whose whole gas limit its sender could not
/// pay.
#[tokio::test]
async fn what_is_asked_for_is_enough() -> Result<()> {
    let mut site = Site::new()?;
    let sender = site.sender_with("exact", asked_for(&site).await?).await?;
    assert!(site.deploy(&sender, &mut Watch::default()).await?.complete);

    // A second DAO of the same programs activates nothing. What it renews has a fee as well.
    site.pass(300).await?;
    std::fs::remove_file(site.file())?;
    site.config.chain.salt = B256::repeat_byte(1);
    site.config.programs.least_days = 64;
    let without_renewal = asked_for(&site).await?;
    site.config.programs.least_days = 65;
    let with_renewal = asked_for(&site).await?;
    assert!(with_renewal > without_renewal, "{with_renewal} {without_renewal}");
    let sender = site.sender_with("exact again", with_renewal).await?;
    assert!(site.deploy(&sender, &mut Watch::default()).await?.complete);
    Ok(())
}

fn ether(wei: u64) -> String {
    alloy::primitives::utils::format_ether(U256::from(wei))
}

#[tokio::test]
async fn a_program_that_the_chain_does_not_take() -> Result<()> {
    let mut site = Site::new()?;
    site.artifacts.insert("voting-token", Program::new(vec![0xef, 0xf0, 0, 0, 1])?);
    let error = site.refusal().await?;
    assert!(error.contains("the chain refuses the program"), "{error}");
    Ok(())
}

#[tokio::test]
async fn nothing_to_verify_or_renew() -> Result<()> {
    let site = Site::new()?;
    let expected = format!(
        "no DAO of these settings and programs stands on chain 412346: its timelock would be {}. Each setting of the contracts, \
         the salt and each program enter the addresses: take those it was founded with, or run deploy",
        site.plan().of("timelock").address
    );
    assert_eq!(site.verify().await.expect_err("nothing stands").to_string(), expected);
    let renewed = renew(&site.sender().await?, &site.config, &site.artifacts, &mut Silent).await;
    assert_eq!(renewed.expect_err("nothing stands").to_string(), expected);
    Ok(())
}
