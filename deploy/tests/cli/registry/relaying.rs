//! Several signed acts are brought to the registry, by themselves or together, and bad ones are left out.

use alloy::primitives::B256;
use consilium_bindings::DataPointerRegistry as R;
use eyre::Result;
use serde_json::Value;

use super::scene::*;
use super::signed::KEY;
use crate::consent::scene::{consent, done, somebody, told};
use crate::{refusal, run};

/// Each act by itself: the bad ones do not stop the good ones.
#[tokio::test(flavor = "multi_thread")]
async fn requests_are_relayed_and_each_is_told() -> Result<()> {
    let scene = Scene::start().await?;
    let doctor = scene.doctor.address();
    let (first, second) = (scene.registered("first.json").0, scene.registered("second.json").0);
    scene.permits(doctor, TREAT).await?;
    let good = scene.asks("good.json", &first, &[]);
    let late = scene.asks("late.json", &second, &["--nonce", "7"]);
    let unknown = scene.asks("unknown.json", &B256::repeat_byte(1).to_string(), &["--nonce", "1"]);
    let other = scene.asks("other.json", &second, &["--nonce", "1"]);
    let output = scene.runs(&scene.lab, &["relay", &good, &late, &unknown, &other]);
    let text = told(&output);
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines.len(), 6, "{text}");
    let words = |file: &str, id: &str| format!("{file}: {doctor} asks for the key of {id} for TREAT (0), wrapped for ");
    assert!(lines[0].starts_with(&format!("        done  {}", words(&good, &first))), "{text}");
    let due = format!("{KEY}: request 0x");
    assert!(lines[0].contains(&due) && lines[0].contains(&format!(" to {}, due by 20", scene.lab.address())), "{text}");
    assert!(lines[2].starts_with(&format!("    NOT DONE  {}", words(&late, &second))), "{text}");
    assert!(lines[2].contains(&format!("the next nonce of {doctor} under this key is 1: ")), "{text}");
    assert!(lines[3].starts_with("    NOT DONE  ") && lines[3].ends_with("(RegistryNoSuchPointer)"), "{text}");
    assert!(lines[4].starts_with(&format!("        done  {}", words(&other, &second))), "{text}");
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert_eq!(refusal(output), "error: 2 of 4 acts were not performed: the lines above say why");
    // Whom the request is of, and not who brought it.
    let request = lines[0].split("request ").nth(1).and_then(|rest| rest.split(' ').next()).expect("an id");
    let found = scene.reads(R::accessRequestCall { id: first.parse()?, requestId: request.parse()? }).await?;
    assert_eq!(found.actor, doctor);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn acts_that_are_brought_together_are_all_performed_or_none() -> Result<()> {
    let scene = Scene::start().await?;
    let lab = scene.lab.address().to_string();
    let ids: Vec<_> = ["a.json", "b.json", "c.json"].map(|name| scene.registered(name).0).into();
    scene.permits(scene.doctor.address(), TREAT).await?;
    let asks = |number: usize, nonce: &str| {
        scene.asks(&format!("{number} {nonce}.json"), &ids[number], &["--nonce", nonce, "--relayer", &lab])
    };
    let (first, second, third, gap) = (asks(0, "0"), asks(1, "1"), asks(2, "2"), asks(2, "9"));
    let output = scene.runs(&scene.lab, &["relay", "--together", "--json", &first, &second, &gap]);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let list: Value = crate::parsed(&told(&output));
    let none = "nothing was sent, because another act would not be performed: bring this one without it";
    assert_eq!((list[0]["reason"].as_str(), list[1]["reason"].as_str()), (Some(none), Some(none)));
    assert!(list[2]["reason"].as_str().is_some_and(|reason| reason.contains(" under this key is 2: ")), "{list}");
    // One that is not even tried stops them, too.
    let output = scene.runs(&scene.doctor, &["relay", "--together", "--json", &first]);
    assert!(told(&output).contains(&format!("only {lab} may bring it, and ")), "{output:?}");

    let list = scene.does(&scene.lab, &["relay", "--together", &first, &second, &third]);
    let list = list.as_array().expect("a list");
    for (told, id) in list.iter().zip(&ids) {
        assert_eq!((told["done"].as_bool(), &told["transaction"]), (Some(true), &list[0]["transaction"]));
        let request = told["request"].as_str().expect("a request").parse()?;
        let found = scene.reads(R::accessRequestCall { id: id.parse()?, requestId: request }).await?;
        assert_eq!(found.actor, scene.doctor.address());
    }
    Ok(())
}

/// Nothing of this reaches the chain.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_good_for_this_registry_is_left_out_with_the_reason() -> Result<()> {
    let scene = Scene::start().await?;
    let (id, _) = scene.registered("result.json");
    scene.permits(scene.doctor.address(), TREAT).await?;
    let other = somebody("another registry").to_string();
    let doctor = scene.doctor.address().to_string();
    let deadline = (scene.chain.now().await? + 100).to_string();
    let unsigned = {
        let words = ["request", "--id", &id, "--actor", &doctor, "--purpose", "TREAT", "--encryption-key", KEY];
        scene.signs(&scene.doctor, "unsigned.json", &[&words[..], &["--challenge"]].concat())
    };
    let cases = [
        (
            scene.asks("chain.json", &id, &["--chain", "42161"]),
            "it is for chain 42161, and the node is of chain 412346",
        ),
        (scene.asks("contract.json", &id, &["--contract", &other]), "bring it there, by --contract"),
        (scene.asks("relayer.json", &id, &["--relayer", &doctor]), "only 0x"),
        (scene.asks("deadline.json", &id, &["--deadline", &deadline]), "its signature was good until 20"),
        (unsigned, "nobody has signed it: give it to `consilium registry sign --unsigned`"),
    ];
    scene.chain.advance(200).await?;
    for (file, reason) in cases {
        let before = scene.reads(R::nonces_0Call { owner: scene.doctor.address() }).await?;
        let output = scene.runs(&scene.lab, &["relay", &file]);
        assert_eq!(output.status.code(), Some(1), "{output:?}");
        assert!(told(&output).contains(reason), "{reason}: {output:?}");
        assert_eq!(scene.reads(R::nonces_0Call { owner: scene.doctor.address() }).await?, before);
    }
    let mut consent = consent(&["sign", "revoke-all", "--grantor", &doctor, "--contract", &other]);
    let out = scene.desk.path("consent.json");
    consent.args(["--chain", "412346", "--nonce", "0", "--out", &out]);
    let _ = done(&run(consent));
    let error = refusal(scene.runs(&scene.lab, &["relay", &out]));
    let reason = "is not a signed act: its format is not \"consilium registry act 1\": name a file that `consilium \
                  registry sign` wrote";
    assert!(error.ends_with(reason), "{error}");
    Ok(())
}
