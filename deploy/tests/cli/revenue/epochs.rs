//! Epochs are built and proven without a node, as `@openzeppelin/merkle-tree` makes and proves them, and published by
//! whom the access manager lets, or by a vote.

use std::collections::BTreeSet;
use std::process::Command;

use alloy::hex;
use alloy::primitives::{Address, B256, U256, keccak256};
use alloy::sol_types::SolCall;
use consilium_bindings::RevenueSplitter as S;
use consilium_deploy::config::moment::Moment;
use eyre::Result;
use harness::npm;
use serde_json::json;
use sha2::Digest as _;

use super::revenue;
use super::scene::*;
use crate::consent::scene::{Desk, done, told};
use crate::{parsed, pending, refusal, run};

/// A list of so many payees.
fn list(count: u32) -> String {
    let mut text = "amount,payee,alone\n".to_owned();
    for number in 0..count {
        let payee = Address::from_word(keccak256(number.to_be_bytes()));
        text += &format!("{},{payee},{}\n", u64::from(number) * 1_000_003 + 1, ["", "no", "yes"][number as usize % 3]);
    }
    text
}

/// The package makes the same root and the same proofs of the list that was written.
#[test]
fn root_and_proofs_are_the_package_s() {
    let desk = Desk::new();
    let (file, out) = (desk.file("list.csv", list(301)), desk.path("epoch"));
    let built = parsed(&done(&run(revenue(&["epoch", "build", &file, "--out", &out, "--json"]))));
    let total: u64 = (0..301).map(|number| number * 1_000_003 + 1).sum();
    assert_eq!((built["count"].as_u64(), built["total"].as_str()), (Some(301), Some(&*total.to_string())));
    assert_eq!((&built["token"], &built["alone"]), (&json!(Address::ZERO), &json!(100)));

    let mut node = Command::new("node");
    node.args(["tree.js", &desk.path("epoch/payees.jsonl"), "uint256,address,uint256"]);
    node.current_dir(npm::installed("merkle").expect("npm"));
    let package = done(&run(node));
    let (root, theirs) = package.split_once('\n').expect("a root");
    assert_eq!(built["root"], parsed(root));
    let ours = done(&run(revenue(&["epoch", "prove", &out, "--all"])));
    let set = |text: &str| text.lines().map(str::to_owned).collect::<BTreeSet<_>>();
    assert_eq!(set(&ours), set(theirs));
    assert_eq!(ours.lines().count(), 301);

    // One of them, which it alone claims.
    let payee = Address::from_word(keccak256(5_u32.to_be_bytes())).to_string();
    let found = parsed(&done(&run(revenue(&["epoch", "prove", &out, "--payee", &payee, "--json"]))));
    let index: U256 = found["row"]["index"].as_str().expect("an index").parse().expect("a number");
    assert_eq!((index, found["row"]["alone"].as_bool()), (U256::from(5) | U256::ONE << 255, Some(true)));
    assert_eq!((&found["row"]["amount"], &found["root"]), (&json!("5000016"), &built["root"]));
    assert!(ours.contains(&found["proof"].to_string()));
    let words = done(&run(revenue(&["epoch", "prove", &out, "--payee", &payee])));
    assert!(words.starts_with(&format!("{payee} is due 5000016 wei, with the index ")), "{words}");
    let nobody = Address::repeat_byte(1).to_string();
    let error = refusal(run(revenue(&["epoch", "prove", &out, "--payee", &nobody])));
    assert!(error.ends_with(": correct the address, or name another epoch"), "{error}");

    // The manifest is the hash of the list. From standard input it is the same.
    let digest = B256::new(sha2::Sha256::digest(desk.read("epoch/payees.jsonl")).into());
    assert_eq!(built["manifest"], json!(digest));
    let mut command = revenue(&["epoch", "build", "-", "--out", &desk.path("again")]);
    command.stdin(std::fs::File::open(&file).expect("a file"));
    let text = done(&run(command));
    assert!(text.contains("alone  100: nobody else claims their part\n"), "{text}");
    assert!(text.contains(&format!("root  {}\n", built["root"].as_str().expect("a root"))), "{text}");
}

