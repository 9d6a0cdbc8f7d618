//! A record's key is asked for, delivered, opened and declined.

use alloy::primitives::{B256, keccak256};
use consilium_bindings::DataPointerRegistry as R;
use eyre::Result;
use harness::front;
use serde_json::{Value, json};

use super::registry;
use super::scene::*;
use crate::consent::scene::{done, somebody};
use crate::{refusal, run};

fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}

impl Scene {
    /// The doctor asks for a record's key, with the pair of keys in this file; the request's id.
    #[track_caller]
    fn asked(&self, id: &str, keys: &str) -> String {
        let words = ["request", "--id", id, "--purpose", "TREAT", "--key-file", keys];
        text(&self.does(&self.doctor, &words)["request"]).to_owned()
    }
}

/// The key of the record goes to the doctor, and to nobody else.
#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_asked_for_delivered_and_opened() -> Result<()> {
    let scene = Scene::start().await?;
    scene.permits(scene.doctor.address(), TREAT).await?;
    let ((id, key), (other_id, other_key)) = (scene.registered("result.json"), scene.registered("other.json"));
    let (keys, wrapped, opened) =
        (scene.desk.path("doctor.keys"), scene.desk.path("wrapped.json"), scene.desk.path("opened.key"));
    let request = scene.asked(&id, &keys);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(std::fs::metadata(&keys)?.permissions().mode() & 0o777, 0o600);
    }
    // The same pair is taken the next time.
    let before = scene.desk.read("doctor.keys");
    let second = scene.asked(&other_id, &keys);
    assert_eq!(scene.desk.read("doctor.keys"), before);

    // Not before the custodian has answered, and by nobody but the custodian, with no other record's key.
    let deliver = |by, id: &str, request: &str, key: &str, out: &str| {
        scene.runs(by, &["deliver", "--id", id, "--request", request, "--record-key", key, "--out", out])
    };
    let error = refusal(deliver(&scene.lab, &id, &request, &other_key, &wrapped));
    assert!(error.contains(&format!("this is not the key that the pointer {id} commits to")), "{error}");
    let error = refusal(deliver(&scene.doctor, &id, &request, &key, &wrapped));
    assert!(error.ends_with("(RegistryUnauthorized)"), "{error}");
    let error = refusal(deliver(&scene.lab, &id, &second, &key, &wrapped));
    assert!(error.contains(&format!("there is no request {second} for the pointer {id}")), "{error}");
    assert!(!std::fs::exists(&wrapped)?, "an answer was left that the registry does not know of");
    // What an earlier run left there for another request is not given to this one.
    let other = scene.desk.path("others.wrapped");
    done(&deliver(&scene.lab, &other_id, &second, &other_key, &other));
    let error = refusal(deliver(&scene.lab, &id, &request, &key, &other));
    assert!(error.contains("others.wrapped is there already, for another request"), "{error}");
    let told = done(&deliver(&scene.lab, &id, &request, &key, &wrapped));
    let doctor = scene.doctor.address();
    assert!(told.starts_with(&format!("answered the request {request} of {doctor}: give {wrapped} to it\n")), "{told}");
    let error = refusal(deliver(&scene.lab, &id, &request, &key, &scene.desk.path("again.json")));
    assert!(error.ends_with("was answered or declined: there is nothing to do"), "{error}");

    let open = |wrapped: &str, keys: &str| {
        scene.runs(&scene.patient, &["open", wrapped, "--key-file", keys, "--out", &opened])
    };
    let strangers = scene.desk.path("strangers.keys");
    let words = ["request", "--id", &other_id, "--purpose", "TREAT", "--key-file", &strangers];
    done(&scene.runs(&scene.doctor, &words));
    let error = refusal(open(&wrapped, &strangers));
    assert!(error.contains("the wrapped key does not open: it is for another key"), "{error}");
    let changed = scene.desk.read("wrapped.json").replace(&request, &second);
    let error = refusal(open(&scene.desk.file("changed.json", changed), &keys));
    assert!(error.contains(&format!("no custodian has recorded an answer to the request {second}")), "{error}");
    let changed = scene.desk.read("wrapped.json").replace("\"ciphertext\": \"0x", "\"ciphertext\": \"0x00");
    let error = refusal(open(&scene.desk.file("changed.json", changed), &keys));
    assert!(error.contains("this is not the wrapped key that the custodian recorded"), "{error}");
    assert!(!std::fs::exists(&opened)?);
    let told = done(&open(&wrapped, &keys));
    assert!(told.starts_with(&format!("opened the key of {id}\n")), "{told}");
    assert_eq!(std::fs::read_to_string(&opened)?, std::fs::read_to_string(&key)?);

    let words = done(&scene.runs(&scene.doctor, &["show", "--id", &id]));
    assert!(words.ends_with(&format!("\nrequest {request} by {doctor} for TREAT (0): answered\n")), "{words}");
    let found = scene.does(&scene.doctor, &["show", "--id", &other_id]);
    let states = found["requests"].as_array().expect("requests").iter().map(|request| &request["delivered"]);
    assert_eq!(states.collect::<Vec<_>>(), [true, false]);
    Ok(())
}

