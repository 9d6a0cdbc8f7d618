//! Blocks as bytes, and what else of them needs no trie.

use alloy::{
    consensus::proofs::ordered_trie_root_with_encoder,
    rlp::{BufMut, Header},
};
use alloy_primitives::{TxKind, hex, keccak256};
use devnode::{ArbosVersion, DevNode};
use harness::wire::{Client, Socket, Wallet};
use serde_json::{Value, json};

fn bytes(value: &Value) -> Vec<u8> {
    hex::decode(value.as_str().unwrap()).unwrap()
}

#[test]
fn blocks_are_what_their_hashes_say() {
    let node = DevNode::spawn().unwrap();
    let client = Client::new(&node);
    let dev = Wallet::dev();
    let nonce = client.number("eth_getTransactionCount", json!([dev.address(), "latest"]));
    client.call("eth_sendRawTransaction", json!([dev.transfer(nonce, dev.address(), 1)]));
    // One of the first blocks has a legacy transaction: that which makes the CREATE2 factory.
    for number in ["0x0", "0x3", "0x4", "latest"] {
        let block = client.call("eth_getBlockByNumber", json!([number, true]));
        let header = bytes(&client.call("debug_getRawHeader", json!([number])));
        assert_eq!(json!(keccak256(&header)), block["hash"]);
        let raw = bytes(&client.call("debug_getRawBlock", json!([block["hash"]])));
        assert_eq!(json!(format!("{:#x}", raw.len())), block["size"]);
        let mut rest = raw.as_slice();
        assert!(Header::decode(&mut rest).unwrap().list);
        assert!(rest.starts_with(&header));
        rest = &rest[header.len()..];
        let body = Header::decode(&mut rest).unwrap();
        assert!(body.list && rest[body.payload_length..] == [0xc0], "transactions, and no uncles");
        let mut transactions = &rest[..body.payload_length];
        for transaction in block["transactions"].as_array().unwrap() {
            let start = transactions;
            let item = Header::decode(&mut transactions).unwrap();
            let whole = start.len() - transactions.len() + item.payload_length;
            let encoded = if item.list { &start[..whole] } else { &transactions[..item.payload_length] };
            assert_eq!(json!(keccak256(encoded)), transaction["hash"]);
            transactions = &start[whole..];
        }
        let receipts = client.call("debug_getRawReceipts", json!([number]));
        let receipts = receipts.as_array().unwrap().iter().map(bytes).collect::<Vec<_>>();
        assert_eq!(receipts.len(), block["transactions"].as_array().unwrap().len());
        let root = ordered_trie_root_with_encoder(&receipts, |receipt, out| out.put_slice(receipt));
        assert_eq!(json!(root), block["receiptsRoot"]);
    }
}

#[test]
fn what_is_unknown_is_empty() {
    let node = DevNode::spawn().unwrap();
    let client = Client::new(&node);
    let unknown = format!("0x{:064x}", 258);
    assert_eq!(client.call("debug_getRawBlock", json!(["0xffffff"])), "0x");
    assert_eq!(client.call("debug_getRawHeader", json!(["0xffffff"])), "0x");
    assert_eq!(client.call("debug_getRawReceipts", json!(["0xffffff"])), Value::Null);
    assert_eq!(client.call("debug_getRawReceipts", json!([unknown])), json!([]));
    let refused = client.try_call("debug_getRawBlock", json!([unknown])).unwrap_err();
    let zeros = "0 ".repeat(30);
    assert_eq!(refused["message"], format!("block #[{zeros}1 2] not found"));
    assert_eq!(client.call("debug_getBadBlocks", json!([])), json!([]));
    let root = client.call("eth_getBlockByNumber", json!(["0x1", false]))["stateRoot"].clone();
    let range = client.call("debug_accountRange", json!(["0x1", "0x00", 1, true, true, false]));
    assert_eq!(range, json!({ "root": root.as_str().unwrap()[2..], "accounts": {} }));
}

#[test]
fn metadata_are_a_version_and_a_bit_a_transaction() {
    let node = DevNode::spawn().unwrap();
    let client = Client::new(&node);
    let two = json!([{ "blockNumber": 1, "rawMetadata": "0x0000" }, { "blockNumber": 2, "rawMetadata": "0x0000" }]);
    assert_eq!(client.call("arb_getRawBlockMetadata", json!(["0x1", "0x2"])), two);
    let refused = client.try_call("arb_getRawBlockMetadata", json!(["0x2", "0x1"])).unwrap_err();
    assert_eq!(refused["message"], "invalid inputs, fromBlock: 2 is greater than toBlock: 1");
    let refused = client.try_call("arb_getRawBlockMetadata", json!(["0x1", "0x65"])).unwrap_err();
    let says = "number of blocks requested for blockMetadata exceeded. Range requested- 101, Limit- 100";
    assert_eq!(refused["message"], says);
}

#[test]
fn too_many_topics_are_refused() {
    let node = DevNode::spawn().unwrap();
    let client = Client::new(&node);
    let query = |count| json!([{ "topics": [vec![format!("0x{:064x}", 1); count]] }]);
    assert_eq!(client.call("eth_getLogs", query(1_000)), json!([]));
    let refused = client.try_call("eth_getLogs", query(1_001)).unwrap_err();
    assert_eq!(refused, json!({ "code": -32602, "message": "invalid argument 0: exceed max topics" }));
}

/// go-ethereum `eth/filters/api.go`: one notice a block, with all receipts that fit.
#[test]
fn receipts_are_pushed() {
    let node = DevNode::spawn().unwrap();
    let client = Client::new(&node);
    let dev = Wallet::dev();
    let nonce = client.number("eth_getTransactionCount", json!([dev.address(), "latest"]));
    let raw = dev.sign(nonce, TxKind::Call(dev.address()), 1, &[], 100_000);
    let mut all = Socket::open(&node);
    all.subscribe(json!(["transactionReceipts"]));
    let mut one = Socket::open(&node);
    one.subscribe(json!(["transactionReceipts", { "transactionHashes": [keccak256(hex::decode(&raw).unwrap())] }]));
    client.call("evm_mine", json!([]));
    let hash = client.call("eth_sendRawTransaction", json!([raw]));
    let receipts = client.call("eth_getBlockReceipts", json!(["latest"]));
    assert_eq!(receipts[1]["transactionHash"], hash);
    assert_eq!(one.pushed(), json!([receipts[1]]), "of the block that has it alone");
    assert_eq!(all.pushed().as_array().unwrap().len(), 1);
    assert_eq!(all.pushed(), receipts);
    let many = vec![hash; 201];
    one.call(7, "eth_subscribe", json!(["transactionReceipts", { "transactionHashes": many }]));
    let says = "exceed max number of transaction hashes allowed per transactionReceipts subscription";
    assert_eq!(one.message()["error"]["message"], says);

    let node = DevNode::builder().arbos_version(ArbosVersion::V51).spawn().unwrap();
    let mut before = Socket::open(&node);
    before.call(1, "eth_subscribe", json!(["transactionReceipts"]));
    assert_eq!(before.message()["error"]["message"], "no \"transactionReceipts\" subscription in eth namespace");
}
