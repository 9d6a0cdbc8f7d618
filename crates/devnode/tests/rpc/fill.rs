//! Transactions filled in by the node, and estimates that are good for a second more.

use alloy_primitives::{Address, TxKind, hex};
use devnode::{DEV_ACCOUNT, DevNode};
use harness::wire::{Client, Wallet, number};
use serde_json::{Value, json};

/// Stores 1 in the slot of the second that it is called in: its first call in each second needs 20,000 gas more.
const ONE_SLOT_A_SECOND: [u8; 13] = hex!("6460014255005f526005601bf3");

/// Deploys it, and calls it in a second of its own; where it is, and that second.
fn called(client: &Client) -> (Value, u64) {
    let dev = Wallet::dev();
    let hash =
        client.call("eth_sendRawTransaction", json!([dev.sign(6, TxKind::Create, 0, &ONE_SLOT_A_SECOND, 200_000)]));
    let at = client.call("eth_getTransactionReceipt", json!([hash]))["contractAddress"].clone();
    let second = client.time() + 1_000;
    client.call("evm_setNextBlockTimestamp", json!([second]));
    call(client, &at, 7, 100_000);
    assert_eq!(client.time(), second);
    (at, second)
}

/// Calls it with so much gas; whether it succeeded.
fn call(client: &Client, at: &Value, nonce: u64, gas: u64) -> bool {
    let to: Address = at.as_str().unwrap().parse().unwrap();
    let hash = client.call("eth_sendRawTransaction", json!([Wallet::dev().sign(nonce, TxKind::Call(to), 0, &[], gas)]));
    client.call("eth_getTransactionReceipt", json!([hash]))["status"] == "0x1"
}

#[test]
fn an_estimate_is_enough_after_the_next_tick_of_the_clock() {
    let node = DevNode::spawn().unwrap();
    let client = Client::new(&node);
    let (at, second) = called(&client);
    let request = json!({ "from": DEV_ACCOUNT, "to": at });
    let estimate = client.number("eth_estimateGas", json!([request]));
    let in_that_second = client.number("eth_estimateGas", json!([request, "latest"]));
    assert!(in_that_second < 30_000, "where a block is named its time holds, as on Nitro: {in_that_second}");
    assert!((43_000..44_500).contains(&estimate), "{estimate}");
    client.call("evm_setNextBlockTimestamp", json!([second + 1]));
    assert!(call(&client, &at, 8, estimate));

    // A time that was set is the time of the next block, whenever that is.
    client.call("evm_setNextBlockTimestamp", json!([second + 1]));
    assert!(client.number("eth_estimateGas", json!([request])) < 30_000);
}

#[test]
fn a_call_that_fails_in_the_next_second_is_estimated_for_this_one() {
    let node = DevNode::spawn().unwrap();
    let client = Client::new(&node);
    let at = Wallet::number(5).address();
    let estimate_until = |limit: u64| {
        // Stops before the limit, else reverts: PUSH8 limit TIMESTAMP LT PUSH1 17 JUMPI PUSH0 PUSH0 REVERT JUMPDEST STOP.
        let code = format!("0x67{limit:016x}42106011575f5ffd5b00");
        let overrides = json!({ (at.to_string()): { "code": code } });
        client.try_call("eth_estimateGas", json!([{ "to": at, "data": "0x01" }, "pending", overrides]))
    };
    // TIMESTAMP, stored at 0, its last eight bytes returned.
    let now = || {
        let word = client.call("eth_call", json!([{ "data": "0x425f5260086018f3" }, "pending"]));
        u64::from_str_radix(&word.as_str().unwrap()[2..], 16).unwrap()
    };
    assert_eq!(estimate_until(now()).unwrap_err()["code"], 3);
    // The clock may tick between the two, but not each time.
    assert!((0..100).any(|_| estimate_until(now() + 1).is_ok()));
}

