//! What is refused: changed files, other chains and Safes, strangers, nodes that lie, and what no Safe is.

use alloy::primitives::{Address, B256, hex};
use eyre::Result;
use harness::front;
use serde_json::{Value, json};

use super::scene::*;
use crate::consent::scene::done;
use crate::refusal;

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_file_is_refused_by_every_command() -> Result<()> {
    let scene = Scene::start(Of::Us).await?;
    let signed = scene.signs(&scene.ann, &scene.pays("pay.json", "5", &[]), &[]);
    let other = scene.signs(&scene.ann, &scene.pays("other.json", "6", &[]), &[]);
    let (whole, foreign) = (scene.json(&signed), scene.json(&other)["signatures"].clone());
    let elsewhere = json!(scene.relayer.address());
    for (place, to, reason) in [
        ("/transaction/to", elsewhere.clone(), "its messageHash is not that of what it says: something was changed"),
        ("/transaction/value", json!("6"), "its messageHash is not that"),
        ("/chainId", json!(1), "its domainHash is not that"),
        ("/safe", json!(scene.singleton), "its domainHash is not that"),
        ("/safeTxHash", json!(B256::ZERO), "its safeTxHash is not that"),
        ("/signatures", foreign, "did not sign this transaction"),
        ("/signatures/0/owner", elsewhere, "did not sign this transaction"),
        ("/format", json!("consilium-safe-transaction/2"), "its format is not"),
    ] {
        let mut changed = whole.clone();
        *changed.pointer_mut(place).expect(place) = to;
        if place == "/transaction/to" {
            changed["transaction"]["to"] = json!(scene.safe);
        }
        let file = scene.desk.file("changed.json", changed.to_string());
        for words in [&["show", &*file][..], &["execute", &file], &["sign", &file, "--out", "/dev/null/no"]] {
            let error = refusal(scene.runs(&scene.ben, words));
            assert!(error.contains("changed.json is not taken: ") && error.contains(reason), "{place}: {error}");
        }
    }
    let nothing = scene.desk.path("nothing.json");
    assert!(refusal(scene.runs(&scene.ben, &["show", &nothing])).contains("cannot be read"));
    let cut = scene.desk.file("cut.json", &whole.to_string()[..90]);
    assert!(refusal(scene.runs(&scene.ben, &["show", &cut])).contains("it ends in the middle"));
    assert!(refusal(scene.runs(&scene.ben, &["show", &signed, &other])).contains("is of another transaction"));
    Ok(())
}