#[test]
fn bad_rows_are_told_by_file_and_line_and_nothing_is_written() {
    let desk = Desk::new();
    let [anna, ben] = [Address::repeat_byte(0xa), Address::repeat_byte(0xb)];
    let text = format!("payee,amount\n{anna},5\n{ben},0\n0x12,1\n{anna},1\n{},5\n", Address::repeat_byte(0xc));
    let (file, out) = (desk.file("list.csv", text), desk.path("epoch"));
    let output = run(revenue(&["epoch", "build", &file, "--out", &out, "--balance", "10"]));
    let said = told(&output);
    let lines: Vec<_> = said.lines().collect();
    for (line, (number, reason)) in lines.iter().zip([
        (3, "`amount` is zero: leave the payee out"),
        (4, "`payee`: "),
        (5, "it is the same payee as in line 2: delete one of them"),
        (6, "the amounts up to here are 11 together, and there are 10: promise less"),
    ]) {
        assert!(line.starts_with(&format!("{file}:{number}: {reason}")), "{said}");
    }
    assert_eq!(lines.len(), 4, "{said}");
    let error = refusal(output);
    assert_eq!(error, "error: 4 of 5 rows cannot be paid: the lines above say why. Nothing was written");
    let output = run(revenue(&["epoch", "build", &file, "--out", &out, "--json"]));
    let found = parsed(&told(&output));
    assert_eq!((found["badCount"].as_u64(), found["bad"][2]["line"].as_u64()), (Some(3), Some(5)));
    let left: Vec<_> = std::fs::read_dir(desk.path("")).expect("a folder").collect();
    assert_eq!(left.len(), 1, "{left:?}");
}

#[test]
fn what_is_no_list_and_what_is_there_is_refused() {
    let desk = Desk::new();
    let out = desk.path("epoch");
    for (text, reason) in [
        ("", "it is empty: write a line of names and a line for each payee"),
        ("a,b\n", "the first line: `a` is not a member of a payee: write index, payee, amount, alone"),
        ("payee\n", "the first line lacks the column `amount`"),
        ("payee,amount\n", "has no payee: write a row for each"),
    ] {
        let bad = desk.file("list.bad", text);
        let error = refusal(run(revenue(&["epoch", "build", &bad, "--out", &out])));
        assert!(error.contains(reason), "{error}");
    }
    let good = desk.file("list.csv", list(2));
    let _ = done(&run(revenue(&["epoch", "build", &good, "--out", &out])));
    let error = refusal(run(revenue(&["epoch", "build", &good, "--out", &out])));
    assert_eq!(error, format!("error: {out} is there already: name another folder, or move it away"));
    let error = refusal(run(revenue(&["epoch", "prove", &desk.path(""), "--all"])));
    assert!(error.contains("epoch.json cannot be read: "), "{error}");
    let output = run(revenue(&["epoch", "build", &good, "--out", "new", "--balance", "1.5"]));
    assert_eq!(output.status.code(), Some(2), "{output:?}");
}

