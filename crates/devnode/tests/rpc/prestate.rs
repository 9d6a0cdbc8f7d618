//! `prestateTracer`: what a transaction read, and what it changed.

use super::nests::{Dice, deploy, send};
use alloy_primitives::{Address, TxKind};
use devnode::DevNode;
use harness::wire::{Client, Wallet, number};
use serde_json::{Map, Value, json};

/// Traces a transaction.
fn traced(client: &Client, hash: &Value, options: Value) -> Value {
    client.call("debug_traceTransaction", json!([hash, options]))
}

fn prestate(client: &Client, hash: &Value, config: Value) -> Value {
    traced(client, hash, json!({ "tracer": "prestateTracer", "tracerConfig": config }))
}

/// Accounts of a state that are not ArbOS' own.
fn users(state: &Value) -> impl Iterator<Item = (Address, &Value)> {
    let accounts = state.as_object().unwrap().iter().map(|(address, account)| (address.parse().unwrap(), account));
    accounts.filter(|(address, _): &(Address, _)| {
        let is_arbos = address.starts_with(&[0xa4, 0xb0]) || address.starts_with(&[0, 0, 0xf9, 0x08]);
        !is_arbos && (address[..16] != [0; 16] || address[19] >= 0xa0)
    })
}

/// The state as overrides of a call.
fn overrides(state: &Value) -> Value {
    let shown = users(state).map(|(address, account)| {
        let mut members = Map::new();
        for name in ["balance", "code"] {
            members.extend(account.get(name).map(|value| (name.to_owned(), value.clone())));
        }
        let nonce = account.get("nonce").and_then(Value::as_u64).unwrap_or_default();
        members.insert("nonce".into(), json!(format!("{nonce:#x}")));
        members.extend(account.get("storage").map(|slots| ("stateDiff".to_owned(), slots.clone())));
        (format!("{address:#x}"), Value::Object(members))
    });
    Value::Object(shown.collect())
}

#[test]
fn a_transaction_does_the_same_on_another_chain_that_is_given_what_it_read() {
    let other = DevNode::spawn().unwrap();
    let other = Client::new(&other);
    let mut results = 0;
    for seed in 0..12 {
        let node = DevNode::spawn().unwrap();
        let (client, dev, mut dice) = (Client::new(&node), Wallet::dev(), Dice::new(seed));
        let contracts = deploy(&client, &dev, &mut dice);
        for _ in 0..3 {
            let to = contracts[5 - dice.below(3)];
            let hash = &send(&client, &dev, TxKind::Call(to), 2, &[])["transactionHash"];
            let state = overrides(&prestate(&client, hash, json!({})));
            let request = json!({ "from": dev.address(), "to": to, "value": "0x2", "gas": "0x2dc6c0" });
            let options = json!({ "tracer": "callTracer", "stateOverrides": state });
            let there = other.call("debug_traceCall", json!([request, "latest", options]));
            let here = traced(&client, hash, json!({ "tracer": "callTracer" }));
            for member in ["calls", "output", "error", "gasUsed"] {
                assert_eq!(here.get(member), there.get(member), "{member}, seed {seed}");
            }
            results += usize::from(here.get("error").is_none());
        }
    }
    assert!(results > 10, "most of them succeed: {results}");
}

#[test]
fn what_changed_is_the_state_before_and_after() {
    for seed in 20..28 {
        let node = DevNode::spawn().unwrap();
        let (client, dev, mut dice) = (Client::new(&node), Wallet::dev(), Dice::new(seed));
        let contracts = deploy(&client, &dev, &mut dice);
        let receipt = send(&client, &dev, TxKind::Call(contracts[5]), 2, &[]);
        let block = number(&receipt["blockNumber"]);
        let difference = prestate(&client, &receipt["transactionHash"], json!({ "diffMode": true }));
        let at = |method: &str, params: Value, block: u64| {
            let mut params = params.as_array().unwrap().clone();
            params.push(json!(format!("{block:#x}")));
            client.call(method, Value::Array(params))
        };
        for (name, block) in [("pre", block - 1), ("post", block)] {
            for (address, account) in users(&difference[name]) {
                if let Some(balance) = account.get("balance") {
                    assert_eq!(at("eth_getBalance", json!([address]), block), *balance, "{address} {name}, {seed}");
                }
                if let Some(nonce) = account.get("nonce").and_then(Value::as_u64) {
                    assert_eq!(number(&at("eth_getTransactionCount", json!([address]), block)), nonce);
                }
                if let Some(code) = account.get("code") {
                    assert_eq!(at("eth_getCode", json!([address]), block), *code);
                }
                for (key, value) in account.get("storage").and_then(Value::as_object).into_iter().flatten() {
                    assert_eq!(at("eth_getStorageAt", json!([address, key]), block), *value, "{address} {key} {name}");
                }
            }
        }
        // Nothing is left out.
        for address in &contracts {
            for slot in 0..4 {
                let key = format!("0x{slot:064x}");
                let [before, after] = [block - 1, block].map(|at_| at("eth_getStorageAt", json!([address, key]), at_));
                let zero = json!(format!("0x{:064x}", 0));
                for (name, value, other) in [("pre", &before, &after), ("post", &after, &before)] {
                    let shown = difference[name][format!("{address:#x}")]["storage"].get(&key);
                    let expected = (value != other && *value != zero).then_some(value);
                    assert_eq!(shown, expected, "{address} {key} {name}, seed {seed}");
                }
            }
        }
    }
}

#[test]
fn options_leave_out_code_and_slots_and_let_in_what_is_empty() {
    let node = DevNode::spawn().unwrap();
    let (client, dev) = (Client::new(&node), Wallet::dev());
    let contracts = deploy(&client, &dev, &mut Dice::new(3));
    let hash = &send(&client, &dev, TxKind::Call(contracts[5]), 0, &[])["transactionHash"];
    let whole = prestate(&client, hash, json!({}));
    let contract = format!("{:#x}", contracts[5]);
    let bare = prestate(&client, hash, json!({ "disableCode": true, "disableStorage": true }));
    for account in bare.as_object().unwrap().values() {
        assert_eq!((account.get("code"), account.get("storage")), (None, None));
    }
    assert_eq!(bare[&contract]["codeHash"], whole[&contract]["codeHash"]);
    // The sequencer, whom each message touches, has nothing.
    let sequencer = &*format!("{:#x}", nitro::BATCH_POSTER);
    let empty = prestate(&client, hash, json!({ "includeEmpty": true }));
    assert_eq!((whole.get(sequencer), &empty[sequencer]), (None, &json!({ "balance": "0x0" })));
    let both = json!({ "tracer": "prestateTracer", "tracerConfig": { "includeEmpty": true, "diffMode": true } });
    let refused = client.try_call("debug_traceTransaction", json!([hash, both])).unwrap_err();
    assert_eq!(refused["message"], "cannot use diffMode with includeEmpty");
    // Several tracers at once.
    let config = json!({ "prestateTracer": {}, "4byteTracer": {} });
    let mux = traced(&client, hash, json!({ "tracer": "muxTracer", "tracerConfig": config }));
    assert_eq!((&mux["prestateTracer"], &mux["4byteTracer"]), (&whole, &json!({})));
}
