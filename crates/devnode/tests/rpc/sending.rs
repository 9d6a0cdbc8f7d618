//! Transactions: what is taken, what is refused and how it is said, and what the block then holds.

use alloy_primitives::TxKind;
use devnode::DevNode;
use harness::wire::{Client, Wallet, number};
use serde_json::{Value, json};
use std::{
    thread,
    time::{Duration, Instant},
};

fn send(client: &Client, raw: &str) -> Result<Value, String> {
    client
        .try_call("eth_sendRawTransaction", json!([raw]))
        .map_err(|error| format!("{} {}", error["code"], error["message"].as_str().unwrap()))
}

#[test]
fn a_transfer_is_in_a_block_when_it_is_answered() {
    let node = DevNode::builder().bare(true).spawn().unwrap();
    let client = Client::new(&node);
    let (dev, to) = (Wallet::dev(), Wallet::number(0).address());
    // A bare node charges for L1.
    let hash = send(&client, &dev.sign(0, TxKind::Call(to), 7, &[], 2_000_000)).unwrap();
    let receipt = client.call("eth_getTransactionReceipt", json!([hash]));
    assert_eq!(
        (&receipt["status"], &receipt["blockNumber"], &receipt["transactionIndex"]),
        (&json!("0x1"), &json!("0x1"), &json!("0x1"))
    );
    assert_eq!(number(&receipt["gasUsed"]), 21_000 + number(&receipt["gasUsedForL1"]));
    assert!(number(&receipt["gasUsedForL1"]) > 800_000);
    let block = client.call("eth_getBlockByNumber", json!(["0x1", true]));
    let transactions = block["transactions"].as_array().unwrap();
    assert_eq!(transactions.len(), 2);
    assert_eq!(transactions[0]["type"], "0x6a");
    assert!(transactions[0]["input"].as_str().unwrap().starts_with("0x6bf6a42d"));
    assert_eq!((&transactions[1]["hash"], &transactions[1]["to"]), (&hash, &json!(to)));
    assert_eq!(block["miner"], format!("{:#x}", nitro::BATCH_POSTER));
    assert_eq!(client.call("eth_getTransactionByHash", json!([hash])), transactions[1]);
    assert_eq!(client.call("eth_getBalance", json!([to, "latest"])), "0x7");
}

#[test]
fn refusals_are_nitros() {
    let node = DevNode::spawn().unwrap();
    let client = Client::new(&node);
    let (dev, poor) = (Wallet::dev(), Wallet::number(0));
    let to = TxKind::Call(poor.address());
    let who = dev.address();
    let cases = [
        (dev.sign(0, to, 0, &[], 21_000), format!("-32000 nonce too low: address {who}, tx: 0 state: 6")),
        (dev.sign(6, to, 0, &[], 20_999), "-32000 intrinsic gas too low".into()),
        (dev.sign(6, to, 0, &[1; 4], 21_063), "-32000 intrinsic gas too low".into()),
        (
            poor.sign(0, to, 1, &[], 21_000),
            format!(
                "-32000 insufficient funds for gas * price + value: address {} have 0 want 210000000000001",
                poor.address()
            ),
        ),
        (
            dev.sign(6, to, 0, &[], 200_000_000),
            "-32000 tx fee (2.00 ether) exceeds the configured cap (1.00 ether)".into(),
        ),
        (dev.sign(6, to, 0, &[1; 90_000], 9_000_000), "-32000 oversized data".into()),
        (
            dev.sign(6, TxKind::Create, 0, &[0; 49_153], 5_000_000),
            "-32000 max initcode size exceeded: code size 49153 limit 49152".into(),
        ),
        ("0x03c0".into(), "-32000 transaction type not supported".into()),
        ("0x02c0".into(), "-32000 rlp: too few elements for types.DynamicFeeTx".into()),
        ("0x".into(), "-32000 typed transaction too short".into()),
    ];
    for (raw, refusal) in cases {
        assert_eq!(send(&client, &raw), Err(refusal), "{raw:.60}");
    }
    let mut tampered = dev.transfer(6, poor.address(), 1);
    tampered.replace_range(tampered.len() - 64..tampered.len() - 63, "f");
    assert_eq!(send(&client, &tampered), Err("-32000 invalid transaction v, r, s values".into()));
    assert_eq!(client.number("eth_blockNumber", json!([])), 7, "none of them made a block");
}

#[test]
fn a_nonce_gap_is_waited_for_and_then_refused() {
    let node = DevNode::spawn().unwrap();
    let client = Client::new(&node);
    let (dev, to) = (Wallet::dev(), Wallet::number(0).address());
    let begin = Instant::now();
    let refused = send(&client, &dev.transfer(7, to, 1)).unwrap_err();
    assert!(refused.ends_with("tx: 7 state: 6") && refused.starts_with("-32000 nonce too high"), "{refused}");
    assert!(begin.elapsed() >= Duration::from_secs(1));

    let [first, second] = [(6, 1), (7, 2)].map(|(nonce, value)| dev.transfer(nonce, to, value));
    thread::scope(|scope| {
        let late = scope.spawn(|| send(&Client::new(&node), &second));
        thread::sleep(Duration::from_millis(50));
        send(&client, &first).unwrap();
        late.join().unwrap().unwrap();
    });
    assert_eq!(client.call("eth_getBalance", json!([to, "latest"])), "0x3");
}

#[test]
fn many_senders_at_once_all_get_in() {
    const EACH: u64 = 20;
    let node = DevNode::spawn().unwrap();
    let client = Client::new(&node);
    let dev = Wallet::dev();
    let senders: Vec<_> = (0..8).map(Wallet::number).collect();
    for (nonce, sender) in (6..).zip(&senders) {
        send(&client, &dev.transfer(nonce, sender.address(), 10u128.pow(17))).unwrap();
    }
    let sink = Wallet::number(99).address();
    thread::scope(|scope| {
        for sender in &senders {
            scope.spawn(|| {
                let client = Client::new(&node);
                for nonce in 0..EACH {
                    send(&client, &sender.transfer(nonce, sink, 1)).unwrap();
                }
            });
        }
    });
    let sent = EACH * senders.len() as u64;
    assert_eq!(client.number("eth_getBalance", json!([sink, "latest"])), sent);
    assert_eq!(client.number("eth_blockNumber", json!([])), 7 + 8 + sent, "one block a transaction");
}

#[test]
fn conditions_are_looked_at_before_a_transaction_is_taken() {
    let node = DevNode::spawn().unwrap();
    let client = Client::new(&node);
    let raw = Wallet::dev().transfer(6, Wallet::number(0).address(), 1);
    let send = |conditions: Value| client.try_call("eth_sendRawTransactionConditional", json!([raw, conditions]));
    let slot = format!("0x{:064x}", 0);
    let one = format!("0x{:064x}", 1);
    for (conditions, text) in [
        (json!({ "timestampMax": 1 }), "TimestampMax condition not met"),
        (json!({ "blockNumberMin": "0x5" }), "BlockNumberMin condition not met"),
        (
            json!({ "knownAccounts": { (devnode::DEV_ACCOUNT.to_string()): { (slot): one } } }),
            "Storage slot value condition not met",
        ),
        (
            json!({ "knownAccounts": { (devnode::DEV_ACCOUNT.to_string()): one } }),
            "Storage root hash condition not met",
        ),
    ] {
        assert_eq!(send(conditions), Err(json!({ "code": -32003, "message": text })));
    }
    send(json!({ "blockNumberMin": "0x0", "knownAccounts": {} })).unwrap();
}
