//! The comparison itself: it must see every difference, and overlook only what the mask names.

use alloy::sol_types::SolEvent;
use harness::fidelity::{Comparer, Entry, Exceptions, Mask, Mismatch, Recording, data_dir};
use nitro::ArbWasm::ProgramActivated;
use serde_json::{Value, json};

fn mask(rules: Value) -> Mask {
    serde_json::from_value(rules).expect("rules")
}

fn entry(method: &str, step: &str, answer: Value) -> Entry {
    let mut line = json!({ "n": 1, "step": step, "method": method, "params": [] });
    line.as_object_mut().expect("an object").extend(answer.as_object().expect("an object").clone());
    serde_json::from_value(line).expect("an entry")
}

fn differences(rules: Value, recorded: Value, answered: Value) -> Vec<String> {
    let mask = mask(rules);
    let entry = entry("m", "group/step", json!({ "result": recorded }));
    Comparer::new(&mask).compare(&entry, &json!({ "result": answered })).into_iter().map(|it| it.path).collect()
}

const NONE: [&str; 0] = [];

#[test]
fn equal_answers_do_not_differ() {
    let answer = json!({ "a": [1, { "b": null }], "c": "0x00" });
    assert_eq!(differences(json!([]), answer.clone(), answer), NONE);
}

#[test]
fn each_kind_of_difference_is_seen() {
    let at = |a: Value, b: Value| differences(json!([]), a, b);
    assert_eq!(at(json!("0x1"), json!("0x2")), ["result"]);
    assert_eq!(at(json!(1), json!("1")), ["result"]);
    assert_eq!(at(json!(null), json!(false)), ["result"]);
    assert_eq!(at(json!({ "a": 1 }), json!({ "b": 1 })), ["result.a", "result.b"]);
    assert_eq!(at(json!([1, 2]), json!([1])), ["result.length"]);
    assert_eq!(at(json!([1, 2]), json!([2, 1])), ["result.0", "result.1"]);
}

#[test]
fn an_error_in_place_of_a_result_is_seen() {
    let mask = mask(json!([]));
    let entry = entry("m", "group/step", json!({ "result": "0x" }));
    let found =
        Comparer::new(&mask).compare(&entry, &json!({ "error": { "code": 3, "message": "execution reverted" } }));
    assert_eq!(found.into_iter().map(|it| it.path).collect::<Vec<_>>(), ["result", "error"]);
}

#[test]
fn numbers_are_compared_by_value_and_whole_ones_to_the_last_digit() {
    let parse = |text: &str| serde_json::from_str::<Value>(text).expect("a number");
    assert_eq!(differences(json!([]), parse("1e3"), parse("1000.0")), NONE);
    assert_eq!(differences(json!([]), parse("99999999999999999999"), parse("99999999999999999998")), ["result"]);
}

