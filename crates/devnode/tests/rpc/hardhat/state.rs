//! State and headers as a test likes them.

use super::{ALICE, BOB, NOBODY, node, read, refused, send};
use harness::wire::number;
use serde_json::json;

#[test]
fn balance_code_storage_and_nonce_can_be_set() {
    let (_node, client) = node();
    let head = client.call("eth_getBlockByNumber", json!(["latest", false]));
    for prefix in ["hardhat", "anvil"] {
        client.call(&format!("{prefix}_setBalance"), json!([NOBODY, "0x7b"]));
        assert_eq!(client.call("eth_getBalance", json!([NOBODY, "latest"])), "0x7b");
        client.call(&format!("{prefix}_setBalance"), json!([NOBODY, "0x0"]));
    }
    // Slot 0, returned.
    let code = "0x5f545f5260205ff3";
    client.call("hardhat_setCode", json!([NOBODY, code]));
    assert_eq!(client.call("eth_getCode", json!([NOBODY, "latest"])), code);
    let word = format!("0x{:064x}", 99);
    client.call("hardhat_setStorageAt", json!([NOBODY, "0x0", word]));
    assert_eq!(client.call("eth_call", json!([{ "to": NOBODY }, "latest"])), word);
    client.call("hardhat_setNonce", json!([NOBODY, "0x9"]));
    assert_eq!(client.call("eth_getTransactionCount", json!([NOBODY, "latest"])), "0x9");
    client.call("evm_setAccountBalance", json!([NOBODY, "0x5"]));
    assert_eq!(client.call("eth_getBalance", json!([NOBODY, "latest"])), "0x5");
    assert_eq!(client.call("eth_getBlockByNumber", json!(["latest", false])), head, "none of it makes a block");
    client.call("evm_mine", json!([]));
    assert_eq!(client.call("eth_call", json!([{ "to": NOBODY }, "latest"])), word, "and it stays");
    let before = number(&head["number"]) - 1;
    assert_eq!(client.call("eth_getCode", json!([NOBODY, format!("{before:#x}")])), "0x", "but not in the past");
}

#[test]
fn a_snapshot_covers_what_was_set_before_and_after_it() {
    let (_node, client) = node();
    let balance = || client.number("eth_getBalance", json!([NOBODY, "latest"]));
    client.call("hardhat_setBalance", json!([NOBODY, "0x1"]));
    let snapshot = client.call("evm_snapshot", json!([]));
    client.call("hardhat_setBalance", json!([NOBODY, "0x2"]));
    client.call("hardhat_setBalance", json!([NOBODY, "0x3"]));
    send(&client, json!({ "from": ALICE, "to": NOBODY, "value": "0xa" }));
    client.call("hardhat_setBalance", json!([NOBODY, "0x4"]));
    client.call("hardhat_setNextBlockBaseFeePerGas", json!(["0x3b9aca00"]));
    assert_eq!(balance(), 4);
    client.call("evm_revert", json!([snapshot]));
    assert_eq!(balance(), 1);
    client.call("evm_mine", json!([]));
    let block = client.call("eth_getBlockByNumber", json!(["latest", false]));
    assert_eq!((balance(), &block["baseFeePerGas"]), (1, &json!("0x5f5e100")));
}

#[test]
fn what_would_break_the_chain_is_refused() {
    let (_node, client) = node();
    let arbos = nitro::ARBOS_STATE;
    let word = format!("0x{:064x}", 1);
    for (method, params) in [
        ("hardhat_setBalance", json!([arbos, "0x1"])),
        ("hardhat_setCode", json!([arbos, "0x00"])),
        ("hardhat_setNonce", json!([arbos, "0x5"])),
        ("hardhat_setStorageAt", json!([arbos, "0x0", word])),
    ] {
        let message = format!("the state of ArbOS ({arbos}) cannot be changed");
        assert_eq!(refused(&client, method, params), (-32602, message), "{method}");
    }
    client.call("hardhat_setNonce", json!([BOB, "0x5"]));
    let error = refused(&client, "hardhat_setNonce", json!([BOB, "0x4"]));
    assert_eq!(error, (-32602, "nonce 4 is below the account's, 5".into()));
}

/// Code that is set is not activated by that: ArbOS keeps a record for each program's code.
#[test]
fn a_program_that_is_set_must_be_activated() {
    let (_node, client) = node();
    client.call("hardhat_setCode", json!([NOBODY, "0xeff0000000"]));
    let error = refused(&client, "eth_call", json!([{ "to": NOBODY }, "latest"]));
    assert_eq!(error, (-32000, "error ProgramNotActivated()".into()));
}

#[test]
fn headers_can_be_set_as_code_reads_them() {
    let (_node, client) = node();
    client.call("hardhat_setCoinbase", json!([BOB]));
    assert_eq!(client.call("eth_coinbase", json!([])), BOB);
    client.call("hardhat_setPrevRandao", json!([format!("0x{:064x}", 77)]));
    client.call("evm_setBlockGasLimit", json!(["0x1c9c380"]));
    client.call("hardhat_setNextBlockBaseFeePerGas", json!(["0x3b9aca00"]));
    client.call("evm_mine", json!([]));
    let block = client.call("eth_getBlockByNumber", json!(["latest", false]));
    assert_eq!(
        (&block["miner"], &block["gasLimit"], &block["baseFeePerGas"]),
        (&json!(BOB), &json!("0x1c9c380"), &json!("0x3b9aca00"))
    );
    // COINBASE, PREVRANDAO, GASLIMIT in the latest block.
    let coinbase = client.call("eth_call", json!([{ "data": "0x415f5260205ff3" }, "latest"]));
    assert!(coinbase.as_str().unwrap().ends_with(&BOB[2..]));
    assert_eq!([read(&client, "44", "latest"), read(&client, "45", "latest")], [77, 30_000_000]);
    client.call("evm_mine", json!([]));
    let block = client.call("eth_getBlockByNumber", json!(["latest", false]));
    assert_eq!(block["baseFeePerGas"], "0x5f5e100", "of one block only");
    assert_eq!(read(&client, "44", "latest"), 1, "of one block only");
    let gas = "0x1c9c381";
    let error = refused(&client, "eth_sendTransaction", json!([{ "from": ALICE, "to": BOB, "gas": gas }]));
    assert_eq!(error.1, "transaction gas limit is 30000001 and exceeds block gas limit of 30000000");
}

#[test]
fn a_base_fee_that_was_set_is_paid() {
    let (_node, client) = node();
    client.call("hardhat_setNextBlockBaseFeePerGas", json!(["0x0"]));
    let before = client.call("eth_getBalance", json!([ALICE, "latest"]));
    let receipt = send(&client, json!({ "from": ALICE, "to": ALICE, "gas": "0x5208", "maxFeePerGas": "0x1" }));
    assert_eq!((&receipt["effectiveGasPrice"], &receipt["status"]), (&json!("0x0"), &json!("0x1")));
    assert_eq!(client.call("eth_getBalance", json!([ALICE, "latest"])), before);
    client.call("hardhat_setNextBlockBaseFeePerGas", json!(["0x3b9aca00"]));
    let receipt = send(&client, json!({ "from": ALICE, "to": BOB }));
    assert_eq!(receipt["effectiveGasPrice"], "0x3b9aca00", "the fee that is filled in follows it");
    let receipt = send(&client, json!({ "from": ALICE, "to": BOB }));
    assert_eq!(receipt["effectiveGasPrice"], "0x5f5e100", "up and down");
}
