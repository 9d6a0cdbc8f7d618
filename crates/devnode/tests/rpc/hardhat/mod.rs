//! A node that behaves as Hardhat's network.

mod accounts;
mod bad_input;
mod mining;
mod sending;
mod state;
mod waiting;

use devnode::DevNode;
use harness::wire::{Client, number};
use serde_json::{Value, json};

/// The first two of the known accounts.
const ALICE: &str = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266";
const BOB: &str = "0x70997970c51812dc3a010c7d01b50e0d17dc79c8";
/// An account that has nothing.
const NOBODY: &str = "0x00000000000000000000000000000000000d0c70";

fn node() -> (DevNode, Client) {
    let node = DevNode::builder().hardhat(true).spawn().unwrap();
    let client = Client::new(&node);
    (node, client)
}

/// Sends for an account; the receipt, if the transaction is in a block.
fn send(client: &Client, request: Value) -> Value {
    let hash = client.call("eth_sendTransaction", json!([request]));
    client.call("eth_getTransactionReceipt", json!([hash]))
}

/// What code reads that ends with one word on the stack.
fn read(client: &Client, code: &str, block: &str) -> u64 {
    let word = client.call("eth_call", json!([{ "data": format!("0x{code}5f5260205ff3") }, block]));
    u64::from_str_radix(&word.as_str().unwrap()[2..], 16).unwrap()
}

/// Message and code of the error that a call must end with.
fn refused(client: &Client, method: &str, params: Value) -> (i64, String) {
    let error = client.try_call(method, params.clone()).expect_err(&format!("{method}{params}"));
    (error["code"].as_i64().unwrap(), error["message"].as_str().unwrap().to_owned())
}

#[test]
fn it_says_that_it_is_hardhats_network() {
    let (_node, client) = node();
    let version = client.call("web3_clientVersion", json!([]));
    assert!(version.as_str().unwrap().starts_with("HardhatNetwork/consilium-devnode/"), "{version}");
    let metadata = client.call("hardhat_metadata", json!([]));
    assert_eq!((&metadata["clientVersion"], &metadata["chainId"]), (&version, &json!(devnode::CHAIN_ID)));
    let head = client.call("eth_getBlockByNumber", json!(["latest", false]));
    assert_eq!(metadata["latestBlockNumber"], number(&head["number"]));
    assert_eq!(metadata["latestBlockHash"], head["hash"]);
    client.call("hardhat_reset", json!([]));
    assert_ne!(client.call("hardhat_metadata", json!([]))["instanceId"], metadata["instanceId"]);
}

#[test]
fn a_block_holds_what_users_sent_and_nothing_else() {
    let (_node, client) = node();
    let receipt = send(&client, json!({ "from": ALICE, "to": NOBODY, "value": "0x5" }));
    assert_eq!((&receipt["transactionIndex"], &receipt["status"]), (&json!("0x0"), &json!("0x1")));
    let block = client.call("eth_getBlockByNumber", json!(["latest", true]));
    let transactions = block["transactions"].as_array().unwrap();
    assert_eq!(transactions.len(), 1);
    assert_eq!((&transactions[0]["from"], &transactions[0]["hash"]), (&json!(ALICE), &receipt["transactionHash"]));
    assert_eq!(client.call("eth_getBlockTransactionCountByNumber", json!(["latest"])), "0x1");
    client.call("evm_mine", json!([]));
    assert_eq!(client.call("eth_getBlockByNumber", json!(["latest", true]))["transactions"], json!([]));
}

#[test]
fn block_number_counts_the_blocks_and_each_is_a_second_later() {
    let (_node, client) = node();
    let number = client.number("eth_blockNumber", json!([]));
    assert_eq!([read(&client, "43", "latest"), read(&client, "43", "pending")], [number, number + 1]);
    let mut last = client.time();
    for more in 1..4 {
        send(&client, json!({ "from": ALICE, "to": NOBODY }));
        assert!(client.time() > last, "at least a second later");
        last = client.time();
        assert_eq!(read(&client, "43", "latest"), number + more);
    }
    // BLOCKHASH of the block before is that block's.
    let parent = client.call("eth_getBlockByNumber", json!(["latest", false]))["parentHash"].clone();
    let hash = client.call("eth_call", json!([{ "data": "0x60014303405f5260205ff3" }, "latest"]));
    assert_eq!(hash, parent);
    let (code, message) = refused(&client, "evm_setNextBlockTimestamp", json!([last]));
    assert_eq!((code, message), (-32602, format!("timestamp {last} is not after that of the last block, {last}")));
    assert!(refused(&client, "devnode_setL1BlockNumber", json!([5])).1.contains("--hardhat"));
}

