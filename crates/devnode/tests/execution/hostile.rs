//! Programs that mean ill: whatever they do, the message ends and the node lives.

use alloy_primitives::Bytes;
use devnode::{evm::Status, stylus};
use proptest::prelude::*;

use crate::support::{CALL, Chain, RULES, at, evm_forwarder, forward, forwarder, program};

#[test]
fn pointers_out_of_memory_end_the_program_as_a_trap_does() {
    let mut chain = Chain::new();
    for call in [
        "(call $read_args (i32.const 65535))",
        "(call $read_args (i32.const -1))",
        "(call $write_result (i32.const 65535) (i32.const 2))",
        "(call $load (i32.const 65505) (i32.const 0))",
        "(call $load (i32.const 0) (i32.const 65505))",
        "(call $cache (i32.const -32) (i32.const 0))",
        "(call $tstore (i32.const 0) (i32.const -1))",
        "(call $emit_log (i32.const 65535) (i32.const 32) (i32.const 1))",
        "(call $emit_log (i32.const 0) (i32.const 31) (i32.const 1))",
        "(call $emit_log (i32.const 0) (i32.const 0) (i32.const -1))",
        "(call $msg_value (i32.const 65505))",
        "(drop (call $call (i32.const 65517) (i32.const 0) (i32.const 0) (i32.const 0) (i64.const 0) (i32.const 0)))",
        "(drop (call $call (i32.const 0) (i32.const 1) (i32.const 65536) (i32.const 0) (i64.const 0) (i32.const 0)))",
        "(drop (call $call (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 65505) (i64.const 0) (i32.const 0)))",
        "(drop (call $call (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i64.const 0) (i32.const 65533)))",
        "(call $create1 (i32.const 65535) (i32.const 2) (i32.const 0) (i32.const 0) (i32.const 0))",
        "(call $create1 (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 65517) (i32.const 0))",
    ] {
        chain.put_program(at(1), &program(&format!("{call} i32.const 0")));
        let outcome = chain.call(at(1), [1, 2], 30_000_000);
        assert_eq!((outcome.status, outcome.output), (Status::Revert, Bytes::new()), "{call}");
        assert!(outcome.gas_used < 30_000_000, "{call}");
    }
}

#[test]
fn a_length_that_nobody_can_pay_for_is_out_of_gas_and_allocates_nothing() {
    let mut chain = Chain::new();
    for call in [
        "(call $write_result (i32.const 0) (i32.const -1))",
        "(call $emit_log (i32.const 0) (i32.const -1) (i32.const 0))",
        "(call $create1 (i32.const 0) (i32.const -1) (i32.const 0) (i32.const 0) (i32.const 0))",
    ] {
        chain.put_program(at(1), &program(&format!("{call} i32.const 0")));
        let outcome = chain.call(at(1), [], 1_000_000);
        assert_eq!(outcome.status, Status::Failure("out of gas".into()), "{call}");
    }
}

#[test]
fn return_data_is_read_only_as_far_as_it_goes() {
    let mut chain = Chain::new();
    for (offset, size, dest) in [(0, -1, 0), (-1, -1, -1), (7, 9, 65_536), (0, 0, 65_536)] {
        let call = format!("(call $read_return_data (i32.const {dest}) (i32.const {offset}) (i32.const {size}))");
        chain.put_program(at(1), &program(&call));
        // No call was made, so nothing is written and its length, the status, is 0.
        assert_eq!(chain.call(at(1), [], 1_000_000).status, Status::Success, "{call}");
    }
}

/// A program and an EVM contract that call each other until one of them cannot.
#[test]
fn calls_end_at_a_depth_of_1024() {
    let mut chain = Chain::new();
    // Calls itself with the same calldata, its own address.
    let itself = forwarder(CALL)
        .replace("(i32.const 20) (i32.sub (local.get $len) (i32.const 20))", "(i32.const 0) (local.get $len)");
    chain.put_program(at(1), &itself);
    let outcome = chain.call(at(1), forward(at(1), &[]), 50_000_000);
    assert_ne!(outcome.status, Status::Success);
    chain.put_program(at(2), &itself);
    chain.put(at(3), evm_forwarder(0xf1, at(2)));
    let outcome = chain.call(at(3), forward(at(3), &[]), 50_000_000);
    assert_ne!(outcome.status, Status::Success);
}

