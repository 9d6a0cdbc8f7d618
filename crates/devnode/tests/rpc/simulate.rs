//! `eth_simulateV1`: blocks that exist only in the answer.
//!
//! Codes and words are those of go-ethereum in Nitro (`internal/ethapi/simulate.go`, `errors.go`).

use alloy_primitives::{Address, hex};
use devnode::{ArbosVersion, DevNode};
use harness::wire::{Client, Wallet, number};
use serde_json::{Value, json};

const CODE: Address = Address::with_last_byte(0xbe);
const ETHER: &str = "0xeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee";
const TRANSFER: &str = "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef";

fn word(value: u64) -> String {
    format!("0x{value:064x}")
}

fn with_code(code: &str) -> Value {
    json!({ (CODE.to_string()): { "code": code } })
}

fn call(more: Value) -> Value {
    let mut call = json!({ "from": Wallet::dev().address(), "to": CODE });
    call.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    call
}

fn simulate(client: &Client, options: Value) -> Vec<Value> {
    client.call("eth_simulateV1", json!([options])).as_array().unwrap().clone()
}

fn refused(client: &Client, options: Value) -> (i64, String) {
    let error = client.try_call("eth_simulateV1", json!([options])).unwrap_err();
    (error["code"].as_i64().unwrap(), error["message"].as_str().unwrap().to_owned())
}

/// One block with these calls, on code at [`CODE`].
fn one(code: &str, calls: Value) -> Value {
    json!({ "blockStateCalls": [{ "stateOverrides": with_code(code), "calls": calls }] })
}

#[test]
fn blocks_follow_one_another_and_the_chain_stays_as_it_is() {
    let node = DevNode::spawn().unwrap();
    let client = Client::new(&node);
    let head = client.call("eth_getBlockByNumber", json!(["latest", false]));
    // Adds the calldata's first word to slot 0 and returns it, as the code's own state.
    let adds = "0x5f355f54015f555f545f5260205ff3";
    let add = |value: u64| call(json!({ "data": word(value) }));
    let number_of = number(&head["number"]);
    let blocks = simulate(
        &client,
        json!({ "blockStateCalls": [
            { "stateOverrides": with_code(adds), "calls": [add(1), add(2)] },
            { "blockOverrides": { "number": format!("{:#x}", number_of + 3) }, "calls": [add(4)] },
        ] }),
    );
    let numbers: Vec<_> = blocks.iter().map(|block| number(&block["number"]) - number_of).collect();
    assert_eq!(numbers, [1, 2, 3]);
    let time = number(&head["timestamp"]);
    let times: Vec<_> = blocks.iter().map(|block| number(&block["timestamp"]) - time).collect();
    assert_eq!(times, [12, 24, 36]);
    let mut parent = &head["hash"];
    for block in &blocks {
        assert_eq!((&block["parentHash"], &block["baseFeePerGas"]), (parent, &json!("0x0")));
        parent = &block["hash"];
    }
    let data = |block: usize, index: usize| number(&blocks[block]["calls"][index]["returnData"]);
    assert_eq!((data(0, 0), data(0, 1), data(2, 0)), (1, 3, 7));
    assert_eq!(blocks[1]["calls"], json!([]));
    let gas = |index: usize| number(&blocks[0]["calls"][index]["gasUsed"]);
    assert_eq!(number(&blocks[0]["gasUsed"]), gas(0) + gas(1));
    assert_eq!(blocks[0]["transactions"].as_array().unwrap().len(), 2);

    assert_eq!(client.call("eth_getBlockByNumber", json!(["latest", false])), head);
    assert_eq!(client.call("eth_getCode", json!([CODE, "latest"])), "0x");
}

