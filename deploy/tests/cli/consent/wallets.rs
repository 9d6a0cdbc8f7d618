//! Wallets that mean harm to a batch of other people's acts, or to the relayer's money.

use alloy::consensus::Transaction as _;
use alloy::eips::eip7702::Authorization;
use alloy::network::{TransactionBuilder, TransactionBuilder7702};
use alloy::primitives::{Address, U256, hex};
use alloy::providers::Provider;
use alloy::rpc::types::TransactionRequest;
use alloy::signers::SignerSync;
use alloy::sol_types::SolCall;
use consilium_bindings::Consent::*;
use eyre::{Result, ensure};
use serde_json::{Value, json};

use super::relaying::{PERMIT, sent};
use super::scene::*;
use crate::refusal;

/// The file of an act, with another signer and signature.
fn signed_by(scene: &Scene, file: &str, name: &str, signer: Address, signature: &[u8]) -> Result<String> {
    let mut act: Value = serde_json::from_str(&std::fs::read_to_string(file)?)?;
    (act["signer"], act["signature"]) = (json!(signer), json!(hex::encode_prefixed(signature)));
    Ok(scene.desk.file(name, act.to_string()))
}

/// The code of a wallet that takes every signature in a call, and uses up all its gas in a transaction, which has a
/// price: GASPRICE, PUSH1 end, JUMPI; at the end INVALID.
const TWO_FACED: [u8; 22] = hex!("3a601457631626ba7e60e01b60005260206000f35bfe");

/// A wallet with this code, of less than 256 bytes.
async fn wallet(scene: &Scene, code: &[u8]) -> Result<Address> {
    let length = u8::try_from(code.len())?;
    scene
        .chain
        .create([&[0x60, length][..], &hex!("600c600039"), &[0x60, length], &hex!("6000f3"), code].concat())
        .await
}

/// A wallet that takes every signature.
async fn taking_all(scene: &Scene) -> Result<Address> {
    wallet(scene, &hex!("631626ba7e60e01b60005260206000f3")).await
}

/// A wallet may take little gas in the estimate and all that it gets in the transaction: there is enough for both.
#[tokio::test(flavor = "multi_thread")]
async fn what_a_wallet_may_use_up_is_not_taken_from_the_others() -> Result<()> {
    let scene = Scene::start().await?;
    let (wallet, doctor) = (taking_all(&scene).await?, scene.doctor.to_string());
    let permit = [&PERMIT[..], &[&doctor]].concat();
    let grantor = wallet.to_string();
    let mut files = vec![scene.signs(&scene.patient, "good.json", &permit)];
    for nonce_key in ["0", "1", "2"] {
        let words = ["--grantor", &grantor, "--nonce-key", nonce_key];
        let own = scene.signs(&scene.patient, &format!("own-{nonce_key}.json"), &[&permit[..], &words].concat());
        files.push(signed_by(&scene, &own, &format!("wallet-{nonce_key}.json"), wallet, &[0])?);
    }
    let words: Vec<_> = ["relay"].into_iter().chain(files.iter().map(String::as_str)).collect();
    let text = done(&scene.runs(&words));
    let (sent, receipt) = sent(&scene, &text).await?;
    assert!(sent.gas_limit() > receipt.gas_used + 3 * 1_016_000, "{text}");
    let stored = scene.reads(provisionsCall { grantor: wallet, grantee: scene.doctor }).await?;
    assert_eq!(stored.len(), 3);
    Ok(())
}

