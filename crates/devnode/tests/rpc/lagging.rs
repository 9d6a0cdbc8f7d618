//! Clients that read late lose nothing: neither blocks nor logs nor answers.

use alloy_primitives::{Address, TxKind, hex};
use devnode::DevNode;
use harness::wire::{Client, Socket, Wallet, number};
use serde_json::{Value, json};

#[test]
fn every_block_of_a_long_request_is_pushed_to_who_reads_later() {
    const BLOCKS: u64 = 40_000;
    let node = DevNode::spawn().unwrap();
    let client = Client::new(&node);
    let mut socket = Socket::open(&node);
    socket.subscribe(json!(["newHeads"]));
    let before = client.number("eth_blockNumber", json!([]));
    client.call("evm_mine", json!([{ "blocks": BLOCKS }]));
    let mut parent = client.call("eth_getBlockByNumber", json!(["latest", false]))["hash"].take();
    assert_eq!(client.number("eth_blockNumber", json!([])), before + BLOCKS);
    for height in before + 1..=before + BLOCKS {
        let head = socket.pushed();
        assert_eq!(number(&head["number"]), height);
        if height > before + 1 {
            assert_eq!(head["parentHash"], parent);
        }
        parent = head["hash"].clone();
    }
    // And what happens from now on.
    client.call("evm_mine", json!([]));
    assert_eq!(socket.pushed()["parentHash"], parent);
}

/// Deploys a contract that logs nothing, a thousand times a call.
fn talker(client: &Client, dev: &Wallet) -> Address {
    // A counter from 1,000 down: PUSH2, JUMPDEST, LOG0, one less, JUMPI.
    let runtime = "6103e85b5f5fa06001900380600357";
    let init = format!("60{:02x}8060095f395ff3{runtime}", runtime.len() / 2);
    let raw = dev.sign(6, TxKind::Create, 0, &hex::decode(init).unwrap(), 300_000);
    let hash = client.call("eth_sendRawTransaction", json!([raw]));
    let receipt = client.call("eth_getTransactionReceipt", json!([hash]));
    receipt["contractAddress"].as_str().unwrap().parse().unwrap()
}

#[test]
fn every_log_is_pushed_to_who_reads_later() {
    const CALLS: u64 = 25;
    let node = DevNode::spawn().unwrap();
    let client = Client::new(&node);
    let dev = Wallet::dev();
    let contract = talker(&client, &dev);
    let mut socket = Socket::open(&node);
    socket.subscribe(json!(["logs", { "address": contract }]));
    for nonce in 7..7 + CALLS {
        let raw = dev.sign(nonce, TxKind::Call(contract), 0, &[], 1_000_000);
        client.call("eth_sendRawTransaction", json!([raw]));
    }
    let first = number(&client.call("eth_blockNumber", json!([]))) + 1 - CALLS;
    for event in 0..CALLS * 1_000 {
        let log = socket.pushed();
        let place = (number(&log["blockNumber"]), number(&log["logIndex"]));
        assert_eq!(place, (first + event / 1_000, event % 1_000));
    }
}

#[test]
fn every_request_is_answered_to_who_reads_later() {
    const REQUESTS: u64 = 3_000;
    let node = DevNode::spawn().unwrap();
    let mut socket = Socket::open(&node);
    for id in 0..REQUESTS {
        socket.call(id, "eth_getBlockByNumber", json!(["latest", false]));
    }
    let mut ids: Vec<_> = (0..REQUESTS).map(|_| socket.message()["id"].as_u64().unwrap()).collect();
    ids.sort_unstable();
    assert!(ids.into_iter().eq(0..REQUESTS));
}

/// Whatever it saw before, a subscriber that has read everything has seen the present chain.
#[test]
fn blocks_that_took_the_place_of_others_are_pushed() {
    let node = DevNode::spawn().unwrap();
    let client = Client::new(&node);
    let mut socket = Socket::open(&node);
    socket.subscribe(json!(["newHeads"]));
    client.call("evm_mine", json!([{ "blocks": 3_000 }]));
    let snapshot = client.call("evm_snapshot", json!([]));
    let kept = client.number("eth_blockNumber", json!([]));
    client.call("evm_mine", json!([{ "blocks": 3_000 }]));
    client.call("evm_revert", json!([snapshot]));
    client.call("evm_increaseTime", json!([1_000]));
    client.call("evm_mine", json!([{ "blocks": 10 }]));
    let newest = client.call("eth_getBlockByNumber", json!(["latest", false]));
    let mut seen = Vec::<(u64, Value)>::new();
    while seen.last().is_none_or(|(_, hash)| *hash != newest["hash"]) {
        let head = socket.pushed();
        seen.push((number(&head["number"]), head["hash"].clone()));
    }
    let last = &seen[seen.len() - 10..];
    for ((height, hash), expected) in last.iter().zip(kept + 1..) {
        let block = client.call("eth_getBlockByNumber", json!([format!("{expected:#x}"), false]));
        assert_eq!((*height, hash), (expected, &block["hash"]));
    }
}