/// Blocks that write, delete and write again what those before them wrote, and make and destroy contracts.
#[test]
fn a_block_has_the_state_of_all_calls_until_then() {
    let node = DevNode::spawn().unwrap();
    let client = Client::new(&node);
    // Stores calldata's first word in the slot that its second word names.
    let stores = "0x5f356020355500";
    let store = |slot: u64, value: u64| call(json!({ "data": format!("0x{value:064x}{slot:064x}") }));
    // Creation code: one leaves a contract that has stored in slot 0, the other destroys it.
    let creates = |code: &str| json!({ "from": Wallet::dev().address(), "data": code });
    let (leaves, destroys) = (creates("0x60015f5560015ff3"), creates("0x60015f5533ff"));
    let blocks = [
        json!([store(1, 11), store(2, 22), leaves]),
        json!([store(1, 0)]),
        json!([store(1, 12), store(2, 0), destroys, leaves]),
        json!([]),
        json!([store(1, 0), store(2, 0), store(3, 33), destroys]),
        json!([store(3, 0), store(2, 23), call(json!({ "to": ETHER, "value": "0x1" }))]),
    ];
    let first = |calls: &Value| json!({ "stateOverrides": with_code(stores), "calls": calls });
    let later = blocks[1..].iter().map(|calls| json!({ "calls": calls }));
    let in_blocks = [first(&blocks[0])].into_iter().chain(later).collect::<Vec<_>>();
    let roots: Vec<_> = simulate(&client, json!({ "blockStateCalls": in_blocks }))
        .iter()
        .map(|block| {
            let calls = block["calls"].as_array().unwrap();
            assert!(calls.iter().all(|call| call["status"] == "0x1"), "{calls:?}");
            block["stateRoot"].clone()
        })
        .collect();
    let mut until_then = Vec::new();
    for (calls, root) in blocks.iter().zip(roots) {
        until_then.extend(calls.as_array().unwrap().clone());
        let at_once = simulate(&client, json!({ "blockStateCalls": [first(&json!(until_then))] }));
        assert_eq!(at_once[0]["stateRoot"], root, "after {} calls", until_then.len());
    }
}

#[test]
fn what_code_sees_is_the_simulated_block() {
    let node = DevNode::spawn().unwrap();
    let client = Client::new(&node);
    // Returns time, base fee, gas price, coinbase, difficulty and gas limit.
    let code = "0x425f52486020523a60405241606052446080524560a05260c05ff3";
    let overrides = json!({
        "time": "0x7fffffff", "baseFeePerGas": "0x7", "feeRecipient": CODE, "gasLimit": "0xffffff", "prevRandao": word(9),
    });
    let seen = |overrides: &Value, call: &Value| {
        let block = json!({ "blockOverrides": overrides, "stateOverrides": with_code(code), "calls": [call] });
        let blocks = simulate(&client, json!({ "blockStateCalls": [block] }));
        let data = blocks[0]["calls"][0]["returnData"].as_str().unwrap().to_owned();
        let words = hex::decode(data).unwrap();
        words.chunks(32).map(|word| u64::from_be_bytes(word[24..].try_into().unwrap())).collect::<Vec<_>>()
    };
    assert_eq!(seen(&overrides, &call(json!({}))), [0x7fff_ffff, 7, 0, 0xbe, 1, 0x00ff_ffff]);
    let priced = call(json!({ "maxFeePerGas": "0x9", "maxPriorityFeePerGas": "0x1" }));
    assert_eq!(seen(&overrides, &priced)[1..3], [7, 7], "no tip is paid");
    assert_eq!(seen(&json!({ "difficulty": "0x5" }), &call(json!({})))[4], 5);

    // ArbSys knows the simulated blocks by their hashes. Asks for the hash of the block before.
    let head = client.number("eth_blockNumber", json!([]));
    let ask = |number: u64| json!({ "to": nitro::ARB_SYS, "data": format!("0x2b407a82{number:064x}") });
    let blocks = simulate(&client, json!({ "blockStateCalls": [{}, { "calls": [ask(head), ask(head + 1)] }] }));
    let hashes = [&blocks[0]["parentHash"], &blocks[0]["hash"]];
    assert_eq!([&blocks[1]["calls"][0]["returnData"], &blocks[1]["calls"][1]["returnData"]], hashes);
}

