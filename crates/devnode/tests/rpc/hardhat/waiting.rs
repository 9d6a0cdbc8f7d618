//! Transactions that wait for a block, and for others.

use super::{ALICE, BOB, NOBODY, node, read, refused};
use harness::wire::{Client, number};
use serde_json::{Value, json};

fn hand_in(client: &Client, nonce: &str) -> Value {
    let request = json!({ "from": ALICE, "to": NOBODY, "value": "0x1", "nonce": nonce });
    client.call("eth_sendTransaction", json!([request]))
}

#[test]
fn the_highest_nonce_is_refused() {
    let (_node, client) = node();
    client.call("hardhat_setNonce", json!([ALICE, "0xfffffffffffffffe"]));
    client.call("evm_setAutomine", json!([false]));
    let last = hand_in(&client, "0xfffffffffffffffe");
    let beyond = json!([{ "from": ALICE, "to": NOBODY, "nonce": "0xffffffffffffffff" }]);
    let (code, message) = refused(&client, "eth_sendTransaction", beyond);
    assert_eq!(code, -32000);
    assert!(message.starts_with("nonce has max value"), "{message}");
    assert_eq!(client.call("eth_getTransactionCount", json!([ALICE, "pending"])), "0xffffffffffffffff");
    assert_eq!(client.call("txpool_status", json!([])), json!({ "pending": "0x1", "queued": "0x0" }));
    client.call("evm_mine", json!([]));
    assert_eq!(client.call("eth_getTransactionReceipt", json!([last]))["status"], "0x1");
}

/// It waited already when blocks were made by command.
#[test]
fn one_that_came_too_early_makes_no_blocks_and_follows_the_one_it_lacks() {
    let (_node, client) = node();
    client.call("evm_setAutomine", json!([false]));
    let [third, second] = ["0x2", "0x1"].map(|nonce| hand_in(&client, nonce));
    client.call("evm_setAutomine", json!([true]));
    let head = client.number("eth_blockNumber", json!([]));
    for _ in 0..3 {
        client.call("eth_sendTransaction", json!([{ "from": BOB, "to": NOBODY }]));
    }
    assert_eq!(client.number("eth_blockNumber", json!([])), head + 3, "a block for each, and none without any");
    hand_in(&client, "0x0");
    let transactions = client.call("eth_getBlockByNumber", json!(["latest", false]))["transactions"].clone();
    assert_eq!(transactions, json!([second, third]));
    assert_eq!(client.number("eth_blockNumber", json!([])), head + 5);
    assert_eq!(client.call("eth_pendingTransactions", json!([])), json!([]));
}

#[test]
fn what_waits_is_found_by_its_sender_and_by_its_hash() {
    let (_node, client) = node();
    client.call("evm_setAutomine", json!([false]));
    let [first, later] = ["0x0", "0x2"].map(|nonce| hand_in(&client, nonce));
    let content = client.call("txpool_contentFrom", json!([ALICE]));
    assert_eq!((&content["pending"]["0"]["hash"], &content["queued"]["2"]["hash"]), (&first, &later));
    assert_eq!(client.call("txpool_contentFrom", json!([BOB])), json!({ "pending": {}, "queued": {} }));
    let raw = client.call("eth_getRawTransactionByHash", json!([first]));
    assert_eq!(client.call("web3_sha3", json!([raw])), first);
    client.call("evm_mine", json!([]));
    assert_eq!(client.call("debug_getRawTransaction", json!([first])), raw);
}

/// In calls and estimates, and in what waits before them.
#[test]
fn what_was_set_for_the_next_block_is_seen_at_pending() {
    let (_node, client) = node();
    client.call("hardhat_setCoinbase", json!([NOBODY]));
    client.call("hardhat_setPrevRandao", json!([format!("0x{:064x}", 7)]));
    client.call("evm_setBlockGasLimit", json!(["0xf4240"]));
    // Stores PREVRANDAO in slot 0, and returns that slot when it has it.
    let holder = "0x00000000000000000000000000000000000d0c71";
    client.call("hardhat_setCode", json!([holder, "0x5f548015600d575f5260205ff35b445f5500"]));
    client.call("evm_setAutomine", json!([false]));
    let stored = || client.call("eth_call", json!([{ "to": holder }, "pending"]));
    let seen = |code| [read(&client, code, "latest"), read(&client, code, "pending")];
    let coinbase = u64::from_str_radix(&NOBODY[26..], 16).unwrap();
    for waits in [false, true] {
        if waits {
            client.call("eth_sendTransaction", json!([{ "from": ALICE, "to": holder }]));
            assert_eq!(number(&stored()), 7);
        }
        assert_eq!(read(&client, "41", "pending"), coinbase);
        assert_eq!(seen("44"), [1, 7]);
        assert_eq!(seen("45"), [1 << 50, 1_000_000]);
        // Loops until its gas is used up: there is no more than the block has.
        let endless = json!([{ "from": ALICE, "data": "0x5b5f56" }]);
        assert_eq!(refused(&client, "eth_estimateGas", endless).1, "gas required exceeds allowance (1000000)");
    }
    client.call("evm_mine", json!([]));
    assert_eq!(number(&client.call("eth_getStorageAt", json!([holder, "0x0", "latest"]))), 7);
    assert_eq!(seen("44"), [7, 1]);
}
