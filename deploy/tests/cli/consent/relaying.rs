//! Signed acts on a chain: those that are good are performed, and all others are left out with their reasons.

use std::process::Command;

use alloy::consensus::Transaction as _;
use alloy::primitives::{Address, U256, aliases::U48, hex, keccak256};
use alloy::providers::Provider;
use alloy::rpc::types::{Transaction, TransactionReceipt};
use alloy::sol_types::SolCall;
use consilium_bindings::Consent::*;
use consilium_deploy::config::moment::Moment;
use eyre::{OptionExt, Result, ensure};
use harness::chain::Account;
use harness::{front, npm};
use serde_json::{Value, json};

use super::scene::*;
use crate::{failure, refusal, run};

pub(super) const PERMIT: [&str; 6] = ["grant", "--classes", "LABORATORY", "--purposes", "TREAT", "--grantee"];

/// What a software authenticator signs, in the file that a browser's page would write.
fn assertion(challenge: &str) -> Result<Value> {
    let input = json!({
        "rpId": "consent.example", "origin": "https://consent.example", "challenges": [challenge], "verified": true,
    });
    let folder = npm::installed("passkeys")?;
    let output = Command::new("node").arg("sign.js").arg(input.to_string()).current_dir(folder).output()?;
    ensure!(output.status.success(), "sign.js failed:\n{}", String::from_utf8_lossy(&output.stderr));
    let made: Value = crate::parsed(&told(&output));
    let hex = |value: &Value| format!("0x{}", value.as_str().unwrap_or_default());
    let response = &made["assertions"][0];
    Ok(json!({
        "publicKey": hex(&made["key"]),
        "authenticatorData": hex(&response["authenticatorData"]),
        "clientDataJSON": hex(&response["clientDataJSON"]),
        "signature": hex(&response["signature"]),
    }))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_is_performed_but_for_the_bad_one() -> Result<()> {
    let scene = Scene::start().await?;
    let (patient, doctor) = (scene.patient.address(), scene.doctor.to_string());
    let permit = [&PERMIT[..], &[&doctor]].concat();
    let first = scene.signs(&scene.patient, "first.json", &permit);
    let late = scene.signs(&scene.patient, "late.json", &[&permit[..], &["--nonce", "7"]].concat());
    let second = scene.signs(&scene.patient, "second.json", &[&permit[..], &["--nonce", "1"]].concat());
    let output = scene.runs(&["relay", &first, &late, &second]);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let text = told(&output);
    let act = format!("{patient} permits {doctor} to see LABORATORY (8), for TREAT (0), until it is revoked");
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines.len(), 4, "{text}");
    assert_eq!(lines[0], format!("        done  {first}: {act}: provision 1"));
    // At its place in the batch.
    let reason = format!("the next nonce of {patient} under this key is 1: ");
    assert!(lines[1].starts_with(&format!("    NOT DONE  {late}: {act}: {reason}")), "{text}");
    assert_eq!(lines[2], format!("        done  {second}: {act}: provision 2"));
    assert!(lines[3].contains(" gas, transaction 0x"), "{text}");
    assert_eq!(refusal(output), "error: 1 of 3 acts were not performed: the lines above say why");
    let stored = scene.reads(provisionsCall { grantor: patient, grantee: scene.doctor }).await?;
    assert_eq!(stored.iter().map(|provision| provision.number).collect::<Vec<_>>(), [1, 2]);
    Ok(())
}

/// The act is performed as it was signed. What policy leaves of it is said at once.
#[tokio::test(flavor = "multi_thread")]
async fn what_policy_does_not_count_is_noted() -> Result<()> {
    let scene = Scene::start().await?;
    let doctor = scene.doctor.to_string();
    let grant = |purposes| ["grant", "--grantee", &doctor, "--classes", "LABORATORY", "--purposes", purposes];
    let purposes = format!("TREAT,{SHORT},{SEPARATE}");
    let file = scene.signs(&scene.patient, "act.json", &grant(&purposes));
    let text = told(&scene.runs(&["relay", &file]));
    let lines: Vec<_> = text.lines().collect();
    assert!(lines.len() == 4 && lines[0].ends_with(", until it is revoked: provision 1"), "{text}");
    let note = format!("        note  {file}: policy ");
    assert!(lines[1].starts_with(&note) && lines[1].contains("a consent of its own for "), "{text}");
    let end = Moment(scene.chain.now().await? + 86_400);
    assert!(lines[2].starts_with(&note) && lines[2].ends_with(&format!(" at {end} already")), "{text}");
    Ok(())
}