#[test]
fn transfers_of_ether_show_as_logs() {
    let node = DevNode::spawn().unwrap();
    let client = Client::new(&node);
    let dev = Wallet::dev().address();
    let heir = Wallet::number(0).address();
    // With calldata it logs and reverts. Without it logs, sends a wei on, calls itself with a byte of calldata, and logs.
    let heir_code = hex::encode(heir);
    let code = format!("0x366033575f5fa05f5f5f5f600173{heir_code}5af1505f5f60015f5f305af1505f5fa0005b5f5fa05f5ffd");
    let options = |traces: bool| {
        let mut options = one(&code, json!([call(json!({ "value": "0x3" }))]));
        options["traceTransfers"] = json!(traces);
        options
    };
    let shown = |traces: bool| {
        let blocks = simulate(&client, options(traces));
        let call = &blocks[0]["calls"][0];
        assert_eq!(call["status"], "0x1", "{call}");
        let logs = call["logs"].as_array().unwrap().clone();
        for log in &logs {
            assert_eq!((&log["blockHash"], &log["blockTimestamp"]), (&blocks[0]["hash"], &blocks[0]["timestamp"]));
            assert_eq!(log["transactionHash"], blocks[0]["transactions"][0]);
        }
        logs
    };
    let positions = |logs: &[Value]| logs.iter().map(|log| number(&log["logIndex"])).collect::<Vec<_>>();
    let plain = shown(false);
    // What the call logged that reverted had a position too.
    assert_eq!(positions(&plain), [0, 2]);
    let with = shown(true);
    assert_eq!(positions(&with), [0, 1, 2, 4]);
    let topic = |address: Address| json!(format!("0x{:0>64}", hex::encode(address)));
    let transfer = |log: &Value, from: Address, to: Address, value: u64| {
        assert_eq!(log["address"], ETHER);
        assert_eq!(log["topics"], json!([TRANSFER, topic(from), topic(to)]));
        assert_eq!(log["data"], word(value));
    };
    transfer(&with[0], dev, CODE, 3);
    transfer(&with[2], CODE, heir, 1);
    // A log of the transfer is none of the chain's: neither bloom nor receipts have it.
    let bloom = |options: Value| simulate(&client, options)[0]["receiptsRoot"].clone();
    assert_eq!(bloom(options(true)), bloom(options(false)));
}

#[test]
fn calls_that_fail_say_why() {
    let node = DevNode::spawn().unwrap();
    let client = Client::new(&node);
    let failed = |code: &str| simulate(&client, one(code, json!([call(json!({}))])))[0]["calls"][0].clone();
    let reverted = failed("0x60015f5260205ffd");
    assert_eq!((&reverted["status"], &reverted["returnData"]), (&json!("0x0"), &json!("0x")));
    assert_eq!(reverted["error"], json!({ "message": "execution reverted", "code": -32000, "data": word(1) }));
    let broken = failed("0xfe");
    assert_eq!(broken["error"], json!({ "message": "invalid opcode: INVALID", "code": -32015 }));
    // A transaction computes with 32 million gas at most, and gets back what it had beyond that.
    assert_eq!(number(&broken["gasUsed"]), 32_000_000);
}

#[test]
fn all_calls_share_the_gas_of_one_request() {
    let node = DevNode::spawn().unwrap();
    let client = Client::new(&node);
    let all = json!([call(json!({})), call(json!({})), call(json!({}))]);
    let message = "err: gas limit reached (supplied gas 1125899856842624)";
    assert_eq!(refused(&client, one("0xfe", all)), (-32603, message.to_owned()));
    let blocks = simulate(&client, one("0xfe", json!([call(json!({})), call(json!({}))])));
    assert_eq!(number(&blocks[0]["calls"][1]["gasUsed"]), 18_000_000);
    let more = json!({ "blockStateCalls": [{
        "blockOverrides": { "gasLimit": "0xc350" }, "calls": [call(json!({ "gas": "0x7530" })), call(json!({ "gas": "0x7531" }))],
    }] });
    assert_eq!(refused(&client, more), (-38015, "block gas limit reached: 21000 >= 50000".to_owned()));
}

