//! Blocks by command.

use super::{ALICE, BOB, NOBODY, node, read, refused};
use harness::wire::number;
use serde_json::{Value, json};
use std::{
    thread,
    time::{Duration, Instant},
};

#[test]
fn what_waits_comes_into_one_block() {
    let (_node, client) = node();
    // Logs its calldata's size, and sends on what it gets: LOG0 of nothing.
    client.call("hardhat_setCode", json!([NOBODY, "0x5f5fa000"]));
    client.call("evm_setAutomine", json!([false]));
    assert_eq!(client.call("hardhat_getAutomine", json!([])), false);
    let head = client.number("eth_blockNumber", json!([]));
    let send = |from: &str, value: &str| {
        client.call("eth_sendTransaction", json!([{ "from": from, "to": NOBODY, "value": value }]))
    };
    let hashes = [send(ALICE, "0x1"), send(BOB, "0x2"), send(ALICE, "0x3")];
    assert_eq!(client.number("eth_blockNumber", json!([])), head, "nothing is made");
    assert!(client.call("eth_getTransactionReceipt", json!([hashes[0]])).is_null());
    let waiting = client.call("eth_getTransactionByHash", json!([hashes[2]]));
    assert_eq!(
        (&waiting["blockNumber"], &waiting["nonce"], &waiting["from"]),
        (&Value::Null, &json!("0x1"), &json!(ALICE))
    );
    assert_eq!(client.call("eth_getTransactionCount", json!([ALICE, "latest"])), "0x0");
    assert_eq!(client.call("eth_getTransactionCount", json!([ALICE, "pending"])), "0x2");
    assert_eq!(client.call("txpool_status", json!([])), json!({ "pending": "0x3", "queued": "0x0" }));
    let content = client.call("txpool_content", json!([]));
    assert_eq!(content["pending"]["0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266"]["1"]["hash"], hashes[2]);
    assert_eq!(client.call("eth_pendingTransactions", json!([])).as_array().unwrap().len(), 3);

    client.call("evm_mine", json!([]));
    assert_eq!(client.number("eth_blockNumber", json!([])), head + 1);
    let block = client.call("eth_getBlockByNumber", json!(["latest", false]));
    assert_eq!(block["transactions"], json!(hashes));
    let mut cumulative = 0;
    for (index, hash) in hashes.iter().enumerate() {
        let receipt = client.call("eth_getTransactionReceipt", json!([hash]));
        assert_eq!((&receipt["status"], number(&receipt["transactionIndex"])), (&json!("0x1"), index as u64));
        assert_eq!(number(&receipt["logs"][0]["logIndex"]), index as u64);
        cumulative += number(&receipt["gasUsed"]);
        assert_eq!(number(&receipt["cumulativeGasUsed"]), cumulative);
        let trace = client.call("debug_traceTransaction", json!([hash, { "tracer": "callTracer" }]));
        assert_eq!((&trace["value"], &trace["gasUsed"]), (&json!(format!("{:#x}", index + 1)), &receipt["gasUsed"]));
    }
    assert_eq!(number(&block["gasUsed"]), cumulative);
    assert_eq!(client.call("txpool_status", json!([])), json!({ "pending": "0x0", "queued": "0x0" }));
}

#[test]
fn calls_at_pending_see_what_waits() {
    let (_node, client) = node();
    client.call("evm_setAutomine", json!([false]));
    client.call("eth_sendTransaction", json!([{ "from": ALICE, "to": NOBODY, "value": "0x7" }]));
    // BALANCE of nobody.
    let balance = |block| read(&client, "620d0c7031", block);
    assert_eq!([balance("latest"), balance("pending")], [0, 7]);
}

