//! Ethereum's precompiles as a call finds them: what they say when they fail, and where overrides move them.
//!
//! Rules and words are those of go-ethereum in Nitro (`core/vm/contracts.go`, `internal/ethapi/override`).

use alloy_primitives::{Address, hex};
use devnode::DevNode;
use harness::wire::{Client, Wallet};
use serde_json::{Value, json};

const ELSEWHERE: Address = Address::with_last_byte(0xbe);

fn precompile(number: u8) -> Address {
    Address::with_last_byte(number)
}

fn says(client: &Client, to: Address, input: &str, overrides: Value) -> String {
    let error = client.try_call("eth_call", json!([{ "to": to, "data": input }, "latest", overrides])).unwrap_err();
    assert_eq!(error["code"], -32000, "{error}");
    error["message"].as_str().unwrap().to_owned()
}

/// SHA-256 of nothing.
const OF_NOTHING: &str = "0xe3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
/// Returns 7.
const SEVEN: &str = "0x60075f5260205ff3";

#[test]
fn a_precompile_says_what_is_wrong_with_its_input() {
    let node = DevNode::spawn().unwrap();
    let client = Client::new(&node);
    let zeros = |count: usize| "00".repeat(count);
    let long = format!("0x{:064x}{:064x}{:064x}", 1_025, 1, 1);
    for (number, input, text) in [
        (0x05, long, "one or more of base/exponent/modulus length exceeded 1024 bytes"),
        (0x06, "0x01".to_owned(), "point is not on curve"),
        (0x07, format!("0x{}", "ff".repeat(96)), "invalid fp.Element encoding"),
        (0x08, "0x00".to_owned(), "bad elliptic curve pairing size"),
        (0x09, format!("0x{}02", zeros(212)), "invalid final flag"),
        (0x0a, format!("0x{}", zeros(192)), "mismatched versioned hash"),
        (0x0b, format!("0x01{}", zeros(255)), "invalid field element top bytes"),
        (0x0c, format!("0x{}01{}", zeros(63), zeros(96)), "invalid point: not on curve"),
        (0x0d, "0x".to_owned(), "invalid input length"),
        (0x0e, "0x".to_owned(), "invalid input length"),
        (0x0f, format!("0x{}", zeros(383)), "invalid input length"),
        (0x10, format!("0x{}{}", zeros(16), "ff".repeat(48)), "invalid fp.Element encoding"),
        (0x11, format!("0x{}", zeros(64)), "invalid input length"),
    ] {
        assert_eq!(says(&client, precompile(number), &input, json!({})), text, "{number:#x}");
    }
    // Gas comes first.
    let request = json!({ "to": precompile(0x0f), "data": "0x00", "gas": "0x9c40" });
    let error = client.try_call("eth_call", json!([request])).unwrap_err();
    assert_eq!(error["message"], "out of gas");

    // A trace says it of inner calls. Calls 0x09 with nothing.
    let code = format!("0x5f5f5f5f5f73{}5af100", hex::encode(precompile(9)));
    let options = json!({ "tracer": "callTracer", "stateOverrides": { (ELSEWHERE.to_string()): { "code": code } } });
    let trace = client.call("debug_traceCall", json!([{ "to": ELSEWHERE }, "latest", options]));
    assert_eq!(trace["calls"][0]["error"], "invalid input length");
}

#[test]
fn code_can_take_the_place_of_a_precompile() {
    let node = DevNode::spawn().unwrap();
    let client = Client::new(&node);
    let call = |to: Address, overrides: Value| {
        client.call("eth_call", json!([{ "to": to }, "latest", overrides])).as_str().unwrap().to_owned()
    };
    for number in [0x02, 0x64] {
        let overrides = json!({ (precompile(number).to_string()): { "code": SEVEN } });
        assert_eq!(call(precompile(number), overrides), format!("0x{:064x}", 7), "{number:#x}");
    }
    // Whatever is overridden, the precompile is gone.
    let balance = json!({ (precompile(2).to_string()): { "balance": "0x1" } });
    assert_eq!(call(precompile(2), balance), "0x");
    assert_eq!(call(precompile(2), json!({})), OF_NOTHING);

    // An account that is delegated to it runs that code (EIP-7702), and else nothing.
    let delegated = json!({ "code": format!("0xef0100{}", hex::encode(precompile(2))) });
    let both = json!({ (ELSEWHERE.to_string()): delegated, (precompile(2).to_string()): { "code": SEVEN } });
    assert_eq!(call(ELSEWHERE, both), format!("0x{:064x}", 7));
    assert_eq!(call(ELSEWHERE, json!({ (ELSEWHERE.to_string()): delegated })), "0x");
}

#[test]
fn a_precompile_can_be_moved() {
    let node = DevNode::spawn().unwrap();
    let client = Client::new(&node);
    let moved = |number: u8| json!({ (precompile(number).to_string()): { "movePrecompileToAddress": ELSEWHERE } });
    let call = |to: Address, data: &str, overrides: Value| {
        client.call("eth_call", json!([{ "to": to, "data": data }, "latest", overrides]))
    };
    assert_eq!(call(ELSEWHERE, "0x", moved(2)), OF_NOTHING);
    assert_eq!(call(precompile(2), "0x", moved(2)), "0x", "it is not where it was");
    assert_eq!(says(&client, ELSEWHERE, "0x00", moved(8)), "bad elliptic curve pairing size");
    // ArbSys.arbChainID().
    assert_eq!(call(ELSEWHERE, "0xd127f54a", moved(0x64)), format!("0x{:064x}", devnode::CHAIN_ID));

    // A trace finds it there, an estimate does not, and a simulation for one block.
    let options = json!({ "tracer": "callTracer", "stateOverrides": moved(2) });
    let trace = client.call("debug_traceCall", json!([{ "to": ELSEWHERE }, "latest", options]));
    assert_eq!(trace["output"], OF_NOTHING);
    let request = json!({ "from": Wallet::dev().address(), "to": ELSEWHERE });
    let refused = client.try_call("eth_estimateGas", json!([request, "latest", moved(2)])).unwrap_err();
    assert_eq!(refused["message"], format!("account {} is not a precompile", precompile(2)));
    let calls = json!([request]);
    let blocks = json!([{ "stateOverrides": moved(2), "calls": calls }, { "calls": calls }]);
    let blocks = client.call("eth_simulateV1", json!([{ "blockStateCalls": blocks }]));
    let data = |block: usize| blocks[block]["calls"][0]["returnData"].clone();
    assert_eq!((data(0), data(1)), (json!(OF_NOTHING), json!("0x")));
}

#[test]
fn what_cannot_be_moved_is_refused() {
    let node = DevNode::spawn().unwrap();
    let client = Client::new(&node);
    let to = |from: Address, to: Address, more: Value| {
        let mut overrides = json!({ (from.to_string()): { "movePrecompileToAddress": to } });
        overrides.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        overrides
    };
    let says = |overrides: Value| says(&client, ELSEWHERE, "0x", overrides);
    assert_eq!(says(to(ELSEWHERE, precompile(2), json!({}))), format!("account {ELSEWHERE} is not a precompile"));
    let taken = format!("account {ELSEWHERE} is already overridden");
    assert_eq!(says(to(precompile(2), ELSEWHERE, json!({ (ELSEWHERE.to_string()): {} }))), taken);
    let itself = format!("account {} is already overridden", precompile(2));
    assert_eq!(says(to(precompile(2), precompile(2), json!({}))), itself);
}
