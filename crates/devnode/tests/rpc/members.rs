//! Members inside parameters are found in any case, in every method that takes an object.
//!
//! Nitro decodes all of them with Go's `encoding/json`. Each member of each request below is spelled in other letters, which
//! must change nothing, and left out, which must change the answer: so no request holds a member that is not read. Where
//! all that can be seen of a member is that a wrong type is refused, it has a wrong type.

use crate::spelling::{changed, members, spellings};
use alloy_primitives::{Address, TxKind, hex};
use devnode::DevNode;
use harness::wire::{Client, Received, Socket, Wallet};
use serde_json::{Value, json};

/// What is asked, and what may be left out without a difference.
struct Asked {
    method: &'static str,
    params: Value,
    idle: &'static [&'static str],
}

fn asked(method: &'static str, params: Value) -> Asked {
    Asked { method, params, idle: &[] }
}

const CONTRACT: Address = Address::with_last_byte(0xbe);
/// The first word of calldata, a slot's name, and a slot's value.
const WORD: &str = "0x0000000000000000000000000000000000000000000000000000000000000007";

/// Returns all that a call can be given: sender, value, price, first word of data, time, gas limit, recipient of fees,
/// difficulty, slot 0, own balance, and the gas that is left.
fn mirror() -> String {
    let reads = ["33", "34", "3a", "5f35", "42", "45", "41", "44", "5f54", "47", "5a"];
    let each = reads.iter().enumerate().map(|(index, read)| format!("{read}61{:04x}52", index * 32));
    format!("0x{}61{:04x}5ff3", each.collect::<String>(), reads.len() * 32)
}

fn request(more: Value) -> Value {
    let mut request = json!({ "from": Wallet::dev().address(), "to": CONTRACT, "input": WORD, "gas": "0x30d40" });
    request.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    request
}

/// The contract's code, and more of it.
fn state(more: Value) -> Value {
    let mut account = json!({ "code": mirror() });
    account.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    json!({ (CONTRACT.to_string()): account })
}

/// Requests, wherever they are taken.
fn requests() -> Vec<Value> {
    let address = Wallet::number(1).address();
    let delegation =
        json!({ "chainId": "0x0", "address": address, "nonce": "0x0", "yParity": "0x0", "r": "0x1", "s": "0x1" });
    vec![
        request(json!({ "value": "0x5", "gasPrice": "0x5f5e100" })),
        request(json!({ "maxFeePerGas": "0x5f5e100", "maxPriorityFeePerGas": "0x5f5e101" })),
        json!({ "from": Wallet::dev().address(), "to": CONTRACT, "data": WORD, "nonce": 5 }),
        json!({ "from": Wallet::dev().address(), "to": CONTRACT, "data": WORD, "chainId": "0x1" }),
        request(json!({ "accessList": [{ "address": address, "storageKeys": [WORD] }] })),
        request(json!({ "authorizationList": [delegation] })),
    ]
}

fn block_changes() -> Vec<Value> {
    let recipient = Wallet::number(2).address();
    let mut all =
        vec![json!({ "time": "0x7fffffff", "gasLimit": "0x1234567", "feeRecipient": recipient, "difficulty": "0x9" })];
    // These are read and have no effect: a wrong type shows that they are.
    let read = ["number", "prevRandao", "baseFeePerGas", "blobBaseFee"];
    all.extend(read.map(|name| json!({ (name): 5 })));
    all.extend(["beaconRoot", "withdrawals"].map(|name| json!({ (name): [] })));
    all
}

