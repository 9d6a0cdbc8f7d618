//! What a request costs does not exceed what its sender has paid for, or its answer needs: no copies of what nobody asked for,
//! and nothing made before it is known to be affordable.
//!
//! Counted by the allocator: bytes that are asked for while the node answers. Each request is small enough to do no harm to a
//! node that has such a fault; there the count is several times as high.

mod counter;

use alloy_primitives::{Address, hex, keccak256};
use counter::COUNTER;
use devnode::DevNode;
use harness::wire::{Client, Wallet};
use nitro::ARB_OWNER;
use serde_json::{Value, json};
use std::sync::atomic::Ordering::Relaxed;

const OUTER: Address = Address::with_last_byte(0xbe);
const INNER: Address = Address::with_last_byte(0xbf);

/// Has 100,000 bytes of memory, and hands them all to a static call of nobody, again and again until its gas is gone: 130 gas
/// each.
const CALLS: &str = "5f620186a0525b5f5f620186a05f60ee5ffa50600656";
/// Jumps around: 3 instructions for 12 gas.
const LOOP: &str = "5b5f56";
/// Asks for more and more of the hash of 4 MiB, without the gas for it.
const HASHES: &str = "5a62400000015f20";
/// Asks for a contract with 4 MiB of init code, without the gas for it.
const CREATES: &str = "5f624000005f5ff5";
/// Has 1.5 MB of memory.
const MEMORY: &str = "5f6216e36052";
/// Uses up its gas.
const INVALID: &str = "fe";

/// Most bytes that are asked for to answer: a call and its parameters as JSON, state, and machinery.
const FEW: i64 = 1_500_000;

/// Calls the inner contract five times, each time with a little more gas, which is not enough.
fn five_calls() -> String {
    (0..5).map(|more| format!("5f5f5f5f60bf60{:02x}fa50", 100 + more)).collect()
}

fn code(outer: &str, inner: &str) -> Value {
    json!({ (OUTER.to_string()): { "code": format!("0x{outer}") }, (INNER.to_string()): { "code": format!("0x{inner}") } })
}

/// Traces a call of the outer contract.
fn traced(gas: u64, outer: &str, inner: &str, options: Value) -> (&'static str, Value) {
    let mut options = options;
    options["stateOverrides"] = code(outer, inner);
    ("debug_traceCall", json!([{ "to": OUTER, "gas": format!("{gas:#x}") }, "latest", options]))
}

/// The owner lifts the limit of gas for a transaction, a call uses up all the gas that a simulation has, and one more has
/// memory for as much gas as it likes.
fn beyond_the_pool() -> (&'static str, Value) {
    let lifts = [&keccak256("setMaxTxGasLimit(uint64)")[..4], &[0; 24], &u64::MAX.to_be_bytes()].concat();
    let owner = Wallet::dev().address();
    let calls = json!([
        { "from": owner, "to": ARB_OWNER, "data": hex::encode_prefixed(lifts), "gas": "0x2625a0" },
        { "from": owner, "to": OUTER },
        { "from": owner, "to": INNER, "gas": "0x989680" },
    ]);
    let block = json!({ "stateOverrides": code(INVALID, MEMORY), "calls": calls });
    ("eth_simulateV1", json!([{ "blockStateCalls": [block] }]))
}

/// Bytes that are asked for to trace a block of so many transfers.
fn traced_block(transfers: u64) -> i64 {
    let node = DevNode::builder().hardhat(true).spawn().unwrap();
    let (client, dev) = (Client::new(&node), Wallet::dev());
    let nonce = client.number("eth_getTransactionCount", json!([dev.address(), "latest"]));
    client.call("evm_setAutomine", json!([false]));
    for nonce in nonce..nonce + transfers {
        client.call("eth_sendRawTransaction", json!([dev.transfer(nonce, OUTER, 1)]));
    }
    client.call("evm_mine", json!([]));
    let trace = || client.call("debug_traceBlockByNumber", json!(["latest", { "tracer": "noopTracer" }]));
    assert_eq!(trace().as_array().unwrap().len() as u64, transfers);
    let before = COUNTER.asked.load(Relaxed);
    trace();
    COUNTER.asked.load(Relaxed) - before
}

#[test]
fn requests_cost_what_they_are_worth() {
    let node = DevNode::spawn().unwrap();
    let client = Client::new(&node);
    let simulated = json!([{ "blockStateCalls": [{
        "stateOverrides": code(CALLS, ""), "calls": [{ "to": OUTER, "gas": "0x16378" }],
    }] }]);
    let top = json!({ "tracer": "callTracer", "tracerConfig": { "onlyTopCall": true } });
    let named = |name: &str| json!({ "tracer": name });
    let bounded = json!({ "enableMemory": true, "disableStack": true, "limit": 100 });
    let gas = 91_000;
    let requests = [
        ("inputs of calls in a simulation", ("eth_simulateV1", simulated)),
        ("inputs of calls that are not shown", traced(gas, CALLS, "", top)),
        ("inputs of calls that no tracer asks for", traced(gas, CALLS, "", named("prestateTracer"))),
        ("instructions that are counted", traced(421_000, LOOP, "", named("opcountTracer"))),
        ("sequences that are counted", traced(421_000, LOOP, "", named("trigramTracer"))),
        ("memory beyond the logger's limit", traced(60_000, CALLS, "", bounded)),
        ("what is hashed without the gas", traced(gas, &five_calls(), HASHES, named("keccak256PreimageTracer"))),
        ("what is hashed without the gas, for a bundler", traced(gas, &five_calls(), HASHES, named("erc7562Tracer"))),
        ("what is created without the gas", traced(gas, &five_calls(), CREATES, named("prestateTracer"))),
        ("a simulated call beyond the gas of all", beyond_the_pool()),
    ];
    // Once without counting: what is kept for later is not the request's.
    client.call("eth_call", json!([{ "to": OUTER }]));
    let mut dear = Vec::new();
    for (what, (method, params)) in requests {
        let before = COUNTER.asked.load(Relaxed);
        let answer = client.try_call(method, params);
        let asked = COUNTER.asked.load(Relaxed) - before;
        println!("{what}: {asked} bytes");
        match what.contains("beyond the gas of all") {
            true => assert_eq!(answer.unwrap_err()["message"], "err: gas limit reached (supplied gas 10000000)"),
            false => drop(answer.unwrap()),
        }
        if asked > FEW {
            dear.push(what);
        }
    }
    assert!(dear.is_empty(), "more than {FEW} bytes were asked for: {dear:?}");

    // Each transaction of a block is executed once, and not again for each that comes after it.
    let (few, many) = (traced_block(16), traced_block(64));
    println!("traces of 16 transfers: {few} bytes, of 64: {many}");
    assert!(many <= 6 * few, "four times as many transactions took {few} and {many} bytes");
}
