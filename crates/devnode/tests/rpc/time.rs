//! Time that is moved, snapshots, and the L1 block number.

use alloy_primitives::TxKind;
use devnode::DevNode;
use harness::wire::{Client, Wallet, number};
use serde_json::json;

const DAY: u64 = 86_400;

#[test]
fn time_can_be_moved_forward_and_never_back() {
    let node = DevNode::spawn().unwrap();
    let client = Client::new(&node);
    let start = client.time();
    client.call("evm_increaseTime", json!([DAY]));
    assert_eq!(client.time(), start, "only a block has a time");
    client.call("evm_mine", json!([]));
    let moved = client.time();
    assert!((start + DAY..start + DAY + 10).contains(&moved));

    client.call("evm_setNextBlockTimestamp", json!([moved + 1_000]));
    let (dev, to) = (Wallet::dev(), Wallet::number(0).address());
    client.call("eth_sendRawTransaction", json!([dev.transfer(6, to, 1)]));
    assert_eq!(client.time(), moved + 1_000);
    client.call("evm_mine", json!([{ "blocks": 3, "timestamp": moved + 5_000 }]));
    assert!((moved + 5_000..moved + 5_010).contains(&client.time()), "time goes on from what was set");

    let error = client.try_call("evm_setNextBlockTimestamp", json!([start])).unwrap_err();
    assert_eq!(error["code"], -32602);
    assert!(error["message"].as_str().unwrap().contains("before that of the last block"), "{error}");
    assert_eq!(client.number("eth_blockNumber", json!([])), 7 + 1 + 1 + 3);
}

#[test]
fn the_next_block_is_estimated_at_its_own_time() {
    let node = DevNode::spawn().unwrap();
    let client = Client::new(&node);
    let start = client.time();
    // TIMESTAMP PUSH8 limit LT, then revert unless it is true: works only after the limit.
    let limit = start + DAY;
    let code = format!("0x67{limit:016x}421160135760006000fd5b00");
    let at = Wallet::number(5).address();
    let overrides = json!({ (at.to_string()): { "code": code } });
    let estimate = || client.try_call("eth_estimateGas", json!([{ "to": at, "data": "0x01" }, "pending", overrides]));
    assert_eq!(estimate().unwrap_err()["code"], 3);
    client.call("evm_increaseTime", json!([DAY + 100]));
    estimate().unwrap();
    assert_eq!(client.try_call("eth_call", json!([{ "to": at }, "latest", overrides])).unwrap_err()["code"], 3);
    client.call("eth_call", json!([{ "to": at }, "latest", overrides, { "time": format!("{:#x}", limit + 1) }]));
}

#[test]
fn a_snapshot_brings_everything_back() {
    let node = DevNode::spawn().unwrap();
    let client = Client::new(&node);
    let (dev, to) = (Wallet::dev(), Wallet::number(0).address());
    let filter = client.call("eth_newBlockFilter", json!([]));
    let snapshot = client.call("evm_snapshot", json!([]));
    let before = client.call("eth_getBlockByNumber", json!(["latest", false]));
    let hash = client.call("eth_sendRawTransaction", json!([dev.transfer(6, to, 5)]));
    client.call("evm_increaseTime", json!([DAY]));
    client.call("evm_mine", json!([]));
    let later = client.call("evm_snapshot", json!([]));
    assert_eq!(client.call("eth_getFilterChanges", json!([filter])).as_array().unwrap().len(), 2);

    assert_eq!(client.call("evm_revert", json!([snapshot])), true);
    assert_eq!(client.call("eth_getBlockByNumber", json!(["latest", false])), before);
    assert!(client.call("eth_getTransactionReceipt", json!([hash])).is_null());
    assert_eq!(client.call("eth_getBalance", json!([to, "latest"])), "0x0");
    assert_eq!(client.number("eth_getTransactionCount", json!([dev.address(), "latest"])), 6);
    for used in [snapshot, later] {
        assert_eq!(client.call("evm_revert", json!([used])), false, "used up");
    }

    client.call("eth_sendRawTransaction", json!([dev.transfer(6, to, 9)]));
    assert_eq!(client.call("eth_getBalance", json!([to, "latest"])), "0x9");
    assert!(client.time() < number(&before["timestamp"]) + DAY, "the clock went back as well");
    assert_eq!(client.call("eth_getFilterChanges", json!([filter])).as_array().unwrap().len(), 1);
}

#[test]
fn the_l1_block_number_is_what_contracts_read() {
    let node = DevNode::spawn().unwrap();
    let client = Client::new(&node);
    // NUMBER, stored at 0, returned.
    let read = || client.call("eth_call", json!([{ "data": "0x4360005260206000f3" }, "latest"]));
    assert_eq!(read(), format!("0x{:064x}", 0));
    client.call("devnode_setL1BlockNumber", json!([20_000_000]));
    client.call("evm_mine", json!([]));
    assert_eq!(read(), format!("0x{:064x}", 20_000_000));
    let block = client.call("eth_getBlockByNumber", json!(["latest", false]));
    assert_eq!(number(&block["l1BlockNumber"]), 20_000_000);
    let error = client.try_call("devnode_setL1BlockNumber", json!([5])).unwrap_err();
    assert_eq!(error["message"], "L1 block number 5 is below the last one, 20000000");
    let dev = Wallet::dev();
    let hash = client.call("eth_sendRawTransaction", json!([dev.sign(6, TxKind::Create, 0, &[0], 100_000)]));
    assert_eq!(number(&client.call("eth_getTransactionReceipt", json!([hash]))["l1BlockNumber"]), 20_000_000);
}