/// One that is too long for a transaction is left out, and too many that only the chain can check are refused.
#[tokio::test(flavor = "multi_thread")]
async fn what_would_sink_a_batch_is_not_sent() -> Result<()> {
    let scene = Scene::start().await?;
    let wallet = taking_all(&scene).await?;
    let grantor = wallet.to_string();
    let own = |index: u8| {
        let nonce_key = index.to_string();
        let words = ["revoke-all", "--grantor", &grantor, "--nonce-key", &nonce_key];
        scene.signs(&scene.patient, &format!("own-{index}.json"), &words)
    };
    let long = signed_by(&scene, &own(0), "long.json", wallet, &[0; 9_000])?;
    let output = scene.runs(&["relay", &long]);
    let text = told(&output);
    assert!(text.contains("its signature has 9020 bytes, which is more than 8192: have it signed again"), "{text}");

    // The others are brought, also one after them.
    let many = (1..=17).map(|index| signed_by(&scene, &own(index), &format!("wallet-{index}.json"), wallet, &[0]));
    let mut many = many.collect::<Result<Vec<_>>>()?;
    many.push(scene.signs(&scene.patient, "good.json", &[&PERMIT[..], &[&scene.doctor.to_string()]].concat()));
    let words: Vec<_> = ["relay"].into_iter().chain(many.iter().map(String::as_str)).collect();
    let output = scene.runs(&words);
    let text = told(&output);
    let lines: Vec<_> = text.lines().collect();
    for (number, line) in lines[..18].iter().enumerate() {
        assert_eq!(line.starts_with("        done  "), number != 16, "{number}: {text}");
    }
    let reason = "16 others are signed by contracts or verifiers, each of which may use 1016000 gas, and no more fit \
                  into a transaction: bring it in another run";
    assert!(lines[16].ends_with(reason), "{text}");
    assert_eq!(refusal(output), "error: 1 of 18 acts were not performed: the lines above say why");
    assert_eq!(scene.reads(epochCall { grantor: wallet }).await?, 16);
    Ok(())
}

/// What is longer than nodes take in one transaction is left out at the end.
#[tokio::test(flavor = "multi_thread")]
async fn acts_that_are_too_long_together_are_brought_in_two_runs() -> Result<()> {
    let scene = Scene::start().await?;
    let wallet = taking_all(&scene).await?;
    let grantor = wallet.to_string();
    let own = |index: u8| {
        let nonce_key = index.to_string();
        let words = ["revoke-all", "--grantor", &grantor, "--nonce-key", &nonce_key];
        let own = scene.signs(&scene.patient, &format!("own-{index}.json"), &words);
        signed_by(&scene, &own, &format!("long-{index}.json"), wallet, &[0; 8_000])
    };
    let files = (1..=12).map(own).collect::<Result<Vec<_>>>()?;
    let words: Vec<_> = ["relay"].into_iter().chain(files.iter().map(String::as_str)).collect();
    let output = scene.runs(&words);
    let text = told(&output);
    let lines: Vec<_> = text.lines().collect();
    let done = lines.iter().filter(|line| line.starts_with("        done  ")).count();
    let (sent, _) = sent(&scene, &text).await?;
    assert!(done < 12 && (85_000 - 8_500..95_000).contains(&sent.input().len()), "{text}");
    let reason = "the others fill a transaction, which takes 90000 bytes: bring it in another run";
    assert!(lines[done..12].iter().all(|line| line.ends_with(reason)), "{text}");
    assert_eq!(scene.reads(epochCall { grantor: wallet }).await?, u32::try_from(done)?);

    let rest = [&["relay"], &words[done + 1..]].concat();
    assert!(scene.runs(&rest).status.success());
    assert_eq!(scene.reads(epochCall { grantor: wallet }).await?, 12);
    Ok(())
}

