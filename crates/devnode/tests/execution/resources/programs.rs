//! Programs: what their host calls do to the state, and the rest.

use super::{Used, used};
use crate::support::{CALL, Chain, at, forward, forwarder, message, program};
use alloy_primitives::{Bytes, U256, hex};
use devnode::{
    ArbosVersion,
    evm::{Message, Mode, Outcome},
};

/// What a message costs in any case.
const MESSAGE: u64 = 21_000;

/// A chain that counts, with a program at the first address. There slot 7 holds 5, and at the eighth is an account.
fn chain(text: &str) -> Chain {
    let mut chain = Chain::new();
    chain.count_resources();
    chain.put_program(at(1), text);
    chain.state.insert_account_storage(at(1), U256::from(7), U256::from(5)).expect("in memory");
    chain.put(at(8), Bytes::new());
    chain
}

fn call(chain: &Chain, input: impl Into<Bytes>, gas: u64) -> Outcome {
    let message = Message { value: U256::ONE, ..message(at(1), input, gas) };
    chain.execute(&message, Mode::Call).expect("not refused")
}

/// What a call uses on top of the message and its calldata, and but for the program's own computation, of which there is some.
fn of(chain: &Chain, input: impl Into<Bytes>) -> Used {
    let outcome = call(chain, input, 1_000_000);
    assert!(outcome.status.is_success(), "{outcome:?}");
    let all = used(&outcome);
    assert!(all.wasm > 9_000, "it costs that to start it: {all:?}");
    Used { computation: all.computation - MESSAGE, calldata: 0, wasm: 0, ..all }
}

fn assert_each(cases: &[(&str, &str, Used)]) {
    for (what, body, expected) in cases {
        let imports = r#"(import "vm_hooks" "account_balance" (func $balance (param i32 i32)))
            (import "vm_hooks" "account_codehash" (func $codehash (param i32 i32)))
            (import "vm_hooks" "account_code_size" (func $code_size (param i32) (result i32)))
            (import "vm_hooks" "transient_load_bytes32" (func $tload (param i32 i32)))"#;
        let text = program(&format!("(call $read_args (i32.const 0)) {body} (i32.const 0)"));
        let text = text.replacen("(module", &format!("(module {imports}"), 1);
        // Calldata: an address, and the number 7 in the word at 32.
        let input = [at(8).as_slice(), &[0; 12], &U256::from(7).to_be_bytes::<32>()].concat();
        assert_eq!(of(&chain(&text), input), *expected, "{what}");
    }
}

#[test]
fn slots() {
    let none = Used::default();
    let load = "(call $load (i32.const 32) (i32.const 96))";
    let new = "(call $cache (i32.const 64) (i32.const 32))";
    let change = "(call $cache (i32.const 32) (i32.const 96))";
    let flush = "(call $flush (i32.const 0))";
    assert_each(&[
        ("nothing", "", none),
        ("read", load, Used { read: 2_000, computation: 100, ..none }),
        (
            "read twice, the second time from the program's cache",
            &[load, load].concat(),
            Used { read: 2_000, computation: 100, ..none },
        ),
        ("cached, and not written", new, none),
        ("new", &[new, flush].concat(), Used { read: 2_100, growth: 20_000, ..none }),
        ("cleared", &[change, flush].concat(), Used { read: 2_100, written: 2_900, ..none }),
        (
            "read and cleared",
            &[load, "(i64.store (i32.const 120) (i64.const 0))", change, flush].concat(),
            Used { read: 2_000, written: 2_900, computation: 100, ..none },
        ),
        (
            "new and cleared",
            &[new, change, flush].concat(),
            Used { read: 4_200, growth: 20_000, written: 2_900, ..none },
        ),
        (
            "new twice",
            &[new, flush, "(i32.store (i32.const 32) (i32.const 1))", new, flush].concat(),
            Used { read: 2_100, growth: 20_000, computation: 100, ..none },
        ),
        ("transient", "(call $tstore (i32.const 32) (i32.const 32)) (call $tload (i32.const 32) (i32.const 96))", none),
    ]);
}

#[test]
fn accounts_and_logs() {
    let none = Used::default();
    let balance = "(call $balance (i32.const 0) (i32.const 96))";
    assert_each(&[
        ("balance", balance, Used { read: 2_500, computation: 100, ..none }),
        ("balance twice", &[balance, balance].concat(), Used { read: 2_500, computation: 200, ..none }),
        (
            "hash of code",
            "(call $codehash (i32.const 0) (i32.const 96))",
            Used { read: 2_500, computation: 100, ..none },
        ),
        (
            "size of code",
            "(drop (call $code_size (i32.const 0)))",
            Used { read: 700 + 2_500, computation: 100, ..none },
        ),
        (
            "a log",
            "(call $emit_log (i32.const 0) (i32.const 74) (i32.const 2))",
            Used { history: 2 * 256 + 10 * 8, ..none },
        ),
        ("a log without anything", "(call $emit_log (i32.const 0) (i32.const 0) (i32.const 0))", none),
    ]);
}

