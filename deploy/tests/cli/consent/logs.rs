//! The access log: listed, checked and exported, also where a node drops or changes an event.

use alloy::primitives::{Address, B256};
use alloy::sol_types::SolEvent;
use consilium_bindings::Consent::*;
use eyre::Result;
use harness::front;
use serde_json::{Value, json};

use super::scene::*;
use crate::{refusal, run, unanswered};

/// A log of four entries, of which the first is permitted.
async fn recorded() -> Result<Scene> {
    let scene = Scene::start().await?;
    let grantor = scene.patient.address();
    scene.sends(&scene.patient, grantCall { grantor, provision: permit(scene.doctor) }).await?;
    for number in 1..=4 {
        let actor = if number == 1 { scene.doctor } else { somebody("stranger") };
        let request = B256::repeat_byte(number);
        let call = recordCall { grantor, actor, onBehalfOf: Address::ZERO, dataClass: 8, purpose: 0, request };
        // Somebody else's log is in between.
        scene.sends(&scene.dao, recordCall { grantor: scene.doctor, ..call.clone() }).await?;
        scene.sends(&scene.dao, call).await?;
    }
    Ok(scene)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_is_listed_and_whole() -> Result<()> {
    let scene = recorded().await?;
    let (patient, doctor) = (scene.patient.address().to_string(), scene.doctor);
    let end = scene.reads(accessLogCall { grantor: scene.patient.address() }).await?;
    let complete = format!(
        "complete: 4 entries, each as it was recorded, up to the hash {}. That this is the last hash is what this node \
         says: compare it with another's",
        end.head
    );
    let text = done(&scene.runs(&["log", "--grantor", &patient]));
    let lines: Vec<_> = text.lines().collect();
    assert_eq!((lines.len(), lines[4]), (5, complete.as_str()), "{text}");
    let first = format!(
        " {doctor}: LABORATORY (8) for TREAT (0): permitted, because a provision permits it (provision 1 for {doctor}); \
         request {}, recorded by {}",
        B256::repeat_byte(1),
        scene.dao.address()
    );
    assert!(lines[0].starts_with("1 20") && lines[0].ends_with(&first), "{text}");
    assert!(lines[1].contains(": refused, because no provision permits it; request 0x0202"), "{text}");

    assert_eq!(done(&scene.runs(&["verify", "--grantor", &patient])), format!("{complete}\n"));
    let found: Value = crate::parsed(&done(&scene.runs(&["log", "--grantor", &patient, "--json"])));
    assert_eq!((&found["complete"], &found["count"], &found["faults"]), (&json!(true), &json!(4), &json!([])));
    assert_eq!(found["entries"][3]["head"], json!(end.head));

    // Who has no log has a whole one.
    let nobody = somebody("nobody").to_string();
    assert!(done(&scene.runs(&["verify", "--grantor", &nobody])).starts_with("complete: 0 entries"));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_is_exported_as_audit_events() -> Result<()> {
    let scene = recorded().await?;
    let patient = scene.patient.address().to_string();
    for (version, outcome) in [("r4", "/outcome"), ("r5", "/outcome/code/code")] {
        let text = done(&scene.runs(&["export", "--grantor", &patient, "--fhir", version]));
        let bundle: Value = serde_json::from_str(&text)?;
        let entries = bundle["entry"].as_array().expect("entries");
        assert_eq!((&bundle["resourceType"], entries.len()), (&json!("Bundle"), 4), "{text}");
        let outcomes: Vec<_> = entries.iter().filter_map(|entry| entry["resource"].pointer(outcome)).collect();
        assert_eq!(outcomes, ["0", "4", "4", "4"]);
        assert!(text.contains(&format!("eip155:412346:{}", scene.contract)), "{text}");
    }
    Ok(())
}

/// What a number means is the chain's to say: with other tables the words, and the documents, would be wrong.
#[tokio::test(flavor = "multi_thread")]
async fn other_tables_than_the_chains_are_refused() -> Result<()> {
    let scene = recorded().await?;
    let patient = scene.patient.address().to_string();
    let words = [&["log"][..], &["export", "--fhir", "r5"]].map(|words| [words, &["--grantor", &patient]].concat());
    let set = async |table: u8, number: u8, code: &[u8]| {
        scene.sends(&scene.dao, setCodeCall { table, number, code: B256::right_padding_from(code) }).await
    };
    // Of a number that no entry has.
    set(0, 9, b"BLOOD").await?;
    for words in &words {
        let _ = done(&scene.runs(words));
    }
    for (table, number, code, reason) in [
        (0, 8, "IMAGING", "number 8 of the table of classes is IMAGING on the chain, and LABORATORY here"),
        (1, 0, "HMARKT", "number 0 of the table of purposes is HMARKT on the chain, and TREAT here"),
    ] {
        set(table, number, code.as_bytes()).await?;
        for words in &words {
            let output = scene.runs(words);
            assert_eq!(told(&output), "");
            let error = unanswered(output);
            assert_eq!(error, format!("error: {reason}: give the deployment's own tables with --vocabulary"));
        }
        // These say nothing of it.
        for words in [&["verify"][..], &["log", "--json"]] {
            let _ = done(&scene.runs(&[words, &["--grantor", &patient]].concat()));
        }
        set(table, number, b"").await?;
    }
    Ok(())
}

/// Without an address, the contract is the one of the chain's record.
#[tokio::test(flavor = "multi_thread")]
async fn the_contract_is_found_in_the_record() -> Result<()> {
    let scene = recorded().await?;
    let (patient, url) = (scene.patient.address().to_string(), scene.chain.url());
    let folder = scene.desk.path("");
    let verify = || {
        let words = ["verify", "--grantor", &patient, "--records", &folder, "--rpc-url", &url];
        tokio::task::block_in_place(|| run(consent(&words)))
    };
    let start = format!("error: {folder} has no record of a deployment on chain 412346: give --contract, or --records");
    assert_eq!(unanswered(verify()), start);

    let record = |name: &str| {
        let contract = json!({ "address": scene.contract, "codeHash": B256::ZERO });
        let record = json!({
            "chainId": nitro::CHAIN_ID, "deployer": Address::ZERO, "complete": true, "founder": Address::ZERO,
            "contracts": { name: contract }, "founding": null, "transactions": [], "settings": {},
        });
        scene.desk.file("412346.json", record.to_string())
    };
    let file = record("governor");
    let expected = format!("error: {file} names no consent: give --contract");
    assert_eq!(unanswered(verify()), expected);
    let _ = record("consent");
    assert!(done(&verify()).starts_with("complete: 4 entries"));
    Ok(())
}

/// Changes the entries of a log as a node tells them.
fn told_by_a_liar(answer: &Value, change: impl Fn(&mut Vec<Value>)) -> Option<Value> {
    let mut answer = answer.clone();
    let logs = answer["result"].as_array_mut()?;
    change(logs);
    Some(answer)
}

/// Another entry in place of one, with its own topics and data.
fn forge(log: &mut Value, change: impl Fn(&mut AccessRecorded)) {
    let honest: alloy::rpc::types::Log = serde_json::from_value(log.clone()).expect("a log");
    let mut entry = AccessRecorded::decode_log(&honest.inner).expect("an entry").data;
    change(&mut entry);
    let data = entry.encode_log_data();
    log["topics"] = json!(data.topics());
    log["data"] = json!(data.data);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_and_a_forged_entry_are_named() -> Result<()> {
    type Lie = fn(&mut Vec<Value>);
    let lies: [(Lie, &[&str]); 8] = [
        (|logs| drop(logs.remove(1)), &["entry 2 is missing"]),
        (|logs| logs.truncate(2), &["entries 3 to 4 are missing"]),
        (Vec::clear, &["entries 1 to 4 are missing"]),
        (
            |logs| forge(&mut logs[2], |entry| entry.actor = Address::ZERO),
            &["entry 3 does not follow from entry 2: it is forged, or one before it is"],
        ),
        (|logs| forge(&mut logs[0], |entry| entry.reason = 2), &["entry 1 is forged"]),
        (|logs| logs.swap(1, 2), &["entry 2 comes after a later one"]),
        (|logs| logs.push(logs[3].clone()), &["entry 4 is there more than once"]),
        (
            |logs| {
                forge(&mut logs[3], |entry| entry.purpose = 1);
                drop(logs.remove(0));
            },
            &["entry 1 is missing", "entry 4 does not follow from entry 3"],
        ),
    ];
    let scene = recorded().await?;
    let patient = scene.patient.address().to_string();
    for (lie, faults) in lies {
        let lying = move |method: &str, _: &Value, answer: &Value| {
            if method == "eth_getLogs" { told_by_a_liar(answer, lie) } else { None }
        };
        let url = front::node(scene.chain.url(), lying).await?;
        for words in [&["verify"][..], &["log"], &["export", "--fhir", "r5"]] {
            let output = scene.runs_at(&url, &[words, &["--grantor", &patient]].concat());
            let text = told(&output);
            let error = refusal(output);
            assert!(error.starts_with("error: the log is not what was recorded: "), "{error}");
            for fault in faults {
                assert!(error.contains(fault), "{fault}: {error}");
                assert!(words[0] == "export" || text.contains(&format!("\n{fault}")), "{fault}: {text}");
            }
            assert!(words[0] != "export" || text.is_empty(), "{text}");
        }
    }
    Ok(())
}

/// An event that was not asked for, or that is not one, is no entry.
#[tokio::test(flavor = "multi_thread")]
async fn an_event_that_is_not_an_entry_is_refused() -> Result<()> {
    type Lie = fn(&mut Vec<Value>);
    let lies: [(Lie, &str); 2] = [
        (|logs| logs[0]["address"] = json!(somebody("elsewhere")), "the node told of an event of 0x"),
        (|logs| logs[0]["data"] = json!("0x01"), "the node told of an event that is not an entry of the access log"),
    ];
    let scene = recorded().await?;
    let patient = scene.patient.address().to_string();
    for (lie, reason) in lies {
        let lying = move |method: &str, _: &Value, answer: &Value| {
            if method == "eth_getLogs" { told_by_a_liar(answer, lie) } else { None }
        };
        let url = front::node(scene.chain.url(), lying).await?;
        let error = unanswered(scene.runs_at(&url, &["verify", "--grantor", &patient]));
        assert!(error.contains(reason) && error.contains("ask another node"), "{error}");
    }
    Ok(())
}
