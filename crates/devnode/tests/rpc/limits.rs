//! What a request may ask for at most, and what ends one that goes on.

use alloy_primitives::{Address, TxKind, U256, hex, keccak256};
use devnode::DevNode;
use harness::wire::{Client, Socket, Wallet};
use nitro::ARB_OWNER;
use serde_json::{Value, json};

const CODE: Address = Address::with_last_byte(0xbe);

fn refused(client: &Client, method: &str, params: Value) -> (i64, String) {
    let error = client.try_call(method, params).unwrap_err();
    (error["code"].as_i64().unwrap(), error["message"].as_str().unwrap().to_owned())
}

fn failed(message: &str) -> (i64, String) {
    (-32000, message.to_owned())
}

#[test]
fn a_fee_history_has_few_percentiles() {
    let node = DevNode::spawn().unwrap();
    let client = Client::new(&node);
    let percentiles = |count: usize| json!(["0x1", "latest", (0..count).collect::<Vec<_>>()]);
    let history = client.call("eth_feeHistory", percentiles(256));
    assert_eq!(history["reward"][0].as_array().unwrap().len(), 256);
    let message = "invalid reward percentile: over the query limit 256";
    assert_eq!(refused(&client, "eth_feeHistory", percentiles(257)), failed(message));
}

#[test]
fn few_slots_are_proven_at_once() {
    let node = DevNode::spawn().unwrap();
    let client = Client::new(&node);
    let slots = |count: usize| json!([CODE, vec![""; count], "latest"]);
    let proof = client.call("eth_getProof", slots(1_024));
    assert_eq!(proof["storageProof"].as_array().unwrap().len(), 1_024);
    let message = "too many slots: at most 1024 are proven at once";
    assert_eq!(refused(&client, "eth_getProof", slots(1_025)), failed(message));
}

#[test]
fn a_query_names_few_addresses() {
    let node = DevNode::spawn().unwrap();
    let client = Client::new(&node);
    let address = |number: usize| Address::left_padding_from(&number.to_be_bytes());
    let query = |count: usize| json!([{ "address": (0..count).map(address).collect::<Vec<_>>() }]);
    for method in ["eth_getLogs", "eth_newFilter"] {
        client.call(method, query(2_000));
        let message = "exceed max addresses or topics per search position";
        assert_eq!(refused(&client, method, query(2_001)), failed(message));
    }
}

#[test]
fn of_too_many_filters_the_one_is_gone_that_nobody_asks_for() {
    let node = DevNode::spawn().unwrap();
    let client = Client::new(&node);
    let install = || client.call("eth_newBlockFilter", json!([]));
    let (used, unused) = (install(), install());
    for _ in 2..1_024 {
        install();
    }
    client.call("eth_getFilterChanges", json!([used]));
    client.call("eth_getFilterChanges", json!([unused]));
    client.call("eth_getFilterChanges", json!([used]));
    let third = install();
    client.call("eth_getFilterChanges", json!([used]));
    client.call("eth_getFilterChanges", json!([unused]));
    client.call("eth_getFilterChanges", json!([third]));
    for _ in 0..1_021 {
        install();
    }
    client.call("eth_getFilterChanges", json!([used]));
    install();
    assert_eq!(refused(&client, "eth_getFilterChanges", json!([unused])), failed("filter not found"));
    client.call("eth_getFilterChanges", json!([used]));
}

#[test]
fn a_connection_has_few_subscriptions() {
    let node = DevNode::spawn().unwrap();
    let mut socket = Socket::open(&node);
    let first = socket.subscribe(json!(["newPendingTransactions"]));
    for _ in 1..256 {
        socket.subscribe(json!(["newPendingTransactions"]));
    }
    socket.call(1, "eth_subscribe", json!(["newHeads"]));
    let error = &socket.message()["error"];
    let message = "too many subscriptions: a connection may have 256; end one, or open another connection";
    assert_eq!(error["message"], message);
    socket.call(2, "eth_unsubscribe", json!([first]));
    assert_eq!(socket.message()["result"], true);
    socket.subscribe(json!(["newHeads"]));
}

