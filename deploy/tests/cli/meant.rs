//! `--chain`: nothing is signed for a chain that nobody means.

use alloy::primitives::{Address, B256};
use alloy::providers::Provider;
use eyre::Result;
use harness::chain::Chain;

use crate::consent::scene::Desk;
use crate::{consilium, refusal, run, run_by};

/// A node says of which chain it is. One that lies would have a payment signed for another chain.
#[tokio::test(flavor = "multi_thread")]
async fn a_node_of_another_chain_is_refused_before_anything_is_signed() -> Result<()> {
    let chain = Chain::start()?;
    let anyone = chain.account("anyone").await?;
    let (contract, url, desk) = (Address::repeat_byte(7), chain.url(), Desk::new());
    let address = Address::repeat_byte(8).to_string();
    let (id, before) = (B256::repeat_byte(9).to_string(), chain.dev.get_transaction_count(anyone.address()).await?);
    for words in [
        &["revenue", "pay", "10", "--class", "8"][..],
        &["revenue", "release", "--all"],
        &["revenue", "statement", &address],
        &["registry", "offer", "--id", &id, "--to", &address],
        &["registry", "remove", "--account", &address],
        &["mandate", "show"],
        &["mandate", "overdue"],
        &["vault", "report"],
    ] {
        let error = refusal_of(run_by(&anyone, consilium(&[words, &["--chain", "42161"]].concat()), contract, &url));
        assert_eq!(error, format!("error: {url} is a node of chain 412346, and chain 42161 is meant"), "{words:?}");
        // The right one goes on.
        let error = refusal_of(run_by(&anyone, consilium(&[words, &["--chain", "412346"]].concat()), contract, &url));
        assert!(!error.contains("is meant"), "{words:?}: {error}");
    }
    let creates = ["vault", "create", "--owner", &address, "--program", &address, "--heir", &address];
    let mut command = consilium(&[&creates[..], &["--rpc-url", &url, "--chain", "42161"]].concat());
    command.env("CONSILIUM_PRIVATE_KEY", anyone.signer.to_bytes().to_string());
    assert!(refusal(run(command)).ends_with("and chain 42161 is meant"));
    let out = desk.path("proposed.json");
    let propose = ["safe", "propose", "--safe", &address, "--to", &address, "--out", &out];
    let command = consilium(&[&propose[..], &["--rpc-url", &url, "--chain", "42161"]].concat());
    assert!(refusal(run(command)).ends_with("and chain 42161 is meant"));
    assert_eq!(chain.dev.get_transaction_count(anyone.address()).await?, before);
    Ok(())
}

/// What a run failed with, whatever its exit code.
#[track_caller]
fn refusal_of(output: std::process::Output) -> String {
    assert!(!output.status.success() && output.status.code() != Some(2), "{output:?}");
    String::from_utf8_lossy(&output.stderr).trim_end().to_owned()
}
