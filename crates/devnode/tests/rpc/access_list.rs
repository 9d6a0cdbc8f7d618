//! `eth_createAccessList` as Nitro has it: after the last block, at its time, and paid for.
//!
//! Words and conditions are those of go-ethereum in Nitro (`internal/ethapi/transaction_args.go`, `setFeeDefaults`, and
//! `internal/ethapi/api.go`, `AccessList`).

use alloy_primitives::Address;
use devnode::DevNode;
use harness::wire::{Client, Wallet};
use nitro::ARB_SYS;
use serde_json::{Value, json};

/// Code at an address that has none.
fn with_code(code: &str) -> Value {
    json!({ (Address::with_last_byte(0xbe).to_string()): { "code": code } })
}

fn request(more: Value) -> Value {
    let mut request = json!({ "from": Wallet::dev().address(), "to": Address::with_last_byte(0xbe) });
    request.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    request
}

#[test]
fn it_sees_the_time_of_the_last_block() {
    let node = DevNode::spawn().unwrap();
    let client = Client::new(&node);
    let time = client.time();
    // Loads the slot that the time names.
    let state = with_code("0x425400");
    client.call("evm_increaseTime", json!([1_000]));
    for block in ["latest", "pending"] {
        let listed = client.call("eth_createAccessList", json!([request(json!({})), block, state]));
        assert_eq!(listed["accessList"][0]["storageKeys"], json!([format!("0x{time:064x}")]), "{block}");
    }
    client.call("evm_mine", json!([]));
    let listed = client.call("eth_createAccessList", json!([request(json!({})), null, state]));
    assert_eq!(listed["accessList"][0]["storageKeys"], json!([format!("0x{:064x}", client.time())]));
    assert!(client.time() >= time + 1_000);
}

#[test]
fn the_sender_must_have_the_ether_for_all_the_gas() {
    let node = DevNode::builder().bare(false).spawn().unwrap();
    let client = Client::new(&node);
    let refused = |request: Value| client.try_call("eth_createAccessList", json!([request])).unwrap_err();
    // Neither sender nor gas: the zero address, with all the gas that a call may have, at twice the base fee.
    let to = Address::with_last_byte(0xbe);
    let error = refused(json!({ "to": to }));
    let message = error["message"].as_str().unwrap();
    let (hash, why) = message.split_once(" err: ").unwrap();
    assert!(hash.strip_prefix("failed to apply transaction: 0x").is_some_and(|hash| hash.len() == 64), "{hash}");
    assert_eq!(error["code"], -32000);
    let balance = client.call("eth_getBalance", json!([Address::ZERO, "latest"]));
    let have = u128::from_str_radix(balance.as_str().unwrap().trim_start_matches("0x"), 16).unwrap();
    let want = 50_000_000u64 * 200_000_000;
    let expected =
        format!("insufficient funds for gas * price + value: address {} have {have} want {want}", Address::ZERO);
    assert_eq!(why, expected);

    let poor = Wallet::number(0).address();
    let error = refused(json!({ "from": poor, "to": to, "gas": "0x5208", "gasPrice": "0x5f5e100" }));
    let want = 21_000u64 * 100_000_000;
    let why = format!("err: insufficient funds for gas * price + value: address {poor} have 0 want {want}");
    assert!(error["message"].as_str().unwrap().ends_with(&why), "{error}");
}

#[test]
fn fees_that_nobody_could_pay_are_refused() {
    let node = DevNode::spawn().unwrap();
    let client = Client::new(&node);
    let both = "both gasPrice and (maxFeePerGas or maxPriorityFeePerGas) specified";
    for (fees, says) in [
        (json!({ "gasPrice": "0x0" }), "gasPrice must be non-zero after london fork"),
        (json!({ "maxFeePerGas": "0x0", "maxPriorityFeePerGas": "0x0" }), "maxFeePerGas must be non-zero"),
        (
            json!({ "maxFeePerGas": "0x1", "maxPriorityFeePerGas": "0x2" }),
            "maxFeePerGas (0x1) < maxPriorityFeePerGas (0x2)",
        ),
        (json!({ "gasPrice": "0x1", "maxFeePerGas": "0x0" }), both),
    ] {
        let error = client.try_call("eth_createAccessList", json!([request(fees.clone())])).unwrap_err();
        assert_eq!(error, json!({ "code": -32000, "message": says }), "{fees}");
    }
    let low = json!([request(json!({ "gasPrice": "0x1" }))]);
    let error = client.try_call("eth_createAccessList", low).unwrap_err();
    let why = format!(
        "err: max fee per gas less than block base fee: address {}, maxFeePerGas: 1, baseFee: 100000000",
        Wallet::dev().address()
    );
    assert!(error["message"].as_str().unwrap().ends_with(&why), "{error}");
}

