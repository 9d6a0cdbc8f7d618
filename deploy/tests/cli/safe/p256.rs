//! Owners with keys on P-256: they are not added where they could never sign, and a delegated call may lock them out.

use alloy::primitives::{B256, Bytes, U256};
use alloy::sol_types::{Revert, SolCall, SolError};
use consilium_bindings::Safe as abi;
use eyre::Result;

use super::scene::*;
use crate::consent::scene::done;
use crate::passkey::Passkey;
use crate::refusal;

const ALL: [Of; 4] = [Of::Us, Of::Safe, Of::UsV15, Of::SafeV15];

/// The functions that make somebody an owner.
const ADD: &str = "addOwnerWithThreshold(address,uint256)";
const SWAP: &str = "swapOwner(address,address,address)";

/// What a Safe is asked by, and what all four singletons answer: whose place is looked at has a key on P-256.
#[tokio::test(flavor = "multi_thread")]
async fn only_a_safe_that_takes_such_keys_looks_for_what_belongs_to_them() -> Result<()> {
    for of in ALL {
        let scene = Scene::start(of).await?;
        let mut signatures = [0; 65];
        signatures[64] = 2;
        let call = abi::checkNSignaturesCall {
            dataHash: B256::ZERO,
            data: Bytes::new(),
            signatures: signatures.to_vec().into(),
            requiredSignatures: U256::ONE,
        };
        let answer = scene.chain.ask(scene.ann.address(), scene.safe, call.abi_encode()).await?;
        let reason = if of == Of::UsV15 { "GS021" } else { "GS026" };
        answer.refused_with(&Revert { reason: reason.to_owned() }.abi_encode());
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_public_key_becomes_an_owner_only_where_it_can_sign() -> Result<()> {
    let phone = Passkey::new(1);
    let (key, account) = (phone.public(), phone.account().to_string());
    for of in ALL {
        let scene = Scene::start(of).await?;
        let (safe, to) = (scene.safe.to_string(), scene.relayer.address().to_string());
        let owners = [&scene.eve, &scene.ben].map(|owner| owner.address().to_string());
        let out = scene.desk.path("out.json");
        for (call, arguments) in [(ADD, &[&*key, "3"][..]), (SWAP, &[&owners[0], &owners[1], &key])] {
            let words =
                [&["propose", "--safe", &safe, "--to", &safe, "--out", &out, "--call", call], arguments].concat();
            let output = scene.runs(&scene.ann, &words);
            if of == Of::UsV15 {
                done(&output);
                std::fs::remove_file(&out)?;
                continue;
            }
            let error = refusal(output);
            let said = format!("{account} has a key on P-256, and the Safe {safe} could never take its signature");
            assert!(error.contains(&said), "{of:?}: {error}");
            assert!(!std::path::Path::new(&out).exists());
        }
        // Elsewhere a key's address is nobody's owner.
        let words = ["--to", &safe, "--call", "isOwner(address)", &to];
        scene.proposes("to.json", &words);
        let words = ["--to", &scene.singleton.to_string(), "--call", "isOwner(address)", &key];
        scene.proposes("key.json", &words);
    }
    Ok(())
}

/// Nobody asks the Safe then, and the version says it half of the time.
#[tokio::test(flavor = "multi_thread")]
async fn without_a_node_the_version_decides_or_is_warned_of() -> Result<()> {
    let phone = Passkey::new(1);
    let scene = Scene::start(Of::Us).await?;
    let (safe, owner, key) = (scene.safe.to_string(), scene.ann.address().to_string(), phone.public());
    let proposes = |version: &str, name: &str, json: &[&str], last: &[&str]| {
        let out = scene.desk.path(name);
        let words = ["propose", "--offline", "--safe", &safe, "--chain", "412346", "--safe-version", version];
        let rest = ["--owners", &owner, "--threshold", "1", "--nonce", "0", "--to", &safe, "--out", &out];
        scene.runs_at("http://127.0.0.1:1", &scene.ann, &[&words[..], &rest, json, &["--call", ADD], last].concat())
    };
    let error = refusal(proposes("1.4.1", "no.json", &[], &[&key, "2"]));
    assert!(error.contains("could never take its signature") && error.contains("of version 1.4.1"), "{error}");
    assert!(!std::path::Path::new(&scene.desk.path("no.json")).exists());
    let warning = "WARNING: whether the Safe takes signatures by keys on P-256 was not asked: ";
    let told = done(&proposes("1.5.0", "told.json", &[], &[&key, "2"]));
    assert!(told.contains(&format!("\n{warning}")), "{told}");
    let told: serde_json::Value =
        serde_json::from_str(&done(&proposes("1.5.0", "json.json", &["--json"], &[&key, "2"])))?;
    assert!(told["warning"].as_str().is_some_and(|text| text.starts_with(warning)), "{told}");
    let told = done(&proposes("1.5.0", "other.json", &[], &[&owner, "2"]));
    assert!(!told.contains("WARNING"), "{told}");
    Ok(())
}

/// The code of a delegated call can write another singleton into slot 0, and Safe's own 1.5.0 takes no such key.
#[tokio::test(flavor = "multi_thread")]
async fn a_delegated_call_that_may_lock_out_a_key_on_p256_is_warned_of() -> Result<()> {
    let phone = Passkey::new(1);
    let scene = Scene::with(Of::UsV15, &[phone.account()], 2).await?;
    let to = scene.contract.to_string();
    let file = scene.proposes("move.json", &["--to", &to, "--data", "0x01020304", "--allow-delegatecall"]);
    let key = scene.desk.file("phone.jwk", phone.jwk());
    let warning = format!(
        "WARNING: its delegated call may move the Safe to another singleton, and {} signs by a key on P-256: ",
        phone.account()
    );
    let told = done(&scene.runs(&scene.ann, &["show", &file]));
    assert!(!told.contains("another singleton"), "{told}");
    let signed = scene.desk.path("signed.json");
    let words = ["sign", "--allow-delegatecall", &file, "--p256-key", &key, "--out", &signed];
    let told = done(&scene.runs(&scene.relayer, &words));
    assert!(told.contains(&format!("\n{warning}")), "{told}");
    for words in [&["show", &*signed][..], &["show", "--offline", &signed]] {
        let told = done(&scene.runs(&scene.ann, words));
        assert!(told.contains(&format!("\n{warning}")), "{told}");
        let told: serde_json::Value =
            serde_json::from_str(&done(&scene.runs(&scene.ann, &[words, &["--json"]].concat())))?;
        assert!(told["warning"].as_str().is_some_and(|text| text.starts_with(&warning)), "{told}");
    }
    let out = scene.desk.path("both.json");
    let told = done(&scene.runs(&scene.ann, &["sign", "--allow-delegatecall", &signed, "--out", &out]));
    assert!(told.contains(&format!("\n{warning}")), "{told}");
    // A call does not.
    let words = ["--p256-key", &*key, "--out", &scene.desk.path("paid.json")];
    let told = done(&scene.runs(&scene.relayer, &[&["sign", &*scene.pays("pay.json", "5", &[])], &words[..]].concat()));
    assert!(!told.contains("WARNING"), "{told}");
    Ok(())
}
