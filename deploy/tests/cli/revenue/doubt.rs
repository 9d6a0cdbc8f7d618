//! A payment of which it is not known whether it was made, and questions that the node does not answer.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use alloy::hex;
use alloy::primitives::{Address, U256};
use alloy::providers::Provider;
use alloy::sol_types::SolCall;
use consilium_bindings::AccessManager::canCallCall;
use consilium_bindings::Consent::eip712DomainCall;
use consilium_deploy::Chain;
use consilium_deploy::revenue::{Payment, Splitter, pay};
use eyre::Result;
use harness::front;
use serde_json::{Value, json};

use super::revenue;
use super::scene::*;
use crate::consent::scene::told;
use crate::{refusal, run_by};

const TIRED: &str = "too many requests";

/// Whether a node refuses a request, by its method and parameters.
type Refused = dyn Fn(&str, &Value) -> bool + Send + Sync;

/// The node took the payment, and its answer was lost. A second run would pay a second time.
#[tokio::test(flavor = "multi_thread")]
async fn a_payment_in_doubt_is_to_be_looked_for_first() -> Result<()> {
    let scene = Scene::start().await?;
    let (account, chain) = (scene.payer.address(), &scene.records.chain);
    let sent = format!("could not send a transaction to {}: ", scene.at);
    let doubt =
        format!(": look first whether a transaction of {account} is in a block: a second run does it a second time");
    for (method, answer, said) in [
        ("eth_sendRawTransaction", front::error("upstream timed out"), format!("{sent}upstream timed out{doubt}")),
        ("eth_sendRawTransaction", front::closed(), sent),
    ] {
        for words in [&["pay", "1000", "--class", "8"][..], &["fund", "1000"]] {
            let before = chain.dev.get_transaction_count(account).await?;
            let answer = answer.clone();
            let url = front::node(chain.url(), move |asked, _, _| (asked == method).then(|| answer.clone())).await?;
            let error = refusal(run_by(&scene.payer, revenue(words), scene.at, &url));
            assert!(error.contains(&said) && error.ends_with(&doubt), "{error}");
            // It was made.
            assert_eq!(chain.dev.get_transaction_count(account).await?, before + 1, "{method}");
        }
    }
    // Nobody is paid a second time by this one.
    let lost = |asked: &str, _: &Value, _: &Value| (asked == "eth_sendRawTransaction").then(|| front::error(TIRED));
    let url = front::node(chain.url(), lost).await?;
    let output = run_by(&scene.payer, revenue(&["release", "--all"]), scene.at, &url);
    assert!(told(&output).contains(TIRED) && !told(&output).contains("look first"), "{output:?}");
    Ok(())
}