fn calls(block: &Value) -> Vec<Asked> {
    let plain = request(json!({}));
    let states = [
        state(json!({ "balance": "0x11", "state": { (format!("0x{:064x}", 0)): WORD } })),
        state(json!({ "stateDiff": { (format!("0x{:064x}", 0)): WORD } })),
        state(json!({ "nonce": 5 })),
        state(json!({ "movePrecompileToAddress": CONTRACT })),
    ];
    let all_idle = &["from", "to", "input", "data", "gas", "gasPrice", "maxFeePerGas", "value", "code", "balance"];
    let mut all = Vec::new();
    for request in requests() {
        all.push(asked("eth_call", json!([request, "latest", state(json!({}))])));
        all.push(Asked { idle: all_idle, ..asked("eth_estimateGas", json!([request, "latest", state(json!({}))])) });
        // It lists the same for most of them.
        let idle = &["from", "to", "input", "data", "gas", "gasPrice", "maxFeePerGas", "value", "code", "accessList"];
        all.push(Asked { idle, ..asked("eth_createAccessList", json!([request, "latest", state(json!({}))])) });
    }
    for state in states {
        all.push(asked("eth_call", json!([plain, "latest", state])));
    }
    for changes in block_changes() {
        all.push(asked("eth_call", json!([plain, "latest", state(json!({})), changes])));
        all.push(Asked {
            idle: &["tracer"],
            ..asked(
                "debug_traceCall",
                json!([plain, "latest", { "tracer": "callTracer", "stateOverrides": state(json!({})), "blockOverrides": changes }]),
            )
        });
    }
    for id in [json!({ "blockHash": block["hash"] }), json!({ "blockNumber": block["number"] })] {
        all.push(asked("eth_call", json!([plain, id, state(json!({}))])));
        for method in ["eth_getBalance", "eth_getTransactionCount", "eth_getCode"] {
            all.push(asked(method, json!([devnode::DEV_ACCOUNT, id])));
        }
        all.push(asked("eth_getStorageAt", json!([devnode::DEV_ACCOUNT, "0x0", id])));
        all.push(asked("eth_getBlockReceipts", json!([id])));
    }
    all.push(Asked {
        idle: &["blockHash"],
        ..asked("eth_getBalance", json!([devnode::DEV_ACCOUNT, { "blockHash": block["hash"], "requireCanonical": 5 }]))
    });
    all
}

/// Calls SHA-256 and logs, so that both of the tracer's settings show.
fn traces(client: &Client, block: &Value) -> Vec<Asked> {
    let hash = &block["transactions"][1];
    let number = &block["number"];
    assert_eq!(client.call("eth_getTransactionReceipt", json!([hash]))["status"], "0x1");
    let mut all = Vec::new();
    for options in [
        json!({ "tracer": "callTracer", "tracerConfig": { "onlyTopCall": true, "withLog": true } }),
        json!({ "tracer": "flatCallTracer", "tracerConfig": { "convertParityErrors": 5, "includePrecompiles": true } }),
        json!({ "tracer": "callTracer", "timeout": 5 }),
        json!({ "tracer": "callTracer", "enableMemory": 5 }),
    ] {
        all.push(asked("debug_traceTransaction", json!([hash, options])));
        all.push(asked("debug_traceBlockByNumber", json!([number, options])));
        all.push(asked("debug_traceBlockByHash", json!([block["hash"], options])));
    }
    let flat = json!({ "tracer": "flatCallTracer", "tracerConfig": { "includePrecompiles": true } });
    all.push(asked("debug_traceTransaction", json!([hash, flat])));
    all
}

fn logs(block: &Value, contract: &Value) -> Vec<Asked> {
    let topic = format!("0x{:064x}", 1);
    let mut all = Vec::new();
    for method in ["eth_getLogs", "eth_newFilter"] {
        all.push(asked(method, json!([{ "fromBlock": "0x9", "toBlock": "0xa", "topics": [topic] }])));
        all.push(asked(method, json!([{ "fromBlock": "0x0", "address": contract }])));
        all.push(asked(method, json!([{ "blockHash": block["hash"] }])));
    }
    all
}

fn conditions() -> Vec<Asked> {
    let known = json!({ (devnode::DEV_ACCOUNT.to_string()): { (WORD): WORD } });
    let all = [
        json!({ "knownAccounts": known }),
        json!({ "blockNumberMin": "0x5" }),
        json!({ "blockNumberMax": "x" }),
        json!({ "timestampMin": "0x7fffffffff" }),
        json!({ "timestampMax": 1 }),
    ];
    // Without its condition each is sent.
    let conditional = |(nonce, conditions): (u64, Value)| {
        let raw = Wallet::dev().transfer(nonce, CONTRACT, 1);
        asked("eth_sendRawTransactionConditional", json!([raw, conditions]))
    };
    (10..).zip(all).map(conditional).collect()
}

/// What the node says; of a filter, what it gives.
fn answer(client: &Client, method: &str, params: &Value) -> Result<Value, Value> {
    let answer = client.try_call(method, params.clone())?;
    match method {
        "eth_newFilter" => client.try_call("eth_getFilterLogs", json!([answer])),
        _ => Ok(answer),
    }
}

