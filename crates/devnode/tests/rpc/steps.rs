//! The opcode logger, and the tracers that count opcodes.

use super::nests::{Dice, deploy, send};
use alloy_primitives::{Address, TxKind, hex};
use devnode::DevNode;
use harness::wire::{Client, Wallet, number};
use serde_json::{Value, json};

/// Calls code that is at an address only for this call, with so much gas; how the logger shows it.
fn logged(client: &Client, code: &[u8], gas: u64, mut options: Value) -> Value {
    let to = Address::with_last_byte(0xbe);
    options["stateOverrides"] = json!({ (to.to_string()): { "code": hex::encode_prefixed(code) } });
    let request = json!({ "to": to, "gas": format!("{gas:#x}") });
    client.call("debug_traceCall", json!([request, "latest", options]))
}

fn steps(logged: &Value) -> &Vec<Value> {
    logged["structLogs"].as_array().unwrap()
}

#[test]
fn gas_and_depth_add_up_in_random_nests() {
    for seed in 40..46 {
        let node = DevNode::spawn().unwrap();
        let (client, dev, mut dice) = (Client::new(&node), Wallet::dev(), Dice::new(seed));
        let contracts = deploy(&client, &dev, &mut dice);
        let receipt = send(&client, &dev, TxKind::Call(contracts[5]), 2, &[]);
        let logged = client.call("debug_traceTransaction", json!([receipt["transactionHash"]]));
        assert_eq!(logged["gas"], number(&receipt["gasUsed"]));
        assert_eq!(logged["failed"], receipt["status"] == "0x0");
        assert_eq!(logged["structLogs"][0]["gas"], 3_000_000 - 21_000);
        for pair in steps(&logged).windows(2) {
            let [step, next] = pair else { unreachable!() };
            let is_call =
                ["CALL", "DELEGATECALL", "STATICCALL", "CREATE", "CREATE2"].iter().any(|op| step["op"] == *op);
            if step["depth"] == next["depth"] && !is_call {
                let left = step["gas"].as_u64().unwrap() - step["gasCost"].as_u64().unwrap();
                assert_eq!(next["gas"], left, "{step} {next}");
            }
            let (depth, after) = (step["depth"].as_u64().unwrap(), next["depth"].as_u64().unwrap());
            assert!(after <= depth || (is_call && after == depth + 1), "{step} {next}");
        }
        let count =
            client.call("debug_traceTransaction", json!([receipt["transactionHash"], { "tracer": "opcountTracer" }]));
        assert_eq!(count, steps(&logged).len());
    }
}

/// One instruction of each kind that has a price of its own, with operands.
const PRICED: [&str; 18] = [
    "602a600055",                     // SSTORE, from zero
    "600154",                         // SLOAD
    "6203000051",                     // MLOAD, far away
    "60ff605f5220",                   // MSTORE, then KECCAK256 without operands
    "6101005f20",                     // KECCAK256
    "6040606060205e",                 // MCOPY
    "6120005f5fa0",                   // LOG0
    "60aa60bb60cc6120005fa3",         // LOG3
    "62ffffff60020a",                 // EXP
    "6012611234600160a03c",           // EXTCODECOPY
    "60a131",                         // BALANCE
    "60a23f",                         // EXTCODEHASH
    "60205f5ff0",                     // CREATE
    "600160205f5ff5",                 // CREATE2
    "5f5f5f5f600160a361fffff1",       // CALL with value
    "61010061020060305f60a461fffff4", // DELEGATECALL that grows memory
    "5f5f5f5f60a461fffffa",           // STATICCALL
    "60a5ff",                         // SELFDESTRUCT
];

#[test]
fn an_instruction_that_fails_asks_for_what_it_costs() {
    let node = DevNode::spawn().unwrap();
    let client = Client::new(&node);
    for code in PRICED {
        let code = hex::decode(code).unwrap();
        let whole = logged(&client, &code, 200_000, json!({}));
        for (index, step) in steps(&whole).iter().enumerate() {
            let (before, cost) = (step["gas"].as_u64().unwrap(), step["gasCost"].as_u64().unwrap());
            let is_call = step["op"].as_str().unwrap().ends_with("CALL");
            // A call that has less hands less on.
            if is_call || step["depth"] != 1 || cost == 0 || step.get("error").is_some() {
                continue;
            }
            // One gas less than it needs.
            let short = logged(&client, &code, 200_000 - before + cost - 1, json!({}));
            let last = &steps(&short)[index];
            assert_eq!((&short["failed"], steps(&short).len()), (&json!(true), index + 1), "{step}");
            let sentry = step["op"] == "SSTORE" && cost <= 2_300;
            assert_eq!(last["gasCost"], if sentry { 0 } else { cost }, "{last}");
            assert!(last["error"].as_str().unwrap().starts_with("out of gas"), "{last}");
            assert_eq!((&last["stack"], &last["op"], &last["pc"]), (&step["stack"], &step["op"], &step["pc"]));
        }
    }
}