/// More wallets that use up all they get than a call has gas for, and a patient's act after them.
#[tokio::test(flavor = "multi_thread")]
async fn wallets_that_use_up_the_calls_gas_are_left_out() -> Result<()> {
    let scene = Scene::start().await?;
    let (wallet, doctor) = (wallet(&scene, &hex!("fe")).await?, scene.doctor.to_string());
    let permit = [&PERMIT[..], &[&doctor]].concat();
    let own = scene.signs(&scene.patient, "own.json", &[&permit[..], &["--grantor", &wallet.to_string()]].concat());
    let bad = signed_by(&scene, &own, "bad.json", wallet, &[0])?;
    let good = scene.signs(&scene.patient, "good.json", &permit);
    let files = [&["relay"], &vec![bad.as_str(); 60][..], &[&good]].concat();
    let output = scene.runs(&files);
    let text = told(&output);
    let lines: Vec<_> = text.lines().collect();
    for line in &lines[..60] {
        let is_told =
            line.starts_with("    NOT DONE  ") && line.contains(&format!(": {wallet} did not sign this, or "));
        assert!(is_told, "{text}");
    }
    assert!(lines[60].starts_with(&format!("        done  {good}: ")), "{text}");
    assert_eq!(refusal(output), "error: 60 of 61 acts were not performed: the lines above say why");
    // They were not sent.
    let (sent, receipt) = sent(&scene, &text).await?;
    let call = relayCall::abi_decode(sent.input())?;
    assert_eq!((call.signed.len(), receipt.logs().len()), (1, 1));
    Ok(())
}

/// Wallets that say yes up to a time: it is over when the gas is estimated.
#[tokio::test(flavor = "multi_thread")]
async fn wallets_that_change_their_minds_are_left_out_and_cost_nothing() -> Result<()> {
    let scene = Scene::start().await?;
    let (good_wallet, doctor) = (taking_all(&scene).await?, scene.doctor.to_string());
    let permit = [&PERMIT[..], &[&doctor]].concat();
    let now = u32::try_from(scene.chain.now().await?)?.to_be_bytes();
    // It returns its yes where the time is not above that: PUSH4 now, TIMESTAMP, GT, PUSH1 end, JUMPI.
    let code = [&hex!("63")[..], &now, &hex!("4211601a57631626ba7e60e01b60005260206000f35b00")].concat();
    let fickle = wallet(&scene, &code).await?;
    let by = |wallet: Address, name: &str, nonce_key: &str| {
        let words = ["--grantor", &wallet.to_string(), "--nonce-key", nonce_key];
        let own = scene.signs(&scene.patient, &format!("own-{name}"), &[&permit[..], &words].concat());
        signed_by(&scene, &own, name, wallet, &[0])
    };
    let files = [
        by(fickle, "first.json", "0")?,
        scene.signs(&scene.patient, "good.json", &permit),
        by(good_wallet, "wallet.json", "0")?,
        by(fickle, "second.json", "1")?,
    ];
    scene.chain.set_time(scene.chain.now().await? + 1_000).await?;
    let [first, good, honest, second] = files.each_ref().map(String::as_str);
    let output = scene.runs(&["relay", first, good, honest, second]);
    let text = told(&output);
    let lines: Vec<_> = text.lines().collect();
    let reason = format!(
        ": the node said first that it would be performed, and when it estimated the gas: {fickle} did not sign \
         this, or used a passkey at another site than before: let it be signed again (ConsentInvalidSignature). So it \
         was left out, and cost nothing"
    );
    for (line, file) in [(lines[0], first), (lines[3], second)] {
        assert!(line.starts_with(&format!("    NOT DONE  {file}: ")) && line.ends_with(&reason), "{text}");
    }
    for (line, file) in [(lines[1], good), (lines[2], honest)] {
        assert!(line.starts_with(&format!("        done  {file}: ")), "{text}");
    }
    assert_eq!(refusal(output), "error: 2 of 4 acts were not performed: the lines above say why");
    let (sent, _) = sent(&scene, &text).await?;
    assert_eq!(relayCall::abi_decode(sent.input())?.signed.len(), 2);

    // Alone, nothing is sent.
    let dev = scene.chain.dev_account()?.address();
    let count = scene.chain.dev.get_transaction_count(dev).await?;
    let late = by(fickle, "late.json", "2")?;
    let error = refusal(scene.runs(&["relay", &late]));
    assert_eq!(error, "error: 1 of 1 acts were not performed: the lines above say why");
    assert_eq!(scene.chain.dev.get_transaction_count(dev).await?, count, "something was sent");
    Ok(())
}

