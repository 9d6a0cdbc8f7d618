//! Strangers who are first. They know the plan, and choose who calls the Founder, when, and with how much gas and ether.

use std::sync::atomic::{AtomicUsize, Ordering};

use alloy::network::TransactionBuilder;
use alloy::primitives::{Bytes, U256};
use alloy::providers::Provider;
use alloy::rpc::types::TransactionRequest;
use alloy::sol;
use consilium_deploy::{Chain, Done, Sender, Step, dev_key};
use eyre::Result;
use serde_json::json;

use crate::setup::{Site, Watch};
use harness::front::node;

sol! {
    #[sol(rpc)]
    interface Governor {
        function clock() external view returns (uint48);
        function quorum(uint256 timepoint) external view returns (uint256);
        function quorumNumerator(uint256 timepoint) external view returns (uint256);
    }
}

/// Ether enough for the fees of all activations.
const FEE: u64 = 10_000_000_000_000_000;

/// An account with an ether.
async fn stranger(site: &Site) -> Result<Sender> {
    site.sender_with("stranger", U256::from(10).pow(U256::from(18))).await
}

async fn balance(site: &Site, of: alloy::primitives::Address) -> Result<U256> {
    Ok(site.chain().await?.provider().get_balance(of).await?)
}

/// Ether at every address of the plan keeps nothing from standing there. The Founder's goes to who founds.
#[tokio::test]
async fn ether_sent_ahead_stops_nothing() -> Result<()> {
    let site = Site::new()?;
    let (plan, stranger) = (site.plan(), stranger(&site).await?);
    let places =
        [plan.founder(), plan.of("timelock").address, plan.of("voting-token").address, plan.of("governor").address];
    for place in places {
        stranger.send(place, Bytes::new(), U256::from(7)).await?;
    }
    assert!(site.finish().await?.complete);
    site.verify().await?.ensure()?;
    for (place, left) in places.into_iter().zip([0, 7, 7, 7]) {
        assert_eq!(balance(&site, place).await?, U256::from(left), "{place}");
    }
    Ok(())
}

/// A holder founds the DAO before the deployer does. It is the same DAO; whoever reads the proof is told, and may say that
/// this is no harm.
#[tokio::test]
async fn a_holder_who_is_faster_changes_nothing_and_is_named() -> Result<()> {
    let mut site = Site::new()?;
    let holder = stranger(&site).await?;
    site.config.token_mut().holders[0].address = holder.account();
    site.stop_after(&site.sender().await?, Step::Prepare).await?;
    let plan = site.plan();
    holder.send(plan.founder(), plan.founding_call().clone(), U256::from(FEE)).await?;

    let named = format!("what {}, which founded it, is in the DAO is holder, not nothing", holder.account());
    let error = format!("{:#}", site.finish().await.expect_err("a holder founded"));
    assert!(error.ends_with(&format!("the deployment is not what was configured: {named}")), "{error}");
    site.config.deployer.may_be = vec!["holder"];
    assert_eq!(site.plan().founder(), plan.founder(), "this setting is no part of the plan");
    assert!(site.finish().await?.complete);
    site.verify().await?.ensure()
}

/// Somebody else creates the Founder, or founds the DAO, while we ask the node what it would take: what is refused for that is
/// no reason to stop.
#[tokio::test]
async fn what_is_done_meanwhile_is_seen() -> Result<()> {
    for step in [Step::Prepare, Step::Found] {
        let site = Site::new()?;
        site.stop_after(&site.sender().await?, step).await?;
        std::fs::remove_file(site.file())?;
        let before = AtomicUsize::new(0);
        // As if it had not been done yet, when it is first looked at.
        let url = node(site.node.http_url(), move |method, _, _| {
            (method == "eth_getCode" && before.fetch_add(1, Ordering::SeqCst) < 2).then(|| json!({ "result": "0x" }))
        });
        let sender = Chain::connect(&url.await?).await?.with_key(dev_key())?;
        let mut watch = Watch::default();
        assert!(site.deploy(&sender, &mut watch).await?.complete);
        assert!(matches!(watch.done(step), Some(Done::Already)), "{step}");
        assert_eq!(site.deployed().await?.len(), 3);
    }
    Ok(())
}