/// The authenticator makes its key when it signs, so the passkey signs as somebody's representative.
#[tokio::test(flavor = "multi_thread")]
async fn what_a_keystore_and_a_passkey_signed_is_performed() -> Result<()> {
    let scene = Scene::start().await?;
    let (desk, contract, doctor) = (&scene.desk, scene.contract.to_string(), scene.doctor.to_string());
    let patient = scene.patient.address().to_string();
    let [act, signed, by_keystore] = ["act.json", "signed.json", "keystore.json"].map(|name| desk.path(name));
    let place = ["--contract", &contract, "--chain", "412346", "--nonce", "0"];

    let words = [&["sign"], &PERMIT[..], &[&doctor, "--grantor", &patient, "--challenge", "--out", &act], &place];
    let text = done(&run(consent(&words.concat())));
    let challenge = text.lines().find_map(|line| line.strip_prefix("the challenge for the passkey, in base64url: "));
    let file: Value = crate::parsed(&desk.read("act.json"));
    let digest = file["digest"].as_str().unwrap_or_default();
    assert_eq!(challenge.map(str::len), Some(43), "{text}");
    let made = assertion(digest.trim_start_matches("0x"))?;
    let sent = String::from_utf8(hex::decode(made["clientDataJSON"].as_str().unwrap_or_default())?)?;
    assert!(sent.contains(&format!("\"challenge\":\"{}\"", challenge.unwrap_or_default())), "{sent}");

    let assertion = desk.file("assertion.json", made.to_string());
    let text = done(&run(consent(&["sign", "--unsigned", &act, "--assertion", &assertion, "--out", &signed])));
    let passkey = Address::from_word(keccak256(hex::decode(made["publicKey"].as_str().unwrap_or_default())?));
    assert!(text.contains(&format!("\nsigned by {passkey}, a passkey\n")), "{text}");

    // It is for this act alone, and the act is worth nothing without it.
    let [other, none] = ["other.json", "none.json"].map(|name| desk.path(name));
    let words = [
        &["sign"],
        &PERMIT[..],
        &[&doctor, "--grantor", &patient, "--challenge", "--relayer", &doctor, "--out", &other],
        &place,
    ];
    let _ = done(&run(consent(&words.concat())));
    let error = refusal(run(consent(&["sign", "--unsigned", &other, "--assertion", &assertion, "--out", &none])));
    assert!(
        error.starts_with("error: the passkey's assertion: it is for another challenge than this act's, "),
        "{error}"
    );
    let output = scene.runs(&["relay", &act]);
    assert!(told(&output).contains(": nobody has signed it: give it to `consilium consent sign --unsigned`\n"));
    assert_eq!(output.status.code(), Some(1));

    let until = scene.chain.now().await? + 3_600;
    let name = setRepresentativeCall {
        grantor: scene.patient.address(),
        representative: passkey,
        classes: U256::MAX,
        purposes: u64::MAX,
        until: U48::from(until),
    };
    scene.sends(&scene.patient, name).await?;

    let keystore = desk.keystore();
    let keystore = keystore.each_ref().map(String::as_str);
    let own = [&doctor, "--grantor", KEYSTORE_ACCOUNT, "--out", &by_keystore];
    let _ = done(&run(consent(&[&["sign"], &PERMIT[..], &own, &place, &keystore].concat())));

    let text = done(&scene.runs(&["relay", &signed, &by_keystore]));
    for (file, grantor) in [(signed, patient.as_str()), (by_keystore, KEYSTORE_ACCOUNT)] {
        assert!(text.contains(&format!("        done  {file}: {grantor} permits {doctor} ")), "{text}");
    }
    Ok(())
}

