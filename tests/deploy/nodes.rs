//! Nodes that keep little, allow little, or lose answers.

use std::sync::atomic::{AtomicUsize, Ordering};

use consilium_deploy::{Chain, Config, Done, Step, deploy, dev_key, permissions, renew, verify};
use eyre::Result;
use serde_json::{Value, json};

use crate::setup::{Site, Watch};
use harness::front::{error, node};

/// Whether a request is for the code at an earlier block.
fn asks_for_old_code(method: &str, parameters: &Value) -> bool {
    method == "eth_getCode" && parameters[1] != "latest"
}

/// Blocks after the founding, so that it is not the last.
async fn aged() -> Result<Site> {
    let site = Site::new()?;
    site.finish().await?;
    for _ in 0..5 {
        site.pass(1).await?;
    }
    Ok(site)
}

#[tokio::test]
async fn the_founding_is_found_by_old_states_or_old_events() -> Result<()> {
    let site = aged().await?;
    let expected = site.verify().await?;
    let pruned = node(site.node.http_url(), |method, parameters, _| {
        asks_for_old_code(method, parameters).then(|| error("missing trie node"))
    });
    // It does not even know that it has forgotten.
    let forgetful = node(site.node.http_url(), |method, parameters, _| {
        asks_for_old_code(method, parameters).then(|| json!({ "result": "0x" }))
    });
    for url in [pruned.await?, forgetful.await?] {
        let proof = verify(&Chain::connect(&url).await?, &site.config, &site.artifacts, None).await?;
        assert_eq!((proof.founding, proof.checks), (expected.founding, expected.checks.clone()));
    }
    Ok(())
}

#[tokio::test]
async fn ranges_of_events_are_as_small_as_the_node_likes() -> Result<()> {
    let site = aged().await?;
    let url = node(site.node.http_url(), |method, parameters, _| {
        let number = |name: &str| {
            let text = parameters[0][name].as_str()?;
            u64::from_str_radix(text.strip_prefix("0x")?, 16).ok()
        };
        let wide = method == "eth_getLogs" && number("toBlock")? - number("fromBlock")? > 2;
        (wide || asks_for_old_code(method, parameters)).then(|| error("block range is too wide"))
    });
    let proof = verify(&Chain::connect(&url.await?).await?, &site.config, &site.artifacts, None).await?;
    proof.ensure()?;
    assert_eq!(proof.checks, site.verify().await?.checks);
    Ok(())
}

/// A node that serves neither: the transaction helps, and no other transaction is taken for it.
#[tokio::test]
async fn a_node_without_a_past_needs_the_transaction() -> Result<()> {
    let site = aged().await?;
    let founding = site.verify().await?.founding;
    let url = node(site.node.http_url(), |method, parameters, _| {
        let topics = &parameters[0]["topics"];
        let for_founding =
            method == "eth_getLogs" && topics.to_string().contains("\"0x") && parameters[0]["fromBlock"] == "0x0";
        if asks_for_old_code(method, parameters) {
            return Some(error("missing trie node"));
        }
        for_founding.then(|| json!({ "result": [] }))
    });
    let chain = Chain::connect(&url.await?).await?;
    let prove = async |hint| verify(&chain, &site.config, &site.artifacts, hint).await;
    prove(Some(founding)).await?.ensure()?;
    let other = site.sender().await?.send(dev_key().address(), Default::default(), Default::default()).await?;
    let error = prove(None).await.expect_err("no past").to_string();
    assert!(error.starts_with("the DAO stands, and the node does not serve the event of its founding: "), "{error}");
    // A wrong one is refused, also where the founding would be found without it.
    for wrong in [other.transaction_hash, alloy::primitives::B256::repeat_byte(1)] {
        let found = verify(&site.chain().await?, &site.config, &site.artifacts, Some(wrong)).await;
        for error in [prove(Some(wrong)).await, found].map(|proof| proof.expect_err("wrong").to_string()) {
            let start = format!(
                "the transaction {wrong} did not found this DAO, or the node does not know it: correct --founding"
            );
            assert!(error.starts_with(&start), "{error}");
        }
    }
    Ok(())
}

