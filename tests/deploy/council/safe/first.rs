//! Before the founding: who is first changes nothing, and what is missing or was changed is refused.

use alloy::primitives::{Address, B256, Bytes, U256};
use alloy::sol_types::SolCall;
use consilium_bindings::{CONSTRUCTOR_SELECTOR, Safe};
use consilium_deploy::parts::safe::{CANONICAL_PROXY_FACTORY, NAME};
use consilium_deploy::{Config, Done, Step, init_code};
use eyre::Result;
use harness::safes::{self, SafeContracts, section};
use harness::{actor::Actor, peers::Peer};

use super::{OWNERS, THRESHOLD, access, account, keys, owners, site, take};
use crate::setup::{Site, Watch};

/// The Safe of a site, which stands before the founding.
fn council(site: &Site) -> Address {
    site.config.safe().expect("a section").safes[0].address.expect("resolved")
}

/// Stops before the founding, where the Safes stand.
async fn stop(site: &Site) -> Result<()> {
    site.stop_after(&site.sender().await?, Step::Prepare).await
}

/// The call that creates the Safe is anybody's.
#[tokio::test]
async fn a_safe_that_a_stranger_created_is_taken() -> Result<()> {
    let (site, _) = site().await?;
    let stranger = site.sender_with("stranger", U256::from(10).pow(U256::from(18))).await?;
    site.stop_after(&site.sender().await?, Step::Activate(NAME)).await?;
    let plan = site.plan();
    let (_, call) = plan.safe_calls().next().expect("a Safe");
    let factory = site.config.safe().expect("a section").proxy_factory;
    stranger.send(factory, call.clone(), U256::ZERO).await?;
    stranger.send(plan.of(NAME).address, Bytes::from(CONSTRUCTOR_SELECTOR), U256::ZERO).await?;
    let mut watch = Watch::default();
    assert!(site.deploy(&site.sender().await?, &mut watch).await?.complete);
    let name = site.config.safe().expect("a section").safes[0].name;
    for step in [Step::Close(NAME), Step::Safe(name)] {
        assert!(matches!(watch.done(step), Some(Done::Already)), "{:?}", watch.finished);
    }
    site.verify().await?.ensure()
}

/// A stranger who sets the singleton up has a Safe of its own there, and none of the DAO's.
#[tokio::test]
async fn a_singleton_that_a_stranger_set_up_harms_nobody() -> Result<()> {
    let (site, _) = site().await?;
    let stranger = site.sender_with("stranger", U256::from(10).pow(U256::from(18))).await?;
    site.stop_after(&site.sender().await?, Step::Activate(NAME)).await?;
    let setup = Safe::setupCall {
        owners: vec![stranger.account()],
        threshold: U256::from(1),
        to: Address::ZERO,
        data: Bytes::new(),
        fallbackHandler: Address::ZERO,
        paymentToken: Address::ZERO,
        payment: U256::ZERO,
        paymentReceiver: Address::ZERO,
    };
    // It may be refused, and if it is not it changes nothing.
    let _ = stranger.send(site.plan().of(NAME).address, setup.abi_encode().into(), U256::ZERO).await;
    assert!(site.finish().await?.complete);
    let safe = Safe::new(council(&site), stranger.chain().provider());
    assert!(!safe.isOwner(stranger.account()).call().await?);
    site.verify().await?.ensure()
}

#[tokio::test]
async fn a_safe_that_its_owners_changed_or_used_is_not_founded_with() -> Result<()> {
    for change in [true, false] {
        let (site, _) = site().await?;
        let stranger = site.sender_with("stranger", U256::from(10).pow(U256::from(18))).await?;
        stop(&site).await?;
        let safe = council(&site);
        let (to, call) = if change {
            (safe, Safe::changeThresholdCall { threshold: U256::from(3) }.abi_encode())
        } else {
            (stranger.account(), Vec::new())
        };
        let call = safes::signed(stranger.chain().provider(), safe, to, call, &keys()[..THRESHOLD]).await?;
        stranger.send(safe, call.into(), U256::ZERO).await?;
        let error = site.refusal().await?;
        let start = "could not found the DAO: the DAO would be founded with Safes that are not as the file has them: ";
        assert!(
            error.starts_with(start)
                && error.ends_with("Safe \"council\": nonce is 1, not 0; give each another `salt`"),
            "{error}"
        );
        assert_eq!(error.contains("Safe \"council\": threshold is 3, not 2"), change, "{error}");
    }
    Ok(())
}

