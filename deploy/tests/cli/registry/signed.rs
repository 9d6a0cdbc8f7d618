//! Acts are signed offline, and brought to the registry by others.

use std::process::Output;

use alloy::primitives::{Address, B256, U256, keccak256};
use consilium_bindings::DataPointerRegistry as R;
use eyre::Result;
use harness::chain::Account;
use serde_json::Value;

use super::registry;
use super::scene::*;
use crate::consent::scene::{KEYSTORE_ACCOUNT, done, told};
use crate::{refusal, run};

/// A public key of X25519 that somebody asks with.
pub(super) const KEY: &str = "0x2222222222222222222222222222222222222222222222222222222222222222";

impl Scene {
    /// Signs an act as an account to a file of this name, for this registry unless `words` say otherwise.
    pub(super) fn signing(&self, by: &Account, name: &str, words: &[&str]) -> (String, Output) {
        let (contract, out) = (self.at.to_string(), self.desk.path(name));
        let mut all = [&["sign"], words, &["--out", &out]].concat();
        for (option, value) in [("--contract", contract.as_str()), ("--chain", "412346"), ("--nonce", "0")] {
            if !words.contains(&option) {
                all.extend([option, value]);
            }
        }
        let mut command = registry(&all);
        // A node would be noticed.
        command.env("CONSILIUM_RPC_URL", "http://127.0.0.1:1");
        command.env("CONSILIUM_PRIVATE_KEY", by.signer.to_bytes().to_string());
        (out.clone(), run(command))
    }

    /// The same, which must succeed; the file.
    #[track_caller]
    pub(super) fn signs(&self, by: &Account, name: &str, words: &[&str]) -> String {
        let (out, output) = self.signing(by, name, words);
        let _ = done(&output);
        out
    }

    /// The doctor's request for a record, signed under a key of nonces of its own.
    #[track_caller]
    pub(super) fn asks(&self, name: &str, id: &str, more: &[&str]) -> String {
        let actor = self.doctor.address().to_string();
        let words = ["request", "--id", id, "--actor", &actor, "--purpose", "TREAT", "--encryption-key", KEY];
        self.signs(&self.doctor, name, &[&words, more].concat())
    }

    /// A pointer that the laboratory is named in; its file and its id are not on the chain.
    pub(super) fn unregistered(&self, name: &str) -> String {
        let file = self.pointer(name, &keccak256("commitment").to_string());
        let mut pointer: Value = serde_json::from_str(&self.desk.read(name)).expect("JSON");
        pointer["custodian"] = self.lab.address().to_string().into();
        std::fs::write(&file, pointer.to_string()).expect("written");
        file
    }

    pub(super) async fn state(&self, id: B256) -> Result<u8> {
        Ok(self.reads(R::statusCall { id }).await?.state)
    }
}

