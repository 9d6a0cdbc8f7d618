//! Paying in and out, and statements: exact to the last unit, whatever the tables were.

use alloy::primitives::{Address, B256, U256};
use alloy::sol_types::{SolCall, SolValue};
use consilium_bindings::{DataPointerRegistry as R, RevenueSplitter as S};
use eyre::Result;
use harness::records::{LABORATORY, TREAT, pointer};
use serde_json::{Value, json};

use super::revenue;
use super::scene::*;
use crate::consent::scene::{somebody, told};
use crate::{refusal, run};

/// A word as people write it.
fn word(byte: u8) -> String {
    B256::repeat_byte(byte).to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn payments_come_with_their_source_and_payees_are_paid() -> Result<()> {
    let scene = Scene::start().await?;
    let token = scene.token().await?;
    let licence = word(7);
    let paid = scene.does(&scene.payer, &["pay", "10001", "--class", "LABORATORY", "--licence", &licence]);
    assert_eq!((&paid["received"], &paid["table"], &paid["class"]), (&json!("10001"), &json!(1), &json!(8)));
    let pay = ["pay", "1000", "--class", "8", "--token", &token.to_string()].map(str::to_owned);
    let pay: Vec<_> = pay.iter().map(String::as_str).collect();
    let error = refusal(scene.runs(&scene.payer, &pay));
    assert!(error.contains("the splitter may take 0 of the token's units from ") && error.ends_with("give --approve"));
    let said = scene.says(&scene.payer, &[&pay[..], &["--approve"]].concat());
    let expected = format!("\npaid 1000 units of {token} for LABORATORY (8), which table 1 splits\n");
    assert!(said.starts_with("approved the token in transaction 0x") && said.contains(&expected), "{said}");
    assert_eq!(scene.has(token, scene.at).await?, 1_000);

    for (words, reason) in [
        (&["pay", "0", "--class", "8"][..], "a payment of nothing"),
        (&["pay", "1", "--class", "nothing"], "nothing"),
        (&["pay", "5", "--request", &word(1), "--pointer", &word(2)], "the registry knows no request 0x0101"),
        (&["pay", "5", "--request", &word(1), "--pointer", &word(0)], "the registry knows no request 0x0101"),
        (&["fund", "0"], "a payment of nothing"),
        (&["pay", "5", "--class", "8", "--token", &somebody("nobody").to_string()], "does not answer as a token"),
    ] {
        let error = refusal(scene.runs(&scene.payer, words));
        assert!(error.contains(reason), "{error}");
    }
    for words in [&["pay", "1.5", "--class", "8"][..], &["pay", "5"], &["pay", "5", "--pointer", &word(2)]] {
        assert_eq!(scene.runs(&scene.payer, words).status.code(), Some(2));
    }

    // The pool's tenth of what was paid, and what was given to it; of the ether nothing was.
    let fund = ["fund", "50", "--token", &token.to_string(), "--approve"].map(str::to_owned);
    let funded = scene.does(&scene.payer, &fund.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!((&funded["received"], &funded["token"]), (&json!("50"), &json!(token)));
    assert_eq!(scene.reads(S::releasable_1Call { token, account: scene.at }).await?, U256::from(150));
    let said = scene.says(&scene.payer, &["fund", "7"]);
    assert!(said.starts_with("gave 7 wei to the pool, which epochs pay out\n"), "{said}");
    assert_eq!(scene.reads(S::releasable_0Call { account: scene.at }).await?, U256::from(1_007));

    // All payees in ether, then one in the token.
    let all = scene.does(&scene.payer, &["release", "--all"]);
    let payees = all["payees"].as_array().expect("payees");
    let of = |payee: Address| payees.iter().find(|one| one["payee"] == json!(payee)).expect("a payee")["paid"].clone();
    assert_eq!((of(scene.anna.address()), of(scene.ben.address())), (json!("6000"), json!("3000")));
    assert_eq!(payees.len(), 2);
    let anna = scene.anna.address();
    let release = ["release", "--payee", &anna.to_string(), "--token", &token.to_string()].map(str::to_owned);
    let release: Vec<_> = release.iter().map(String::as_str).collect();
    let said = scene.says(&scene.payer, &release);
    assert!(said.starts_with(&format!("paid 600 units of {token} to {anna}: ")), "{said}");
    assert_eq!((scene.has(token, anna).await?, scene.has(token, scene.ben.address()).await?), (600, 0));
    let output = scene.runs(&scene.payer, &release);
    assert_eq!(told(&output), format!("{anna} is due nothing\n"));
    assert_eq!(refusal(output), "error: 1 of 1 payees were not paid: the lines above say why");
    // Of all payees nobody has to be due something.
    let again = scene.does(&scene.payer, &["release", "--all"]);
    assert_eq!(again["payees"][0]["paid"], "0");
    Ok(())
}

/// As USDT: nothing is returned, and an allowance that is left from before is set to zero first.
#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_changes_no_allowance_but_from_zero_is_paid_in() -> Result<()> {
    let scene = Scene::start().await?;
    let token = scene.token_of("StrictToken", &false.abi_encode()).await?;
    let (of, payer) = (token.to_string(), scene.payer.address());
    let approve = Token::approveCall { spender: scene.at, amount: U256::from(7) };
    assert!(scene.payer.send(token, approve.abi_encode()).await?.status());
    let pay = ["pay", "1000", "--class", "8", "--token", &of];
    let error = refusal(scene.runs(&scene.payer, &pay));
    assert!(error.contains(&format!("the splitter may take 7 of the token's units from {payer}")), "{error}");
    let paid = scene.does(&scene.payer, &[&pay[..], &["--approve"]].concat());
    // To zero first.
    assert_eq!(paid["approvals"].as_array().map(Vec::len), Some(2), "{paid}");
    assert_eq!((&paid["received"], scene.has(token, scene.at).await?), (&json!("1000"), 1_000));
    // Nothing is left to take.
    let left = Token::allowanceCall { owner: payer, spender: scene.at };
    let left = scene.records.chain.ask(payer, token, left.abi_encode()).await?;
    assert!(left.output::<Token::allowanceCall>().is_zero());
    let funded = scene.does(&scene.payer, &["fund", "50", "--token", &of, "--approve"]);
    assert_eq!(funded["received"], json!("50"));

    let forgetful = scene.token_of("StrictToken", &true.abi_encode()).await?.to_string();
    let error = refusal(scene.runs(&scene.payer, &["fund", "50", "--token", &forgetful, "--approve"]));
    let reason = format!(
        "the token took the approval, and the splitter still may take only 0 of its units from {payer}: look whether \
         it is a token that does what it says"
    );
    assert!(error.ends_with(&reason), "{error}");
    Ok(())
}

/// A payee that takes no ether keeps no other from being paid.
#[tokio::test(flavor = "multi_thread")]
async fn a_payee_that_refuses_is_told_and_the_others_are_paid() -> Result<()> {
    let scene = Scene::start().await?;
    // It reverts.
    let bad = scene.records.chain.create(harness::deploy::init_code(&alloy::hex!("60006000fd"))).await?;
    let table = S::setTableCall {
        recipients: vec![bad, scene.ben.address()],
        basisPoints: vec![5_000, 5_000],
        tokens: Vec::new(),
    };
    scene.records.sends(&scene.records.dao, scene.at, table).await?;
    let _ = scene.does(&scene.payer, &["pay", "10", "--class", "8"]);
    let output = scene.runs(&scene.payer, &["release", "--all"]);
    let text = told(&output);
    assert!(text.contains(&format!("paid 5 wei to {}: ", scene.ben.address())), "{text}");
    let reason = format!("NOT PAID  {bad}: 5 wei did not go to {bad}: the receiver or the token refused it");
    assert!(text.contains(&reason), "{text}");
    assert_eq!(refusal(output), "error: 1 of 3 payees were not paid: the lines above say why");
    Ok(())
}

/// A request for the key of a laboratory result: the pointer's id and the request's.
async fn request(scene: &Scene) -> Result<[B256; 2]> {
    let records = &scene.records;
    let pointer = pointer(records.patient.address(), records.lab.address(), 3);
    let id = records.reads(R::idOfCall { pointer: pointer.clone() }).await?;
    records.sends(&records.lab, records.at, R::registerCall { pointer }).await?;
    records.permits(records.doctor.address(), TREAT).await?;
    let encryption_key = B256::repeat_byte(9);
    let ask = R::requestAccessCall { id, purpose: TREAT, onBehalfOf: Address::ZERO, encryptionKey: encryption_key };
    let receipt = records.doctor.send(records.at, ask.abi_encode()).await?;
    let asked = receipt.logs().iter().find_map(|log| log.log_decode::<R::AccessRequested>().ok());
    Ok([id, asked.expect("an event").inner.data.requestId])
}

fn digits(value: &Value) -> U256 {
    value.as_str().expect("digits").parse().expect("a number")
}

/// Ether and a token, by two tables, with and without a source, claimed and paid: the parts of the sources are what the
/// contract's views say.
#[tokio::test(flavor = "multi_thread")]
async fn a_statement_says_what_was_earned_from_what() -> Result<()> {
    let scene = Scene::start().await?;
    scene.with_publisher().await?;
    let (anna, token) = (scene.anna.address(), scene.token().await?);
    let [pointer, request] = request(&scene).await?.map(|id| id.to_string());
    // 10,001 for a request that the registry knows, twice 333 for a licence, 7 without a source.
    let paid = scene.does(&scene.payer, &["pay", "10001", "--request", &request, "--pointer", &pointer]);
    assert_eq!(paid["class"], json!(LABORATORY));
    for _ in 0..2 {
        let _ = scene.does(&scene.payer, &["pay", "333", "--class", "IMAGING", "--licence", &word(7)]);
    }
    assert!(scene.payer.send_with(scene.at, Vec::new(), 7).await?.status());
    let _ = scene.does(&scene.payer, &["release", "--payee", &anna.to_string()]);
    // From now on Anna has a third, after another payee.
    let table = S::setTableCall {
        recipients: vec![scene.ben.address(), anna, scene.at],
        basisPoints: vec![3_334, 3_333, 3_333],
        tokens: Vec::new(),
    };
    scene.records.sends(&scene.records.dao, scene.at, table).await?;
    let _ = scene.does(&scene.payer, &["pay", "100", "--class", "8", "--licence", &word(8)]);
    let of_token = ["pay", "101", "--class", "8", "--token", &token.to_string(), "--approve"].map(str::to_owned);
    let _ = scene.does(&scene.payer, &of_token.iter().map(String::as_str).collect::<Vec<_>>());
    let transfer = Token::transferCall { to: scene.at, amount: U256::from(50) };
    assert!(scene.payer.send(token, transfer.abi_encode()).await?.status());
    // An epoch that Anna has a part of.
    let folder = scene.built("epoch", &[format!("{anna},55,")], &[]);
    let number = scene.opened(&folder).await?;
    let _ = scene.does(&scene.payer, &["claim", &folder, "--number", &number, "--payee", &anna.to_string()]);

    let found = scene.does(&scene.payer, &["statement", &anna.to_string()]);
    let tokens = found["tokens"].as_array().expect("tokens");
    assert_eq!(tokens.len(), 2);
    let ether = &tokens[0];
    // Of 10,674 wei 6,000 by 10,000, rounded down; and of 100 a third.
    let tables = ether["tables"].as_array().expect("tables");
    assert_eq!((&tables[0]["received"], &tables[0]["earned"]), (&json!("10674"), &json!("6404")));
    assert_eq!((&tables[1]["received"], &tables[1]["earned"]), (&json!("100"), &json!("33")));
    assert_eq!((&ether["earned"], &ether["due"], &ether["short"]), (&json!("6437"), &json!("33"), &json!("0")));
    let sources = tables[0]["sources"].as_array().expect("sources");
    let source = |key: &str, value: &str| {
        let found = sources.iter().find(|source| source[key] == json!(value)).expect("a source");
        digits(&found["earned"]).to::<u64>()
    };
    assert!((6_000..=6_001).contains(&source("request", &request)));
    assert!((399..=400).contains(&source("licence", &word(7))));
    let sum: U256 = sources.iter().map(|source| digits(&source["earned"])).sum();
    assert_eq!(sum, U256::from(6_404));
    assert_eq!(sources.len(), 3);
    assert_eq!((&ether["claims"][0]["amount"], &ether["claims"][0]["epoch"]), (&json!("55"), &json!(1)));

    // The views say the same.
    for of in tokens {
        let token: Address = of["token"].as_str().expect("a token").parse()?;
        let (released, due) = if token.is_zero() {
            let released = scene.reads(S::released_0Call { account: anna }).await?;
            (released, scene.reads(S::releasable_0Call { account: anna }).await?)
        } else {
            let released = scene.reads(S::released_1Call { token, account: anna }).await?;
            (released, scene.reads(S::releasable_1Call { token, account: anna }).await?)
        };
        assert_eq!((digits(&of["released"]), digits(&of["due"])), (released, due));
        assert_eq!(digits(&of["earned"]), released + due);
        let all = of["tables"].as_array().expect("tables").iter().map(|table| digits(&table["earned"]));
        assert_eq!(all.sum::<U256>(), released + due);
    }
    // 151 units, of which a third; 50 came by a plain transfer.
    assert_eq!((&tokens[1]["token"], &tokens[1]["earned"]), (&json!(token), &json!("50")));

    let words = scene.says(&scene.payer, &["statement", &anna.to_string()]);
    for line in [
        "  table 1: 6000 of 10000 of 10674 are 6404 wei\n".to_owned(),
        format!("    6000 wei for LABORATORY (8), request {request}\n"),
        format!(" wei for IMAGING (12), licence {}\n", word(7)),
        " wei for what came without a source\n".to_owned(),
        "  earned 6437 wei, of which 6404 were paid and 33 are due\n".to_owned(),
        format!("  claimed 55 wei in epoch 1 (index 0), to {anna}\n"),
    ] {
        assert!(words.contains(&line), "{line}{words}");
    }
    // An account that is no payee has earned nothing; the pool is not one.
    let nobody = scene.does(&scene.payer, &["statement", &somebody("nobody").to_string()]);
    assert_eq!((&nobody["tokens"][0]["earned"], &nobody["tokens"][0]["tables"]), (&json!("0"), &json!([])));
    let error = refusal(scene.runs(&scene.payer, &["statement", &scene.at.to_string()]));
    assert!(error.contains("the splitter's own part is the pool"), "{error}");
    Ok(())
}

/// A contract of another kind could answer anything.
#[tokio::test(flavor = "multi_thread")]
async fn the_splitter_is_found_or_said_to_be_missing() -> Result<()> {
    let scene = Scene::start().await?;
    let url = scene.records.chain.url();
    let account = scene.anna.address().to_string();
    let state = |more: &[&str]| {
        let words = ["statement", &account, "--rpc-url", &url];
        refusal(tokio::task::block_in_place(|| run(revenue(&[&words, more].concat()))))
    };
    let [nobody, other] = [somebody("nobody"), scene.records.at].map(|at| at.to_string());
    assert!(state(&["--contract", &nobody]).contains("there is no contract at "));
    assert!(state(&["--contract", &other]).contains("does not answer as a revenue splitter"));
    let error = state(&["--records", &scene.desk.path("")]);
    assert!(error.ends_with("has no record of a deployment on chain 412346: give --contract, or --records"), "{error}");
    Ok(())
}