/// What a node refuses for a reason of its own, here once each, says nothing about chain, programs or holders.
#[tokio::test]
async fn an_overloaded_node_is_not_believed_to_have_answered() -> Result<()> {
    const BUSY: &str = "too many requests";
    let site = Site::new()?;
    let code_hash = alloy::primitives::hex::encode(site.artifacts.of("voting-token")?.code_hash());
    let of_founding = site.plan().founder().to_string().to_lowercase();
    let version = "0xa996e0c2".to_owned();
    for (method, sign, doing) in [
        ("eth_call", version, "could not ask for the chain's Stylus version"),
        ("eth_call", code_hash, "could not ask ArbWasm whether a program is active"),
        ("eth_estimateGas", of_founding, "could not ask what the founding takes"),
    ] {
        let (sought, once) = (sign.clone(), AtomicUsize::new(0));
        let url = node(site.node.http_url(), move |asked, parameters, _| {
            let meant = asked == method && parameters.to_string().to_lowercase().contains(&sought);
            (meant && once.fetch_add(1, Ordering::SeqCst) == 0).then(|| error(BUSY))
        });
        let sender = Chain::connect(&url.await?).await?.with_key(dev_key())?;
        let refused = site.deploy(&sender, &mut Watch::default()).await.expect_err(&sign);
        let said = format!("{refused:#}");
        assert_eq!(said, format!("{doing}: {BUSY}"));
    }
    // A chain without ArbWasm answers, with nothing.
    let url = node(site.node.http_url(), |method, parameters, _| {
        let asked = method == "eth_call" && parameters.to_string().contains("0xa996e0c2");
        asked.then(|| json!({ "result": "0x" }))
    });
    let sender = Chain::connect(&url.await?).await?.with_key(dev_key())?;
    let refused = site.deploy(&sender, &mut Watch::default()).await.expect_err("no Stylus");
    assert!(format!("{refused:#}").starts_with("this chain runs no Stylus programs: "), "{refused:#}");
    Ok(())
}

/// The chain has moved to another Stylus version: the programs are dead, and what helps is named.
#[tokio::test]
async fn programs_of_an_old_stylus_version_are_told_and_activated() -> Result<()> {
    const STYLUS_VERSION: &str = "0xa996e0c2";
    let site = Site::new()?;
    site.finish().await?;
    let url = node(site.node.http_url(), |method, parameters, _| {
        let asked = method == "eth_call" && parameters[0].to_string().contains(STYLUS_VERSION);
        asked.then(|| json!({ "result": format!("0x{:064x}", 4) }))
    });
    let chain = Chain::connect(&url.await?).await?;
    let proof = verify(&chain, &site.config, &site.artifacts, None).await?;
    let failures: Vec<String> = proof.failures().map(ToString::to_string).collect();
    assert_eq!(failures.len(), 3, "{failures:?}");
    let expected = "activation left to the voting token is none, active in Stylus version 3, and the chain's is 4: `consilium \
                    renew` renews it, not at least 90 days";
    assert!(failures.contains(&expected.to_owned()), "{failures:?}");
    // It would activate: this chain, of version 3 in truth, says that there is nothing to do.
    let sender = chain.with_key(dev_key())?;
    let refused = renew(&sender, &site.config, &site.artifacts, &mut Watch::default()).await.expect_err("up to date");
    let said = "could not renew the voting token: could not ask for the fee of a renewal: execution reverted: error \
                ProgramUpToDate()";
    assert_eq!(format!("{refused:#}"), said);
    Ok(())
}