/// Creates a contract by code that logs a topic.
fn log(client: &Client, nonce: u64, topic: u8) -> Value {
    // Calls SHA-256 before.
    let init = format!("5f5f5f5f5f60025af15060{topic:02x}5f5fa1");
    let raw = Wallet::dev().sign(nonce, TxKind::Create, 0, &hex::decode(init).unwrap(), 200_000);
    let hash = client.call("eth_sendRawTransaction", json!([raw]));
    client.call("eth_getTransactionReceipt", json!([hash]))
}

#[test]
fn every_member_of_every_method_is_found_in_any_case() {
    let node = DevNode::spawn().unwrap();
    let client = Client::new(&node);
    // Blocks 8 to 11.
    let receipts: Vec<_> = [(6, 1), (7, 1), (8, 2), (9, 1)].map(|(nonce, topic)| log(&client, nonce, topic)).into();
    let block = client.call("eth_getBlockByNumber", json!(["0xa", false]));
    let contract = &receipts[1]["contractAddress"];
    let all = [calls(&block), traces(&client, &block), logs(&block, contract), conditions()];
    for Asked { method, params, idle } in all.into_iter().flatten() {
        let expected = answer(&client, method, &params);
        let mut found = Vec::new();
        members(&params, "", &mut found);
        assert!(!found.is_empty(), "{method}{params}");
        for member in &found {
            for spelling in spellings(&member.1) {
                let odd = changed(&params, member, Some(spelling));
                assert_eq!(answer(&client, method, &odd), expected, "{method}{odd}");
            }
        }
        let mut matters = found.iter().map(|member| {
            let without = changed(&params, member, None);
            (&member.1, answer(&client, method, &without) != expected)
        });
        match &expected {
            Ok(_) => {
                let unread = matters.find(|(name, matters)| !matters && !idle.contains(&name.as_str()));
                assert_eq!(unread, None, "{method}{params}: a member that is not read");
            }
            // What is wrong with one member hides the others.
            Err(error) => assert!(matters.any(|(_, matters)| matters), "{method}{params}: {error} without any member"),
        }
    }
}

#[test]
fn mining_takes_its_members_in_any_case() {
    let node = DevNode::spawn().unwrap();
    let client = Client::new(&node);
    for (blocks, timestamp) in [("blocks", "timestamp"), ("BLOCKS", "TimeStamp")] {
        let (height, time) = (client.number("eth_blockNumber", json!([])), client.time() + 1_000);
        client.call("evm_mine", json!([{ (blocks): 3, (timestamp): time }]));
        assert_eq!(client.number("eth_blockNumber", json!([])), height + 3, "{blocks}");
        assert!(client.time() >= time, "{timestamp}");
    }
}

#[test]
fn subscriptions_take_their_members_in_any_case() {
    let node = DevNode::spawn().unwrap();
    let mut socket = Socket::open(&node);
    for (member, value) in
        [("address", json!(5)), ("topics", json!([5])), ("fromBlock", json!("x")), ("toBlock", json!("x"))]
    {
        let mut answers = [member.to_owned()].into_iter().chain(spellings(member)).map(|name| {
            socket.call(1, "eth_subscribe", json!(["logs", { (name): value }]));
            let Received::Text(text) = socket.receive() else { panic!("no answer") };
            text
        });
        let first = answers.next().unwrap();
        assert!(first.contains("-32602"), "{first}");
        assert!(answers.all(|other| other == first), "{member}");
    }
}

/// Go's decoder passes over what it does not know, and what is `null`.
#[test]
fn unknown_members_and_null_change_nothing() {
    let node = DevNode::spawn().unwrap();
    let client = Client::new(&node);
    let to = Wallet::number(0).address();
    let expected = client.call("eth_estimateGas", json!([{ "to": to }]));
    for more in [
        json!({ "nosuch": 5 }),
        json!({ "value": null, "DATA": null, "accessList": null }),
        // The last of several counts, whichever is spelled as documented.
        json!({ "To": CONTRACT, "TO": to }),
    ] {
        let mut request = json!({ "to": to });
        request.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        assert_eq!(client.call("eth_estimateGas", json!([request])), expected, "{request}");
    }
    // A wrong type is refused in any spelling, with the documented one's name.
    let error = client.try_call("eth_call", json!([{ "TO": 5 }])).unwrap_err();
    let says = "invalid argument 0: json: cannot unmarshal non-string into Go struct field TransactionArgs.to of type common.Address";
    assert_eq!(error, json!({ "code": -32602, "message": says }));
}