#[test]
fn the_order_of_keys_is_free() {
    let (a, b) = (r#"{"a":1,"b":2}"#, r#"{"b":2,"a":1}"#);
    let parse = |text: &str| serde_json::from_str::<Value>(text).expect("an object");
    assert_eq!(differences(json!([]), parse(a), parse(b)), NONE);
}

#[test]
fn a_masked_value_may_change_but_neither_vanish_nor_change_its_type() {
    let rules = json!([{ "method": "m", "path": "result.time", "why": "clock" }]);
    let at = |b: Value| differences(rules.clone(), json!({ "time": "0x1" }), b);
    assert_eq!(at(json!({ "time": "0x2" })), NONE);
    assert_eq!(at(json!({ "time": 2 })), ["result.time"]);
    assert_eq!(at(json!({})), ["result.time"]);
}

#[test]
fn a_mask_holds_for_its_method_step_and_path_only() {
    let rules = json!([{ "method": ["m", "n"], "path": "result.*.x", "step": "group/s.*", "not": "group/step two", "why": "" }]);
    let mask = mask(rules);
    let found = |method: &str, step: &str| {
        let entry = entry(method, step, json!({ "result": [{ "x": 1 }] }));
        Comparer::new(&mask).compare(&entry, &json!({ "result": [{ "x": 2 }] })).len()
    };
    assert_eq!(found("m", "group/step one"), 0);
    assert_eq!(found("n", "group/s"), 0);
    assert_eq!(found("o", "group/step one"), 1, "another method");
    assert_eq!(found("m", "group/step two"), 1, "a step that is left out");
    assert_eq!(found("m", "a group/step"), 1, "the expression is for the whole name");
}

#[test]
fn a_mask_by_calldata_holds_only_where_the_calldata_begins_so() {
    let mask = mask(json!([{ "method": "eth_call", "path": "result", "data": "0x1d5b", "why": "falls with time" }]));
    let found = |call: Value| {
        let line = json!({ "n": 1, "step": "g/s", "method": "eth_call", "params": [call, "latest"], "result": "0x1" });
        let entry = serde_json::from_value(line).expect("an entry");
        Comparer::new(&mask).compare(&entry, &json!({ "result": "0x2" })).len()
    };
    assert_eq!(found(json!({ "data": "0x1d5b5c20" })), 0);
    assert_eq!(found(json!({ "input": "0x1d5b5c20", "data": "0x00" })), 0, "input comes first");
    assert_eq!(found(json!({ "data": "0x00" })), 1);
    assert_eq!(found(json!({})), 1);
}

#[test]
fn byte_ranges_hide_those_bytes_and_no_other() {
    let rules = json!([{ "method": "m", "path": "result", "bytes": [[1, 2], [3, -1]], "why": "" }]);
    let at = |b: &str| differences(rules.clone(), json!("0x0011223344"), json!(b));
    assert_eq!(at("0x00ff22ffff"), NONE);
    assert_eq!(at("0x01ff22ffff"), ["result"]);
    assert_eq!(at("0x00ffffffff"), ["result"]);
    assert_eq!(at("0x00ff22ffffff"), ["result"], "another length");
}

#[test]
fn hashes_that_vary_must_agree_with_each_other() {
    let mask = mask(json!([{ "method": "m", "path": "result", "same": true, "why": "covers the clock" }]));
    let mut comparer = Comparer::new(&mask);
    let mut found = |recorded: &str, answered: &str| {
        comparer.compare(&entry("m", "g/s", json!({ "result": recorded })), &json!({ "result": answered })).len()
    };
    assert_eq!(found("0xaa", "0x01"), 0);
    assert_eq!(found("0xbb", "0x02"), 0);
    assert_eq!(found("0xaa", "0x01"), 0);
    assert_eq!(found("0xaa", "0x02"), 1);
}

#[test]
fn a_balance_may_differ_by_the_fees_that_receipts_show_and_by_nothing_else() {
    let mask = mask(json!([{ "method": "eth_getBalance", "path": "result", "fees": true, "why": "time" }]));
    let receipt = |hash: &str, gas: u64, data_fee: u64| {
        let topics = json!([ProgramActivated::SIGNATURE_HASH, format!("0x{:064x}", 1)]);
        let data = format!("0x{:0128x}{data_fee:064x}{:064x}", 0, 3);
        let log = json!({ "address": nitro::ARB_WASM, "topics": topics, "data": data });
        json!({ "result": {
            "transactionHash": hash,
            "gasUsed": format!("{:#x}", gas + 7),
            "gasUsedForL1": "0x7",
            "effectiveGasPrice": "0x2",
            "logs": [log],
        } })
    };
    let mut comparer = Comparer::new(&mask);
    for (hash, recorded, answered) in
        [("0xaa", (10, 80), (9, 52)), ("0xbb", (2, 1), (0, 1)), ("0xaa", (10, 80), (9, 52))]
    {
        let entry = entry("eth_getTransactionReceipt", "g/s", receipt(hash, recorded.0, recorded.1));
        comparer.read(&entry, &receipt(hash, answered.0, answered.1));
    }
    let mut found = |recorded: &str, answered: &str| {
        let entry = entry("eth_getBalance", "g/s", json!({ "result": recorded }));
        comparer.compare(&entry, &json!({ "result": answered })).len()
    };
    assert_eq!(found("0x3e8", "0x3c6"), 0, "1,000 less 105 is 966 less 71");
    assert_eq!(found("0x3e8", "0x3c7"), 1);
    assert_eq!(found("0x3e8", "0x3e8"), 1);
    assert_eq!(found("0x23", "0x1"), 0, "70 were paid back");
}

#[test]
fn a_set_is_free_in_its_order_only() {
    let rules = json!([{ "method": "m", "path": "result", "set": true, "why": "a Go map" }]);
    let at = |b: Value| differences(rules.clone(), json!([{ "k": [1, 2] }, { "k": [3] }]), b);
    assert_eq!(at(json!([{ "k": [3] }, { "k": [2, 1] }])), NONE);
    assert_eq!(at(json!([{ "k": [3] }, { "k": [2, 4] }])), ["result"]);
    assert_eq!(at(json!([{ "k": [3] }])), ["result"]);
}

#[test]
fn an_optional_key_may_be_absent_on_either_side() {
    let rules = json!([{ "method": "m", "path": "result.slot", "optional": true, "why": "" }]);
    let at = |a: Value, b: Value| differences(rules.clone(), a, b);
    assert_eq!(at(json!({ "slot": "0x1" }), json!({})), NONE);
    assert_eq!(at(json!({}), json!({ "slot": "0x1" })), NONE);
    assert_eq!(at(json!({}), json!({ "other": "0x1" })), ["result.other"]);
}

#[test]
fn the_first_rule_that_fits_counts() {
    let rules = json!([
        { "method": "m", "path": "result", "bytes": [[0, 1]], "why": "" },
        { "method": "m", "path": "result", "why": "" },
    ]);
    assert_eq!(differences(rules, json!("0x0011"), json!("0xff22")), ["result"]);
}

#[test]
fn free_wording_is_free_but_must_be_there() {
    let mask = mask(json!([]));
    let recorded = json!({ "error": { "code": -32602, "message": "Go says so" }, "text": "free" });
    let found = |error: Value| {
        let found = Comparer::new(&mask).compare(&entry("m", "g/s", recorded.clone()), &json!({ "error": error }));
        found.into_iter().map(|it| it.path).collect::<Vec<_>>()
    };
    assert_eq!(found(json!({ "code": -32602, "message": "other words" })), NONE);
    assert_eq!(found(json!({ "code": -32700, "message": "other words" })), ["error.code"]);
    assert_eq!(found(json!({ "code": -32602 })), ["error.message"]);
    assert_eq!(found(json!({ "code": -32602, "message": null })), ["error.message"]);
}

#[test]
fn an_exception_covers_its_step_method_and_path_only() {
    let text = "[[exception]]\nrecordings = ['r']\nstep = 'g/a.*'\nmethod = 'm'\npath = 'result.x'\nwhy = 'on purpose'";
    let exceptions: Exceptions = toml::from_str(text).expect("exceptions");
    let covered = |method: &str, step: &str, path: &str| {
        let mismatch = Mismatch { path: path.into(), recorded: json!(1), answered: json!(2) };
        exceptions.covering(&entry(method, step, json!({ "result": null })), &mismatch).is_some()
    };
    assert!(covered("m", "g/abc", "result.x.y"));
    assert!(!covered("n", "g/abc", "result.x.y"));
    assert!(!covered("m", "g/b", "result.x.y"));
    assert!(!covered("m", "g/abc", "result.z"));
    assert_eq!((exceptions.clone().of("r").list.len(), exceptions.of("s").list.len()), (1, 0));
}

#[test]
fn an_exception_can_be_for_what_was_refused_alone() {
    let text = "[[exception]]\nrecordings = ['r']\nstep = 'g/a'\nrefused = true\nskip = true\nwhy = 'it does harm'";
    let exceptions: Exceptions = toml::from_str(text).expect("exceptions");
    let skipped = |answer| exceptions.skipping(&entry("m", "g/a", answer)).is_some();
    assert!(skipped(json!({ "error": { "code": 1, "message": "no" } })));
    assert!(!skipped(json!({ "result": "0x1" })));
}

#[test]
fn the_files_are_whole() {
    let dir = data_dir();
    let mask = Mask::with_clock().expect("the mask");
    assert!(mask.rules.iter().all(|rule| !rule.why.is_empty()), "each rule has its reason");
    let exceptions = Exceptions::open(&dir.join("exceptions.toml")).expect("the exceptions");
    assert!(exceptions.list.iter().all(|exception| !exception.why.is_empty()), "each exception has its reason");
    let written = Recording::open(&dir.join("nitro-v3.9.8.raw.jsonl.gz")).expect("the recording");
    assert_eq!(written.entries.len(), 6250);
    assert_eq!(
        written.groups(),
        ["setup", "arbos", "evm", "opcodes", "hostio", "interop", "activation", "contract", "rpc", "l1fee"]
    );
    let random = Recording::open(&dir.join("nitro-v3.9.8.random.raw.jsonl.gz")).expect("the random recording");
    assert_eq!(random.entries.len(), 6353);
    assert_eq!(random.groups(), ["setup", "programs", "scripts"]);
    let more = Recording::open(&dir.join("nitro-v3.9.8.more.raw.jsonl.gz")).expect("the third recording");
    assert_eq!(
        more.groups(),
        ["setup", "special", "programs", "scripts", "7702", "l1", "precompiles", "params", "mutants"]
    );
    for entry in written.entries.iter().chain(&random.entries).chain(&more.entries) {
        assert_eq!(Comparer::new(&mask).compare(entry, &entry.answer()), [], "{} equals itself", entry.step);
    }
}
