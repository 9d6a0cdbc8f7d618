//! Acts that passkeys sign, and that others bring to the registry.

use alloy::primitives::B256;
use consilium_bindings::DataPointerRegistry as R;
use eyre::Result;
use serde_json::Value;

use super::registry;
use super::scene::*;
use super::signed::KEY;
use crate::consent::scene::{done, told};
use crate::passkey::Passkey;
use crate::{refusal, run};

/// Where the patient uses its passkey.
const SITE: &str = "clinic.example";

impl Scene {
    /// Writes an act unsigned and has a passkey sign it at a site; the file.
    #[track_caller]
    fn passkey_signs(&self, key: &Passkey, site: &str, name: &str, words: &[&str]) -> String {
        let unsigned = format!("{name}.unsigned");
        let (unsigned, output) = self.signing(&self.doctor, &unsigned, &[words, &["--challenge", "--json"]].concat());
        let asked: Value = crate::parsed(&done(&output));
        let made = self.desk.file(&format!("{name}.assertion"), key.asserts(&asked, site));
        let out = self.desk.path(name);
        let words = ["sign", "--unsigned", &unsigned, "--assertion", &made, "--out", &out, "--json"];
        let signed: Value = crate::parsed(&done(&run(registry(&words))));
        assert_eq!(account(&signed["signer"]), key.account());
        out
    }
}

/// The patient has nothing but a passkey. Its signature is in place of a consent, and others pay the gas.
#[tokio::test(flavor = "multi_thread")]
async fn a_passkey_signs_that_a_pointer_is_registered_and_erased() -> Result<()> {
    let scene = Scene::start().await?;
    let key = Passkey::new(9);
    let file = scene.unregistered("result.json");
    let mut pointer: Value = serde_json::from_str(&scene.desk.read("result.json"))?;
    pointer["subject"] = key.account().to_string().into();
    std::fs::write(&file, pointer.to_string())?;

    let register = scene.passkey_signs(&key, SITE, "register.json", &["register", "--pointer", &file]);
    // Only the pointer's custodian brings it.
    let output = scene.runs(&scene.doctor, &["relay", &register]);
    assert!(told(&output).contains(": let 0x") && output.status.code() == Some(1), "{output:?}");
    let text = done(&scene.runs(&scene.lab, &["relay", &register]));
    let says = format!(": {} lets {} register the pointer 0x", key.account(), scene.lab.address());
    assert!(text.contains(&says), "{text}");
    let id = scene.reads(R::pointersOfCall {
        subject: key.account(),
        start: Default::default(),
        limit: B256::repeat_byte(1).into(),
    });
    let id = id.await?[0];
    assert_eq!(scene.state(id).await?, 1);

    // The first message pinned the site. Another passkey is not the subject's, and another site is not its site.
    let id_text = id.to_string();
    let erase = |nonce| ["erase", "--id", &*id_text, "--nonce", nonce];
    let stranger = Passkey::new(8);
    for (signer, site, nonce) in [(&stranger, SITE, "0"), (&key, "evil.example", "1")] {
        let file = scene.passkey_signs(signer, site, &format!("{site} {nonce}.json"), &erase(nonce));
        let output = scene.runs(&scene.doctor, &["relay", &file]);
        let said = told(&output);
        assert!(said.contains("    NOT DONE  ") && said.contains("(RegistryInvalidSignature)"), "{said}");
        assert_eq!(output.status.code(), Some(1), "{output:?}");
    }
    assert_eq!(scene.state(id).await?, 1);
    let erase = scene.passkey_signs(&key, SITE, "erase.json", &erase("1"));
    let list = scene.does(&scene.doctor, &["relay", &erase]);
    assert_eq!(list[0]["done"], true);
    assert_eq!((scene.state(id).await?, scene.reads(R::tombstoneCall { id }).await?.by), (3, key.account()));
    Ok(())
}

/// Whoever asks may have a passkey alone, and is named by its public key.
#[tokio::test(flavor = "multi_thread")]
async fn a_passkey_asks_for_a_key() -> Result<()> {
    let scene = Scene::start().await?;
    let key = Passkey::new(9);
    let (id, _) = scene.registered("result.json");
    let public = key.public();
    let words = ["request", "--id", &id, "--actor", &public, "--purpose", "TREAT", "--encryption-key", KEY];
    let asks = scene.passkey_signs(&key, SITE, "asks.json", &words);
    let output = scene.runs(&scene.lab, &["relay", &asks]);
    assert!(told(&output).contains("the subject's consent does not permit this access"), "{output:?}");
    scene.permits(key.account(), TREAT).await?;
    let list = scene.does(&scene.lab, &["relay", &asks]);
    let request = list[0]["request"].as_str().expect("a request").parse()?;
    let found = scene.reads(R::accessRequestCall { id: id.parse()?, requestId: request }).await?;
    assert_eq!(found.actor, key.account());
    // What another passkey signed in its name is not written.
    let (unsigned, output) =
        scene.signing(&scene.doctor, "other.unsigned", &[&words[..], &["--challenge", "--json"]].concat());
    let asked: Value = crate::parsed(&done(&output));
    let stranger = Passkey::new(8);
    let made = scene.desk.file("other.assertion", stranger.asserts(&asked, SITE));
    let out = scene.desk.path("other.json");
    let error = refusal(run(registry(&["sign", "--unsigned", &unsigned, "--assertion", &made, "--out", &out])));
    assert!(error.contains(&format!("{} has to sign it, and {} did", key.account(), stranger.account())), "{error}");
    assert!(!std::fs::exists(&out)?, "a file was written");
    Ok(())
}
