//! Runs that stop, plans that change between two runs, and programs that cannot run when they are needed.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use consilium_deploy::{Chain, Deployment, dev_key};
use harness::deploy::programs;
use harness::front::{error, node};
use harness::raw_program;
use serde_json::json;

use super::*;

/// The steps that come before the founding.
fn early(site: &Site) -> Vec<Step> {
    Step::all(&site.plan()).into_iter().take_while(|step| *step != Step::Found).collect()
}

#[test]
fn the_programs_come_first_and_then_the_founder() -> Result<()> {
    let site = site()?;
    let expected = [
        "create the program of the consent",
        "activate the program of the consent",
        "create the program of the data pointer registry",
        "activate the program of the data pointer registry",
        "create the program of the revenue splitter",
        "activate the program of the revenue splitter",
        "create the Founder",
    ];
    assert_eq!(early(&site).iter().map(ToString::to_string).collect::<Vec<_>>(), expected);
    // A DAO without proxies has nothing to prepare but the Founder.
    assert_eq!(early(&Site::new()?), [Step::Prepare]);
    Ok(())
}

/// Stopped after each step before the founding, with its record, with an older one, or without any.
#[tokio::test]
async fn it_goes_on_after_every_step_before_the_founding() -> Result<()> {
    let whole = site()?;
    let before = whole.sent().await?;
    let expected = whole.finish().await?;
    let sent = whole.sent().await? - before;
    for (index, step) in early(&whole).into_iter().enumerate() {
        let site = site()?;
        let (before, sender) = (site.sent().await?, site.sender().await?);
        site.stop_after(&sender, step).await?;
        nothing_stands(&site).await?;
        let record = Deployment::read(site.records(), site.config.chain.id)?.expect("a record");
        assert_eq!(record.transactions.len(), index + 1, "{step}");
        assert!(!record.complete && record.founding.is_none() && record.contracts == expected.contracts);
        if index % 2 == 0 {
            std::fs::remove_file(site.file())?;
        }
        let watch = deployed(&site).await?;
        for (again, done) in &watch.finished[..=index] {
            assert!(matches!(done, Done::Already), "after \"{step}\": \"{again}\" was done again");
        }
        assert_eq!(site.sent().await? - before, sent, "{step}");
    }
    Ok(())
}

/// The node takes each transaction, and its answer is an error: nothing is sent twice.
#[tokio::test]
async fn a_program_whose_answer_was_lost_is_not_paid_again() -> Result<()> {
    let site = site()?;
    let url = node(site.node.http_url(), |method, _, _| {
        (method == "eth_sendRawTransaction").then(|| error("upstream timed out"))
    });
    let sender = Chain::connect(&url.await?).await?.with_key(dev_key())?;
    let (before, mut watch) = (site.sent().await?, Watch::default());
    assert!(site.deploy(&sender, &mut watch).await?.complete);
    for (step, done) in watch.finished.iter().filter(|(step, _)| *step != Step::Prove) {
        assert!(matches!(done, Done::Already), "{step}: {done:?}");
    }
    // Two for each program, Founder, founding, and a bid for each contract.
    let expected = 2 * names(&site).len() + 2 + site.names().len();
    assert_eq!(site.sent().await? - before, expected as u64);
    site.verify().await?.ensure()
}

/// Other settings between two runs: the programs stand already. Another program: it is created, and the old one is left.
#[tokio::test]
async fn a_plan_that_changes_keeps_the_programs_that_it_shares() -> Result<()> {
    let mut site = site()?;
    let [first, .., last] = names(&site)[..] else { panic!("two programs at least") };
    site.stop_after(&site.sender().await?, Step::Activate(last)).await?;
    let before = site.plan();
    site.config.governor_mut().voting_period += 1;
    let wasm = std::fs::read(programs().join(format!("{}.wasm", last.folder())))?;
    site.artifacts.insert(last, Program::new(raw_program::compressed(&wasm)?)?);
    let after = site.plan();
    assert_ne!(before.founder(), after.founder());
    assert_eq!(before.of(first).implementation, after.of(first).implementation);
    assert_ne!(before.of(last).implementation, after.of(last).implementation);

    let watch = deployed(&site).await?;
    assert!(site.file().with_extension("json.old").exists());
    for (name, is_new) in [(first, false), (last, true)] {
        for step in [Step::Create(name), Step::Activate(name)] {
            assert_eq!(was_sent(&watch, step), is_new, "{step}");
        }
    }
    Ok(())
}