/// A relayer refuses these by itself, and sends nothing.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_for_here_and_now_is_refused_before_anything_is_sent() -> Result<()> {
    let scene = Scene::start().await?;
    let (patient, doctor) = (&scene.patient, scene.doctor.to_string());
    let permit = [&PERMIT[..], &[&doctor]].concat();
    let elsewhere = somebody("elsewhere").to_string();
    let soon = (scene.chain.now().await? + 500).to_string();
    let sign = |name: &str, more: &[&str]| scene.signs(patient, name, &[&permit[..], more].concat());
    let files = [
        (
            sign("chain.json", &["--chain", "42161"]),
            "it is for chain 42161, and the node is of chain 412346: take a node",
        ),
        (sign("contract.json", &["--contract", &elsewhere]), "it is for the contract 0x"),
        (sign("nonce.json", &["--nonce", "1"]), "under this key is 0: if it was not performed before, relay those"),
        (sign("relayer.json", &["--relayer", &elsewhere]), "only 0x"),
        (sign("deadline.json", &["--deadline", &soon]), "its signature was good until "),
    ];
    let good = sign("good.json", &["--deadline", "+30d"]);
    scene.chain.advance(1_000).await?;
    let dev = scene.chain.dev_account()?.address();
    let sent = scene.chain.dev.get_transaction_count(dev).await?;
    for (file, reason) in &files {
        let output = scene.runs(&["relay", file]);
        let text = told(&output);
        assert!(text.starts_with(&format!("    NOT DONE  {file}: ")) && text.contains(reason), "{text}");
        assert_eq!(refusal(output), "error: 1 of 1 acts were not performed: the lines above say why");
    }
    assert_eq!(scene.chain.dev.get_transaction_count(dev).await?, sent, "something was sent");

    // The same file twice is performed once.
    let output = scene.runs(&["relay", &good, &good]);
    let text = told(&output);
    let lines: Vec<_> = text.lines().collect();
    assert!(lines[0].starts_with("        done  ") && lines[1].starts_with("    NOT DONE  "), "{text}");
    assert_eq!(scene.chain.dev.get_transaction_count(dev).await?, sent + 1);
    Ok(())
}

/// The transaction that a relay's last line names, and its receipt.
pub(super) async fn sent(scene: &Scene, text: &str) -> Result<(Transaction, TransactionReceipt)> {
    let hash = text.trim_end().rsplit_once("transaction ").map_or("", |(_, hash)| hash).parse()?;
    let sent = scene.chain.dev.get_transaction_by_hash(hash).await?.ok_or_eyre("it was sent")?;
    let receipt = scene.chain.dev.get_transaction_receipt(hash).await?.ok_or_eyre("it is in a block")?;
    Ok((sent, receipt))
}

/// A signature that is good at the newest block, and no more in the next one.
#[tokio::test(flavor = "multi_thread")]
async fn an_act_that_is_too_late_stops_no_other() -> Result<()> {
    let scene = Scene::start().await?;
    let (now, doctor) = (scene.chain.now().await?, scene.doctor.to_string());
    let permit = [&PERMIT[..], &[&doctor]].concat();
    let sign = |by: &Account, name: &str, more: &[&str]| scene.signs(by, name, &[&permit[..], more].concat());
    let (soon, other) = ((now + 500).to_string(), scene.chain.account("other").await?);
    let late = sign(&scene.patient, "late.json", &["--deadline", &soon]);
    let good = sign(&other, "good.json", &["--deadline", "+30d"]);
    scene.chain.set_time(now + 1_000).await?;
    let output = scene.runs(&["relay", &late, &good]);
    let text = told(&output);
    let lines: Vec<_> = text.lines().collect();
    let reason = ": the node said first that it would be performed, and when it estimated the gas: the signature was \
                  good until ";
    assert!(lines[0].starts_with("    NOT DONE  ") && lines[0].contains(reason), "{text}");
    assert!(lines[1].starts_with("        done  "), "{text}");
    let (sent, _) = sent(&scene, &text).await?;
    assert_eq!(relayCall::abi_decode(sent.input())?.signed.len(), 1);
    Ok(())
}

/// What is wrong with the relayer is not told of the acts.
#[tokio::test(flavor = "multi_thread")]
async fn a_relayer_without_ether_is_told_so() -> Result<()> {
    let scene = Scene::start().await?;
    let doctor = scene.doctor.to_string();
    let good = scene.signs(&scene.patient, "good.json", &[&PERMIT[..], &[&doctor]].concat());
    let (contract, url) = (scene.contract.to_string(), scene.chain.url());
    let mut command = consent(&["relay", &good, "--contract", &contract, "--rpc-url", &url]);
    command.env("CONSILIUM_PRIVATE_KEY", keccak256("poor").to_string());
    let output = tokio::task::block_in_place(|| command.output())?;
    assert_eq!(told(&output), "");
    let error = refusal(output);
    assert!(error.contains("insufficient funds"), "{error}");
    Ok(())
}