/// Each level uses up the stack that a program has, and then calls the next.
#[test]
fn calls_end_before_the_native_stack_does() {
    let mut chain = Chain::new();
    // About 21,000 words of frames: 7 words each.
    let module = forwarder("(call $down (local.get $len) (i32.const 2500))").replace(
        "(memory",
        r#"(func $down (param $len i32) (param $n i32) (result i32)
            (if (result i32) (local.get $n)
                (then (call $down (local.get $len) (i32.sub (local.get $n) (i32.const 1))))
                (else (call $call (i32.const 0) (i32.const 0) (local.get $len) (i32.const 60000) (i64.const -1)
                    (i32.const 60032)))))
        (memory"#,
    );
    chain.put_program(at(1), &module);
    let outcome = chain.call(at(1), forward(at(1), &[]), 50_000_000);
    assert_ne!(outcome.status, Status::Success);
}

#[test]
fn memory_that_nobody_can_pay_for_is_not_given() {
    let mut chain = Chain::new();
    let module = r#"(module (import "vm_hooks" "pay_for_memory_grow" (func (param i32))) (memory (export "memory") 1)
        (func (export "user_entrypoint") (param i32) (result i32) (drop (memory.grow (i32.const 65535))) i32.const 0))"#;
    chain.put_program(at(1), module);
    assert_eq!(chain.call(at(1), [], 50_000_000).status, Status::Failure("out of gas".into()));
}

#[test]
fn paying_for_pages_one_does_not_take_is_only_foolish() {
    let mut chain = Chain::new();
    let module = r#"(module (import "vm_hooks" "pay_for_memory_grow" (func $pay (param i32))) (memory (export "memory") 1 1)
        (func (export "user_entrypoint") (param i32) (result i32)
            (call $pay (i32.const 100)) (call $pay (i32.const 65536)) (i32.load (i32.const 65532))))"#;
    chain.put_program(at(1), module);
    assert_eq!(chain.call(at(1), [], 50_000_000).status, Status::Success);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// Anything can be deployed as a program: its activation answers, and never panics.
    #[test]
    fn any_bytes_can_be_activated_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = stylus::activate(&bytes, Default::default(), RULES, &mut 10_000_000);
        let _ = stylus::decompress(&[&nitro::PROGRAM_WITHOUT_DICTIONARY, &bytes[..]].concat(), 1 << 17);
    }

    /// The same for a valid program with a few bytes changed, which gets much further: what can be activated runs.
    #[test]
    fn a_damaged_program_is_refused_or_runs(
        changes in proptest::collection::vec((any::<usize>(), any::<u8>()), 1..4),
        input in proptest::collection::vec(any::<u8>(), 0..100),
    ) {
        let mut wasm = wat::parse_str(forwarder(CALL)).expect("valid");
        for (index, byte) in changes {
            let index = 8 + index % (wasm.len() - 8);
            wasm[index] = byte;
        }
        let mut chain = Chain::new();
        if chain.try_put_program(at(1), &wasm).is_ok() {
            let outcome = chain.call(at(1), input, 1_000_000);
            prop_assert!(outcome.gas_used <= 1_000_000);
        }
    }

    /// What a program is given is what it reads, whatever its length.
    #[test]
    fn calldata_of_any_length_comes_back(input in proptest::collection::vec(any::<u8>(), 0..2_000)) {
        let mut chain = Chain::new();
        let echo = "(call $read_args (i32.const 0)) (call $write_result (i32.const 0) (local.get $len)) i32.const 0";
        chain.put_program(at(1), &program(echo));
        let outcome = chain.call(at(1), input.clone(), 10_000_000);
        prop_assert_eq!(outcome.output, Bytes::from(input));
    }
}
