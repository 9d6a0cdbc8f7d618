//! Tokens that strangers paid in. They cannot stop a statement, or make it long.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use alloy::hex;
use alloy::primitives::{Address, U256};
use alloy::sol_types::SolCall;
use consilium_bindings::RevenueSplitter as S;
use consilium_deploy::revenue::MOST_TOKENS;
use eyre::Result;
use harness::{front, peers};
use serde_json::{Value, json};

use super::revenue;
use super::scene::*;
use crate::consent::scene::done;
use crate::{refusal, run_by};

/// Pays ten thousand units of a token that anybody could have made.
async fn stranger(scene: &Scene) -> Result<Address> {
    let token = peers::create(&scene.records.chain, "UnsteadyToken", &[]).await?;
    let source = S::Source { dataClass: 8, licence: Default::default(), request: Default::default() };
    let pay = S::payCall { token, amount: U256::from(10_000), source };
    assert!(scene.payer.send(scene.at, pay.abi_encode()).await?.status());
    Ok(token)
}

/// A token that computes until the node gives up, as each node says in words of its own.
#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_takes_all_of_the_nodes_time_keeps_no_other_from_being_told() -> Result<()> {
    let scene = Scene::start().await?;
    let token = stranger(&scene).await?;
    let _ = scene.does(&scene.payer, &["pay", "10", "--class", "8"]);
    let anna = scene.anna.address().to_string();
    let named = hex::encode(token);
    for answer in [front::error("execution aborted (timeout = 5s)"), front::http(504), front::closed()] {
        let named = named.clone();
        let alter = move |method: &str, params: &Value, _: &Value| {
            (method == "eth_call" && params.to_string().contains(&named)).then(|| answer.clone())
        };
        let url = front::node(scene.records.chain.url(), alter).await?;
        let output = run_by(&scene.payer, revenue(&["statement", &anna, "--json"]), scene.at, &url);
        let found: Value = crate::parsed(&done(&output));
        assert_eq!((&found["tokens"][0]["earned"], &found["unreadable"]), (&json!("6"), &json!([token])), "{found}");
    }
    // Once is the node's affair.
    let (count, named) = (AtomicUsize::new(0), named.clone());
    let alter = move |method: &str, params: &Value, _: &Value| {
        let is_its = method == "eth_call" && params.to_string().contains(&named);
        (is_its && count.fetch_add(1, Ordering::SeqCst) == 0).then(|| front::error("too many requests"))
    };
    let url = front::node(scene.records.chain.url(), alter).await?;
    let found: Value =
        crate::parsed(&done(&run_by(&scene.payer, revenue(&["statement", &anna, "--json"]), scene.at, &url)));
    assert_eq!((&found["unreadable"], &found["contradicts"][0]["token"]), (&json!([]), &json!(token)), "{found}");
    // And a node that answers nothing is no reason to doubt a token.
    let alter = move |method: &str, params: &Value, _: &Value| {
        // What the splitter is, is asked before.
        let is_domain =
            params.to_string().contains(&hex::encode(consilium_bindings::Consent::eip712DomainCall::SELECTOR));
        (method == "eth_call" && !is_domain).then(|| front::error("too many requests"))
    };
    let url = front::node(scene.records.chain.url(), alter).await?;
    assert!(
        refusal(run_by(&scene.payer, revenue(&["statement", &anna]), scene.at, &url)).contains("too many requests")
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn of_too_many_tokens_the_first_are_told_and_the_others_named() -> Result<()> {
    let scene = Scene::start().await?;
    scene.with_publisher().await?;
    let mut tokens = Vec::new();
    for _ in 0..MOST_TOKENS + 9 {
        tokens.push(stranger(&scene).await?);
    }
    // The DAO's own came last: it has chosen it for an epoch.
    let own = scene.token().await?;
    let approve = Token::approveCall { spender: scene.at, amount: U256::from(1_000) };
    assert!(scene.payer.send(own, approve.abi_encode()).await?.status());
    let fund = S::fundPoolCall { token: own, amount: U256::from(1_000) };
    assert!(scene.payer.send(scene.at, fund.abi_encode()).await?.status());
    let anna = scene.anna.address().to_string();
    let folder = scene.built("epoch", &[format!("{anna},1000,")], &["--token", &own.to_string()]);
    let _ = scene.opened(&folder).await?;

    let asked = Arc::new(AtomicUsize::new(0));
    let count = asked.clone();
    let alter = move |method: &str, _: &Value, _: &Value| {
        count.fetch_add(usize::from(method == "eth_call"), Ordering::SeqCst);
        None
    };
    let url = front::node(scene.records.chain.url(), alter).await?;
    let found: Value =
        crate::parsed(&done(&run_by(&scene.payer, revenue(&["statement", &anna, "--json"]), scene.at, &url)));
    // Ether and the DAO's own, and then who came first.
    let told: Vec<_> = found["tokens"].as_array().expect("a list").iter().map(|token| &token["token"]).collect();
    assert_eq!(told[..2], [&json!(Address::ZERO), &json!(own)]);
    let (first, left_out) = tokens.split_at(MOST_TOKENS - 2);
    assert_eq!(found["leftOut"], json!(left_out), "{found}");
    let doubted: Vec<_> = found["contradicts"].as_array().expect("a list").iter().map(|one| &one["token"]).collect();
    assert!(told[2..].iter().chain(&doubted).all(|token| first.iter().any(|first| json!(first) == **token)));
    assert_eq!(told.len() + doubted.len(), MOST_TOKENS);
    let calls = asked.load(Ordering::SeqCst);
    assert!(calls < 6 * MOST_TOKENS, "{calls}");

    let words = scene.says(&scene.payer, &["statement", &anna]);
    let line =
        format!("\n11 more tokens came later and are left out. Name those that matter by --token: {}", left_out[0]);
    assert!(words.contains(&line) && words.trim_end().ends_with(", …; --json lists all"), "{words}");
    assert!(words.contains(&left_out[9].to_string()) && !words.contains(&left_out[10].to_string()), "{words}");
    let one = scene.does(&scene.payer, &["statement", &anna, "--token", &own.to_string()]);
    assert_eq!((&one["tokens"][0]["token"], &one["leftOut"]), (&json!(own), &json!([])));
    Ok(())
}