/// Whoever sends the founding before the programs stand, or before they are active, founds nothing.
#[tokio::test]
async fn a_founding_without_its_programs_makes_nothing() -> Result<()> {
    let site = site()?;
    let (plan, stranger) = (site.plan(), stranger(&site).await?);
    stranger.send(CREATE2_FACTORY, plan.preparing_call(), U256::ZERO).await?;
    let found =
        async || stranger.send(plan.founder(), plan.founding_call().clone(), U256::from(FEE) * U256::from(9)).await;
    for name in names(&site) {
        // The Founder names the contract that it could not create, or whose constructor failed.
        assert!(found().await.is_err());
        create(&stranger, &plan.of(name).program).await?;
        assert!(found().await.is_err());
        activate(&stranger, plan.of(name)).await?;
    }
    nothing_stands(&site).await?;
    found().await?;
    let watch = deployed(&site).await?;
    assert!(matches!(watch.done(Step::Found), Some(Done::Already)));
    Ok(())
}

/// Programs that an earlier DAO activated: old ones are renewed before the founding, and expired ones are activated again.
/// Each is paid once.
#[tokio::test]
async fn what_is_old_or_expired_is_renewed_before_the_founding() -> Result<()> {
    for (age, is_alive) in [(300, true), (400, false)] {
        let mut site = site()?;
        site.finish().await?;
        site.pass(age).await?;
        std::fs::remove_file(site.file())?;
        site.config.chain.salt = B256::repeat_byte(1);
        let last = *names(&site).last().expect("a program");
        let planned = site.plan().of(last).clone();
        assert_eq!(days(&site, &planned).await?.is_some(), is_alive);
        site.stop_after(&site.sender().await?, Step::Activate(last)).await?;
        assert!(days(&site, &planned).await?.is_some_and(|days| days >= 364));
        let watch = deployed(&site).await?;
        for name in names(&site) {
            for step in [Step::Create(name), Step::Activate(name), Step::Renew(name)] {
                assert!(matches!(watch.done(step), Some(Done::Already)), "{step}");
            }
        }
    }
    Ok(())
}

/// The chain moves to another Stylus version, or the node falls behind, between the activation and the founding: nothing is
/// sent, what helps is named, and the next run does it.
#[tokio::test]
async fn a_program_that_died_before_the_founding_is_told() -> Result<()> {
    const STYLUS_VERSION: &str = "0xa996e0c2";
    let site = site()?;
    let first = names(&site)[0];
    let at = site.plan().of(first).implementation.to_string().to_lowercase();
    for is_behind in [false, true] {
        let ready = Arc::new(AtomicBool::new(false));
        let (seen, at) = (ready.clone(), at.clone());
        let url = node(site.node.http_url(), move |method, parameters, _| {
            if !seen.load(Ordering::SeqCst) {
                return None;
            }
            let asks = |method_asked: &str, sign: &str| {
                method == method_asked && parameters[0].to_string().to_lowercase().contains(sign)
            };
            if is_behind {
                return asks("eth_getCode", &at).then(|| json!({ "result": "0x" }));
            }
            asks("eth_call", STYLUS_VERSION).then(|| json!({ "result": format!("0x{:064x}", 4) }))
        });
        let sender = Chain::connect(&url.await?).await?.with_key(dev_key())?;
        let mut turn = Turn { at: Step::Found, ready };
        let error = format!("{:#}", site.deploy(&sender, &mut turn).await.expect_err("dead"));
        let expected = if is_behind {
            format!("the node does not see the program of the {first} yet: it lags behind the chain; run it again")
        } else {
            format!(
                "the program of the {first} cannot be called (active in Stylus version 3, and the chain's is 4): run it \
                 again, which activates it"
            )
        };
        assert_eq!(error, format!("could not found the DAO: {expected}"));
        nothing_stands(&site).await?;
    }
    deployed(&site).await?;
    Ok(())
}

/// A node that refuses to rehearse the founding says nothing about the settings.
#[tokio::test]
async fn a_busy_node_is_not_taken_for_a_chain_that_refuses() -> Result<()> {
    const BUSY: &str = "too many requests";
    const STAGE: &str = "0x436f6e73696c69756d2072656865617273616c00";
    let site = site()?;
    nothing_stands(&site).await?;
    let url = node(site.node.http_url(), |method, parameters, _| {
        let rehearses = method == "eth_call" && parameters[0]["to"].as_str() == Some(STAGE);
        rehearses.then(|| error(BUSY))
    });
    let sender = Chain::connect(&url.await?).await?.with_key(dev_key())?;
    let refused = site.deploy(&sender, &mut Watch::default()).await.expect_err("busy");
    assert_eq!(format!("{refused:#}"), format!("could not ask what the founding does: {BUSY}"));
    nothing_stands(&site).await
}

/// Says so when a step begins.
struct Turn {
    at: Step,
    ready: Arc<AtomicBool>,
}

impl consilium_deploy::Progress for Turn {
    fn started(&mut self, step: Step) {
        if step == self.at {
            self.ready.store(true, Ordering::SeqCst);
        }
    }
}