/// The publisher sends; where there is none, the command prints what the DAO proposes, and the DAO's call is taken.
#[tokio::test(flavor = "multi_thread")]
async fn an_epoch_is_published_or_proposed() -> Result<()> {
    let scene = Scene::start().await?;
    let row = |byte: u8, amount: u64| format!("{},{amount},", Address::repeat_byte(byte));
    let folder = scene.built("epoch", &[row(1, 40), row(2, 60)], &[]);
    let publish = ["epoch", "publish", folder.as_str(), "--deadline", "+90d"];
    let error = refusal(scene.runs(&scene.publisher, &publish));
    assert!(error.contains("the epoch promises 100, and the splitter's pool has 0: build a smaller one"), "{error}");
    scene.fund(100).await?;
    let (file, other) = (scene.desk.path("epoch.csv"), scene.desk.path("other"));
    let ask = ["epoch", "build", &file, "--out", &other, "--pool"];
    let _ = scene.does(&scene.payer, &ask);

    // Nobody has the office: the publisher of this function is the manager's admin, the DAO.
    let proposed = scene.leaves(&scene.publisher, &publish);
    assert_eq!((&proposed["targets"], &proposed["values"]), (&json!([scene.at]), &json!(["0"])));
    let calldata = hex::decode(proposed["calldatas"][0].as_str().expect("calldata"))?;
    let call = S::publishEpochCall::abi_decode(&calldata)?;
    assert_eq!((call.token, call.total), (Address::ZERO, U256::from(100)));
    let words = scene.says(&scene.publisher, &[&publish[..], &["--propose"]].concat());
    assert!(words.starts_with("nothing was sent: let the DAO decide, by a proposal with\n"), "{words}");
    assert_eq!(scene.reads(S::epochCountCall {}).await?, 0);
    assert!(scene.records.dao.send(scene.at, calldata).await?.status());
    assert_eq!(scene.reads(S::epochCall { number: 1 }).await?.root, call.root);

    scene.with_publisher().await?;
    scene.fund(100).await?;
    let error = refusal(scene.runs(&scene.publisher, &publish));
    assert_eq!(error, "error: this list was published as epoch 1: there is nothing to do");
    let folder = scene.built("next", &[row(1, 40), row(3, 60)], &[]);
    let error = refusal(scene.runs(&scene.payer, &["epoch", "publish", &folder, "--deadline", "+90d"]));
    assert!(error.contains(" may not publish epochs: let a member of role 8 of the access manager"), "{error}");
    let late = ["epoch", "publish", folder.as_str(), "--deadline"];
    let error = refusal(scene.runs(&scene.publisher, &[&late[..], &["2020-01-01"]].concat()));
    assert!(error.contains("the deadline is over already: give a later one, as +90d"), "{error}");
    let soon = (scene.records.chain.now().await? + 10).to_string();
    let error = refusal(scene.runs(&scene.publisher, &[&late[..], &[&soon]].concat()));
    assert!(error.contains("the deadline is not after the window in which the epoch can be disabled"), "{error}");
    let published = scene.does(&scene.publisher, &["epoch", "publish", &folder, "--deadline", "+90d"]);
    let epoch = scene.reads(S::epochCall { number: 2 }).await?;
    assert_eq!((published["epoch"].as_u64(), epoch.state, epoch.total), (Some(2), 1, U256::from(100)));
    assert_eq!(published["claimableFrom"].as_u64(), Some(epoch.claimableFrom.to()));
    scene.fund(1).await?;
    let third = scene.built("third", &[row(1, 1)], &[]);
    let said = scene.says(&scene.publisher, &["epoch", "publish", &third, "--deadline", "+90d"]);
    let from = Moment(scene.reads(S::epochCall { number: 3 }).await?.claimableFrom.to());
    assert!(
        said.starts_with("published 1 payees as epoch 3, ") && said.contains(&format!("they claim from {from} on\n"))
    );

    let (file, more) = (scene.desk.path("next.csv"), scene.desk.path("more"));
    let output = scene.runs(&scene.payer, &["epoch", "build", &file, "--out", &more, "--pool"]);
    let text = told(&output);
    assert!(text.contains(":2: the amounts up to here are 40 together, and there are 0: promise less"), "{text}");
    Ok(())
}

