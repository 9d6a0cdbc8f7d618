//! The keys of many records are asked for at once, and answers that are overdue are counted.

use std::sync::atomic::{AtomicUsize, Ordering};

use alloy::primitives::{Address, B256};
use alloy::providers::Provider;
use consilium_bindings::DataPointerRegistry as R;
use consilium_deploy::registry::pointer_id;
use eyre::Result;
use harness::front;
use harness::records::pointer;
use serde_json::{Value, json};

use super::registry;
use super::scene::*;
use super::signed::KEY;
use crate::consent::scene::{done, told};
use crate::{refusal, run_by};

#[tokio::test(flavor = "multi_thread")]
async fn many_are_asked_for_and_bad_ones_are_left_out_with_the_reason() -> Result<()> {
    let scene = Scene::start().await?;
    scene.permits(scene.doctor.address(), TREAT).await?;
    let mut ids = Vec::new();
    for number in 1..=52 {
        let pointer = pointer(scene.patient.address(), scene.lab.address(), number);
        ids.push(pointer_id(&pointer).to_string());
        scene.sends(&scene.lab, scene.at, R::registerCall { pointer }).await?;
    }
    let unknown = B256::repeat_byte(1).to_string();
    let list = scene.desk.file("ids.csv", format!("id\n{unknown}\n{}\n", ids.join("\n")));
    let words = ["request-many", &list, "--purpose", "TREAT", "--encryption-key", KEY];
    let output = scene.runs(&scene.doctor, &[&words[..], &["--json"]].concat());
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let found: Value = crate::parsed(&told(&output));
    let found = found["requests"].as_array().expect("a list");
    assert_eq!((found.len(), &found[0]["id"]), (53, &json!(unknown)));
    assert!(found[0]["refused"].as_str().is_some_and(|reason| reason.ends_with("(RegistryNoSuchPointer)")));
    let error = refusal(output);
    let again = "take those that were asked for out of the list, or a second run asks for them again";
    assert_eq!(error, format!("error: 1 of 53 records were not asked for: the lines above say why; {again}"));
    for (asked, id) in found[1..].iter().zip(&ids) {
        assert_eq!((&asked["id"], &asked["custodian"]), (&json!(id), &json!(scene.lab.address())));
        let request = asked["request"].as_str().expect("a request").parse()?;
        let found = scene.reads(R::accessRequestCall { id: id.parse()?, requestId: request }).await?;
        assert_eq!(found.actor, scene.doctor.address());
    }
    // 50 rows of the list fit in one transaction.
    let transactions: Vec<_> = found[1..].iter().map(|asked| &asked["transaction"]).collect();
    assert!(transactions[..49].iter().all(|one| *one == transactions[0]) && transactions[49] != transactions[0]);
    assert!(transactions[50..].iter().all(|one| *one == transactions[49]));

    // The node takes the second transaction, and does not say so.
    scene.chain.advance(1).await?;
    let sent = AtomicUsize::new(0);
    let lost = move |method: &str, _: &Value, _: &Value| {
        let is_lost = method == "eth_sendRawTransaction" && sent.fetch_add(1, Ordering::SeqCst) == 1;
        is_lost.then(|| front::error("upstream timed out"))
    };
    let url = front::node(scene.chain.url(), lost).await?;
    let output = run_by(&scene.doctor, registry(&words), scene.at, &url);
    assert_eq!(told(&output).matches("asked 0x").count(), 49, "{output:?}");
    let error = refusal(output);
    let start = format!("error: the lines above tell of 50 of 53 records: {again}: could not send a transaction to ");
    assert!(error.starts_with(&start), "{error}");
    assert!(error.contains(": look first whether a transaction of "), "{error}");

    // A receipt without its block is one of a transaction that was sent.
    scene.chain.advance(1).await?;
    let few = scene.desk.file("few.csv", format!("id\n{}\n", ids[2]));
    let alter = |method: &str, _: &Value, answer: &Value| {
        let mut answer =
            (method == "eth_getTransactionReceipt" && !answer["result"].is_null()).then(|| answer.clone())?;
        answer["result"]["blockNumber"] = Value::Null;
        Some(answer)
    };
    let url = front::node(scene.chain.url(), alter).await?;
    let words_of_few = ["request-many", &few, "--purpose", "TREAT", "--encryption-key", KEY];
    let text = done(&run_by(&scene.doctor, registry(&words_of_few), scene.at, &url));
    assert!(text.starts_with("asked 0x") && text.contains(" gas, transaction 0x"), "{text}");

    // In words, from JSON Lines that say everything by themselves; nothing is sent where nothing can be asked.
    let row = |id: &str, purpose: &str| {
        json!({ "id": id, "purpose": purpose, "onBehalfOf": Value::Null, "encryptionKey": KEY }).to_string()
    };
    let mixed = [row(&ids[0], "HRESCH"), format!("[\"{}\",0,\"\",\"{KEY}\"]", ids[1])].join("\n");
    scene.chain.advance(1).await?;
    let output = scene.runs(&scene.doctor, &["request-many", &scene.desk.file("mixed.jsonl", mixed)]);
    let text = told(&output);
    let refused = format!("NOT ASKED  {}: the subject's consent does not permit this access: ", ids[0]);
    assert!(text.starts_with(&refused), "{text}");
    let asked = format!("asked {} for the key of {}: request 0x", scene.lab.address(), ids[1]);
    assert!(text.contains(&asked) && text.contains(" gas, transaction 0x"), "{text}");
    let before = scene.chain.dev.get_block_number().await?;
    let none = scene.desk.file("none.jsonl", row(&ids[0], "HRESCH"));
    let output = scene.runs(&scene.doctor, &["request-many", &none]);
    assert!(told(&output).starts_with(&refused) && output.status.code() == Some(1), "{output:?}");
    assert_eq!(scene.chain.dev.get_block_number().await?, before);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_rows_are_told_by_line_and_nothing_is_sent() -> Result<()> {
    let scene = Scene::start().await?;
    let id = |byte| B256::repeat_byte(byte).to_string();
    let text = format!(
        "id,purpose,onBehalfOf\n{0},TREAT,\n{1},,\n0x12,TREAT,\n{0},0,\n{1},NONE,\n{1},TREAT,{2}\n{1},TREAT,0x12\n",
        id(1),
        id(2),
        Address::ZERO
    );
    let list = scene.desk.file("list.csv", text);
    let output = scene.runs(&scene.doctor, &["request-many", &list, "--encryption-key", KEY]);
    let said = told(&output);
    for (line, (number, reason)) in said.lines().zip([
        (3, "it lacks `purpose`: write it, or give --purpose for all"),
        (4, "`id` is not 32 bytes: write 0x and 64 hexadecimal digits"),
        (5, "it is the same request as in line 2: delete one of them"),
        (6, "there is no purpose \"NONE\": write a code, as "),
        (7, "`onBehalfOf` is the zero address, which is nobody's"),
        (8, "`onBehalfOf`: this is not an address: write 0x and 40 hexadecimal digits"),
    ]) {
        assert!(line.starts_with(&format!("{list}:{number}: {reason}")), "{number}: {said}");
    }
    assert_eq!(said.lines().count(), 6, "{said}");
    let error = refusal(output);
    assert_eq!(error, "error: 6 of 7 rows cannot be asked: the lines above say why. Nothing was sent");
    let twice = format!("{{\"id\": \"{0}\", \"purpose\": 0, \"id\": \"{0}\"}}\n", id(1));
    let output = scene.runs(&scene.doctor, &["request-many", &scene.desk.file("twice.jsonl", twice), "--json"]);
    let found: Value = crate::parsed(&told(&output));
    assert_eq!(found["bad"][0], json!({ "line": 1, "reason": "`id` is there twice: delete one" }));
    for (text, reason) in [
        ("", "it is empty: write a line of names and a line for each request"),
        ("id\n", "has no request: write a row for each"),
        ("purpose\n", "the first line lacks the column `id`"),
        (&format!("id\n{}\n", id(1)), "1 of 1 rows cannot be asked"),
    ] {
        let bad = scene.desk.file("bad.csv", text);
        let error = refusal(scene.runs(&scene.doctor, &["request-many", &bad, "--purpose", "TREAT"]));
        assert!(error.contains(reason), "{error}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_is_overdue_is_counted_once() -> Result<()> {
    let scene = Scene::start().await?;
    scene.permits(scene.doctor.address(), TREAT).await?;
    let (id, _) = scene.registered("result.json");
    let words = ["request", "--id", &id, "--purpose", "TREAT", "--encryption-key", KEY];
    let asked = scene.does(&scene.doctor, &words);
    let request = asked["request"].as_str().expect("a request");
    let overdue = ["overdue", "--id", &id, "--request", request];
    let error = refusal(scene.runs(&scene.doctor, &overdue));
    let due = asked["dueBy"].as_str().expect("a date");
    assert!(
        error.contains(&format!("the request {request} is not overdue: its answer is due by {due}, or ")),
        "{error}"
    );
    scene.chain.advance(3_601).await?;
    let counted = scene.does(&scene.patient, &overdue);
    let lab = scene.lab.address();
    assert_eq!((&counted["custodian"], &counted["request"]), (&json!(lab), &json!(request)));
    assert_eq!(scene.reads(R::overdueCall { custodian: lab }).await?, 1);
    let error = refusal(scene.runs(&scene.doctor, &overdue));
    assert!(error.ends_with("(RegistryNotOverdue)"), "{error}");
    let other = B256::repeat_byte(1).to_string();
    let error = refusal(scene.runs(&scene.doctor, &["overdue", "--id", &id, "--request", &other]));
    assert!(error.ends_with("(RegistryNoSuchRequest)"), "{error}");

    let asked = scene.does(&scene.doctor, &words);
    scene.chain.advance(3_601).await?;
    let request = asked["request"].as_str().expect("a request");
    let words = done(&scene.runs(&scene.doctor, &["overdue", "--id", &id, "--request", request]));
    assert!(
        words.starts_with(&format!("counted the request {request}: {lab} has not answered it in time\n")),
        "{words}"
    );
    Ok(())
}
