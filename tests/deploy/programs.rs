//! Programs that expire: renewed by `deploy` and `renew`, and told by `verify`.

use alloy::primitives::{B256, U256};
use consilium_deploy::{Config, Done, Step, renew};
use devnode::{ArbosVersion, DevNode};
use eyre::Result;
use harness::root;

use crate::setup::{Site, Watch};

/// What a proof says about how long the programs live.
async fn dying(site: &Site) -> Result<Vec<String>> {
    let failures = site.verify().await?.failures().map(ToString::to_string).collect::<Vec<_>>();
    assert!(failures.iter().all(|failure| failure.starts_with("activation left to the ")), "{failures:?}");
    Ok(failures)
}

async fn renewed(site: &Site) -> Result<Watch> {
    let mut watch = Watch::default();
    renew(&site.sender().await?, &site.config, &site.artifacts, &mut watch).await?;
    Ok(watch)
}

/// A second DAO of the same programs shares their activation, and with it their age: a deployment renews what ends tomorrow.
#[tokio::test]
async fn a_deployment_renews_what_has_few_days_left() -> Result<()> {
    for (age, left) in [(300, 64), (364, 0)] {
        let mut site = Site::new()?;
        site.finish().await?;
        site.pass(age).await?;
        let failures = dying(&site).await?;
        assert_eq!(failures.len(), 3, "{failures:?}");
        let expected = format!(
            "activation left to the governor is {left} days: `consilium renew` renews it, not at least 90 days"
        );
        assert!(failures.contains(&expected), "{failures:?}");

        std::fs::remove_file(site.file())?;
        site.config.chain.salt = B256::repeat_byte(1);
        let mut watch = Watch::default();
        assert!(site.deploy(&site.sender().await?, &mut watch).await?.complete);
        for contract in site.names() {
            assert!(matches!(watch.done(Step::Renew(contract)), Some(Done::Sent(_))), "{contract:?}");
        }
        site.verify().await?.ensure()?;
    }
    Ok(())
}

/// Code that has expired is activated by the founding itself, and by a run of a finished deployment.
#[tokio::test]
async fn a_deployment_activates_what_has_expired() -> Result<()> {
    let mut site = Site::new()?;
    site.finish().await?;
    let record = std::fs::read(site.file())?;
    site.pass(400).await?;
    std::fs::remove_file(site.file())?;
    let salt = std::mem::replace(&mut site.config.chain.salt, B256::repeat_byte(1));
    let mut watch = Watch::default();
    assert!(site.deploy(&site.sender().await?, &mut watch).await?.complete);
    assert!(matches!(watch.done(Step::Renew("voting-token".into())), Some(Done::Already)), "{:?}", watch.finished);
    site.verify().await?.ensure()?;

    site.pass(400).await?;
    std::fs::write(site.file(), record)?;
    site.config.chain.salt = salt;
    assert!(site.finish().await?.complete);
    site.verify().await?.ensure()
}

#[tokio::test]
async fn renew_keeps_alive_and_revives() -> Result<()> {
    let site = Site::new()?;
    site.finish().await?;
    let order = Step::renewals(&site.plan());
    let young = renewed(&site).await?;
    assert_eq!(young.planned, order);
    assert!(young.finished.iter().all(|(_, done)| matches!(done, Done::Already)), "{:?}", young.finished);

    // 300 days old: alive, with too few days left. 400 days after that: dead.
    for days in [300, 400] {
        site.pass(days).await?;
        let failures = dying(&site).await?;
        assert_eq!(failures.len(), 3, "{failures:?}");
        assert!(days < 365 || failures[0].contains("none, ") && failures[0].contains("ProgramExpired"), "{failures:?}");
        let notes = site.verify().await?.notes;
        // What is dead does not expire any more.
        assert_eq!(notes.iter().filter(|note| note.contains("expires in")).count(), if days < 365 { 3 } else { 0 });
        let watch = renewed(&site).await?;
        assert_eq!(watch.finished.iter().map(|(step, _)| *step).collect::<Vec<_>>(), order);
        assert!(watch.finished.iter().all(|(_, done)| matches!(done, Done::Sent(_))), "{:?}", watch.finished);
        site.verify().await?.ensure()?;
    }
    Ok(())
}

