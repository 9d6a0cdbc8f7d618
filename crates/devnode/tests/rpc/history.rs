//! Any block's state can be read, and what it was called for.

use alloy_primitives::{Address, TxKind};
use devnode::DevNode;
use harness::wire::{Client, Wallet, number};
use serde_json::{Value, json};

#[test]
fn balances_nonces_code_and_storage_are_read_at_any_block() {
    let node = DevNode::spawn().unwrap();
    let client = Client::new(&node);
    let (dev, to) = (Wallet::dev(), Wallet::number(0).address());
    for nonce in 6..9 {
        client.call("eth_sendRawTransaction", json!([dev.transfer(nonce, to, 10)]));
    }
    // A contract that stores its calldata's first word in slot 0 when it is called.
    let runtime = "60003560005500";
    let init = alloy_primitives::hex::decode(format!("66{runtime}60005260076019f3")).unwrap();
    let hash = client.call("eth_sendRawTransaction", json!([dev.sign(9, TxKind::Create, 0, &init, 200_000)]));
    let receipt = client.call("eth_getTransactionReceipt", json!([hash]));
    let contract: Address = receipt["contractAddress"].as_str().unwrap().parse().unwrap();
    assert_eq!(contract, dev.address().create(9));
    for (nonce, word) in (10..).zip([[1u8; 32], [2; 32]]) {
        let raw = dev.sign(nonce, TxKind::Call(contract), 0, &word, 100_000);
        client.call("eth_sendRawTransaction", json!([raw]));
    }

    let at = |method: &str, first: Value, block: u64| client.call(method, json!([first, format!("{block:#x}")]));
    let balances: Vec<_> = (7..=10).map(|block| number(&at("eth_getBalance", json!(to), block))).collect();
    assert_eq!(balances, [0, 10, 20, 30]);
    assert_eq!(number(&at("eth_getTransactionCount", json!(dev.address()), 9)), 8);
    assert_eq!(at("eth_getCode", json!(contract), 10), "0x");
    assert_eq!(at("eth_getCode", json!(contract), 11), format!("0x{runtime}"));
    let slot = |block: u64| client.call("eth_getStorageAt", json!([contract, "0x0", format!("{block:#x}")]));
    assert_eq!(slot(11), format!("0x{:064x}", 0));
    assert_eq!(slot(12), format!("0x{}", "01".repeat(32)));
    assert_eq!(slot(13), format!("0x{}", "02".repeat(32)));

    // By hash as well, and a call sees the block that it names.
    let block = client.call("eth_getBlockByNumber", json!(["0x9", false]));
    let by_hash = client.call("eth_getBalance", json!([to, { "blockHash": block["hash"] }]));
    assert_eq!(by_hash, "0x14");
    // BALANCE of the calldata's first word.
    let data = format!("0x73{}3160005260206000f3", alloy_primitives::hex::encode(to));
    let seen = client.call("eth_call", json!([{ "data": data }, "0x9"]));
    assert_eq!(seen, format!("0x{:064x}", 20));

    let beyond = client.try_call("eth_getBalance", json!([to, "0xffff"])).unwrap_err();
    assert_eq!(beyond, json!({ "code": -32000, "message": "header not found" }));
    let safe = client.try_call("eth_getBalance", json!([to, "safe"])).unwrap_err();
    assert_eq!(safe["message"], "safe block not found");
}

#[test]
fn fee_history_covers_what_was_asked_for() {
    let node = DevNode::spawn().unwrap();
    let client = Client::new(&node);
    let history = client.call("eth_feeHistory", json!(["0x4", "latest", [10, 90]]));
    assert_eq!(history["oldestBlock"], "0x4");
    assert_eq!(history["baseFeePerGas"].as_array().unwrap().len(), 5);
    assert_eq!(history["gasUsedRatio"].as_array().unwrap().len(), 4);
    assert_eq!(history["reward"][0], json!(["0x0", "0x0"]));
    let all = client.call("eth_feeHistory", json!([1_000_000, "latest", []]));
    assert_eq!((&all["oldestBlock"], all["gasUsedRatio"].as_array().unwrap().len()), (&json!("0x0"), 8));
    let none = client.call("eth_feeHistory", json!([0, "latest", []]));
    assert_eq!(none, json!({ "oldestBlock": "0x0", "gasUsedRatio": null }));
    assert_eq!(client.call("eth_gasPrice", json!([])), history["baseFeePerGas"][4]);
    assert_eq!(client.call("eth_maxPriorityFeePerGas", json!([])), "0x0");
}

#[test]
fn fee_history_takes_the_next_fee_to_be_the_last_one_again() {
    let node = DevNode::spawn().unwrap();
    let client = Client::new(&node);
    // ArbOwner.setL2BaseFee: the fee that the state now holds for the next block.
    let mut data = alloy_primitives::keccak256("setL2BaseFee(uint256)")[..4].to_vec();
    data.extend(alloy_primitives::U256::from(200_000_000).to_be_bytes::<32>());
    let owner = TxKind::Call(nitro::ARB_OWNER);
    client.call("eth_sendRawTransaction", json!([Wallet::dev().sign(6, owner, 0, &data, 1_000_000)]));
    let history = client.call("eth_feeHistory", json!(["0x1", "latest", []]));
    assert_eq!(history["baseFeePerGas"], json!(["0x5f5e100", "0x5f5e100"]));
}

#[test]
fn a_long_chain_reads_as_fast_as_a_short_one() {
    let node = DevNode::spawn().unwrap();
    let client = Client::new(&node);
    client.call("evm_mine", json!([{ "blocks": 1_000 }]));
    assert_eq!(client.number("eth_blockNumber", json!([])), 1_007);
    let block = client.call("eth_getBlockByNumber", json!(["0x1f4", false]));
    let parent = client.call("eth_getBlockByHash", json!([block["parentHash"], false]));
    assert_eq!(number(&parent["number"]), 499);
    assert_eq!(client.number("eth_getBlockTransactionCountByNumber", json!(["0x1f4"])), 1);
    let dev = devnode::DEV_ACCOUNT;
    assert_eq!(client.number("eth_getTransactionCount", json!([dev, "0x2"])), 2);
    assert_eq!(client.number("eth_getTransactionCount", json!([dev, "0x1f4"])), 6);
}