#[test]
fn failures_are_told_in_go_ethereums_words_and_places() {
    let node = DevNode::spawn().unwrap();
    let client = Client::new(&node);
    let last = |code: &str, gas: u64| {
        let logged =
            logged(&client, &hex::decode(code).unwrap(), gas, json!({ "disableStack": true, "disableStorage": true }));
        steps(&logged).last().unwrap().clone()
    };
    let step = |pc: u64, op: &str, gas: u64, cost: u64, error: &str| {
        let mut step = json!({ "pc": pc, "op": op, "gas": gas, "gasCost": cost, "depth": 1 });
        if !error.is_empty() {
            step["error"] = json!(error);
        }
        step
    };
    assert_eq!(last("5f01", 30_000), step(1, "ADD", 8_998, 3, "stack underflow (1 <=> 2)"));
    assert_eq!(last("6000600056", 30_000), step(4, "JUMP", 8_994, 8, ""), "it fails while it is executed");
    assert_eq!(last("0c", 30_000), step(0, "opcode 0xc not defined", 9_000, 0, ""));
    assert_eq!(last("fe", 30_000), step(0, "INVALID", 9_000, 0, ""));
    assert_eq!(last("60015f55", 21_100), step(3, "SSTORE", 95, 0, "out of gas: not enough gas for reentrancy sentry"));
    let far = "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff51";
    assert_eq!(last(far, 30_000), step(33, "MLOAD", 8_997, 3, "gas uint64 overflow"));
    assert_eq!(last("67ffffffffffffff0051", 30_000), step(9, "MLOAD", 8_997, 3, "out of gas: gas uint64 overflow"));
    // The loop fills the stack.
    assert_eq!(last("5b5f5f56", 60_000)["error"], "stack limit reached 1024 (1023)");
}

#[test]
fn the_logger_shows_what_is_asked_for() {
    let node = DevNode::spawn().unwrap();
    let client = Client::new(&node);
    // Keeps a word in memory, sets slot 1, calls SHA-256, clears the slot, and stops.
    let code = hex::decode("602a5f52 6001600155 5f5f5f5f5f600261fffff1 50 5f600155 00".replace(' ', "")).unwrap();
    let whole = logged(&client, &code, 100_000, json!({ "enableMemory": true, "enableReturnData": true }));
    let word = format!("{:064x}", 42);
    let stop = steps(&whole).last().unwrap();
    assert_eq!(stop["memory"], json!([word]));
    assert_eq!(stop["refund"], 19_900, "slot 1 is as it was");
    let stores: Vec<_> = steps(&whole).iter().filter(|step| step["op"] == "SSTORE").collect();
    let slots = |value| json!({ (format!("{:064x}", 1)): format!("{value:064x}") });
    assert_eq!((&stores[0]["storage"], &stores[1]["storage"]), (&slots(1), &slots(0)));
    // SHA-256 of nothing.
    let pop = steps(&whole).iter().find(|step| step["op"] == "POP").unwrap();
    assert_eq!(pop["returnData"], "0xe3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    let plain = logged(&client, &code, 100_000, json!({ "disableStack": true, "disableStorage": true }));
    for step in steps(&plain) {
        assert!(["stack", "memory", "storage", "returnData"].iter().all(|name| step.get(*name).is_none()), "{step}");
    }
    for (limit, len) in [(1, 1), (100, 2), (1_000_000, steps(&whole).len()), (-1, 0)] {
        assert_eq!(steps(&logged(&client, &code, 100_000, json!({ "limit": limit }))).len(), len, "limit {limit}");
    }

    let count = |tracer: &str| logged(&client, &code, 100_000, json!({ "tracer": tracer }));
    assert_eq!(count("unigramTracer")["SSTORE"], 2);
    assert_eq!(count("bigramTracer")["MSTORE-PUSH1"], 1);
    assert_eq!(count("trigramTracer")["POP-PUSH0-PUSH1"], 1);
    let timeout = json!([{ "to": Address::ZERO }, "latest", { "timeout": "5x" }]);
    let refused = client.try_call("debug_traceCall", timeout).unwrap_err();
    assert_eq!(refused["message"], "time: unknown unit \"x\" in duration \"5x\"");
}

#[test]
fn bundlers_see_which_slots_codes_and_opcodes_each_call_used() {
    let node = DevNode::spawn().unwrap();
    let client = Client::new(&node);
    // Reads slot 3, writes it and transient slot 4, looks whether an account has code and at another's, asks for the gas
    // twice, of which one is for the call that follows, and hashes a byte.
    let code = "600354 6001600355 600160045d 60a03b15 60a13b50 5a50 5f5f5f5f5f60a25af1 60015f20 00".replace(' ', "");
    let traced = |tracer: &str| logged(&client, &hex::decode(&code).unwrap(), 200_000, json!({ "tracer": tracer }));
    let frame = traced("erc7562Tracer");
    let word = |number: u64| format!("0x{number:064x}");
    let account = |last: u8| format!("{:#x}", Address::with_last_byte(last));
    let slots = json!({
        "reads": { (word(3)): [word(0)] }, "writes": { (word(3)): 1 },
        "transientReads": {}, "transientWrites": { (word(4)): 1 },
    });
    assert_eq!(frame["accessedSlots"], slots);
    assert_eq!(frame["extCodeAccessInfo"], json!([account(0xa1)]));
    let size = |opcode: u8| json!({ "contractSize": 0, "opcode": opcode });
    let sizes = json!({ (account(0xa0)): size(0x3b), (account(0xa1)): size(0x3b), (account(0xa2)): size(0xf1) });
    assert_eq!(frame["contractSize"], sizes);
    let used = json!({
        "0x0": 1, "0x20": 1, "0x3b": 2, "0x54": 1, "0x55": 1, "0x5a": 1, "0x5d": 1, "0xf1": 1,
    });
    assert_eq!(frame["usedOpcodes"], used);
    assert_eq!((&frame["keccak"], &frame["outOfGas"]), (&json!(["0x00"]), &json!(false)));
    assert_eq!((&frame["calls"][0]["usedOpcodes"], &frame["calls"][0]["to"]), (&json!({}), &json!(account(0xa2))));
    let hash = "0xbc36789e7a1e281436464229828f817d6612f7b477d66591ff96a9e064bcc98a";
    assert_eq!(traced("keccak256PreimageTracer"), json!({ (hash): "0x00" }));
}
