//! Logs by range and by filter, and pushed over a WebSocket.

use alloy_primitives::{Address, B256, TxKind};
use devnode::DevNode;
use harness::wire::{Client, Wallet, number};
use serde_json::{Value, json};

/// Deploys a contract that logs nothing but a topic, its calldata's first word, each time it is called.
fn logger(client: &Client, dev: &Wallet, nonce: u64) -> Address {
    // PUSH0 CALLDATALOAD PUSH0 PUSH0 LOG1
    let init = alloy_primitives::hex::decode("655f355f5fa1006000526006601af3").unwrap();
    let hash = client.call("eth_sendRawTransaction", json!([dev.sign(nonce, TxKind::Create, 0, &init, 200_000)]));
    let receipt = client.call("eth_getTransactionReceipt", json!([hash]));
    receipt["contractAddress"].as_str().unwrap().parse().unwrap()
}

fn log(client: &Client, dev: &Wallet, nonce: u64, contract: Address, topic: B256) {
    let raw = dev.sign(nonce, TxKind::Call(contract), 0, topic.as_slice(), 100_000);
    let hash = client.call("eth_sendRawTransaction", json!([raw]));
    assert_eq!(client.call("eth_getTransactionReceipt", json!([hash]))["status"], "0x1");
}

fn count(logs: &Value) -> usize {
    logs.as_array().unwrap().len()
}

#[test]
fn logs_are_found_by_range_address_and_topic() {
    let node = DevNode::spawn().unwrap();
    let client = Client::new(&node);
    let dev = Wallet::dev();
    let contract = logger(&client, &dev, 6);
    let [one, two] = [1, 2].map(B256::repeat_byte);
    log(&client, &dev, 7, contract, one);
    log(&client, &dev, 8, contract, two);
    let get = |query: Value| client.call("eth_getLogs", json!([query]));
    let all = json!({ "fromBlock": "earliest", "address": contract });
    assert_eq!(count(&get(all.clone())), 2);
    let found = get(json!({ "fromBlock": "0x0", "toBlock": "latest", "topics": [[two]] }));
    assert_eq!(count(&found), 1);
    assert_eq!((&found[0]["topics"], number(&found[0]["blockNumber"])), (&json!([two]), 10));
    assert_eq!(number(&found[0]["blockTimestamp"]), client.time());
    let block = client.call("eth_getBlockByNumber", json!(["0x9", false]));
    assert_eq!(get(json!({ "blockHash": block["hash"] }))[0]["topics"], json!([one]));
    assert_eq!(count(&get(json!({}))), 1, "the newest block by default");
    assert_eq!(count(&get(json!({ "fromBlock": "0x0", "address": dev.address() }))), 0);
    for wrong in [json!({ "fromBlock": "0x5", "toBlock": "0x2" }), json!({ "fromBlock": "0xffff" })] {
        let error = client.try_call("eth_getLogs", json!([wrong])).unwrap_err();
        assert_eq!(error["message"], "invalid block range params");
    }
}

#[test]
fn a_filter_gives_each_log_once() {
    let node = DevNode::spawn().unwrap();
    let client = Client::new(&node);
    let dev = Wallet::dev();
    let contract = logger(&client, &dev, 6);
    let filter = client.call("eth_newFilter", json!([{ "address": contract }]));
    let changes = || client.call("eth_getFilterChanges", json!([filter]));
    assert_eq!(count(&changes()), 0);
    for nonce in [7, 8] {
        log(&client, &dev, nonce, contract, B256::repeat_byte(nonce as u8));
    }
    assert_eq!(count(&changes()), 2);
    assert_eq!(count(&changes()), 0);
    assert_eq!(client.call("eth_uninstallFilter", json!([filter])), true);
    assert_eq!(client.call("eth_uninstallFilter", json!([filter])), false);
    let gone = client.try_call("eth_getFilterChanges", json!([filter])).unwrap_err();
    assert_eq!(gone, json!({ "code": -32000, "message": "filter not found" }));
    // Over HTTP nothing can be pushed.
    let error = client.try_call("eth_subscribe", json!(["newHeads"])).unwrap_err();
    assert_eq!(error, json!({ "code": -32601, "message": "notifications not supported" }));
}