/// What the Safe does in the very transaction of the founding is before it, or after it.
#[tokio::test]
async fn what_a_safe_did_right_before_the_founding_is_named() -> Result<()> {
    let (mut site, _) = site().await?;
    // The programs are active: the founding needs no ether. Another salt is another Safe.
    site.finish().await?;
    std::fs::remove_file(site.file())?;
    site.config.chain.salt = B256::repeat_byte(1);
    site.config = site.config.resolved(&site.chain().await?, &site.artifacts).await?.into_owned();
    let sender = site.sender().await?;
    stop(&site).await?;
    let actor = safes::create(sender.chain().provider(), Peer::load("Actor")?.bytecode).await?;
    let (safe, id, plan) = (council(&site), site.config.chain.id, site.plan());
    let nothing = |nonce: u64| -> Result<Bytes> {
        let to = Address::repeat_byte(9);
        Ok(safes::at_nonce(id, safe, U256::from(nonce), to, Bytes::new(), &keys()[..THRESHOLD])?.abi_encode().into())
    };
    let targets = vec![safe, plan.founder(), safe];
    let calls = vec![nothing(0)?, plan.founding_call().clone(), nothing(1)?];
    sender.send(actor, Actor::eachCall { targets, calls }.abi_encode().into(), U256::ZERO).await?;
    let proof = site.verify().await?;
    let failures: Vec<String> = proof.failures().map(ToString::to_string).collect();
    let last = "Safe \"council\": transactions before the founding is 1, not 0";
    assert_eq!(failures.last().map(String::as_str), Some(last), "{failures:?}");
    // A contract called the Safe.
    assert!(failures.len() == 2 && failures[0].contains("another contract called the Safe in it"), "{failures:?}");
    let said = format!("since the founding the Safe \"council\" at {safe} has executed 1 transactions");
    assert!(proof.notes.contains(&said), "{:?}", proof.notes);
    Ok(())
}

/// A development chain has none of Safe's contracts, and another contract is not taken for them.
#[tokio::test]
async fn a_chain_without_safes_factory_is_told() -> Result<()> {
    let mut site = Site::new()?;
    let text = format!("{}[safe]\n{}", access(2_000_000_000), section("council", &owners(), THRESHOLD));
    site.config = Config::parse(&super::file(&text)?, "dao.toml")?;
    site.config.token_mut().holders[0].address = account("voter");
    site.artifacts = consilium_deploy::Artifacts::load(super::programs(), &site.config)?;
    let said = format!(
        "there is no contract at {CANONICAL_PROXY_FACTORY}, and no SafeProxyFactory 1.4.1: set safe.proxy_factory to \
         one, or deploy it"
    );
    assert_eq!(site.refusal().await?, said);
    assert_eq!(site.verify().await.expect_err("no factory").to_string(), said);
    let other = safes::create(site.sender().await?.chain().provider(), init_code(&[0])).await?;
    site.config.safe_mut().expect("a section").proxy_factory = other;
    assert!(site.refusal().await?.starts_with(&format!("there is another contract at {other}")), "another contract");
    Ok(())
}

#[tokio::test]
async fn a_deployer_who_owns_a_safe_has_to_be_allowed() -> Result<()> {
    let mut site = Site::new()?;
    let sender = site.sender().await?;
    let contracts = SafeContracts::create(sender.chain().provider()).await?;
    let owners = [&owners()[..OWNERS - 1], &[sender.account()]].concat();
    let text = format!("{}{}{}", access(2_000_000_000), contracts.section(), section("council", &owners, THRESHOLD));
    take(&mut site, &text).await?;
    let error = site.refusal().await?;
    assert!(
        error.starts_with(&format!("{} deploys, and these settings name it as Safe owner: ", sender.account())),
        "{error}"
    );
    site.config.deployer.may_be = vec!["Safe owner"];
    assert!(site.finish().await?.complete);
    site.verify().await?.ensure()
}

/// Another setting of a Safe is another Safe, and so another DAO.
#[tokio::test]
async fn the_founding_commits_to_each_setting_of_a_safe() -> Result<()> {
    let (mut site, until) = site().await?;
    let settings = site.config.safe().expect("a section").clone();
    let before = (council(&site), site.plan().founder());
    let contracts = SafeContracts { factory: settings.proxy_factory, handler: settings.fallback_handler };
    let mut reversed = owners();
    reversed.reverse();
    let others = [
        (contracts.section(), section("council", &owners(), THRESHOLD + 1)),
        (contracts.section(), section("council", &reversed, THRESHOLD)),
        (contracts.section(), section("council", &owners()[1..], THRESHOLD)),
        (contracts.section(), section("council", &owners(), THRESHOLD) + "salt = \"another\"\n"),
        (SafeContracts { handler: before.0, ..contracts }.section(), section("council", &owners(), THRESHOLD)),
    ];
    for (contracts, safe) in others {
        take(&mut site, &format!("{}{contracts}{safe}", access(until))).await?;
        assert!(council(&site) != before.0 && site.plan().founder() != before.1, "{safe}");
    }
    // The salt of the chain's section too.
    take(&mut site, &format!("{}{}{}", access(until), contracts.section(), section("council", &owners(), THRESHOLD)))
        .await?;
    assert_eq!((council(&site), site.plan().founder()), before);
    site.config.chain.salt = B256::ZERO;
    let other = site.config.resolved(&site.chain().await?, &site.artifacts).await?.into_owned();
    assert_ne!(other.safe().expect("a section").safes[0].address, Some(before.0));
    Ok(())
}
