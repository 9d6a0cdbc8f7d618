//! Owners of other kinds than a key on secp256k1: keys on P-256, of our Safe 1.5.0, and contracts (ERC-1271).

use alloy::primitives::{B256, U256, hex};
use consilium_bindings::Safe as abi;
use eyre::Result;
use serde_json::{Value, json};

use super::scene::*;
use crate::consent::scene::done;
use crate::passkey::Passkey;
use crate::refusal;

/// Nothing listens there.
const NOWHERE: &str = "http://127.0.0.1:1";

impl Scene {
    /// The words that sign a file by what the contract takes as its signature.
    fn by_contract(&self, name: &str, own: &[u8]) -> [String; 4] {
        let file = self.desk.file(name, hex::encode_prefixed(own) + "\n");
        ["--contract".into(), self.contract.to_string(), "--contract-signature".into(), file]
    }

    /// Signs a file as nobody, with these words, to a file of this name; its path.
    #[track_caller]
    fn adds(&self, file: &str, name: &str, words: &[&str]) -> String {
        let out = self.desk.path(name);
        self.does(&self.relayer, &[&["sign", file, "--out", &out], words].concat());
        out
    }

    /// Why a file is not signed with these words.
    #[track_caller]
    fn refuses(&self, file: &str, words: &[&str]) -> String {
        let out = self.desk.path("no.json");
        let error = refusal(self.runs(&self.relayer, &[&["sign", file, "--out", &out], words].concat()));
        assert!(!std::path::Path::new(&out).exists());
        error
    }

    fn hash(&self, file: &str) -> B256 {
        self.json(file)["safeTxHash"].as_str().expect("a hash").parse().expect("a hash")
    }
}

/// Two of P-256, a contract, and keys in both manners sign; one approves. What belongs to signatures is in its place
/// whatever the order of the addresses.
#[tokio::test(flavor = "multi_thread")]
async fn owners_of_every_kind_sign_and_anybody_executes() -> Result<()> {
    let [phone, token] = [1, 2].map(Passkey::new);
    let scene = Scene::with(Of::UsV15, &[phone.account(), token.account(), CONTRACT], 6).await?;
    for nonce in 0..2 {
        let file = scene.pays(&format!("pay{nonce}.json"), "5", &[]);
        let hash = scene.hash(&file);
        let key = scene.desk.file("phone.jwk", phone.jwk());
        let by_phone = scene.adds(&file, &format!("phone{nonce}.json"), &["--p256-key", &key]);
        // Either half of `s` is good.
        let signed = scene.desk.file("token.json", token.signs(hash, nonce == 1).to_string());
        let by_token = scene.adds(&file, &format!("token{nonce}.json"), &["--p256-signature", &signed]);
        let words = scene.by_contract("contract.hex", &[&[6], &hash[..], &[9; 40]].concat());
        let words = words.each_ref().map(String::as_str);
        let by_contract = scene.adds(&file, &format!("contract{nonce}.json"), &words);
        let by_ann = scene.signs(&scene.ann, &file, &[]);
        let by_ben = scene.signs(&scene.ben, &file, &["--eth-sign"]);
        scene.does(&scene.eve, &["sign", "--on-chain", &file]);
        let files = [&*by_phone, &by_token, &by_contract, &by_ann, &by_ben];
        let told = done(&scene.runs(&scene.relayer, &[&["show"], &files[..]].concat()));
        for (owner, how) in [
            (phone.account(), "key on P-256"),
            (token.account(), "key on P-256"),
            (scene.contract, "contract"),
            (scene.ann.address(), "typed data"),
            (scene.ben.address(), "eth_sign"),
        ] {
            assert!(told.contains(&format!("\nsigned    {owner}, {how}\n")), "{told}");
        }
        assert!(told.ends_with("\ncan be executed\n"), "{told}");
        let executed = scene.does(&scene.relayer, &[&["execute"], &files[..]].concat());
        assert_eq!((&executed["success"], executed["signers"].as_array().map(Vec::len)), (&true.into(), Some(6)));
    }
    Ok(())
}