/// Wallets that know a transaction by its price, and then use up all they get. The others have their gas, and what
/// became of each act is what the events say, also where nothing was performed.
#[tokio::test(flavor = "multi_thread")]
async fn what_a_wallet_does_in_the_transaction_is_told_from_the_events() -> Result<()> {
    let scene = Scene::start().await?;
    let doctor = scene.doctor.to_string();
    let permit = [&PERMIT[..], &[&doctor]].concat();
    let wallet = wallet(&scene, &TWO_FACED).await?;
    let mut files = Vec::new();
    for nonce_key in ["0", "1", "2", "3", "4"] {
        let words = ["--grantor", &wallet.to_string(), "--nonce-key", nonce_key];
        let own = scene.signs(&scene.patient, &format!("own-{nonce_key}.json"), &[&permit[..], &words].concat());
        files.push(signed_by(&scene, &own, &format!("bad-{nonce_key}.json"), wallet, &[0])?);
    }
    files.insert(4, scene.signs(&scene.patient, "good.json", &permit));
    files.push(scene.signs(&scene.patient, "next.json", &[&permit[..], &["--nonce", "1"]].concat()));
    let words: Vec<_> = ["relay"].into_iter().chain(files.iter().map(String::as_str)).collect();
    let output = scene.runs(&words);
    let text = told(&output);
    let lines: Vec<_> = text.lines().collect();
    for (line, (number, file)) in lines.iter().zip(files.iter().enumerate()) {
        if [4, 6].contains(&number) {
            assert!(line.starts_with(&format!("        done  {file}: ")), "{text}");
            continue;
        }
        let reason = "(ConsentInvalidSignature). The node had said that it would be performed, and you paid for its \
                      gas: its signer may mean that, so do not bring it again unless you trust it";
        assert!(line.starts_with(&format!("    NOT DONE  {file}: ")) && line.ends_with(reason), "{text}");
    }
    assert!(lines[4].ends_with(": provision 1") && lines[6].ends_with(": provision 2"), "{text}");
    let (_, receipt) = sent(&scene, &text).await?;
    println!("five such wallets in seven acts: {} gas", receipt.gas_used);
    assert!(receipt.gas_used > 5_000_000, "they did not use it up");

    // Alone, it is told so too: a reverted transaction would have no event.
    let output = scene.runs(&["relay", &files[0]]);
    let text = told(&output);
    let start = format!(": {wallet} did not sign this, or ");
    assert!(
        text.starts_with("    NOT DONE  ") && text.contains(&start) && text.contains("you paid for its gas"),
        "{text}"
    );
    Ok(())
}

/// An account with a key that delegates to such code (EIP-7702): its key's signature is good, and its code is asked.
#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_delegates_to_code_takes_no_gas_from_the_others() -> Result<()> {
    let scene = Scene::start().await?;
    let (doctor, dual) = (scene.doctor.to_string(), scene.chain.account("dual").await?);
    let permit = [&PERMIT[..], &[&doctor]].concat();
    let bad = scene.signs(&dual, "bad.json", &permit);
    let good = scene.signs(&scene.patient, "good.json", &permit);
    let address = wallet(&scene, &TWO_FACED).await?;
    let authorization = Authorization { chain_id: U256::from(nitro::CHAIN_ID), address, nonce: 0 };
    let signature = dual.signer.sign_hash_sync(&authorization.signature_hash())?;
    let delegates = TransactionRequest::default()
        .with_to(scene.doctor)
        .with_authorization_list(vec![authorization.into_signed(signature)]);
    let receipt = scene.chain.dev.send_transaction(delegates).await?.get_receipt().await?;
    ensure!(receipt.status() && !scene.chain.dev.get_code_at(dual.address()).await?.is_empty(), "it has no code");
    let text = told(&scene.runs(&["relay", &bad, &good]));
    let lines: Vec<_> = text.lines().collect();
    assert!(lines[0].starts_with("    NOT DONE  ") && lines[0].contains("you paid for its gas"), "{text}");
    assert!(lines[1].starts_with(&format!("        done  {good}: ")), "{text}");
    Ok(())
}