/// What a file says in words is not read: the words are made again.
#[tokio::test(flavor = "multi_thread")]
async fn false_words_in_a_file_deceive_nobody() -> Result<()> {
    let scene = Scene::start(Of::Us).await?;
    let mut changed = scene.json(&scene.pays("pay.json", "5", &[]));
    changed["says"] = json!(["sends nothing to nobody"]);
    let file = scene.desk.file("changed.json", changed.to_string());
    let told = done(&scene.runs(&scene.ann, &["show", &file]));
    assert!(told.contains("sends 5 wei to") && !told.contains("nobody"), "{told}");
    let signed = scene.json(&scene.signs(&scene.ann, &file, &[]));
    assert!(signed["says"][1].as_str().expect("words").starts_with("sends 5 wei to"), "{signed}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn another_safe_another_chain_and_another_hash_are_refused() -> Result<()> {
    let scene = Scene::start(Of::Us).await?;
    let file = scene.pays("pay.json", "5", &[]);
    let out = scene.desk.path("no.json");
    let other = scene.singleton.to_string();
    let error = refusal(scene.runs(&scene.ann, &["sign", &file, "--safe", &other, "--out", &out]));
    assert!(error.contains(&format!("it is of the Safe {}, and not of {other}", scene.safe)), "{error}");

    let is_call = |params: &Value, signature: &str| {
        let selector = hex::encode_prefixed(&alloy::primitives::keccak256(signature)[..4]);
        params[0]["input"].as_str().is_some_and(|input| input.starts_with(&selector))
    };
    let url =
        front::node(scene.chain.url(), |method, _, _| (method == "eth_chainId").then(|| json!({ "result": "0xa4b1" })));
    let error = refusal(scene.runs_at(&url.await?, &scene.ann, &["sign", &file, "--out", &out]));
    assert!(error.contains("it is for chain 412346, and the node is of chain 42161"), "{error}");

    let hashes = "getTransactionHash(address,uint256,bytes,uint8,uint256,uint256,uint256,address,address,uint256)";
    let url = front::node(scene.chain.url(), move |method, params, _| {
        (method == "eth_call" && is_call(params, hashes)).then(|| json!({ "result": B256::repeat_byte(1) }))
    });
    let error = refusal(scene.runs_at(&url.await?, &scene.ann, &["sign", &file, "--out", &out]));
    assert!(error.contains("gives this transaction the hash 0x0101") && error.contains("do not sign"), "{error}");

    let url = front::node(scene.chain.url(), move |method, params, _| {
        let version = alloy::sol_types::SolValue::abi_encode("1.1.1");
        (method == "eth_call" && is_call(params, "VERSION()"))
            .then(|| json!({ "result": hex::encode_prefixed(version) }))
    });
    let error = refusal(scene.runs_at(&url.await?, &scene.ann, &["sign", &file, "--out", &out]));
    assert!(error.contains("the Safe's version is \"1.1.1\", and those known here are 1.4.1, 1.5.0"), "{error}");

    // The next version hashes as this one.
    let url = front::node(scene.chain.url(), move |method, params, _| {
        let version = alloy::sol_types::SolValue::abi_encode("1.5.0");
        (method == "eth_call" && is_call(params, "VERSION()"))
            .then(|| json!({ "result": hex::encode_prefixed(version) }))
    });
    let told = done(&scene.runs_at(&url.await?, &scene.ann, &["show", &file]));
    assert!(told.contains("is of version 1.5.0; 2 of its 3 owners have to sign"), "{told}");
    assert!(!std::path::Path::new(&out).exists());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_and_former_owners_do_not_sign() -> Result<()> {
    let scene = Scene::start(Of::Us).await?;
    let (file, out) = (scene.pays("pay.json", "5", &["--nonce", "1"]), scene.desk.path("no.json"));
    let stranger = scene.relayer.address();
    for words in [&["sign", &*file, "--out", &out][..], &["sign", &file, "--on-chain"]] {
        let error = refusal(scene.runs(&scene.relayer, words));
        assert!(error.contains(&format!("{stranger} is no owner of the Safe")), "{error}");
    }
    let by_eve = scene.signs(&scene.eve, &file, &[]);
    let error = refusal(scene.runs(&scene.eve, &["sign", &by_eve, "--out", &out]));
    assert!(error.contains("has signed it already"), "{error}");
    scene.does(&scene.eve, &["sign", "--on-chain", &file]);
    let error = refusal(scene.runs(&scene.eve, &["sign", "--on-chain", &file]));
    assert!(error.contains("has approved it already"), "{error}");

    let (ben, eve) = (scene.ben.address().to_string(), scene.eve.address().to_string());
    scene.changes("remove.json", "removeOwner(address,address,uint256)", &[&ben, &eve, "2"]);
    let error = refusal(scene.runs(&scene.ann, &["sign", &by_eve, "--out", &out]));
    assert!(error.contains(&format!("it has a signature of {eve}, who is no owner")), "{error}");
    let by_ann = scene.signs(&scene.ann, &file, &[]);
    let error = refusal(scene.runs(&scene.relayer, &["execute", &by_ann, &by_eve]));
    assert!(error.contains(&format!("1 more of these owners have to sign: {ben}")), "{error}");
    assert!(error.contains(&format!("Signatures of {eve} do not count")), "{error}");
    let told = done(&scene.runs(&scene.ann, &["show", &by_ann, &by_eve]));
    assert!(told.contains(&format!("\nNO OWNER  {eve}: its signature does not count\n")), "{told}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_proposed_is_refused() -> Result<()> {
    let scene = Scene::start(Of::Us).await?;
    let (safe, to, out) = (scene.safe.to_string(), scene.relayer.address().to_string(), scene.desk.path("no.json"));
    let nobody = Address::repeat_byte(9).to_string();
    let proposes =
        |at: &str, words: &[&str]| scene.runs(&scene.ann, &[&["propose", "--safe", at, "--out", &out], words].concat());
    for (at, words, reason) in [
        (&*safe, &["--to", &*to, "--data", "0x01020304"][..], "there is no contract at"),
        (&safe, &["--to", &safe, "--call", "changeThreshold(uint256)", "one"], "argument 1 is not uint256: one"),
        (&safe, &["--to", &safe, "--call", "changeThreshold(uint256)"], "takes 1 arguments, and 0 are given"),
        (&safe, &["--to", &safe, "--call", "changeThreshold"], "is not a function's signature"),
        (&nobody, &["--to", &to], "there is no contract at"),
        (&to, &["--to", &to], "there is no contract at"),
        (&scene.singleton.to_string(), &["--to", &to], "does not answer as a Safe"),
    ] {
        let error = refusal(proposes(at, words));
        assert!(error.contains(reason), "{error}");
    }
    assert!(!std::path::Path::new(&out).exists());
    let file = scene.pays("pay.json", "5", &[]);
    let words = ["propose", "--safe", &safe, "--to", &to, "--out", &file];
    assert!(refusal(scene.runs(&scene.ann, &words)).contains("is there already"));
    for (words, said) in [
        (&["--to", &*to, "--data", "0x1"][..], "this is not data"),
        (&["--to", &to, "--value", "0x5"], "this is not a whole number"),
        (&["--to", &to, "--data", "0x", "--call", "f()"], "cannot be used with"),
        (&["--to", &to, "--offline"], "required"),
        (&["--to", &to, "--owners", &to], "required"),
        (&["--to", &to, "5"], "required"),
        (&["--to", "relayer"], "this is not an address"),
    ] {
        let output = proposes(&safe, words);
        assert_eq!(output.status.code(), Some(2), "{output:?}");
        let error = String::from_utf8(output.stderr)?;
        assert!(error.contains(said), "{error}");
    }
    Ok(())
}
