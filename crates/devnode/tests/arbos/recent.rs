//! Programs that a block has called lately, where a block has several transactions.

use crate::{
    chain::{Chain, Receipt},
    upgrade::{activate, program},
};
use alloy_primitives::TxKind;
use devnode::{ArbosVersion, DevNode};
use harness::wire::Wallet;
use nitro::{ARB_WASM_CACHE, ArbWasmCache};
use serde_json::json;

/// Gas of two calls of a program in one block, and of a call after an owner has put it into the chain's cache.
fn calls(version: ArbosVersion) -> [u64; 3] {
    let chain = Chain::on(DevNode::builder().hardhat(true).arbos_version(version).spawn().unwrap());
    let program = chain.deploy(&program()).contract();
    assert!(activate(&chain, &Wallet::dev(), program).is_ok());
    let nonce = chain.client.number("eth_getTransactionCount", json!([Wallet::dev().address(), "latest"]));
    chain.client.call("evm_setAutomine", json!([false]));
    let hashes = [0, 1].map(|more| {
        let raw = Wallet::dev().sign(nonce + more, TxKind::Call(program), 0, &[], 100_000);
        chain.client.call("eth_sendRawTransaction", json!([raw]))
    });
    chain.client.call("evm_mine", json!([]));
    let receipts = hashes.map(|hash| Receipt(chain.client.call("eth_getTransactionReceipt", json!([hash]))));
    let [first, second] = &receipts;
    assert_eq!(first.0["blockNumber"], second.0["blockNumber"]);
    // Who looks at the second again sees what it saw.
    let trace = json!([second.0["transactionHash"], { "tracer": "callTracer" }]);
    assert_eq!(chain.client.call("debug_traceTransaction", trace)["gasUsed"], second.0["gasUsed"]);
    chain.client.call("evm_setAutomine", json!([true]));
    assert!(chain.act(ARB_WASM_CACHE, &ArbWasmCache::cacheProgramCall { program }).is_ok());
    let cached = chain.send(&Wallet::dev(), TxKind::Call(program), 0, &[]);
    assert!(cached.is_ok());
    [first.gas(), second.gas(), cached.gas()]
}

#[test]
fn a_transaction_finds_those_of_the_one_before() {
    let [first, second, _] = calls(ArbosVersion::V51);
    assert_eq!(first, second);
    for version in [ArbosVersion::V60, ArbosVersion::V61] {
        let [first, second, cached] = calls(version);
        // What it costs to start a program that is not cached, at least: the parameter's default.
        assert!(first - second >= 8_832, "{first} and {second}");
        assert_eq!(second, cached);
    }
}
