//! Accounts that the node sends and signs for.

use super::{ALICE, BOB, NOBODY, node, refused, send};
use alloy_primitives::{Address, B256, Signature, hex, keccak256};
use serde_json::json;

#[test]
fn the_known_accounts_have_ether() {
    let (_node, client) = node();
    let accounts = client.call("eth_accounts", json!([]));
    let accounts = accounts.as_array().unwrap();
    assert_eq!((accounts.len(), &accounts[0], &accounts[1]), (20, &json!(ALICE), &json!(BOB)));
    for account in accounts {
        assert_eq!(client.call("eth_getBalance", json!([account, "latest"])), "0x21e19e0c9bab2400000", "{account}");
    }
}

#[test]
fn it_sends_each_type_of_transaction_for_them() {
    let (_node, client) = node();
    for (fees, kind) in [
        (json!({}), "0x2"),
        (json!({ "gasPrice": "0x3b9aca00" }), "0x0"),
        (json!({ "maxFeePerGas": "0x3b9aca00", "maxPriorityFeePerGas": "0x1", "accessList": [] }), "0x2"),
    ] {
        let mut request = json!({ "from": ALICE, "to": NOBODY, "value": "0x1" });
        request.as_object_mut().unwrap().extend(fees.as_object().unwrap().clone());
        let receipt = send(&client, request);
        assert_eq!(
            (&receipt["type"], &receipt["from"], &receipt["status"]),
            (&json!(kind), &json!(ALICE), &json!("0x1"))
        );
        // A real signature: the node takes the same bytes from anyone, and knows the sender.
        let raw = client.call("eth_getRawTransactionByHash", json!([receipt["transactionHash"]]));
        let again = refused(&client, "eth_sendRawTransaction", json!([raw]));
        assert!(again.1.starts_with("nonce too low: address 0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266"), "{again:?}");
    }
    assert_eq!(client.call("eth_getBalance", json!([NOBODY, "latest"])), "0x3");
    let unknown = refused(&client, "eth_sendTransaction", json!([{ "from": NOBODY, "to": BOB }]));
    assert!(unknown.1.starts_with("unknown account 0x00000000000000000000000000000000000d0c70"), "{unknown:?}");
}

#[test]
fn it_sends_for_whom_it_impersonates() {
    let (_node, client) = node();
    // A contract that does nothing: nobody else sends for one.
    client.call("hardhat_setCode", json!([NOBODY, "0x00"]));
    client.call("hardhat_setBalance", json!([NOBODY, "0xde0b6b3a7640000"]));
    client.call("hardhat_impersonateAccount", json!([NOBODY]));
    let receipt = send(&client, json!({ "from": NOBODY, "to": BOB, "value": "0x1" }));
    assert_eq!((&receipt["from"], &receipt["status"]), (&json!(NOBODY), &json!("0x1")));
    let transaction = client.call("eth_getTransactionByHash", json!([receipt["transactionHash"]]));
    assert_eq!((&transaction["from"], &transaction["nonce"]), (&json!(NOBODY), &json!("0x0")));
    let trace = client.call("debug_traceTransaction", json!([receipt["transactionHash"], { "tracer": "callTracer" }]));
    assert_eq!(trace["from"], NOBODY);
    assert_eq!(client.call("hardhat_stopImpersonatingAccount", json!([NOBODY])), true);
    assert_eq!(client.call("hardhat_stopImpersonatingAccount", json!([NOBODY])), false);
    refused(&client, "eth_sendTransaction", json!([{ "from": NOBODY, "to": BOB }]));
    client.call("anvil_autoImpersonateAccount", json!([true]));
    send(&client, json!({ "from": NOBODY, "to": BOB, "value": "0x1" }));
    client.call("anvil_autoImpersonateAccount", json!([false]));
    let hash = client.call("eth_sendUnsignedTransaction", json!([{ "from": NOBODY, "to": BOB, "value": "0x1" }]));
    assert_eq!(client.call("eth_getTransactionReceipt", json!([hash]))["status"], "0x1");
}

#[test]
fn it_signs_messages_and_typed_data() {
    let (_node, client) = node();
    let alice: Address = ALICE.parse().unwrap();
    let recovered = |signature: serde_json::Value, hash: B256| {
        let signature: Signature = signature.as_str().unwrap().parse().unwrap();
        signature.recover_address_from_prehash(&hash).unwrap()
    };
    let hash = keccak256(b"\x19Ethereum Signed Message:\n2\x12\x34");
    assert_eq!(recovered(client.call("eth_sign", json!([ALICE, "0x1234"])), hash), alice);
    assert_eq!(recovered(client.call("personal_sign", json!(["0x1234", ALICE])), hash), alice);
    let data = json!({
        "types": { "EIP712Domain": [], "Ballot": [{ "name": "id", "type": "uint256" }] },
        "primaryType": "Ballot", "domain": {}, "message": { "id": "5" },
    });
    let domain = keccak256(keccak256("EIP712Domain()"));
    let ballot = keccak256([keccak256("Ballot(uint256 id)"), B256::with_last_byte(5)].concat());
    let hash = keccak256([&hex!("1901")[..], &domain[..], &ballot[..]].concat());
    for form in [data.clone(), json!(data.to_string())] {
        assert_eq!(recovered(client.call("eth_signTypedData_v4", json!([ALICE, form])), hash), alice);
    }
    let error = refused(&client, "eth_sign", json!([NOBODY, "0x"]));
    assert!(error.1.ends_with("the node has no key for it"), "{error:?}");
}
