//! What is simulated, and what is said of a transaction that fails.

use alloy::primitives::{Address, U256};
use alloy::providers::Provider;
use alloy::sol_types::SolValue;
use consilium_bindings::Safe as abi;
use eyre::Result;
use harness::{front, peers};
use serde_json::{Value, json};

use super::scene::*;
use crate::consent::scene::done;
use crate::refusal;

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_fails_is_not_sent_and_its_reason_is_told() -> Result<()> {
    for of in BOTH {
        let scene = Scene::start(of).await?;
        let safe = scene.safe.to_string();
        let file = scene.proposes("nine.json", &["--to", &safe, "--call", "changeThreshold(uint256)", "9"]);
        let signed = scene.signed(&file, &[]);
        let error = refusal(scene.runs(&scene.relayer, &["execute", &signed]));
        let reason = "the transaction's call failed (GS013): the threshold is above the number of owners: lower it, or add \
                      owners first (GS201)";
        assert!(error.ends_with(reason), "{error}");
        // Nothing else makes it succeed.
        let error = refusal(scene.runs(&scene.relayer, &["execute", "--may-fail", &signed]));
        assert!(error.ends_with(reason), "{error}");
        assert_eq!(scene.reads(abi::nonceCall {}).await?, U256::ZERO);

        let file = scene.pays("much.json", "1001", &[]);
        let error = refusal(scene.runs(&scene.relayer, &["execute", &scene.signed(&file, &[])]));
        assert!(error.ends_with("(GS013): the Safe has 1000 wei, and it sends 1001"), "{error}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_may_fail_uses_up_its_nonce_if_that_is_asked_for() -> Result<()> {
    for of in BOTH {
        let scene = Scene::start(of).await?;
        let safe = scene.safe.to_string();
        let words = ["--to", &safe, "--call", "changeThreshold(uint256)", "--safe-tx-gas", "100000", "9"];
        let signed = scene.signed(&scene.proposes("nine.json", &words), &[]);
        let error = refusal(scene.runs(&scene.relayer, &["execute", &signed]));
        assert!(
            error.contains("its call would fail and its nonce would be used up: the threshold is above"),
            "{error}"
        );
        let told = done(&scene.runs(&scene.relayer, &["execute", "--may-fail", &signed]));
        assert!(told.contains("executed: its call FAILED, and its nonce is used up\n"), "{told}");
        let shown = scene.does(&scene.ann, &["show", &signed]);
        assert_eq!((&shown["stage"], &shown["success"]), (&"executed".into(), &false.into()));
        assert_eq!(scene.reads(abi::nonceCall {}).await?, U256::from(1));
    }
    Ok(())
}

/// A node's estimate is too low: with it the transaction would pass, its call would fail, and the nonce would be used up.
#[tokio::test(flavor = "multi_thread")]
async fn a_call_gets_the_gas_that_it_needs() -> Result<()> {
    for of in BOTH {
        let scene = Scene::start(of).await?;
        let target = peers::create(&scene.chain, "SafeTarget", &[]).await?.to_string();
        let words = ["--to", &target, "--call", "spend(uint256)", "--safe-tx-gas", "1", "900000"];
        let signed = scene.signed(&scene.proposes("spend.json", &words), &[]);
        let low =
            |method: &str, _: &Value, _: &Value| (method == "eth_estimateGas").then(|| json!({ "result": "0x30d40" }));
        let url = front::node(scene.chain.url(), low).await?;
        let told = done(&scene.runs_at(&url, &scene.relayer, &["execute", &signed]));
        assert!(told.contains("\nexecuted\n"), "{told}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refund_is_told_and_paid() -> Result<()> {
    let scene = Scene::start(Of::Us).await?;
    scene.ann.send_with(scene.safe, [], 1_000_000_000_000_000).await?;
    let receiver = "0x000000000000000000000000000000000000bEEF";
    let words = ["--safe-tx-gas", "50000", "--base-gas", "1000", "--gas-price", "1", "--refund-receiver", receiver];
    let file = scene.pays("pay.json", "5", &words);
    let says = scene.json(&file)["says"].clone();
    let expected = format!("PAYS A REFUND: 1 wei for each gas (the call's, up to 50000, and 1000) to {receiver}");
    assert_eq!(says[2], expected);
    let done = scene.does(&scene.relayer, &["execute", &scene.signed(&file, &[])]);
    let paid: U256 = done["payment"].as_str().expect("an amount").parse()?;
    assert!(paid > U256::from(1_000));
    assert_eq!(scene.chain.dev.get_balance(receiver.parse()?).await?, paid);
    Ok(())
}

/// A guard's own word is passed on.
#[tokio::test(flavor = "multi_thread")]
async fn a_guard_that_refuses_is_heard() -> Result<()> {
    let scene = Scene::start(Of::Us).await?;
    let allowed = Address::ZERO.abi_encode();
    let guard = peers::create(&scene.chain, "DelegateCallTransactionGuard", &allowed).await?.to_string();
    scene.changes("guard.json", "setGuard(address)", &[&guard]);
    let to = scene.singleton.to_string();
    let file = scene.proposes("delegated.json", &["--to", &to, "--allow-delegatecall"]);
    let signed = scene.signed(&file, &["--allow-delegatecall"]);
    let error = refusal(scene.runs(&scene.relayer, &["execute", "--allow-delegatecall", &signed]));
    assert!(error.contains("the Safe refuses it: \"This call is restricted\""), "{error}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_used_nonce_and_one_that_has_to_wait_are_refused() -> Result<()> {
    let scene = Scene::start(Of::Us).await?;
    let first = scene.signed(&scene.pays("first.json", "1", &[]), &[]);
    let other = scene.signed(&scene.pays("other.json", "2", &[]), &[]);
    let later = scene.signed(&scene.pays("later.json", "3", &["--nonce", "2"]), &[]);
    let error = refusal(scene.runs(&scene.relayer, &["execute", &later]));
    assert!(
        error.ends_with("2 transactions of the Safe come before it: its next nonce is 0, and this has 2"),
        "{error}"
    );
    scene.does(&scene.relayer, &["execute", &first]);
    for words in
        [&["execute", &*other][..], &["sign", &other, "--out", &scene.desk.path("no.json")], &["execute", &first]]
    {
        let error = refusal(scene.runs(&scene.eve, words));
        assert!(error.contains("its nonce 0 is used, the Safe's next is 1"), "{error}");
    }
    assert_eq!(scene.does(&scene.ann, &["show", &other])["stage"], "replaced");
    let safe = scene.safe.to_string();
    let to = scene.relayer.address().to_string();
    let words = ["propose", "--safe", &safe, "--to", &to, "--nonce", "0", "--out", &scene.desk.path("no.json")];
    assert!(refusal(scene.runs(&scene.ann, &words)).contains("its nonce 0 is used"));
    Ok(())
}