/// The drill: the chain is upgraded under a DAO with all its contracts. `verify` says which programs wait to be activated, and
/// one command of anybody activates them, the token first and the timelock last.
#[tokio::test]
async fn an_upgrade_of_the_chain_is_noticed_and_survived() -> Result<()> {
    for config in ["devnet", "council", "health"] {
        let mut site = Site::of(Config::load(root().join(format!("deploy/config/{config}.toml")))?)?;
        site.node = DevNode::builder().arbos_version(ArbosVersion::V51).spawn()?;
        site.finish().await?;
        site.verify().await?.ensure()?;
        site.upgrade().await?;
        let failures = dying(&site).await?;
        assert_eq!(failures.len(), site.names().len(), "{failures:?}");
        for (failure, name) in failures.iter().zip(site.names()) {
            assert!(failure.contains("ProgramNeedsUpgrade(2, 3)"), "{name}: {failure}");
        }
        let anybody = site.sender_with("anybody", U256::from(10).pow(U256::from(18))).await?;
        let mut watch = Watch::default();
        renew(&anybody, &site.config, &site.artifacts, &mut watch).await?;
        assert_eq!(watch.planned, Step::renewals(&site.plan()));
        assert!(watch.finished.iter().all(|(_, done)| matches!(done, Done::Sent(_))), "{:?}", watch.finished);
        site.verify().await?.ensure()?;
    }
    Ok(())
}

/// Few days left hide nothing else: the proof goes on as long as the programs answer.
#[tokio::test]
async fn few_days_left_hide_no_other_difference() -> Result<()> {
    let mut site = Site::new()?;
    site.config.council = site.sender().await?.account();
    site.config.deployer.may_be = vec!["guardian"];
    site.finish().await?;
    let whole = site.verify().await?.checks.len();
    site.config.deployer.may_be.clear();
    site.pass(300).await?;
    let proof = site.verify().await?;
    assert_eq!(proof.checks.len(), whole);
    let failures: Vec<String> = proof.failures().map(ToString::to_string).collect();
    assert!(failures.len() == 4 && failures[3].ends_with("is in the DAO is guardian, not nothing"), "{failures:?}");

    // The dead answer nothing: that they are dead is all that is told.
    site.pass(100).await?;
    assert_eq!(dying(&site).await?.len(), 3);
    assert_eq!(site.verify().await?.checks.len(), 6);
    Ok(())
}

/// Stopped between two programs, it goes on with the next.
#[tokio::test]
async fn a_renewal_goes_on_where_it_stopped() -> Result<()> {
    let site = Site::new()?;
    site.finish().await?;
    site.pass(370).await?;
    let mut watch = Watch { stop_after: Some(Step::Renew("voting-token".into())), ..Watch::default() };
    let stopped = renew(&site.sender().await?, &site.config, &site.artifacts, &mut watch).await;
    assert_eq!(
        stopped.expect_err("stopped").to_string(),
        "stopped after the step \"renew the voting token\"; run it again to go on"
    );
    let watch = renewed(&site).await?;
    let sent = watch.finished.iter().map(|(_, done)| matches!(done, Done::Sent(_))).collect::<Vec<_>>();
    assert_eq!(sent, [false, true, true]);
    site.verify().await?.ensure()
}

/// Arbitrum refuses to renew what is younger than 31 days.
#[tokio::test]
async fn days_that_the_chain_would_not_renew_for_are_refused() -> Result<()> {
    let mut site = Site::new()?;
    site.config.programs.least_days = 335;
    let expected = "programs.least_days is 335, and this chain renews a program only when it has 334 days left or fewer: set \
                    it to 334 or less";
    assert_eq!(site.refusal().await?, expected);
    site.config.programs.least_days = 334;
    site.finish().await?;
    site.pass(32).await?;
    assert_eq!(dying(&site).await?.len(), 3);
    renewed(&site).await?;
    site.verify().await?.ensure()
}