/// The node falls silent after it has taken the transaction: the wrapped key that was recorded is not lost.
#[tokio::test(flavor = "multi_thread")]
async fn a_wrapped_key_is_kept_where_the_node_falls_silent() -> Result<()> {
    let scene = Scene::start().await?;
    scene.permits(scene.doctor.address(), TREAT).await?;
    let ((id, key), keys) = (scene.registered("result.json"), scene.desk.path("doctor.keys"));
    let (request, wrapped) = (scene.asked(&id, &keys), scene.desk.path("result.wrapped"));
    let silent = |method: &str, _: &Value, answer: &Value| {
        let error = json!({ "code": -32_000, "message": "gone" });
        let answer = json!({ "jsonrpc": "2.0", "id": answer["id"], "error": error });
        (method == "eth_sendRawTransaction").then_some(answer)
    };
    let url = front::node(scene.chain.url(), silent).await?;
    let contract = scene.at.to_string();
    let mut command = registry(&["deliver", "--id", &id, "--request", &request, "--record-key", &key]);
    command.args(["--out", &wrapped, "--contract", &contract, "--rpc-url", &url]);
    command.env("CONSILIUM_PRIVATE_KEY", scene.lab.signer.to_bytes().to_string());
    let error = refusal(tokio::task::block_in_place(|| command.output())?);
    assert!(
        error.contains("has the wrapped key, and `consilium registry show` says whether it was recorded"),
        "{error}"
    );
    let state = scene.reads(R::accessRequestCall { id: id.parse()?, requestId: request.parse()? }).await?;
    assert!(state.delivered, "the node took it");
    let opened = scene.desk.path("opened.key");
    done(&scene.runs(&scene.patient, &["open", &wrapped, "--key-file", &keys, "--out", &opened]));
    assert_eq!(std::fs::read_to_string(&opened)?, std::fs::read_to_string(&key)?);
    Ok(())
}

/// What the patient revokes between the question and the answer.
#[tokio::test(flavor = "multi_thread")]
async fn a_request_is_declined_after_a_revocation_and_not_before() -> Result<()> {
    let scene = Scene::start().await?;
    scene.permits(scene.doctor.address(), TREAT).await?;
    let (id, key) = scene.registered("result.json");
    let (request, wrapped) = (scene.asked(&id, &scene.desk.path("doctor.keys")), scene.desk.path("wrapped.json"));
    let decline = ["decline", "--id", &id, "--request", &request];
    let error = refusal(scene.runs(&scene.lab, &decline));
    let reason = format!("the subject's consent permits the request {request}: deliver the key");
    assert!(error.contains(&reason) && error.ends_with("(RegistryStillPermitted)"), "{error}");
    scene.revokes().await?;
    let deliver = ["deliver", "--id", &id, "--request", &request, "--record-key", &key, "--out", &wrapped];
    let error = refusal(scene.runs(&scene.lab, &deliver));
    assert!(error.contains(" any more: `consilium registry decline` declines it"), "{error}");
    assert!(!std::fs::exists(&wrapped)?, "a key was wrapped that nobody may have");
    let error = refusal(scene.runs(&scene.doctor, &decline));
    assert!(error.ends_with("(RegistryUnauthorized)"), "{error}");
    let told = done(&scene.runs(&scene.lab, &decline));
    let words = format!("declined the request {request}: no provision permits it (reason 16)\n");
    assert!(told.starts_with(&words), "{told}");
    let state = scene.reads(R::accessRequestCall { id: id.parse()?, requestId: request.parse()? }).await?;
    assert!(state.declined && !state.delivered);
    let words = done(&scene.runs(&scene.doctor, &["show", "--id", &id]));
    assert!(words.ends_with(" for TREAT (0): declined\n"), "{words}");
    let error = refusal(scene.runs(&scene.lab, &decline));
    assert!(error.ends_with("was answered or declined: there is nothing to do"), "{error}");
    Ok(())
}

/// A refusal leaves neither a transaction nor a key behind.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_permitted_is_not_asked() -> Result<()> {
    let scene = Scene::start().await?;
    let (id, _) = scene.registered("result.json");
    let (keys, stranger) = (scene.desk.path("doctor.keys"), somebody("hospital").to_string());
    let ask = |id: &str, purpose: &str, more: &[&str]| {
        let words = ["request", "--id", id, "--purpose", purpose, "--key-file", &keys];
        refusal(scene.runs(&scene.doctor, &[&words, more].concat()))
    };
    let error = ask(&id, "TREAT", &[]);
    let reason =
        "the subject's consent does not permit this access: no provision permits it (reason 16); ask the subject";
    assert!(error.contains(reason) && error.ends_with("(AccessRefused)"), "{error}");
    assert!(ask(&id, "TREAT", &["--on-behalf-of", &stranger]).contains("the organisation is not admitted (reason 23)"));
    assert!(ask(&B256::repeat_byte(1).to_string(), "TREAT", &[]).ends_with("(RegistryNoSuchPointer)"));
    assert!(ask(&id, "CURIOSITY", &[]).contains("there is no purpose \"CURIOSITY\": write a code, as TREAT"));
    assert!(!std::fs::exists(&keys)?, "a key was left with which nothing was asked");
    scene.desk.file("doctor.keys", "{}");
    scene.permits(scene.doctor.address(), TREAT).await?;
    assert!(ask(&id, "TREAT", &[]).contains("doctor.keys is not a key to be asked with: it has no `format`"));

    // A key of one's own is taken as it is.
    let own = keccak256("a public key").to_string();
    let found = scene.does(&scene.doctor, &["request", "--id", &id, "--purpose", "0", "--encryption-key", &own]);
    assert_eq!(text(&found["encryptionKey"]), own);
    let output = run(registry(&["request", "--id", &id, "--purpose", "0"]));
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    Ok(())
}