/// Two of the longest messages are as much as a connection may have at work: what comes after them is read when one of them
/// is answered. Here that is a transaction which the two wait for, so that they wait in vain.
#[test]
fn a_connection_has_few_bytes_of_requests_at_work() {
    let node = DevNode::spawn().unwrap();
    let (dev, to) = (Wallet::dev(), Wallet::number(0).address());
    let sends = |socket: &mut Socket, nonce: u64, length: usize| {
        let params = json!([dev.transfer(nonce, to, 1)]);
        let request = json!({ "jsonrpc": "2.0", "id": nonce, "method": "eth_sendRawTransaction", "params": params });
        let mut message = request.to_string().into_bytes();
        message.resize(length.max(message.len()), b' ');
        socket.text(&message);
    };
    let longest = 32 << 20;
    let mut socket = Socket::open(&node);
    for (nonce, length) in [(8, longest), (7, longest), (6, 0)] {
        sends(&mut socket, nonce, length);
    }
    let first = socket.message();
    assert_ne!(first["id"], 6, "{first}");
    assert!(first["error"]["message"].as_str().unwrap().starts_with("nonce too high"), "{first}");
    let mut others = [socket.message(), socket.message()];
    others.sort_by_key(|answer| answer["id"].as_u64());
    assert!(others[0]["id"] == 6 && others[0]["result"].is_string(), "{others:?}");

    // One of them is not: what it waits for is read.
    let mut socket = Socket::open(&node);
    let next = Client::new(&node).number("eth_getTransactionCount", json!([dev.address(), "latest"]));
    for (nonce, length) in [(next + 1, longest), (next, 0)] {
        sends(&mut socket, nonce, length);
    }
    for answer in [socket.message(), socket.message()] {
        assert!(answer["result"].is_string(), "{answer}");
    }
}

#[test]
fn a_trace_ends_when_its_time_is_over() {
    let node = DevNode::spawn().unwrap();
    let client = Client::new(&node);
    let traced = |more: Value| {
        let mut options = json!({ "stateOverrides": { (CODE.to_string()): { "code": "0x5b5f56" } } });
        options.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!([{ "to": CODE, "gas": "0xc350" }, "latest", options])
    };
    for tracer in [json!({}), json!({ "tracer": "callTracer" }), json!({ "tracer": "prestateTracer" })] {
        for timeout in ["1ns", "0", "-1h"] {
            let mut options = tracer.clone();
            options["timeout"] = json!(timeout);
            assert_eq!(refused(&client, "debug_traceCall", traced(options)), failed("execution timeout"));
        }
        let mut options = tracer.clone();
        options["timeout"] = json!("100h");
        client.call("debug_traceCall", traced(options));
    }
    let hash = client.call("eth_getBlockByNumber", json!(["0x3", false]))["transactions"][1].clone();
    let params = json!([hash, { "tracer": "callTracer", "timeout": "1ns" }]);
    assert_eq!(refused(&client, "debug_traceTransaction", params), failed("execution timeout"));
}

/// L1 data is so dear that gas for it is nearly without limit, and costs nothing in a block without a base fee.
#[test]
fn gas_for_l1_data_is_not_there_to_compute_with() {
    let node = DevNode::spawn().unwrap();
    let (client, dev) = (Client::new(&node), Wallet::dev());
    let price: U256 = U256::ONE << 100;
    let input = [&keccak256("setL1PricePerUnit(uint256)")[..4], &price.to_be_bytes::<32>()].concat();
    let owner = ARB_OWNER;
    let raw = dev.sign(6, TxKind::Call(owner), 0, &input, 1_000_000);
    let hash = client.call("eth_sendRawTransaction", json!([raw]));
    assert_eq!(client.call("eth_getTransactionReceipt", json!([hash]))["status"], "0x1");
    // GAS, returned.
    let code = hex!("5a5f5260205ff3");
    let request = json!({ "to": CODE, "gas": "0x4000000000000000" });
    let state = json!({ (CODE.to_string()): { "code": hex::encode_prefixed(code) } });
    let gas = client.call("eth_call", json!([request, "latest", state, { "baseFeePerGas": "0x0" }]));
    let gas: U256 = gas.as_str().unwrap().parse().unwrap();
    assert!(gas > U256::from(50_000_000) && gas <= U256::from(100_000_000), "{gas}");
}
