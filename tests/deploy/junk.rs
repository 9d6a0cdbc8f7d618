//! A node that answers nonsense, a kind of question at a time: the command says so in a sentence, and never panics.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use alloy::primitives::U256;
use alloy::providers::Provider;
use consilium_deploy::{Chain, Config, Silent, deploy, dev_key, permissions, renew, verify};
use eyre::Result;
use serde_json::{Value, json};

use crate::setup::Site;
use harness::front::node;

/// Of all pairs of a question and an answer, each so many is tried: all of them take a minute and a half.
const EACH: usize = 4;

/// How long a transaction is waited for: on this chain it is in a block at once.
const WAITS: Duration = Duration::from_millis(300);

/// What the nonsense is.
fn nonsense() -> Vec<Value> {
    let words = |count: usize| json!(format!("0x{}", "ff".repeat(32 * count)));
    let number = |number: usize| json!(format!("0x{}{number:02x}", "00".repeat(31)));
    let mut results = vec![Value::Null, json!("0x"), json!("0x0"), json!([]), json!({}), json!(true), json!("latest")];
    results.extend([json!(u64::MAX), json!("0xffffffffffffffff"), words(1), words(2), words(9), number(0), number(1)]);
    results.extend([json!([null]), json!([{ "topics": [], "data": "0x" }]), json!(format!("0x{}", "20".repeat(640)))]);
    let reverted = |data: Value| json!({ "error": { "code": 3, "message": "execution reverted", "data": data } });
    let mut answers: Vec<Value> = results.into_iter().map(|result| json!({ "result": result })).collect();
    answers.extend([reverted(words(8)), reverted(json!("0x08c379a0")), reverted(Value::Null), json!({ "error": 7 })]);
    answers.push(json!({ "result": 1, "error": { "code": -32000, "message": "both" } }));
    answers
}

/// What a run asked of a node.
async fn methods(site: &Site) -> Result<BTreeSet<String>> {
    let asked = Arc::new(Mutex::new(BTreeSet::new()));
    let list = asked.clone();
    let url = node(site.node.http_url(), move |method, _, _| {
        list.lock().expect("no panic").insert(method.to_owned());
        None
    });
    run(site, &url.await?).await.into_iter().collect::<Result<Vec<()>>>()?;
    let methods = asked.lock().expect("no panic").clone();
    Ok(methods)
}

/// Deploys, verifies and renews by the node at `url`, in a folder of its own.
async fn run(site: &Site, url: &str) -> [Result<()>; 3] {
    let records = tempfile::tempdir().expect("a folder");
    let (config, artifacts) = (&site.config, &site.artifacts);
    let sender = async || Chain::connect(url).await?.with_key(dev_key()).map(|sender| sender.waiting(WAITS));
    let deployed =
        async { deploy(&sender().await?, config, artifacts, records.path(), &mut Silent).await.map(drop) }.await;
    let verified = async { verify(&Chain::connect(url).await?, config, artifacts, None).await?.ensure() }.await;
    let renewed = async { renew(&sender().await?, config, artifacts, &mut Silent).await }.await;
    [deployed, verified, renewed]
}

#[tokio::test]
async fn nonsense_is_told_and_survived() -> Result<()> {
    let site = Site::new()?;
    let provider = site.chain().await?.provider().clone();
    let snapshot = async || provider.raw_request::<_, U256>("evm_snapshot".into(), ()).await;
    let fresh = snapshot().await?;
    let methods = methods(&site).await?;
    assert!(methods.len() > 8, "{methods:?}");
    let _: bool = provider.raw_request("evm_revert".into(), (fresh,)).await?;
    let mut refused = 0;
    for (number, method) in methods.into_iter().enumerate() {
        for (_, answer) in nonsense().into_iter().enumerate().filter(|(kind, _)| (kind + number).is_multiple_of(EACH)) {
            let (meant, nonsense) = (method.clone(), answer.clone());
            let url = node(site.node.http_url(), move |asked, _, _| (asked == meant).then(|| nonsense.clone())).await?;
            let fresh = snapshot().await?;
            for result in run(&site, &url).await {
                let Err(error) = result else { continue };
                refused += 1;
                let said = format!("{error:#}");
                assert!(!said.contains('\n') && said.len() < 2_000, "{method}, {answer}: {said}");
            }
            let _: bool = provider.raw_request("evm_revert".into(), (fresh,)).await?;
        }
    }
    assert!(refused > 50, "{refused}");
    site.finish().await?;
    site.verify().await?.ensure()
}

/// Who only reads is told as well, of a DAO with a council: each third kind of nonsense for each question.
#[tokio::test]
async fn nonsense_is_told_to_those_who_read() -> Result<()> {
    let site = Site::of(Config::load(harness::root().join("deploy/config/council.toml"))?)?;
    site.finish().await?;
    let read = async |url: &str| -> [Result<()>; 2] {
        let verified =
            async { verify(&Chain::connect(url).await?, &site.config, &site.artifacts, None).await?.ensure() };
        let table = async { permissions(&Chain::connect(url).await?, &site.config, &site.artifacts).await.map(drop) };
        [verified.await, table.await]
    };
    let mut refused = 0;
    let methods = ["eth_blockNumber", "eth_call", "eth_getBlockByNumber", "eth_getCode", "eth_getLogs"];
    for (number, method) in methods.into_iter().enumerate() {
        for (_, answer) in nonsense().into_iter().enumerate().filter(|(kind, _)| (kind + number).is_multiple_of(3)) {
            let nonsense = answer.clone();
            let url =
                node(site.node.http_url(), move |asked, _, _| (asked == method).then(|| nonsense.clone())).await?;
            for result in read(&url).await {
                let Err(error) = result else { continue };
                refused += 1;
                let said = format!("{error:#}");
                assert!(!said.contains('\n') && said.len() < 2_000, "{method}, {answer}: {said}");
            }
        }
    }
    assert!(refused > 40, "{refused}");
    for result in read(&site.node.http_url()).await {
        result?;
    }
    Ok(())
}