/// Contracts sign for every version, with the question of each.
#[tokio::test(flavor = "multi_thread")]
async fn a_contract_signs_for_every_version() -> Result<()> {
    for of in [Of::Us, Of::Safe, Of::UsV15, Of::SafeV15] {
        let scene = Scene::with(of, &[CONTRACT], 2).await?;
        let file = scene.pays("pay.json", "5", &[]);
        let words = scene.by_contract("contract.hex", &[&[6], &scene.hash(&file)[..]].concat());
        let signed = scene.adds(&file, "signed.json", &words.each_ref().map(String::as_str));
        let both = scene.signs(&scene.ann, &signed, &[]);
        assert_eq!(scene.does(&scene.relayer, &["execute", &both])["success"], true);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_contract_did_not_sign_is_refused() -> Result<()> {
    let scene = Scene::with(Of::UsV15, &[CONTRACT], 2).await?;
    let file = scene.pays("pay.json", "5", &[]);
    let good = scene.by_contract("good.hex", &[]);
    let good = good.each_ref().map(String::as_str);
    for (own, reason) in [
        (&[1][..], "a contract says that it has not signed: ask its owners (GS024)"),
        (&[2], "it reverted with 0x"),
        (&[&[6][..], &[0; 32]].concat(), "a contract says that it has not signed"),
    ] {
        let words = scene.by_contract("bad.hex", own);
        let error = scene.refuses(&file, &words.each_ref().map(String::as_str));
        let start = format!("the Safe does not take the signature of {}: {reason}", scene.contract);
        assert!(error.contains(&start), "{error}");
    }
    let stranger = scene.safe.to_string();
    let error = scene.refuses(&file, &["--contract", &stranger, "--contract-signature", good[3]]);
    assert!(error.contains("is no owner of the Safe"), "{error}");
    let text = scene.desk.file("text.hex", "0x1");
    let error = scene.refuses(&file, &["--contract", good[1], "--contract-signature", &text]);
    assert!(error.contains("is not a contract's signature: write 0x"), "{error}");

    // Without a node nobody asks the contract; with one it does not count, and its approval would.
    let (words, out) = (scene.by_contract("bad.hex", &[1]), scene.desk.path("offline.json"));
    let words = words.each_ref().map(String::as_str);
    let told = done(&scene.runs_at(
        NOWHERE,
        &scene.relayer,
        &[&["sign", "--offline", &file, "--out", &out], &words[..]].concat(),
    ));
    assert!(told.contains("not checked, since no node was asked: "), "{told}");
    let told = done(&scene.runs(&scene.ann, &["show", &out]));
    let line = format!("\nREFUSED   {}, contract: a contract says that it has not signed", scene.contract);
    assert!(told.contains(&line) && told.contains(&format!("\nmissing   {}\n", scene.contract)), "{told}");
    assert!(told.ends_with("\nlacks 2 more\n"), "{told}");
    let shown = scene.does(&scene.ann, &["show", &out]);
    assert_eq!((&shown["signed"], shown["refused"].as_array().map(Vec::len)), (&json!([]), Some(1)));
    // Where another file has a good one, it is named.
    let signed = scene.adds(&file, "good.json", &good);
    let error = refusal(scene.runs(&scene.ann, &["execute", &out, &signed]));
    assert!(error.contains(&format!("has another signature of the contract {}", scene.contract)), "{error}");
    assert_eq!(scene.does(&scene.ann, &["show", &signed, &signed])["signed"].as_array().map(Vec::len), Some(1));
    // A good one takes its place, and is not replaced by itself.
    let mended = scene.adds(&out, "mended.json", &good);
    assert_eq!(scene.does(&scene.ann, &["show", &mended])["signed"].as_array().map(Vec::len), Some(1));
    let error = scene.refuses(&mended, &good);
    assert!(error.contains(&format!("{} has signed it already", scene.contract)), "{error}");
    let error = refusal(scene.runs(&scene.ann, &["execute", &out]));
    assert!(
        error.contains(&format!("The Safe does not take the signature of {}: a contract", scene.contract)),
        "{error}"
    );
    Ok(())
}

/// Neither Safe's own of any version nor ours of 1.4.1 takes such a key. They are owners there all the same, if somebody
/// made them that, and cannot sign.
#[tokio::test(flavor = "multi_thread")]
async fn a_safe_without_keys_on_p256_takes_none() -> Result<()> {
    let phone = Passkey::new(1);
    for (of, offline, online) in [
        (Of::Us, false, "a Safe of version 1.4.1 takes no signature by a key on P-256: our Safe of version 1.5.0 does"),
        (
            Of::Safe,
            false,
            "a Safe of version 1.4.1 takes no signature by a key on P-256: our Safe of version 1.5.0 does",
        ),
        (
            Of::SafeV15,
            true,
            "it takes no signature by a key on P-256, as no Safe of version 1.4.1 and not Safe's own 1.5.0",
        ),
    ] {
        let scene = Scene::with(of, &[phone.account()], 1).await?;
        let file = scene.pays("pay.json", "5", &[]);
        let key = scene.desk.file("phone.jwk", phone.jwk());
        let words = ["--p256-key", &*key];
        let error = scene.refuses(&file, &words);
        assert!(error.contains(online), "{of:?}: {error}");
        let out = scene.desk.path("offline.json");
        let sign = [&["sign", "--offline", &file, "--out", &out], &words[..]].concat();
        let signed = scene.runs_at(NOWHERE, &scene.relayer, &sign);
        if !offline {
            assert!(refusal(signed).contains(online));
            continue;
        }
        done(&signed);
        let told = done(&scene.runs(&scene.ann, &["show", &out]));
        let line = format!("\nREFUSED   {}, key on P-256: {online}", phone.account());
        assert!(told.contains(&line) && told.ends_with("\nlacks 1 more\n"), "{told}");
        let error = refusal(scene.runs(&scene.relayer, &["execute", &out]));
        assert!(error.contains(&format!("the signature of {}: {online}", phone.account())), "{error}");
        // Another owner's counts.
        let by_ann = scene.signs(&scene.ann, &file, &[]);
        assert_eq!(scene.does(&scene.relayer, &["execute", &out, &by_ann])["success"], true);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_key_on_p256_did_not_sign_is_refused() -> Result<()> {
    let [phone, other] = [1, 2].map(Passkey::new);
    let scene = Scene::with(Of::UsV15, &[phone.account()], 1).await?;
    let (file, next) = (scene.pays("pay.json", "5", &[]), scene.pays("next.json", "6", &["--nonce", "1"]));
    let hash = scene.hash(&file);
    let with = |name: &str, text: &str| ["--p256-signature".to_owned(), scene.desk.file(name, text)];
    let changed = |member: &str, value: Value| {
        let mut signed = phone.signs(hash, false);
        signed[member] = value;
        signed.to_string()
    };
    let whole = phone.signs(hash, false)["signature"].as_str().expect("digits").to_owned();
    for (text, reason) in [
        (phone.signs(scene.hash(&next), false).to_string(), "did not sign this transaction"),
        (other.signs(hash, false).to_string(), "is no owner of the Safe"),
        (changed("signature", other.signs(hash, false)["signature"].clone()), "did not sign this transaction"),
        (changed("signature", whole[..whole.len() - 2].into()), "is neither DER nor r and s"),
        (changed("signature", whole[..whole.len() - 1].into()), "is not base64url, nor 0x"),
        (changed("publicKey", phone.public()[..128].into()), "is not of a P-256 key"),
        ("{".to_owned(), "it ends in the middle"),
    ] {
        let words = with("signed.json", &text);
        let error = scene.refuses(&file, &words.each_ref().map(String::as_str));
        assert!(error.contains(reason), "{text}: {error}");
    }
    for (text, reason) in [
        (other.jwk(), format!("{} is no owner of the Safe", other.account())),
        (phone.jwk().replace("\"0x", "\"0x00"), "give a private key on P-256".to_owned()),
        (phone.jwk().replace("P-256", "P-384"), "its public key is another key's".to_owned()),
    ] {
        let key = scene.desk.file("key.jwk", text);
        let error = scene.refuses(&file, &["--p256-key", &key]);
        assert!(error.contains(&reason), "{error}");
    }

    // In a file.
    let key = scene.desk.file("phone.jwk", phone.jwk());
    let signed = scene.adds(&file, "good.json", &["--p256-key", &key]);
    assert!(scene.refuses(&signed, &["--p256-key", &key]).contains("has signed it already"));
    let good = scene.json(&signed);
    let bytes = good["signatures"][0]["signature"].as_str().expect("digits").to_owned();
    let mut flipped = hex::decode(&bytes)?;
    flipped[70] ^= 1;
    for (place, to, reason) in [
        ("/transaction/value", json!("6"), "its messageHash is not that"),
        ("/signatures/0/owner", json!(scene.ann.address()), "has the address"),
        ("/signatures/0/signature", json!(hex::encode_prefixed(flipped)), "did not sign this transaction"),
        ("/signatures/0/signature", json!(bytes[..bytes.len() - 2]), "a signature has 193 bytes, and this has 192"),
    ] {
        let mut changed = good.clone();
        *changed.pointer_mut(place).expect(place) = to;
        let changed = scene.desk.file("changed.json", changed.to_string());
        for words in [&["show", &*changed][..], &["execute", &changed]] {
            let error = refusal(scene.runs(&scene.relayer, words));
            assert!(error.contains("changed.json is not taken: ") && error.contains(reason), "{error}");
        }
    }
    assert_eq!(scene.does(&scene.relayer, &["execute", &signed])["success"], true);
    Ok(())
}

/// A public key stands for its address where owners are named.
#[tokio::test(flavor = "multi_thread")]
async fn an_owner_is_named_by_its_public_key() -> Result<()> {
    let phone = Passkey::new(1);
    let scene = Scene::start(Of::UsV15).await?;
    scene.changes("add.json", "addOwnerWithThreshold(address,uint256)", &[&phone.public(), "1"]);
    assert!(scene.reads(abi::isOwnerCall { owner: phone.account() }).await?);
    let (safe, to, out) =
        (scene.safe.to_string(), scene.relayer.address().to_string(), scene.desk.path("offline.json"));
    let words = ["propose", "--offline", "--safe", &safe, "--chain", "412346", "--safe-version", "1.5.0", "--owners"];
    let rest = ["--threshold", "1", "--nonce", "1", "--to", &to, "--value", "5", "--out", &out];
    done(&scene.runs_at(NOWHERE, &scene.relayer, &[&words[..], &[&phone.public()], &rest].concat()));
    let key = scene.desk.file("phone.jwk", phone.jwk());
    let signed = scene.desk.path("signed.json");
    let words = ["sign", "--offline", &out, "--p256-key", &key, "--out", &signed];
    done(&scene.runs_at(NOWHERE, &scene.relayer, &words));
    let told = done(&scene.runs_at(NOWHERE, &scene.relayer, &["show", "--offline", &signed]));
    assert!(told.contains(&format!("\nsigned    {}, key on P-256\n", phone.account())), "{told}");
    assert_eq!(scene.does(&scene.relayer, &["execute", &signed])["success"], true);
    assert_eq!(scene.reads(abi::nonceCall {}).await?, U256::from(2));
    Ok(())
}
