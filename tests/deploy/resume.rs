//! Deployments that were interrupted, after every step and with every state of the record.

use std::fs;

use alloy::primitives::U256;
use consilium_deploy::{Chain, Deployment, Done, Step, dev_key};
use eyre::Result;

use crate::setup::{Site, Watch};
use harness::front::node;

/// What is left of the record when the deployment goes on.
#[derive(Clone, Copy, Debug)]
enum Record {
    /// The one written after the step.
    Kept,
    /// The one written before the step: the transaction was sent, and the machine stopped.
    Stale,
    /// None: the file was lost.
    Lost,
}

/// Stops after each step, and goes on.
async fn interrupted(record: Record) -> Result<()> {
    let whole = Site::new()?;
    let before = whole.sent().await?;
    let expected = whole.finish().await?;
    let sent = whole.sent().await? - before;

    let steps = Step::all(&whole.plan());
    for (index, step) in steps.iter().enumerate().filter(|(_, step)| **step != Step::Prove) {
        let site = Site::new()?;
        let before = site.sent().await?;
        let sender = site.sender().await?;
        if index > 0 {
            site.stop_after(&sender, steps[index - 1]).await?;
        }
        let stale = fs::read(site.file()).ok();
        site.stop_after(&sender, *step).await?;
        match (record, stale) {
            (Record::Kept, _) => {}
            (Record::Stale, Some(stale)) => fs::write(site.file(), stale)?,
            (Record::Stale, None) | (Record::Lost, _) => fs::remove_file(site.file())?,
        }

        let mut watch = Watch::default();
        let resumed = site.deploy(&sender, &mut watch).await?;
        for (again, done) in &watch.finished[..=index] {
            assert!(matches!(done, Done::Already), "{record:?} after \"{step}\": \"{again}\" was done again");
        }
        assert!(resumed.complete);
        assert_eq!(resumed.contracts, expected.contracts);
        assert_eq!(site.deployed().await?.len(), 3, "{record:?} after \"{step}\"");
        assert_eq!(site.sent().await? - before, sent, "{record:?} after \"{step}\"");
        site.verify().await?.ensure()?;
    }
    Ok(())
}

#[tokio::test]
async fn it_goes_on_after_every_step() -> Result<()> {
    interrupted(Record::Kept).await
}

#[tokio::test]
async fn it_goes_on_where_the_record_missed_the_last_step() -> Result<()> {
    interrupted(Record::Stale).await
}

#[tokio::test]
async fn it_goes_on_without_a_record() -> Result<()> {
    interrupted(Record::Lost).await
}

#[tokio::test]
async fn each_step_is_recorded_before_the_next() -> Result<()> {
    let site = Site::new()?;
    let sender = site.sender().await?;
    let mut sent = Vec::new();
    for step in Step::all(&site.plan()).into_iter().filter(|step| *step != Step::Prove) {
        site.stop_after(&sender, step).await?;
        // What was activated a moment ago needs no renewal.
        if !matches!(step, Step::Renew(_)) {
            sent.push(step.to_string());
        }
        let record = Deployment::read(site.records(), site.config.chain.id)?.expect("a record");
        assert!(!record.complete);
        assert_eq!(record.transactions.iter().map(|sent| sent.step.clone()).collect::<Vec<_>>(), sent);
    }
    assert!(site.finish().await?.complete);
    let left: Vec<_> = fs::read_dir(site.records())?.collect::<Result<_, _>>()?;
    assert_eq!(left.len(), 1, "nothing but the record is left");
    Ok(())
}

/// The record says of the last run whether the proof held, and by which settings.
#[tokio::test]
async fn the_record_of_a_proof_that_failed_is_not_complete() -> Result<()> {
    let mut site = Site::new()?;
    site.config.council = dev_key().address();
    site.config.deployer.may_be = vec!["guardian"];
    assert!(site.finish().await?.complete);
    let other = site.sender_with("another deployer", U256::from(10).pow(U256::from(18))).await?;
    for (may_be, holds) in [(vec![], false), (vec!["guardian"], true)] {
        site.config.deployer.may_be = may_be;
        assert_eq!(site.deploy(&other, &mut Watch::default()).await.is_ok(), holds);
        let record = Deployment::read(site.records(), site.config.chain.id)?.expect("a record");
        assert_eq!((record.complete, record.settings), (holds, consilium_deploy::json::value(&site.config)?));
        assert!(record.founding.is_some() && !record.transactions.is_empty());
    }
    Ok(())
}

/// A devnode forgets all when it stops. Neither the same settings nor others go on with what it had, and no old record
/// is overwritten.
#[tokio::test]
async fn the_record_of_a_chain_that_is_no_more_is_moved_aside() -> Result<()> {
    let mut site = Site::new()?;
    for (change, aside) in [(0, "json.old"), (1, "json.old-2")] {
        let complete = site.finish().await?.transactions.len();
        let old = fs::read(site.file())?;
        site.node = devnode::DevNode::spawn()?;
        site.config.governor_mut().voting_period += change;
        let again = site.finish().await?;
        assert!(again.complete);
        assert_eq!(again.transactions.len(), complete, "those of the other chain are in it");
        assert_eq!(fs::read(site.file().with_extension(aside))?, old);
        site.verify().await?.ensure()?;
    }
    Ok(())
}

/// On any other chain it is the node that does not know.
#[tokio::test]
async fn a_node_that_lags_behind_the_record_is_refused() -> Result<()> {
    let mut site = Site::new()?;
    let founding = site.finish().await?.founding.expect("founded");
    let record = fs::read_to_string(site.file())?.replace("\"chainId\": 412346", "\"chainId\": 42161");
    let file = Deployment::path(site.records(), 42_161);
    fs::write(&file, &record)?;
    site.node = devnode::DevNode::spawn()?;
    site.config.chain.id = 42_161;
    let url = node(site.node.http_url(), |method, _, _| {
        (method == "eth_chainId").then(|| serde_json::json!({ "result": format!("{:#x}", 42_161) }))
    });
    let sender = Chain::connect(&url.await?).await?.with_key(dev_key())?;
    let error = site.deploy(&sender, &mut Watch::default()).await.expect_err("it lags").to_string();
    let expected = format!(
        "{} has a DAO that was founded in {founding}, and the node does not know it: ask a node that does not lag behind; if \
         the chain was begun again, move the file away",
        file.display()
    );
    assert_eq!(error, expected);
    assert_eq!(fs::read_to_string(&file)?, record);
    Ok(())
}
