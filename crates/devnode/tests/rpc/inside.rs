//! Looking inside: traces of calls, and NodeInterface.

use crate::{
    common::{Client, number},
    wallet::Wallet,
};
use alloy_primitives::{Address, TxKind, hex};
use devnode::DevNode;
use serde_json::json;

/// Deploys code that is short enough to be pushed.
fn deploy(client: &Client, dev: &Wallet, nonce: u64, runtime: &str) -> Address {
    let length = runtime.len() / 2;
    let push = 0x5f + length;
    let init = format!("{push:02x}{runtime}60005260{length:02x}60{:02x}f3", 32 - length);
    let raw = dev.sign(nonce, TxKind::Create, 0, &hex::decode(init).unwrap(), 300_000);
    let hash = client.call("eth_sendRawTransaction", json!([raw]));
    let receipt = client.call("eth_getTransactionReceipt", json!([hash]));
    receipt["contractAddress"].as_str().unwrap().parse().unwrap()
}

#[test]
fn a_transaction_is_traced_call_by_call() {
    let node = DevNode::spawn().unwrap();
    let client = Client::new(&node);
    let dev = Wallet::dev();
    // Reverts with one zero word.
    let inner = deploy(&client, &dev, 6, "60206000fd");
    // Logs nothing, then calls it with all gas and no value, and stops.
    let outer = format!("5f5fa05f5f5f5f5f73{}5af100", hex::encode(inner));
    let outer = deploy(&client, &dev, 7, &outer);
    let raw = dev.sign(8, TxKind::Call(outer), 3, &[0xab], 100_000);
    let hash = client.call("eth_sendRawTransaction", json!([raw]));
    let receipt = client.call("eth_getTransactionReceipt", json!([hash]));
    // Blocks after it do not matter.
    client.call("evm_mine", json!([]));

    let options = json!({ "tracer": "callTracer", "tracerConfig": { "withLog": true } });
    let trace = client.call("debug_traceTransaction", json!([hash, options]));
    assert_eq!((&trace["type"], &trace["value"], &trace["input"]), (&json!("CALL"), &json!("0x3"), &json!("0xab")));
    assert_eq!((&trace["gas"], &trace["gasUsed"]), (&json!("0x186a0"), &receipt["gasUsed"]));
    assert_eq!(trace["logs"][0]["position"], "0x0");
    assert!(trace.get("error").is_none());
    let call = &trace["calls"][0];
    assert_eq!(call["to"], json!(format!("{inner:#x}")));
    assert_eq!((&call["error"], &call["output"]), (&json!("execution reverted"), &json!(format!("0x{:064x}", 0))));
    assert!(number(&call["gasUsed"]) < 100);
    assert_eq!(trace["beforeEVMTransfers"][0]["purpose"], "feePayment");

    let request = json!({ "from": dev.address(), "to": inner });
    let called = client.call("debug_traceCall", json!([request, "latest", { "tracer": "callTracer" }]));
    assert_eq!(called["error"], "execution reverted");
    let unknown = client.try_call("debug_traceTransaction", json!([format!("0x{:064x}", 1), options])).unwrap_err();
    assert_eq!(unknown, json!({ "code": -32000, "message": "transaction not found" }));
}

#[test]
fn node_interface_answers_whoever_calls_it_directly() {
    let node = DevNode::builder().bare(true).spawn().unwrap();
    let client = Client::new(&node);
    let interface = "0x00000000000000000000000000000000000000c8";
    let call = |data: String| client.try_call("eth_call", json!([{ "to": interface, "data": data }, "latest"]));
    client.call("devnode_setL1BlockNumber", json!([7]));
    client.call("evm_mine", json!([{ "blocks": 2 }]));
    client.call("devnode_setL1BlockNumber", json!([9]));
    client.call("evm_mine", json!([]));
    // blockL1Num(2), l2BlockRangeForL1(7), and of an L1 block without blocks.
    assert_eq!(call(format!("0x6f275ef2{:064x}", 2)).unwrap(), format!("0x{:064x}", 7));
    assert_eq!(call(format!("0x48e7f811{:064x}", 7)).unwrap(), format!("0x{:064x}{:064x}", 1, 2));
    let reverted = json!({ "code": -32000, "message": "execution reverted" });
    assert_eq!(call(format!("0x48e7f811{:064x}", 8)).unwrap_err(), reverted);
    assert_eq!(call("0xdeadbeef".into()).unwrap_err(), reverted);

    // gasEstimateComponents(to, false, ""): as eth_estimateGas, with the part for L1.
    let to = Wallet::number(0).address();
    let answer = call(format!("0xc94e6eeb{:0>64}{:064x}{:064x}{:064x}", hex::encode(to), 0, 0x60, 0)).unwrap();
    let words = hex::decode(answer.as_str().unwrap()).unwrap();
    let word = |index: usize| u64::from_be_bytes(words[index * 32 + 24..index * 32 + 32].try_into().unwrap());
    assert_eq!(word(0), client.number("eth_estimateGas", json!([{ "to": to }, "latest"])));
    assert!(word(1) > 500_000 && word(0) > word(1) + 21_000, "{} {}", word(0), word(1));
    assert_eq!((word(2), word(3)), (100_000_000, 50_000_000_000));
}