/// Two accounts deploy at the same time: each step is done once, by one of them, and both see it done.
#[tokio::test(flavor = "multi_thread")]
async fn two_deployers_at_once_found_one_dao() -> Result<()> {
    let site = Site::new()?;
    let (ours, theirs) = (site.sender().await?, stranger(&site).await?);
    let records = tempfile::tempdir()?;
    let (mut us, mut them) = (Watch::default(), Watch::default());
    let (first, second) = tokio::join!(
        site.deploy(&ours, &mut us),
        consilium_deploy::deploy(&theirs, &site.config, &site.artifacts, records.path(), &mut them)
    );
    let (first, second) = (first?, second?);
    assert!(first.complete && second.complete);
    assert_eq!((first.contracts, first.founding), (second.contracts, second.founding));
    for watch in [us, them] {
        assert!(watch.finished.iter().all(|(_, done)| !matches!(done, Done::Skipped { .. })), "{:?}", watch.finished);
    }
    assert_eq!(site.deployed().await?.len(), 3);
    site.verify().await?.ensure()
}

/// Whoever founds chooses the gas. With too little nothing stands, and with whatever is enough all of it does: no call in
/// the founding fails for want of gas and is gone past.
#[tokio::test]
async fn any_gas_founds_all_or_nothing() -> Result<()> {
    let site = Site::new()?;
    site.stop_after(&site.sender().await?, Step::Prepare).await?;
    let (plan, stranger) = (site.plan(), stranger(&site).await?);
    let provider = stranger.chain().provider().clone();
    let request = TransactionRequest::default()
        .with_from(stranger.account())
        .with_to(plan.founder())
        .with_input(plan.founding_call().clone())
        .with_value(U256::from(FEE));
    let estimate = provider.estimate_gas(request.clone()).await?;
    let (mut whole, mut nothing) = (0, 0);
    // From plenty down to too little, by a three-hundredth each.
    for step in 0..12 {
        let snapshot: U256 = provider.raw_request("evm_snapshot".into(), ()).await?;
        let limit = estimate + estimate / 100 - step * (estimate / 300);
        let receipt = provider.send_transaction(request.clone().with_gas_limit(limit)).await?.get_receipt().await?;
        if receipt.status() {
            whole += 1;
            site.verify().await?.ensure()?;
            // The governor's constructor asks the token for the time: that call was answered.
            let governor = Governor::new(plan.of("governor").address, &provider);
            let now = U256::from(governor.clock().call().await?);
            assert_eq!(governor.quorumNumerator(now).call().await?, U256::from(site.config.governor().quorum_percent));
            assert_eq!(governor.quorumNumerator(now - U256::from(100)).call().await?, U256::ZERO);
        } else {
            nothing += 1;
            assert!(site.verify().await.is_err(), "{limit}");
        }
        let _: bool = provider.raw_request("evm_revert".into(), (snapshot,)).await?;
    }
    assert!(whole > 2 && nothing > 2, "{whole} {nothing}");
    Ok(())
}

/// As many votes as there can be are counted, and have a quorum.
#[tokio::test]
async fn a_supply_at_the_cap_can_decide() -> Result<()> {
    let mut site = Site::new()?;
    let cap = (U256::ONE << 208) - U256::ONE;
    site.config.token_mut().supply = cap;
    site.config.token_mut().holders.truncate(1);
    site.config.token_mut().holders[0].amount = cap;
    site.config.governor_mut().proposal_threshold = cap;
    assert!(site.deploy(&site.sender().await?, &mut Watch::default()).await?.complete);
    site.verify().await?.ensure()?;
    site.pass(1).await?;
    let governor = Governor::new(site.plan().of("governor").address, site.chain().await?.provider().clone());
    let now = U256::from(governor.clock().call().await?);
    assert_eq!(governor.quorum(now - U256::ONE).call().await?, cap * U256::from(4) / U256::from(100));
    Ok(())
}
