//! Transactions that fail, and what is said then.

use super::{ALICE, NOBODY, node, send};
use devnode::DevNode;
use harness::wire::Client;
use serde_json::{Value, json};
use std::thread;

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
fn transactions_that_are_sent_at_the_same_time_get_nonces_of_their_own() {
    let (node, client) = node();
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                let client = Client::new(&node);
                for _ in 0..10 {
                    send(&client, json!({ "from": ALICE, "to": NOBODY, "value": "0x1" }));
                }
            });
        }
    });
    assert_eq!(client.number("eth_getBalance", json!([NOBODY, "latest"])), 80);
}

/// Nitro's defaults make a legacy transaction of it, which has no such list.
#[test]
fn a_gas_price_does_not_cost_the_access_list() {
    let (_node, client) = node();
    let with =
        |list: &str, content: Value| json!({ "from": ALICE, "to": NOBODY, "gasPrice": "0x3b9aca00", (list): content });
    let list = json!([{ "address": NOBODY, "storageKeys": [format!("0x{:064x}", 1)] }]);
    let receipt = send(&client, with("accessList", list.clone()));
    assert_eq!((&receipt["type"], &receipt["status"]), (&json!("0x1"), &json!("0x1")));
    let sent = client.call("eth_getTransactionByHash", json!([receipt["transactionHash"]]));
    assert_eq!(sent["accessList"], list);
    let error = client.try_call("eth_sendTransaction", json!([with("authorizationList", json!([]))])).unwrap_err();
    assert_eq!(error["code"], -32602, "{error}");
}

/// Without a signature the sender takes its place. No two transactions may share it.
#[test]
fn the_same_request_of_two_senders_is_two_transactions() {
    let (_node, client) = node();
    let hashes = [0, 1, 2].map(|sender| {
        let from = format!("0x{sender:040x}");
        client.call("hardhat_setBalance", json!([from, "0xde0b6b3a7640000"]));
        client.call("eth_sendUnsignedTransaction", json!([{ "from": from, "to": NOBODY, "nonce": "0x0" }]))
    });
    for (sender, hash) in hashes.iter().enumerate() {
        let sent = client.call("eth_getTransactionByHash", json!([hash]));
        assert_eq!(sent["from"], format!("0x{sender:040x}"));
    }
}

#[test]
fn contracts_may_have_any_size_if_one_likes() {
    // Returns 30,000 zeros as code.
    let create = json!({ "from": ALICE, "data": "0x6175305ff3" });
    let (_node, client) = node();
    let error = client.try_call("eth_sendTransaction", json!([create])).unwrap_err();
    assert_eq!(error["message"], "VM Exception while processing transaction: max code size exceeded");
    let large = DevNode::builder().hardhat(true).unlimited_code_size(true).spawn().unwrap();
    let client = Client::new(&large);
    let receipt = send(&client, create);
    let code = client.call("eth_getCode", json!([receipt["contractAddress"], "latest"]));
    assert_eq!(code.as_str().unwrap().len(), 2 + 2 * 30_000);
    // And so may the code that makes them: 60,000 bytes of it, of which the first stops.
    let long = json!({ "from": ALICE, "data": format!("0x{}", "00".repeat(60_000)) });
    assert_eq!(send(&client, long)["status"], "0x1");
}

/// Nothing is estimated: of two that are sent at the same time, the second may need more once the first was there.
#[test]
fn a_transaction_that_names_no_gas_gets_all_that_it_may_have() {
    let (_node, client) = node();
    let gas_of = |receipt: Value| {
        let sent = client.call("eth_getTransactionByHash", json!([receipt["transactionHash"]]));
        (sent["gas"].clone(), receipt["status"].clone())
    };
    let request = json!({ "from": ALICE, "to": NOBODY });
    assert_eq!(gas_of(send(&client, request.clone())), (json!("0x1e84800"), json!("0x1")));
    client.call("evm_setBlockGasLimit", json!(["0xf4240"]));
    assert_eq!(gas_of(send(&client, request.clone())), (json!("0xf4240"), json!("0x1")));
    client.call("hardhat_setCode", json!([NOBODY, "0x5f5ffd"]));
    let head = client.number("eth_blockNumber", json!([]));
    let error = client.try_call("eth_sendTransaction", json!([request])).unwrap_err();
    assert_eq!(error["message"], "Transaction reverted without a reason string");
    assert_eq!(client.number("eth_blockNumber", json!([])), head + 1, "it is in a block");
}