/// The node takes a transaction, and its answer is an error: what was done is found on the chain, and not done twice.
#[tokio::test]
async fn a_transaction_whose_answer_was_lost_is_not_sent_again() -> Result<()> {
    let site = Site::new()?;
    let url = node(site.node.http_url(), |method, _, _| {
        (method == "eth_sendRawTransaction").then(|| error("upstream timed out"))
    });
    let sender = Chain::connect(&url.await?).await?.with_key(dev_key())?;
    let already = |watch: &Watch| {
        assert!(!watch.finished.is_empty());
        for (step, done) in watch.finished.iter().filter(|(step, _)| *step != Step::Prove) {
            assert!(matches!(done, Done::Already), "{step}: {done:?}");
        }
    };
    let (before, mut watch) = (site.sent().await?, Watch::default());
    let deployment = deploy(&sender, &site.config, &site.artifacts, site.records(), &mut watch).await?;
    assert!(deployment.complete && deployment.founding.is_some());
    already(&watch);
    // Founder, founding, and a bid for each program.
    assert_eq!(site.sent().await? - before, 2 + site.names().len() as u64);

    // Too few days left, then none.
    for days in [300, 400] {
        site.pass(days).await?;
        let (before, mut watch) = (site.sent().await?, Watch::default());
        renew(&sender, &site.config, &site.artifacts, &mut watch).await?;
        already(&watch);
        assert_eq!(site.sent().await? - before, site.names().len() as u64);
        site.verify().await?.ensure()?;
    }
    Ok(())
}

/// A node that does not see the Founder yet: a call of its address would succeed and do nothing.
#[tokio::test]
async fn a_founding_is_not_sent_past_a_founder_that_is_not_seen() -> Result<()> {
    let site = Site::new()?;
    site.stop_after(&site.sender().await?, Step::Prepare).await?;
    let before = site.sent().await?;
    let founder = site.plan().founder().to_string().to_lowercase();
    let asked = AtomicUsize::new(0);
    // It is seen when the preparations are looked at, and then no more.
    let url = node(site.node.http_url(), move |method, parameters, _| {
        let code = method == "eth_getCode" && parameters[0].to_string().to_lowercase().contains(&founder);
        (code && asked.fetch_add(1, Ordering::SeqCst) > 1).then(|| json!({ "result": "0x" }))
    });
    let sender = Chain::connect(&url.await?).await?.with_key(dev_key())?;
    let error = site.deploy(&sender, &mut Watch::default()).await.expect_err("not seen");
    let expected =
        "could not found the DAO: the node does not see the Founder yet: it lags behind the chain; run it again";
    assert_eq!(format!("{error:#}"), expected);
    assert_eq!(site.sent().await?, before);
    assert!(site.finish().await?.complete);
    Ok(())
}

/// Whatever request a node refuses, the message says what the command was about to do.
#[tokio::test]
async fn a_nodes_own_words_are_never_all_that_is_said() -> Result<()> {
    const BUSY: &str = "too many requests";
    let site = Site::of(Config::load(harness::root().join("deploy/config/council.toml"))?)?;
    site.finish().await?;
    let methods = [
        "eth_blockNumber",
        "eth_call",
        "eth_getBlockByNumber",
        "eth_getCode",
        "eth_getLogs",
        "eth_getTransactionReceipt",
        "eth_getTransactionByHash",
    ];
    let mut refused = 0;
    for method in methods {
        // Each of its first requests, and later ones.
        for number in [0, 1, 2, 3, 5, 8, 20, 40, 60] {
            let count = std::sync::Arc::new(AtomicUsize::new(0));
            let counted = count.clone();
            let url = node(site.node.http_url(), move |asked, _, _| {
                (asked == method && counted.fetch_add(1, Ordering::SeqCst) >= number).then(|| error(BUSY))
            });
            let chain = Chain::connect(&url.await?).await?;
            count.store(0, Ordering::SeqCst);
            let verified = verify(&chain, &site.config, &site.artifacts, None).await.map(drop);
            count.store(0, Ordering::SeqCst);
            let table = permissions(&chain, &site.config, &site.artifacts).await.map(drop);
            count.store(0, Ordering::SeqCst);
            let renewed =
                renew(&chain.with_key(dev_key())?, &site.config, &site.artifacts, &mut Watch::default()).await;
            for result in [verified, table, renewed] {
                let Err(error) = result else { continue };
                refused += 1;
                let said = format!("{error:#}");
                assert!(!said.starts_with(BUSY), "{method} {number}: {said}");
            }
        }
    }
    assert!(refused > 40, "{refused}");
    Ok(())
}