#[test]
fn a_transaction_is_filled_as_nitro_does() {
    let node = DevNode::spawn().unwrap();
    let client = Client::new(&node);
    let to = "0x1295ba302cb26776b56a6e142d217b98bb6ba1bd";
    let filled = client.call("eth_fillTransaction", json!([{ "from": DEV_ACCOUNT, "to": to, "value": "0x1" }]));
    let members: Vec<_> = filled["tx"].as_object().unwrap().keys().map(String::as_str).collect();
    let order = "type chainId nonce to gas gasPrice maxPriorityFeePerGas maxFeePerGas value input accessList v r s yParity hash";
    assert_eq!(members, order.split(' ').collect::<Vec<_>>());
    assert_eq!(
        filled["raw"],
        "0x02e983064aba0680840bebc200825208941295ba302cb26776b56a6e142d217b98bb6ba1bd0180c0808080"
    );
    assert_eq!(
        (&filled["tx"]["gas"], &filled["tx"]["gasPrice"], &filled["tx"]["maxFeePerGas"], &filled["tx"]["nonce"]),
        (&json!("0x5208"), &json!("0x0"), &json!("0xbebc200"), &json!("0x6"))
    );

    let with = |request: Value| client.call("eth_fillTransaction", json!([request]))["tx"].clone();
    let legacy = with(json!({ "from": DEV_ACCOUNT, "to": to, "gasPrice": "0x5f5e100", "nonce": "0x9", "gas": "0x7" }));
    assert_eq!(
        (&legacy["type"], &legacy["gasPrice"], &legacy["maxFeePerGas"], &legacy["nonce"], &legacy["gas"]),
        (&json!("0x0"), &json!("0x5f5e100"), &Value::Null, &json!("0x9"), &json!("0x7"))
    );
    assert!(legacy.get("chainId").is_none() && legacy.get("yParity").is_none());
    let tipped = with(json!({ "from": DEV_ACCOUNT, "to": to, "maxPriorityFeePerGas": "0x5" }));
    assert_eq!(tipped["maxFeePerGas"], "0xbebc205");
    let created = with(json!({ "from": DEV_ACCOUNT, "data": "0x00" }));
    assert!(created["to"].is_null() && number(&created["gas"]) > 53_000);
    let authorization = json!({
        "chainId": "0x64aba", "address": to, "nonce": "0x0", "yParity": "0x1", "r": "0x2", "s": "0x3",
    });
    let delegating = with(json!({ "from": DEV_ACCOUNT, "to": to, "authorizationList": [authorization] }));
    assert_eq!((&delegating["type"], &delegating["gas"]), (&json!("0x4"), &json!("0x5208")), "not estimated with it");
    assert_eq!(delegating["authorizationList"], json!([authorization]));
}

#[test]
fn gas_is_filled_in_at_the_time_of_the_last_block() {
    let node = DevNode::spawn().unwrap();
    let client = Client::new(&node);
    let (at, second) = called(&client);
    client.call("evm_increaseTime", json!([10]));
    let filled = client.call("eth_fillTransaction", json!([{ "from": DEV_ACCOUNT, "to": at }]));
    let gas = number(&filled["tx"]["gas"]);
    assert_eq!(gas, client.number("eth_estimateGas", json!([{ "from": DEV_ACCOUNT, "to": at }, "latest"])));
    assert!(client.time() == second && !call(&client, &at, 8, gas), "and is too little a moment later");
    client.call("evm_increaseTime", json!([10]));
    assert!(call(&client, &at, 9, 2 * gas), "a wallet that doubles it gets through");
}

#[test]
fn what_cannot_be_filled_is_refused_as_by_nitro() {
    let node = DevNode::spawn().unwrap();
    let client = Client::new(&node);
    let poor = Wallet::number(1).address();
    for (request, code, message) in [
        (
            json!({ "gasPrice": "0x1", "maxFeePerGas": "0x0" }),
            -32000,
            "both gasPrice and (maxFeePerGas or maxPriorityFeePerGas) specified",
        ),
        (json!({ "gasPrice": "0x0" }), -32000, "gasPrice must be non-zero after london fork"),
        (json!({ "maxFeePerGas": "0x0", "maxPriorityFeePerGas": "0x0" }), -32000, "maxFeePerGas must be non-zero"),
        (
            json!({ "maxFeePerGas": "0x1", "maxPriorityFeePerGas": "0x2" }),
            -32000,
            "maxFeePerGas (0x1) < maxPriorityFeePerGas (0x2)",
        ),
        (
            json!({ "data": "0x01", "input": "0x02" }),
            -32000,
            r#"both "data" and "input" are set and not equal. Please use "input" to pass transaction call data"#,
        ),
        (json!({}), -32000, "contract creation without any data provided"),
        (
            json!({ "to": poor, "chainId": "0x1", "gas": "0x5208" }),
            -32000,
            "chainId does not match node's (have=1, want=412346)",
        ),
        (json!({ "from": poor, "to": poor, "value": "0x1" }), -32000, "insufficient funds for transfer"),
        (json!({ "to": poor, "blobVersionedHashes": [] }), -32000, "need at least 1 blob for a blob transaction"),
        (json!({ "from": DEV_ACCOUNT, "data": "0x5f5ffd" }), 3, "execution reverted"),
    ] {
        let error = client.try_call("eth_fillTransaction", json!([request])).unwrap_err();
        assert_eq!((&error["code"], &error["message"]), (&json!(code), &json!(message)), "{request}");
    }
    for (params, message) in [
        (json!([]), "missing value for required argument 0"),
        (json!([5]), "invalid argument 0: json: cannot unmarshal number into Go value of type ethapi.TransactionArgs"),
        (json!([{}, "latest"]), "too many arguments, want at most 1"),
    ] {
        let error = client.try_call("eth_fillTransaction", params).unwrap_err();
        assert_eq!((&error["code"], &error["message"]), (&json!(-32602), &json!(message)));
    }
}