/// The node took the payment, and does not say what became of it: at first, then never.
#[tokio::test(flavor = "multi_thread")]
async fn a_receipt_is_asked_for_until_the_time_is_over() -> Result<()> {
    let scene = Scene::start().await?;
    let (account, chain) = (scene.payer.address(), &scene.records.chain);
    let tired = async |polls: usize| -> Result<(String, Arc<AtomicUsize>)> {
        let failures = [front::http(504), front::closed(), front::error(TIRED)];
        let asked = Arc::new(AtomicUsize::new(0));
        let count = asked.clone();
        let alter = move |method: &str, _: &Value, _: &Value| {
            let poll = (method == "eth_getTransactionReceipt").then(|| count.fetch_add(1, Ordering::SeqCst))?;
            failures.get(poll % failures.len()).filter(|_| poll < polls).cloned()
        };
        Ok((front::node(chain.url(), alter).await?, asked))
    };
    let (url, asked) = tired(3).await?;
    let before = chain.dev.get_transaction_count(account).await?;
    let output = run_by(&scene.payer, revenue(&["pay", "1000", "--class", "8"]), scene.at, &url);
    assert!(output.status.success(), "{output:?}");
    assert_eq!(asked.load(Ordering::SeqCst), 4);
    assert_eq!(chain.dev.get_transaction_count(account).await?, before + 1);

    let (url, asked) = tired(usize::MAX).await?;
    let splitter = Splitter::open(&Chain::connect(&url).await?, scene.at).await?;
    let sender = Chain::connect(&url).await?.with_key(scene.payer.signer.clone())?.waiting(Duration::from_millis(100));
    let payment = Payment { amount: U256::from(1_000), class: 8, ..Payment::default() };
    let error = pay(&splitter, &sender, &payment, false).await.expect_err("no receipt").to_string();
    let block = chain.dev.get_block(alloy::eips::BlockId::latest()).await?.expect("a head");
    // After what the chain itself does in each block.
    let hash = block.transactions.hashes().last().expect("the payment");
    let said = format!("the transaction {hash} was sent, and the node does not say whether it is in a block: ");
    let doubt =
        format!(": look first whether a transaction of {account} is in a block: a second run does it a second time");
    assert!(error.contains(&said) && error.ends_with(&doubt), "{error}");
    assert!(asked.load(Ordering::SeqCst) > 1);

    // Where a second run does no harm, it is what helps.
    let sent = sender.send(account, Default::default(), U256::ZERO).await.expect_err("no receipt").to_string();
    assert!(sent.ends_with(": run it again, with another node if this one stays so"), "{sent}");
    Ok(())
}

/// Whoever stops the command knows what it has sent.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_sent_is_told_before_it_is_in_a_block() -> Result<()> {
    let scene = Scene::start().await?;
    let output = scene.runs(&scene.payer, &["pay", "1000", "--class", "8", "--json"]);
    let found: Value = crate::parsed(&told(&output));
    let hash = found["transaction"].as_str().expect("a hash");
    assert_eq!(String::from_utf8(output.stderr)?, format!("sent {hash}\n"));
    Ok(())
}

/// A node that is tired says nothing about a contract.
#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_refuses_to_answer_is_not_taken_for_the_contract() -> Result<()> {
    let scene = Scene::start().await?;
    scene.with_publisher_after(600).await?;
    scene.fund(100).await?;
    let folder = scene.built("epoch", &[format!("{},100,", Address::repeat_byte(1))], &[]);
    let publish = ["epoch", "publish", folder.as_str(), "--deadline", "+90d"];
    let calls = |selector: [u8; 4]| {
        move |method: &str, params: &Value| {
            let call = &params[0];
            let data = call["input"].as_str().or_else(|| call["data"].as_str()).unwrap_or_default();
            method == "eth_call" && data.starts_with(&hex::encode_prefixed(selector))
        }
    };
    let logs = |method: &str, _: &Value| method == "eth_getLogs";
    let refuses = async |is_refused: Box<Refused>| -> Result<String> {
        let alter =
            move |method: &str, params: &Value, _: &Value| is_refused(method, params).then(|| front::error(TIRED));
        let url = front::node(scene.records.chain.url(), alter).await?;
        Ok(refusal(run_by(&scene.publisher, revenue(&publish), scene.at, &url)))
    };
    let error = refuses(Box::new(calls(eip712DomainCall::SELECTOR))).await?;
    assert_eq!(error, format!("error: could not ask what stands at {}: {TIRED}", scene.at));
    let error = refuses(Box::new(calls(canCallCall::SELECTOR))).await?;
    let manager = scene.manager;
    assert_eq!(error, format!("error: could not ask the authority {manager} of the revenue splitter: {TIRED}"));
    let error = refuses(Box::new(logs)).await?;
    let publisher = scene.publisher.address();
    assert!(error.starts_with(&format!("error: could not look for what {publisher} has announced: ")), "{error}");
    assert!(error.ends_with(TIRED), "{error}");
    assert_eq!(scene.leaves(&scene.publisher, &publish)["announced"], json!(true));
    Ok(())
}