#[test]
fn calls_and_creations() {
    let none = Used::default();
    let mut calling = chain(&forwarder(CALL));
    let cold = Used { read: 2_500, computation: 100, ..none };
    assert_eq!(of(&calling, forward(at(8), &[])), cold);
    // What the callee does is the callee's, be it code or a program.
    calling.put(at(9), hex!("60015f55").to_vec());
    let expected = Used { read: 2_500 + 2_100, growth: 20_000, computation: 100 + 5, ..none };
    assert_eq!(of(&calling, forward(at(9), &[])), expected);
    calling.put_program(at(10), &program("(call $load (i32.const 0) (i32.const 32)) (i32.const 0)"));
    let expected = Used { read: 2_500 + 2_000, computation: 100 + 100, ..none };
    assert_eq!(of(&calling, forward(at(10), &[])), expected);
    // Code that calls a program that writes.
    calling.put(at(11), hex!("5f5f5f5f5f61aa0c5af1").to_vec());
    let write = "(call $cache (i32.const 0) (i32.const 32)) (i32.store8 (i32.const 32) (i32.const 1)) \
        (call $cache (i32.const 0) (i32.const 32)) (call $flush (i32.const 1)) (i32.const 1)";
    calling.put_program(at(12), &program(write));
    let expected = Used { read: 2 * 2_500 + 2_100, growth: 20_000, computation: 100 + 100 + 15, ..none };
    assert_eq!(of(&calling, forward(at(11), &[])), expected, "though it reverts");

    let sends = CALL.replace("i32.const 60000", "i32.const 40");
    let sends = forwarder(&format!("(i32.store8 (i32.const 71) (i32.const 1)) {sends}"));
    let sends = sends.replace(
        "(local.set $x (i32.store8 (i32.const 71) (i32.const 1)) ",
        "(i32.store8 (i32.const 71) (i32.const 1)) (local.set $x ",
    );
    let sending = chain(&sends);
    let expected = Used { read: 2_500, computation: 100 + 9_000, ..none };
    assert_eq!(of(&sending, forward(at(8), &[])), expected, "the stipend comes back");
    let expected = Used { growth: 25_000, ..expected };
    assert_eq!(of(&sending, forward(at(9), &[])), expected, "a wei for nobody");

    let creates = "(call $read_args (i32.const 0)) (call $create1 (i32.const 0) (local.get $len) (i32.const 64)
        (i32.const 128) (i32.const 160)) (i32.const 0)";
    let expected = Used { growth: 3 * 200, computation: 32_000 + (3 + 2 + 3), ..none };
    assert_eq!(of(&chain(&program(creates)), hex!("60035ff3").to_vec()), expected);
}

/// What cannot be paid for is not written; the gas was used by the program.
#[test]
fn a_program_that_runs_out_of_gas() {
    let text = program(
        "(call $cache (i32.const 0) (i32.const 1)) (i32.store8 (i32.const 32) (i32.const 1)) \
        (call $cache (i32.const 0) (i32.const 32)) (call $flush (i32.const 0)) (i32.const 0)",
    );
    let chain = chain(&text);
    let gas = call(&chain, Bytes::new(), 1_000_000).peak_gas_used;
    let outcome = call(&chain, Bytes::new(), gas - 10_000);
    assert!(!outcome.status.is_success());
    let wasm = gas - 10_000 - MESSAGE;
    assert_eq!(used(&outcome), Used { computation: MESSAGE, wasm, ..Used::default() });
    // A write must leave a whole gas, though the end takes less.
    assert!(!call(&chain, Bytes::new(), gas).status.is_success());
    assert!(call(&chain, Bytes::new(), gas + 1).status.is_success());
}

/// ArbOS 60 forgets what a program could not start with; 61 counts it as the program's.
#[test]
fn a_program_that_cannot_start() {
    for (version, counted) in [(ArbosVersion::V60, 0), (ArbosVersion::V61, 5_000)] {
        let mut chain = chain(&program("(i32.const 0)"));
        chain.block.version = version;
        let outcome = call(&chain, Bytes::new(), MESSAGE + 5_000);
        let resources = outcome.resources.expect("it was counted");
        assert_eq!((outcome.peak_gas_used, resources.total()), (MESSAGE + 5_000, MESSAGE + counted), "{version}");
        // What calls it by itself is a program, and answers for all it was given; code does not.
        let mut calling = Chain::new();
        calling.count_resources();
        calling.block.version = version;
        calling.put_program(at(2), &program("(i32.const 0)"));
        let limited = CALL.replace("i64.const -1", "i64.const 5000");
        calling.put_program(at(1), &forwarder(&limited));
        let outcome = calling.call(at(1), forward(at(2), &[]), 1_000_000);
        assert_eq!(outcome.resources.expect("counted").total(), outcome.peak_gas_used, "{version}");
        calling.put(at(3), hex!("5f5f5f5f5f61aa02611388f1").to_vec());
        let outcome = calling.call(at(3), [], 1_000_000);
        let total = outcome.resources.expect("counted").total();
        assert_eq!(outcome.peak_gas_used - total, 5_000 - counted, "{version}");
    }
}