#[test]
fn a_transaction_that_waits_can_be_dropped_or_replaced() {
    let (_node, client) = node();
    client.call("evm_setAutomine", json!([false]));
    let send = |nonce: &str, price: &str| {
        client.call(
            "eth_sendTransaction",
            json!([{
                "from": ALICE, "to": NOBODY, "value": "0x1", "nonce": nonce, "gasPrice": price, "gas": "0x5208",
            }]),
        )
    };
    let (first, later) = (send("0x0", "0x3b9aca00"), send("0x2", "0x3b9aca00"));
    assert_eq!(client.call("txpool_status", json!([])), json!({ "pending": "0x1", "queued": "0x1" }));
    let cheaper = json!([{ "from": ALICE, "to": BOB, "nonce": "0x0", "gasPrice": "0x3b9aca00", "gas": "0x5208" }]);
    assert_eq!(refused(&client, "eth_sendTransaction", cheaper).1, "replacement transaction underpriced");
    let better = send("0x0", "0x3b9aca01");
    assert!(client.call("eth_getTransactionByHash", json!([first])).is_null());
    assert_eq!(client.call("hardhat_dropTransaction", json!([later])), true);
    assert_eq!(client.call("hardhat_dropTransaction", json!([later])), false);
    client.call("hardhat_mine", json!([]));
    assert_eq!(client.call("eth_getBlockByNumber", json!(["latest", false]))["transactions"], json!([better]));
    assert!(refused(&client, "hardhat_dropTransaction", json!([better])).1.ends_with("it is in a block"));
}

#[test]
fn what_waits_goes_first_when_blocks_are_made_again() {
    let (_node, client) = node();
    client.call("evm_setAutomine", json!([false]));
    let transfer = json!([{ "from": ALICE, "to": NOBODY, "value": "0x1" }]);
    let snapshot = client.call("evm_snapshot", json!([]));
    let waits = client.call("eth_sendTransaction", transfer.clone());
    client.call("evm_setAutomine", json!([true]));
    let comes = client.call("eth_sendTransaction", transfer);
    let block = |hash: &Value| number(&client.call("eth_getTransactionReceipt", json!([hash]))["blockNumber"]);
    assert_eq!(block(&waits) + 1, block(&comes));
    client.call("evm_revert", json!([snapshot]));
    assert_eq!(client.call("eth_getBalance", json!([NOBODY, "latest"])), "0x0");
}

#[test]
fn many_blocks_are_made_as_far_apart_as_was_said() {
    let (_node, client) = node();
    let (head, time) = (client.number("eth_blockNumber", json!([])), client.time());
    client.call("hardhat_mine", json!(["0x3e8", "0x3c"]));
    assert_eq!(client.number("eth_blockNumber", json!([])), head + 1_000);
    let made = client.time();
    assert!((time + 999 * 60..time + 999 * 60 + 100).contains(&made), "{}", made - time);
    client.call("anvil_mine", json!(["0x2", "0x0"]));
    assert_eq!(client.number("eth_blockNumber", json!([])), head + 1_002);
    assert!(client.time() > made + 1, "a second apart at least");
    client.call("anvil_setBlockTimestampInterval", json!([50]));
    let time = client.time();
    client.call("evm_mine", json!([]));
    client.call("evm_mine", json!([]));
    assert_eq!(client.time(), time + 100);
    assert_eq!(client.call("anvil_removeBlockTimestampInterval", json!([])), true);
    assert_eq!(client.call("anvil_removeBlockTimestampInterval", json!([])), false);
}

#[test]
fn blocks_are_made_by_the_clock_on_the_wall_if_one_likes() {
    let (_node, client) = node();
    client.call("evm_setAutomine", json!([false]));
    let hash = client.call("eth_sendTransaction", json!([{ "from": ALICE, "to": NOBODY, "value": "0x1" }]));
    client.call("evm_setIntervalMining", json!([20]));
    let patience = Instant::now() + Duration::from_secs(60);
    while client.call("eth_getTransactionReceipt", json!([hash])).is_null() {
        assert!(Instant::now() < patience, "no block is made");
        thread::sleep(Duration::from_millis(5));
    }
    client.call("evm_setIntervalMining", json!([0]));
    let head = client.call("eth_blockNumber", json!([]));
    thread::sleep(Duration::from_millis(100));
    assert_eq!(client.call("eth_blockNumber", json!([])), head);
}