/// The subject signs once, without a consent; the custodian registers.
#[tokio::test(flavor = "multi_thread")]
async fn a_subject_signs_and_its_custodian_registers_then_anybody_erases() -> Result<()> {
    let scene = Scene::start().await?;
    scene.revokes().await?;
    let (patient, lab) = (scene.patient.address(), scene.lab.address());
    let pointer = scene.unregistered("result.json");
    let (file, output) = scene.signing(&scene.patient, "register.json", &["register", "--pointer", &pointer]);
    let text = done(&output);
    assert!(text.starts_with(&format!("{patient} lets {lab} register the pointer 0x")), "{text}");
    assert!(text.contains(&format!("\nfor the contract {} on chain 412346\n", scene.at)), "{text}");
    assert!(text.ends_with(&format!("\nsigned by {patient}\nwritten to {file}\n")), "{text}");

    let output = scene.runs(&scene.doctor, &["relay", &file]);
    let reason =
        format!(": the pointer's custodian is {lab}, and {} sends: let {lab} relay it", scene.doctor.address());
    assert!(told(&output).trim_end().ends_with(&reason), "{output:?}");
    let text = done(&scene.runs(&scene.lab, &["relay", &file]));
    assert!(text.starts_with(&format!("        done  {file}: {patient} lets {lab} register the pointer ")), "{text}");
    assert!(text.contains("\n              ") && text.contains(" gas, transaction 0x"), "{text}");
    let all = R::pointersOfCall { subject: patient, start: U256::ZERO, limit: U256::from(9) };
    let id = scene.reads(all).await?[0];
    assert_eq!(scene.state(id).await?, 1);

    // A signature is used once.
    let output = scene.runs(&scene.lab, &["relay", &file]);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(
        told(&output).contains("    NOT DONE  ") && told(&output).contains("(RegistryPointerExists)"),
        "{output:?}"
    );

    let erase = ["erase", "--id", &id.to_string()];
    let used = scene.signs(&scene.patient, "used.json", &erase);
    let output = scene.runs(&scene.doctor, &["relay", &used]);
    let reason = format!("the next nonce of {patient} under this key is 1: ");
    assert!(told(&output).contains(&reason) && told(&output).contains("(InvalidAccountNonce)"), "{output:?}");
    let stranger = scene.signs(&scene.doctor, "stranger.json", &erase);
    let output = scene.runs(&scene.doctor, &["relay", &stranger]);
    let reason = format!("{} did not sign this, or used a passkey", scene.doctor.address());
    assert!(told(&output).contains(&reason) && told(&output).contains("(RegistryInvalidSignature)"), "{output:?}");
    assert_eq!(scene.state(id).await?, 1);

    let erase = scene.signs(&scene.patient, "erase.json", &[&erase[..], &["--nonce", "1"]].concat());
    let list = scene.does(&scene.doctor, &["relay", &erase]);
    assert_eq!((list[0]["done"].as_bool(), list[0]["file"].as_str()), (Some(true), Some(&*erase)));
    assert_eq!(list[0]["says"].as_str(), Some(&*format!("the pointer {id} is erased")));
    assert!(list[0]["transaction"].as_str().is_some_and(|hash| hash.starts_with("0x")), "{list}");
    assert_eq!((scene.state(id).await?, scene.reads(R::tombstoneCall { id }).await?.by), (3, patient));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_that_is_signed_stands() -> Result<()> {
    let scene = Scene::start().await?;
    let pointer = scene.unregistered("result.json");
    let refuse = scene.signs(&scene.patient, "refuse.json", &["refuse", "--pointer", &pointer, "--nonce-key", "7"]);
    let text = done(&scene.runs(&scene.doctor, &["relay", &refuse]));
    assert!(text.contains(&format!(": {} refuses the pointer 0x", scene.patient.address())), "{text}");
    let error = refusal(scene.runs(&scene.lab, &["register", &pointer]));
    assert!(error.ends_with("(RegistryPointerExists)"), "{error}");
    Ok(())
}

/// A file that somebody changed: what is signed is what counts.
#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_was_changed_is_refused() -> Result<()> {
    let scene = Scene::start().await?;
    let (id, _) = scene.registered("result.json");
    scene.permits(scene.doctor.address(), TREAT).await?;
    let file = scene.asks("asks.json", &id, &[]);
    let whole: Value = crate::parsed(&std::fs::read_to_string(&file)?);
    let key = whole["act"].as_str().expect("an act").replacen(&KEY[2..], &"33".repeat(32), 1);
    for (name, value) in [
        ("act", key.into()),
        ("act", "0x".into()),
        ("nonce", "0x1".into()),
        ("deadline", 4_000_000_000_u64.into()),
        ("relayer", scene.lab.address().to_string().into()),
        ("digest", B256::repeat_byte(1).to_string().into()),
    ] {
        let mut changed = whole.clone();
        changed[name] = value;
        let error = refusal(scene.runs(&scene.lab, &["relay", &scene.desk.file("changed.json", changed.to_string())]));
        assert!(error.contains("changed.json is not a signed act: its "), "{name}: {error}");
    }
    // Another's signature is not the actor's.
    let mut changed = whole.clone();
    let lab: Value =
        crate::parsed(&std::fs::read_to_string(scene.signs(&scene.lab, "labs.json", &["erase", "--id", &id]))?);
    changed["signer"] = lab["signer"].clone();
    let output = scene.runs(&scene.lab, &["relay", &scene.desk.file("changed.json", changed.to_string())]);
    let (doctor, lab_account) = (scene.doctor.address(), scene.lab.address());
    assert!(told(&output).contains(&format!("{doctor} has to sign it, and {lab_account} did")), "{output:?}");
    let mut changed = whole;
    changed["signature"] = lab["signature"].clone();
    let output = scene.runs(&scene.lab, &["relay", &scene.desk.file("changed.json", changed.to_string())]);
    assert!(told(&output).contains("(RegistryInvalidSignature)"), "{output:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_signed_is_refused_and_leaves_no_file() -> Result<()> {
    let scene = Scene::start().await?;
    let (id, actor) = (B256::repeat_byte(1).to_string(), scene.doctor.address().to_string());
    let lab = scene.lab.address().to_string();
    let pointer = scene.pointer("pointer.json", &keccak256("commitment").to_string());
    let ask = ["request", "--id", &id, "--purpose", "TREAT", "--encryption-key", KEY, "--actor"];
    let with = |more: &[&'static str]| [&ask[..], &[&actor], more].concat();
    for (words, reason) in [
        ([&ask[..], &[&lab]].concat(), format!("{lab} has to sign it, and {actor} did: let {lab} sign it")),
        ([&ask[..], &[&*actor, "--purpose", "X"]].concat(), String::new()),
        (with(&["--pointer", "x"]), "this act does not take --pointer: leave it out".into()),
        (with(&["--deadline", "2020-01-01"]), "the deadline is over already".into()),
        (vec!["erase", "--id", &id, "--actor", &actor], "this act does not take --actor: leave it out".into()),
        (vec!["register", "--pointer", &pointer], "it lacks `custodian`".into()),
        (vec!["refuse", "--pointer", "none.json"], "none.json".into()),
        (
            vec!["request", "--id", &id, "--purpose", "TREAT", "--actor", &actor],
            "give --encryption-key, or --key-file".into(),
        ),
    ] {
        let (out, output) = scene.signing(&scene.doctor, "bad.json", &words);
        if reason.is_empty() {
            assert_eq!(output.status.code(), Some(2), "{output:?}");
        } else {
            let error = refusal(output);
            assert!(error.contains(&reason), "{error}");
        }
        assert!(!std::fs::exists(&out)?, "a file was written");
    }
    for (words, missing) in [
        (&["erase"][..], "--id <ID>"),
        (&["register"], "--pointer <FILE>"),
        (&["request", "--id", &id], "--actor <ACCOUNT>"),
        (&["sell"], "invalid value 'sell'"),
    ] {
        let (_, output) = scene.signing(&scene.doctor, "bad.json", words);
        assert_eq!(output.status.code(), Some(2), "{output:?}");
        assert!(String::from_utf8(output.stderr)?.contains(missing), "{missing}");
    }
    Ok(())
}

/// As JSON, with a challenge for a passkey, and by a keystore from there on.
#[tokio::test(flavor = "multi_thread")]
async fn an_act_is_written_unsigned_and_signed_later() -> Result<()> {
    let scene = Scene::start().await?;
    let id = B256::repeat_byte(1).to_string();
    let (unsigned, output) = scene.signing(&scene.doctor, "act.json", &["erase", "--id", &id, "--challenge", "--json"]);
    let shown: Value = crate::parsed(&done(&output));
    assert_eq!(shown["says"][0].as_str(), Some(&*format!("the pointer {id} is erased")));
    assert_eq!((&shown["signer"], shown["challenge"].as_str().map(str::len)), (&Value::Null, Some(43)));
    let (out, keystore) = (scene.desk.path("signed.json"), scene.desk.keystore());
    let keystore = keystore.each_ref().map(String::as_str);
    let words = [&["sign", "--unsigned", &unsigned, "--out", &out, "--json"], &keystore[..]].concat();
    let signed: Value = crate::parsed(&done(&run(registry(&words))));
    assert_eq!((&signed["digest"], account(&signed["signer"])), (&shown["digest"], KEYSTORE_ACCOUNT.parse()?));
    assert_eq!((&signed["challenge"], signed["file"].as_str()), (&Value::Null, Some(&*out)));
    let error = refusal(run(registry(&words)));
    assert!(error.ends_with("signed.json is there already: name another file, or move it away"), "{error}");
    let found: Value = crate::parsed(&std::fs::read_to_string(&out)?);
    assert_eq!(account(&found["signer"]), KEYSTORE_ACCOUNT.parse::<Address>()?);
    Ok(())
}
