//! Batches are made and proven without a node, as `@openzeppelin/merkle-tree` makes and proves them.

use std::collections::BTreeSet;
use std::process::Command;

use alloy::primitives::{B256, keccak256};
use harness::npm;
use serde_json::Value;

use super::registry;
use crate::consent::scene::{Desk, done, told};
use crate::{refusal, run};

/// A list of so many records, as a custodian's program writes it.
fn list(count: u32) -> String {
    let mut text = "cid,subject,custodian,data class,schema,encryption,key commitment,previous\n".to_owned();
    for number in 0..count {
        let hash = |what: &str| keccak256(format!("{what} {number}"));
        let (subject, class) = (hash("subject"), ["LABORATORY", "IMAGING", "8", "200"][number as usize % 4]);
        // CIDv1 in base16: raw, sha2-256.
        let cid = format!("f01551220{:x}", hash("digest"));
        let previous = if number % 3 == 0 { hash("previous").to_string() } else { String::new() };
        text += &format!(
            "{cid},0x{},0x{},{class},{},{},{},{previous}\n",
            &format!("{subject:x}")[..40],
            "c0".repeat(20),
            1 + number % 7,
            1 + number % 2,
            hash("commitment"),
        );
    }
    text
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON")
}

/// The package makes the same root and the same proofs of the list that was written.
#[test]
fn root_and_proofs_are_the_package_s() {
    let desk = Desk::new();
    let (file, out) = (desk.file("list.csv", list(301)), desk.path("batch"));
    let text = done(&run(registry(&["batch", &file, "--out", &out, "--json"])));
    let batch = crate::parsed(&text);
    let custodian = format!("0x{}", "c0".repeat(20));
    assert_eq!((batch["count"].as_u64(), batch["custodian"].as_str()), (Some(301), Some(custodian.as_str())));

    let mut node = Command::new("node");
    node.args(["tree.js", &desk.path("batch/pointers.jsonl")]).current_dir(npm::installed("merkle").expect("npm"));
    let package = done(&run(node));
    let (root, theirs) = package.split_once('\n').expect("a root");
    assert_eq!(batch["root"], json(root));
    let ours = done(&run(registry(&["prove", &out, "--all"])));
    let set = |text: &str| text.lines().map(str::to_owned).collect::<BTreeSet<_>>();
    assert_eq!(set(&ours), set(theirs));
    assert_eq!(ours.lines().count(), 301);

    // One of them, with its pointer.
    let line = json(ours.lines().nth(7).expect("a proof"));
    let id = line["id"].as_str().expect("an id");
    let found = crate::parsed(&done(&run(registry(&["prove", &out, "--id", id, "--json"]))));
    assert_eq!((&found["proof"], &found["root"]), (&line["proof"], &batch["root"]));
    let schema = found["pointer"]["schema"].as_u64().expect("a schema");
    assert!((1..8).contains(&schema) && found["pointer"]["cid"].as_str().expect("a CID").starts_with("bafkr"));
    let words = done(&run(registry(&["prove", &out, "--id", id])));
    assert!(words.starts_with(&format!("{id} is in the batch with the root 0x")), "{words}");
    let error = refusal(run(registry(&["prove", &out, "--id", &B256::ZERO.to_string()])));
    assert!(error.ends_with(": correct the id, or name another batch"), "{error}");

    // The manifest is the hash of the list, and its CID is told.
    use sha2::Digest as _;
    let digest = B256::new(sha2::Sha256::digest(desk.read("batch/pointers.jsonl")).into());
    assert_eq!(batch["manifest"]["digest"], digest.to_string());
    // From standard input it is the same.
    let mut command = registry(&["batch", "-", "--out", &desk.path("again")]);
    command.stdin(std::fs::File::open(&file).expect("a file"));
    let text = done(&run(command));
    assert!(text.contains(&format!("root  {}\n", batch["root"].as_str().expect("a root"))), "{text}");
}

#[test]
fn bad_rows_are_told_by_line_and_nothing_is_written() {
    let desk = Desk::new();
    let good = list(6);
    let rows: Vec<_> = good.lines().collect();
    let text = [
        rows[0],
        rows[1],
        &rows[2].replace("f01551220", "f01551120"),
        &rows[3].replace("LABORATORY", "").replace(",8,", ",,"),
        rows[1],
        &rows[5].replace("c0c0", "c1c1"),
        "one, two",
    ];
    let (file, out) = (desk.file("list.csv", text.join("\n")), desk.path("batch"));
    let output = run(registry(&["batch", &file, "--out", &out]));
    let told = told(&output);
    let lines: Vec<_> = told.lines().collect();
    for (place, reason) in [
        "line 3: `cid` is of the hash 0x11: the contract takes sha2-256",
        "line 4: it lacks `dataClass`",
        "line 5: it is the same pointer as in line 2: delete one of them",
        "line 6: its custodian is 0x",
        "line 7: it has 2 values, and the first line has 8 names",
    ]
    .iter()
    .enumerate()
    {
        assert!(lines[place].starts_with(reason), "{told}");
    }
    assert_eq!(lines.len(), 5, "{told}");
    let error = refusal(output);
    assert_eq!(error, "error: 5 of 6 rows cannot be published: the lines above say why. Nothing was written");
    let output = run(registry(&["batch", &file, "--out", &out, "--json"]));
    let found = crate::parsed(&String::from_utf8_lossy(&output.stdout));
    assert_eq!((found["badCount"].as_u64(), found["bad"][2]["line"].as_u64()), (Some(5), Some(5)));
    let left: Vec<_> = std::fs::read_dir(desk.path("")).expect("a folder").collect();
    assert_eq!(left.len(), 1, "{left:?}");
}

#[test]
fn what_is_no_list_and_what_is_there_is_refused() {
    let desk = Desk::new();
    let good = desk.file("list.csv", list(2));
    let out = desk.path("batch");
    for (text, reason) in [
        ("", "it is empty: write a line of names and a line for each pointer"),
        ("a,b\n", "the first line: `a` is not a member of a pointer: write subject, custodian, "),
        ("subject,custodian\n", "the first line lacks the column `dataClass`"),
        (list(0).as_str(), "has no pointer: write a row for each"),
    ] {
        let bad = desk.file("list.bad", text);
        let error = refusal(run(registry(&["batch", &bad, "--out", &out])));
        assert!(error.contains(reason), "{error}");
    }
    let error = refusal(run(registry(&["batch", &desk.path("nothing"), "--out", &out])));
    assert!(error.contains("nothing cannot be read: "), "{error}");
    let _ = done(&run(registry(&["batch", &good, "--out", &out])));
    let error = refusal(run(registry(&["batch", &good, "--out", &out])));
    assert_eq!(error, format!("error: {out} is there already: name another folder, or move it away"));
    let error = refusal(run(registry(&["prove", &desk.path(""), "--all"])));
    assert!(error.contains("batch.json cannot be read: "), "{error}");
}