/// What the node does not do for a reason of its own is not told of the acts, and none is left out for it.
#[tokio::test(flavor = "multi_thread")]
async fn a_busy_node_is_not_taken_for_the_contract() -> Result<()> {
    const BUSY: &str = "too many requests";
    let scene = Scene::start().await?;
    let doctor = scene.doctor.to_string();
    let good = scene.signs(&scene.patient, "good.json", &[&PERMIT[..], &[&doctor]].concat());
    let relay = hex::encode_prefixed(relayCall::SELECTOR);
    for (method, said) in [
        ("eth_call", format!("error: could not call {}: {BUSY}", scene.contract)),
        ("eth_estimateGas", format!("error: could not estimate the gas: {BUSY}")),
    ] {
        let relay = relay.clone();
        let url = front::node(scene.chain.url(), move |asked, parameters, _| {
            let is_meant = asked == method && (asked != "eth_call" || parameters[0].to_string().contains(&relay));
            is_meant.then(|| front::error(BUSY))
        });
        let output = scene.runs_at(&url.await?, &["relay", &good]);
        assert_eq!(told(&output), "");
        assert_eq!(refusal(output), said);
    }
    // A wallet may mean that a call takes longer than a node lets it run: then it is the act that is left out.
    let url = front::node(scene.chain.url(), move |asked, parameters, _| {
        let is_meant = asked == "eth_call" && parameters[0].to_string().contains(&relay);
        is_meant.then(|| front::error("execution aborted (timeout = 5s)"))
    });
    let text = told(&scene.runs_at(&url.await?, &["relay", &good]));
    assert!(text.contains("NOT DONE") && text.contains("the node cannot try it: execution aborted"), "{text}");
    Ok(())
}

/// An event of an act is the proof of it: what a node leaves out of a receipt is not told as done.
#[tokio::test(flavor = "multi_thread")]
async fn what_has_no_event_is_not_told_as_done() -> Result<()> {
    let scene = Scene::start().await?;
    let doctor = scene.doctor.to_string();
    let first = scene.signs(&scene.patient, "first.json", &[&PERMIT[..], &[&doctor]].concat());
    let second = scene.signs(&scene.patient, "second.json", &["revoke-all", "--nonce", "1"]);
    let lying = |method: &str, _: &Value, answer: &Value| {
        let mut answer = answer.clone();
        let logs = answer.pointer_mut("/result/logs").filter(|_| method == "eth_getTransactionReceipt")?;
        logs.as_array_mut()?.remove(0);
        Some(answer)
    };
    let url = front::node(scene.chain.url(), lying).await?;
    let text = told(&scene.runs_at(&url, &["relay", &first, &second]));
    let lines: Vec<_> = text.lines().collect();
    assert!(
        lines[0].starts_with("    NOT DONE  ") && lines[0].contains(" has no event of it: look at it by "),
        "{text}"
    );
    assert!(lines[1].starts_with("        done  "), "{text}");
    Ok(())
}

/// A contract of another kind could answer anything, and take any gas.
#[tokio::test(flavor = "multi_thread")]
async fn a_contract_of_another_kind_is_refused() -> Result<()> {
    let scene = Scene::start().await?;
    let act = scene.signs(&scene.patient, "act.json", &[&PERMIT[..], &[&scene.doctor.to_string()]].concat());
    let url = scene.chain.url();
    for (contract, reason) in [
        (somebody("nobody"), "there is no contract at "),
        (nitro::STYLUS_DEPLOYER, "does not answer as a consent contract"),
    ] {
        let contract = contract.to_string();
        for words in [
            &["relay", &act][..],
            &["verify", "--grantor", KEYSTORE_ACCOUNT],
            &["ask", "--grantor", KEYSTORE_ACCOUNT, "--actor", KEYSTORE_ACCOUNT, "--class", "1", "--purpose", "1"],
        ] {
            let code = if words[0] == "relay" { 1 } else { 4 };
            let error = failure(run(consent(&[words, &["--contract", &contract, "--rpc-url", &url]].concat())), code);
            assert!(error.contains(reason) && error.contains("correct the address"), "{error}");
        }
    }
    Ok(())
}