#[test]
fn with_validation_a_call_is_checked_as_a_transaction() {
    let node = DevNode::spawn().unwrap();
    let client = Client::new(&node);
    let dev = Wallet::dev().address();
    let validated = |call: Value| {
        let options = json!({ "validation": true, "blockStateCalls": [{ "calls": [call] }] });
        client.try_call("eth_simulateV1", json!([options]))
    };
    let block = validated(call(json!({ "maxFeePerGas": "0xbebc200", "gas": "0x5208" }))).unwrap();
    // Ethereum's rule for the base fee, and not ArbOS'.
    assert_eq!(block[0]["baseFeePerGas"], "0x53724e1");
    let code = |call: Value| validated(call).unwrap_err()["code"].clone();
    let priced = |more: Value| {
        let mut call = call(json!({ "maxFeePerGas": "0xbebc200", "gas": "0x5208" }));
        call.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        call
    };
    assert_eq!(code(priced(json!({ "nonce": "0x0" }))), -38010);
    assert_eq!(code(priced(json!({ "nonce": "0xff" }))), -38011);
    assert_eq!(code(priced(json!({ "gas": "0x1" }))), -38013);
    assert_eq!(code(priced(json!({ "from": Wallet::number(0).address() }))), -38014);
    assert_eq!(code(call(json!({}))), -32602);

    // Without it any nonce will do, and nothing is paid.
    let nonce = client.number("eth_getTransactionCount", json!([dev, "latest"]));
    let calls = json!([call(json!({ "nonce": "0x0" })), call(json!({}))]);
    let options = json!({ "returnFullTransactions": true, "blockStateCalls": [{ "calls": calls }] });
    let block = simulate(&client, options)[0].clone();
    let transactions = &block["transactions"];
    assert_eq!((number(&transactions[0]["nonce"]), number(&transactions[1]["nonce"])), (0, nonce + 1));
    assert_eq!((&transactions[1]["gasPrice"], &transactions[1]["from"]), (&json!("0x0"), &json!(dev)));
}

#[test]
fn what_cannot_be_simulated_is_refused() {
    let node = DevNode::builder().arbos_version(ArbosVersion::V51).spawn().unwrap();
    let client = Client::new(&node);
    let blocks = |count: usize| json!({ "blockStateCalls": vec![json!({}); count] });
    assert_eq!(refused(&client, blocks(0)), (-32602, "empty input".to_owned()));
    assert_eq!(refused(&client, blocks(257)), (-38026, "too many blocks".to_owned()));
    assert_eq!(simulate(&client, blocks(256)).len(), 256);
    let both =
        json!({ "blockStateCalls": [{ "stateOverrides": { (CODE.to_string()): { "state": {}, "stateDiff": {} } } }] });
    let message = format!("account {CODE} has both 'state' and 'stateDiff'");
    assert_eq!(refused(&client, both), (-32000, message));
    let create = json!({ "blockStateCalls": [{ "calls": [{ "authorizationList": [] }] }] });
    assert_eq!(refused(&client, create).0, -32603);
    let chain = json!({ "blockStateCalls": [{ "calls": [{ "chainId": "0x1" }] }] });
    assert_eq!(refused(&client, chain), (-32000, "chainId does not match node's (have=1, want=412346)".to_owned()));
    let unknown = client.try_call("eth_simulateV1", json!([blocks(1), "0xffff"])).unwrap_err();
    assert_eq!(unknown["message"], "header not found");
}

#[test]
fn types_of_transactions_are_those_that_a_request_asks_for() {
    let node = DevNode::spawn().unwrap();
    let client = Client::new(&node);
    let calls = json!([
        call(json!({ "gasPrice": "0x5" })),
        call(json!({ "accessList": [{ "address": CODE, "storageKeys": [] }] })),
        call(json!({ "maxFeePerGas": "0x9", "maxPriorityFeePerGas": "0x4" })),
    ]);
    let block = json!({ "blockOverrides": { "baseFeePerGas": "0x3" }, "calls": calls });
    let options = json!({ "returnFullTransactions": true, "blockStateCalls": [block] });
    let block = simulate(&client, options)[0].clone();
    let of = |name: &str| {
        let transactions = block["transactions"].as_array().unwrap();
        transactions.iter().map(|transaction| transaction[name].clone()).collect::<Vec<_>>()
    };
    assert_eq!(of("type"), ["0x0", "0x2", "0x2"]);
    assert_eq!(of("gasPrice"), ["0x5", "0x0", "0x7"]);
    assert_eq!(of("chainId"), ["0x7fffffffffffffee", "0x64aba", "0x64aba"]);
    assert_eq!(of("blockHash")[0], block["hash"]);
}