#[test]
fn a_creation_with_delegations_fails_as_it_does_there() {
    let node = DevNode::spawn().unwrap();
    let creation = json!([{ "from": Wallet::dev().address(), "authorizationList": [] }]);
    let error = Client::new(&node).try_call("eth_createAccessList", creation).unwrap_err();
    assert_eq!(error, json!({ "code": -32603, "message": "method handler crashed" }));
}

#[test]
fn it_takes_no_block_override() {
    let node = DevNode::spawn().unwrap();
    let params = json!([request(json!({})), "latest", {}, {}]);
    let error = Client::new(&node).try_call("eth_createAccessList", params).unwrap_err();
    assert_eq!(error, json!({ "code": -32602, "message": "too many arguments, want at most 3" }));
}

/// Where ArbOS keeps its version, which each precompile of its reads. The recordings name it under the caller, too.
const VERSION: &str = "0x15fed0451499512d95f3ec5a41c878b9de55f21878b5b4e190d4667ec709b400";

fn listed(client: &Client, request: Value, code: &str) -> Value {
    client.call("eth_createAccessList", json!([request, "latest", with_code(code)]))
}

#[test]
fn what_a_precompile_reads_is_its_caller_s() {
    let node = DevNode::spawn().unwrap();
    let client = Client::new(&node);
    let (dev, contract) = (Wallet::dev().address(), Address::with_last_byte(0xbe));
    // ArbSys.arbBlockNumber() by the sender, and by code that the sender calls.
    let direct = json!({ "from": dev, "to": ARB_SYS, "data": "0xa3b1b31d" });
    let list = |account: Address| json!([{ "address": account, "storageKeys": [VERSION] }]);
    assert_eq!(client.call("eth_createAccessList", json!([direct]))["accessList"], list(dev));
    let through = listed(&client, request(json!({})), "0x63a3b1b31d5f525f5f6004601c5f60645af100");
    assert_eq!(through["accessList"], list(contract));
}

#[test]
fn what_reverts_is_listed() {
    let node = DevNode::spawn().unwrap();
    let (client, contract) = (Client::new(&node), Address::with_last_byte(0xbe));
    // Loads slot 7 and reverts.
    let answer = listed(&client, request(json!({})), "0x6007545f5ffd");
    let slots = [format!("0x{:064x}", 7)];
    assert_eq!(answer["accessList"], json!([{ "address": contract, "storageKeys": slots }]));
    assert_eq!(answer["error"], "execution reverted");
}

/// What the request lists stays, but for accounts that are warm in any case.
#[test]
fn a_list_that_is_given_is_completed() {
    let node = DevNode::spawn().unwrap();
    let client = Client::new(&node);
    let item = |last: u8, slots: &[u64]| {
        let slots: Vec<_> = slots.iter().map(|slot| format!("0x{slot:064x}")).collect();
        json!({ "address": Address::with_last_byte(last), "storageKeys": slots })
    };
    let given = json!([item(0x99, &[2, 1]), item(0x98, &[]), item(2, &[]), item(0xbe, &[]), item(0x99, &[1])]);
    // Asks for the balance of 0x97.
    let answer = listed(&client, request(json!({ "accessList": given })), "0x60973100");
    assert_eq!(answer["accessList"], json!([item(0x97, &[]), item(0x98, &[]), item(0x99, &[1, 2])]));
    let without = listed(&client, request(json!({})), "0x60973100");
    assert_eq!(without["accessList"], json!([item(0x97, &[])]));
    let gas = |answer: &Value| harness::wire::number(&answer["gasUsed"]);
    assert_eq!(gas(&answer) - gas(&without), 2 * 2_400 + 2 * 1_900, "what the longer list costs (EIP-2930)");
}

#[test]
fn authorizations_must_be_paid_for() {
    let node = DevNode::spawn().unwrap();
    let authorization = json!({
        "chainId": "0x0", "address": Address::ZERO, "nonce": "0x0", "yParity": "0x0", "r": "0x1", "s": "0x1",
    });
    let request = request(json!({ "gas": "0xc34f", "authorizationList": [authorization, authorization] }));
    let error = Client::new(&node).try_call("eth_createAccessList", json!([request])).unwrap_err();
    assert_eq!(error, json!({ "code": -32000, "message": "insufficient gas to process all authorizations" }));
}