/// Blocks are never of the same second here: what needs more in each second is estimated for the next block.
#[test]
fn estimates_are_for_the_next_block_and_the_node_fills_nothing_in() {
    let (_node, client) = node();
    // Stores 1 in the slot of the second that it is called in.
    client.call("hardhat_setCode", json!([NOBODY, "0x6001425500"]));
    let request = json!({ "from": ALICE, "to": NOBODY });
    for _ in 0..2 {
        assert_eq!(send(&client, request.clone())["status"], "0x1");
        assert!(client.number("eth_estimateGas", json!([request])) > 43_000);
    }
    assert_eq!(refused(&client, "eth_fillTransaction", json!([request])).0, -32601);
}

#[test]
fn a_reset_brings_back_the_start() {
    let (_node, client) = node();
    let start = client.call("eth_getBlockByNumber", json!(["latest", false]));
    client.call("hardhat_impersonateAccount", json!([NOBODY]));
    client.call("hardhat_setBalance", json!([NOBODY, "0xde0b6b3a7640000"]));
    client.call("hardhat_setCoinbase", json!([BOB]));
    let snapshot = client.call("evm_snapshot", json!([]));
    send(&client, json!({ "from": NOBODY, "to": BOB, "value": "0x1" }));
    client.call("evm_increaseTime", json!([1_000_000]));
    client.call("evm_setAutomine", json!([false]));
    client.call("eth_sendTransaction", json!([{ "from": ALICE, "to": BOB }]));

    // As viem asks.
    assert_eq!(client.call("hardhat_reset", json!([{ "forking": { "blockNumber": null } }])), true);
    assert_eq!(client.call("eth_getBlockByNumber", json!(["latest", false])), start);
    assert_eq!(client.call("eth_getBalance", json!([NOBODY, "latest"])), "0x0");
    assert_eq!(client.call("hardhat_getAutomine", json!([])), true);
    assert_eq!(client.call("eth_pendingTransactions", json!([])), json!([]));
    assert_eq!(client.call("evm_revert", json!([snapshot])), false);
    assert!(refused(&client, "eth_sendTransaction", json!([{ "from": NOBODY, "to": BOB }])).1.contains("no key"));
    client.call("evm_mine", json!([]));
    assert!(client.time() < number(&start["timestamp"]) + 1_000_000);
    assert_eq!(client.call("eth_getBlockByNumber", json!(["latest", false]))["miner"], start["miner"]);
}

#[test]
fn a_node_that_does_not_behave_so_has_none_of_it_but_the_names_for_time() {
    let node = DevNode::spawn().unwrap();
    let client = Client::new(&node);
    for method in ["hardhat_setBalance", "anvil_setCode", "hardhat_metadata", "evm_setAutomine", "eth_coinbase"] {
        let (code, message) = refused(&client, method, json!([]));
        assert_eq!((code, message), (-32601, format!("the method {method} does not exist/is not available")));
    }
    assert_eq!(client.call("eth_accounts", json!([])), json!([]));
    let (head, time) = (client.number("eth_blockNumber", json!([])), client.time());
    assert_eq!(client.call("hardhat_mine", json!(["0x3", "0x3c"])), true);
    assert!((time + 120..time + 130).contains(&client.time()));
    client.call("anvil_mine", json!([2]));
    assert_eq!(client.number("eth_blockNumber", json!([])), head + 5);
    let snapshot = client.call("anvil_snapshot", json!([]));
    client.call("anvil_increaseTime", json!(["0x64"]));
    client.call("anvil_setNextBlockTimestamp", json!([time + 5_000]));
    client.call("hardhat_mine", json!([]));
    assert_eq!(client.time(), time + 5_000);
    assert_eq!(client.call("anvil_revert", json!([snapshot])), true);
    assert_eq!(client.number("eth_blockNumber", json!([])), head + 5);
}
