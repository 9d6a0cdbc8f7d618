//! Transactions that fail, and what is said then.

use super::{ALICE, NOBODY, node};
use serde_json::{Value, json};

/// Gas is given, so that nothing is estimated: what fails is in a block.
fn fail(code: &str) -> Value {
    let (_node, client) = node();
    client.call("hardhat_setCode", json!([NOBODY, code]));
    let request = json!({ "from": ALICE, "to": NOBODY, "gas": "0x186a0" });
    let error = client.try_call("eth_sendTransaction", json!([request])).unwrap_err();
    let block = client.call("eth_getBlockByNumber", json!(["latest", false]));
    let hash = &block["transactions"][0];
    assert_eq!(client.call("eth_getTransactionReceipt", json!([hash]))["status"], "0x0");
    error
}

#[test]
fn a_transaction_that_reverts_is_answered_with_its_reason() {
    // Code that reverts with what follows it: PUSH1 length, DUP1, PUSH1 10, PUSH0, CODECOPY, PUSH0, REVERT.
    let with = |data: &str| fail(&format!("0x60{:02x}80600a5f395ffd5b{data}", data.len() / 2));
    let reason = format!("08c379a0{:064x}{:064x}{:0<64}", 32, 5, "6e6f74206f");
    for (data, message) in [
        (reason.as_str(), "VM Exception while processing transaction: reverted with reason string 'not o'"),
        (
            &format!("4e487b71{:064x}", 0x11),
            "VM Exception while processing transaction: reverted with panic code 0x11 (arithmetic underflow or overflow)",
        ),
        (
            "01020304",
            "VM Exception while processing transaction: reverted with an unrecognized custom error (return data: 0x01020304)",
        ),
        ("", "Transaction reverted without a reason string"),
    ] {
        let error = with(data);
        assert_eq!(error, json!({ "code": 3, "message": message, "data": format!("0x{data}") }));
    }
    let error = fail("0xfe");
    assert_eq!(error["message"], "VM Exception while processing transaction: invalid opcode: INVALID");
}

#[test]
fn an_estimate_that_reverts_is_answered_as_by_nitro_and_makes_no_block() {
    let (_node, client) = node();
    client.call("hardhat_setCode", json!([NOBODY, "0x5f5ffd"]));
    let head = client.call("eth_blockNumber", json!([]));
    let error = client.try_call("eth_sendTransaction", json!([{ "from": ALICE, "to": NOBODY }])).unwrap_err();
    assert_eq!(error, json!({ "code": 3, "message": "execution reverted", "data": "0x" }));
    assert_eq!(client.call("eth_blockNumber", json!([])), head);
}