/// A publisher with a delay announces the epoch first. The same command line publishes it when the delay is over, with
/// the deadline that was announced.
#[tokio::test(flavor = "multi_thread")]
async fn a_publisher_with_a_delay_announces_and_publishes_by_the_same_command() -> Result<()> {
    const DELAY: u32 = 600;
    let scene = Scene::start().await?;
    scene.with_publisher_after(DELAY).await?;
    scene.fund(200).await?;
    let row = |byte: u8, amount: u64| format!("{},{amount},", Address::repeat_byte(byte));
    let folder = scene.built("epoch", &[row(1, 40), row(2, 60)], &[]);
    let publish = ["epoch", "publish", folder.as_str(), "--deadline", "+90d"];
    // What would be refused when the delay is over is not announced.
    let now = scene.records.chain.now().await?;
    let soon = (now + u64::from(DELAY) + u64::from(WINDOW)).to_string();
    let error = refusal(scene.runs(&scene.publisher, &["epoch", "publish", &folder, "--deadline", &soon]));
    let reason = format!("error: {} can publish epochs from 20", scene.publisher.address());
    assert!(error.starts_with(&reason), "{error}");
    assert!(error.ends_with(" on, and then the deadline is too early: give a later one"), "{error}");
    let announced = scene.leaves(&scene.publisher, &publish);
    let from = announced["from"].as_u64().expect("a second");
    assert_eq!((&announced["announced"], from), (&json!(true), now + u64::from(DELAY)));
    assert_eq!(announced["until"].as_u64(), Some(from + 7 * 86_400));
    assert!(announced["transaction"].as_str().is_some_and(|hash| hash.starts_with("0x")), "{announced}");
    // Each run until then says so, and sends nothing.
    let waits = scene.leaves(&scene.publisher, &publish);
    assert_eq!(waits, json!({ "announced": true, "from": from, "until": from + 7 * 86_400 }));
    let words = pending(&scene.runs(&scene.publisher, &publish));
    assert!(
        words.starts_with("it was announced before, and its delay is not over: run the command again from 20"),
        "{words}"
    );
    assert_eq!(scene.reads(S::epochCountCall {}).await?, 0);

    scene.records.chain.advance(u64::from(DELAY) + 60).await?;
    let published = scene.does(&scene.publisher, &publish);
    let epoch = scene.reads(S::epochCall { number: 1 }).await?;
    assert_eq!((published["epoch"].as_u64(), epoch.state), (Some(1), 1));
    let deadline = epoch.deadline.to::<u64>();
    assert_eq!((published["deadline"].as_u64(), deadline), (Some(deadline), now + 90 * 86_400));
    let error = refusal(scene.runs(&scene.publisher, &publish));
    assert_eq!(error, "error: this list was published as epoch 1: there is nothing to do");

    // Another list is announced by itself. One that is said as a date is another call with another date; and what is
    // announced for too long is announced again.
    let next = scene.built("next", &[row(1, 40), row(3, 60)], &[]);
    let until = |seconds: u64| (now + seconds).to_string();
    let announced = |seconds: u64| {
        let told = scene.leaves(&scene.publisher, &["epoch", "publish", &next, "--deadline", &until(seconds)]);
        told["announced"] == true
    };
    assert!(announced(9_000_000) && announced(9_000_001));
    scene.records.chain.advance(u64::from(DELAY) + 8 * 86_400).await?;
    let until = until(9_000_000);
    let publish = ["epoch", "publish", &next, "--deadline", &until];
    let words = pending(&scene.runs(&scene.publisher, &publish));
    assert!(words.starts_with("announced: run the command again from 20") && words.contains(" on, and before 20"));
    scene.records.chain.advance(u64::from(DELAY)).await?;
    assert_eq!(scene.does(&scene.publisher, &publish)["epoch"], 2);
    assert_eq!(scene.reads(S::epochCall { number: 2 }).await?.deadline.to::<u64>(), now + 9_000_000);

    // Without a key, and by somebody else.
    let third = scene.built("third", &[row(4, 1)], &[]);
    scene.fund(1).await?;
    let propose = ["epoch", "publish", &third, "--deadline", "+90d", "--propose"];
    assert!(scene.does(&scene.payer, &propose)["calldatas"][0].is_string());
    let error = refusal(scene.runs(&scene.payer, &propose[..5]));
    assert!(error.contains(" may not publish epochs: let a member of role 8 of the access manager"), "{error}");
    Ok(())
}

/// What nobody could prove is not published.
#[tokio::test(flavor = "multi_thread")]
async fn a_folder_whose_proofs_are_others_is_not_published() -> Result<()> {
    let scene = Scene::start().await?;
    scene.with_publisher().await?;
    scene.fund(100).await?;
    let row = |byte: u8, amount: u64| format!("{},{amount},", Address::repeat_byte(byte));
    let folder = scene.built("epoch", &[row(1, 40), row(2, 60)], &[]);
    let path = format!("{folder}/proofs");
    let mut proofs = std::fs::read(&path)?;
    // Of the second leaf, whose root is still the list's.
    proofs[40 + 32 + 32] ^= 1;
    std::fs::write(&path, proofs)?;
    let publish = ["epoch", "publish", folder.as_str(), "--deadline", "+90d"];
    for words in [&publish[..], &[&publish[..], &["--propose"]].concat()] {
        let error = refusal(scene.runs(&scene.publisher, words));
        assert_eq!(error, format!("error: {path} does not prove the rows of payees.jsonl: make the epoch again"));
    }
    assert_eq!(scene.reads(S::epochCountCall {}).await?, 0);
    Ok(())
}
