//! What a program costs and how it ends.

use alloy_primitives::{Address, Bytes, U256};
use devnode::{ArbosVersion, evm::Status, stylus};

use crate::support::{Chain, RULES, at, message, program, transaction};

/// Gas of a transaction that only starts a program.
fn start(terms: &devnode::evm::ProgramTerms) -> u64 {
    21_000 + terms.init_gas + terms.cached_gas
}

#[test]
fn an_empty_program_costs_its_start_and_its_ink() {
    let mut chain = Chain::new();
    let terms = chain.put_program(at(1), &program("i32.const 0"));
    // i32.const 1, end 1, header 2,450: less than one gas, and a gas begun is a gas paid.
    assert_eq!(chain.call(at(1), [], 1_000_000).gas_used, start(&terms) + 1);
}

#[test]
fn a_loop_pays_for_each_block_it_enters() {
    let mut chain = Chain::new();
    let terms = chain.put_program(
        at(1),
        &program(
            "(local.set $x (i32.const 1000))
            (loop $again (br_if $again (local.tee $x (i32.sub (local.get $x) (i32.const 1)))))
            i32.const 0",
        ),
    );
    // Before the loop: const 1, local.set 210, loop 1. Each round: get 75, const 1, sub 70, tee 75, br_if 765.
    // After it: the loop's end 1; then const 1 and the function's end 1. Each of these blocks has a header.
    let ink = (1 + 210 + 1 + 2_450) + 1_000 * (75 + 1 + 70 + 75 + 765 + 2_450) + (1 + 2_450) + (2 + 2_450);
    assert_eq!(chain.call(at(1), [], 1_000_000).gas_used, start(&terms) + u64::div_ceil(ink, 10_000));
}

#[test]
fn what_a_program_writes_is_what_comes_back() {
    let mut chain = Chain::new();
    let echo = "(call $read_args (i32.const 0)) (call $write_result (i32.const 0) (local.get $len))";
    for (number, status, expected) in [(1, 0, Status::Success), (2, 1, Status::Revert), (3, 7, Status::Revert)] {
        chain.put_program(at(number), &program(&format!("{echo} (i32.const {status})")));
        chain.put_program(
            at(number + 10),
            &program(&format!("{echo} (call $exit_early (i32.const {status})) unreachable")),
        );
        for address in [at(number), at(number + 10)] {
            let outcome = chain.call(address, b"hello".as_slice(), 1_000_000);
            assert_eq!((outcome.status, outcome.output), (expected.clone(), Bytes::from_static(b"hello")));
        }
    }
}

#[test]
fn a_trap_reverts_without_data_and_keeps_the_gas() {
    let mut chain = Chain::new();
    let terms = chain.put_program(at(1), &program("(call $write_result (i32.const 0) (i32.const 32)) unreachable"));
    let outcome = chain.call(at(1), [], 1_000_000);
    assert_eq!((outcome.status, outcome.output), (Status::Revert, Bytes::new()));
    assert!(outcome.gas_used < start(&terms) + 10, "{} gas", outcome.gas_used);
}

#[test]
fn out_of_ink_is_out_of_gas_and_takes_all() {
    let mut chain = Chain::new();
    chain.put_program(at(1), &program("(loop $forever (br $forever)) i32.const 0"));
    let outcome = chain.call(at(1), [], 500_000);
    assert_eq!(outcome.status, Status::Failure("out of gas".into()));
    assert_eq!(outcome.gas_used, 500_000);
}

#[test]
fn too_little_gas_to_start_takes_all() {
    let mut chain = Chain::new();
    let terms = chain.put_program(at(1), &program("i32.const 0"));
    let outcome = chain.call(at(1), [], start(&terms) - 1);
    assert_eq!(outcome.status, Status::Failure("out of gas".into()));
    assert_eq!(outcome.gas_used, start(&terms) - 1);
}

#[test]
fn recursion_ends_where_the_words_of_stack_do() {
    let mut chain = Chain::new();
    let module = |depth: u32| {
        program(&format!(
            "(call $down (i32.const {depth})) i32.const 0) (func $down (param i32)
            (if (local.get 0) (then (call $down (i32.sub (local.get 0) (i32.const 1))))))
            (func $unused (result i32) i32.const 0"
        ))
    };
    chain.put_program(at(1), &module(100));
    assert_eq!(chain.call(at(1), [], 1_000_000).status, Status::Success);
    chain.put_program(at(2), &module(100_000));
    let outcome = chain.call(at(2), [], 10_000_000);
    assert_eq!(outcome.status, Status::Failure("max call depth exceeded".into()));
    assert_eq!(outcome.gas_used, 10_000_000);
}

#[test]
fn a_program_that_is_not_active_cannot_be_called() {
    let mut chain = Chain::new();
    let wasm = wat::parse_str(program("i32.const 0")).expect("valid");
    chain.put(at(1), crate::support::deployed(&wasm));
    let outcome = chain.call(at(1), [], 100_000);
    assert_eq!(outcome.status, Status::Failure("error ProgramNotActivated()".into()));
    assert_eq!((outcome.gas_used, outcome.output), (100_000, Bytes::new()));
}

#[test]
fn growing_memory_is_paid_for_page_by_page() {
    let mut chain = Chain::new();
    let module = |pages: u32| {
        format!(
            r#"(module (import "vm_hooks" "pay_for_memory_grow" (func (param i32))) (memory (export "memory") 1)
            (func (export "user_entrypoint") (param i32) (result i32)
                (drop (memory.grow (i32.const {pages}))) i32.const 0))"#
        )
    };
    let gas = |chain: &mut Chain, pages| {
        let terms = chain.put_program(at(pages as u8), &module(pages));
        chain.call(at(pages as u8), [], 30_000_000).gas_used - start(&terms)
    };
    // Two pages are free; then each costs 1,000 gas.
    let base = gas(&mut chain, 1);
    assert_eq!(gas(&mut chain, 2), base + 1_000);
    assert_eq!(gas(&mut chain, 4), base + 3_000);
    // The ramp: 31,874,000 ^ (65 / 128), less the 1 of a peak of one page.
    assert_eq!(gas(&mut chain, 64), base + 63_000 + 6_461 - 1);
}

#[test]
fn storage_reaches_the_state_only_when_it_is_flushed() {
    let mut chain = Chain::new();
    let store = "(call $read_args (i32.const 0)) (call $cache (i32.const 0) (i32.const 32))";
    chain.put_program(at(1), &program(&format!("{store} (call $flush (i32.const 0)) i32.const 0")));
    chain.put_program(at(2), &program(&format!("{store} i32.const 0")));
    chain.put_program(at(3), &program(&format!("{store} (call $flush (i32.const 1)) i32.const 1")));
    let input: Bytes = [U256::from(5), U256::from(9)].map(|word| word.to_be_bytes::<32>()).concat().into();
    for (number, expected) in [(1, 9), (2, 0), (3, 0)] {
        chain.send(&transaction(at(number), input.clone(), 1_000_000));
        assert_eq!(chain.slot(at(number), 5), U256::from(expected), "program {number}");
    }
}

#[test]
fn clearing_a_slot_is_refunded() {
    let mut chain = Chain::new();
    let store = "(call $read_args (i32.const 0)) (call $cache (i32.const 0) (i32.const 32)) \
        (call $flush (i32.const 0)) i32.const 0";
    chain.put_program(at(1), &program(store));
    let set =
        |value: u64| -> Bytes { [U256::ZERO, U256::from(value)].map(|word| word.to_be_bytes::<32>()).concat().into() };
    chain.send(&transaction(at(1), set(1), 1_000_000));
    let outcome = chain.send(&transaction(at(1), set(0), 1_000_000));
    // EIP-3529: 4,800 gas, which is below the fifth of what was used.
    assert_eq!(outcome.peak_gas_used - outcome.gas_used, 4_800);
}

#[test]
fn logs_carry_their_topics_and_vanish_with_a_revert() {
    let mut chain = Chain::new();
    let log = "(call $read_args (i32.const 0)) (call $emit_log (i32.const 0) (local.get $len) (i32.const 2))";
    chain.put_program(at(1), &program(&format!("{log} i32.const 0")));
    chain.put_program(at(2), &program(&format!("{log} i32.const 1")));
    let input: Bytes = [&[1; 32][..], &[2; 32], b"data"].concat().into();
    let logs = chain.call(at(1), input.clone(), 1_000_000).logs;
    assert_eq!(logs.len(), 1);
    assert_eq!((logs[0].address, logs[0].data.data.as_ref()), (at(1), b"data".as_slice()));
    assert_eq!(logs[0].topics(), [[1; 32], [2; 32]]);
    assert!(chain.call(at(2), input, 1_000_000).logs.is_empty());
}

#[test]
fn activation_takes_its_gas_and_says_when_it_does_not_suffice() {
    let wasm = wat::parse_str(program("i32.const 0")).expect("valid");
    let mut gas = 10_000_000;
    let activation = stylus::activate(&wasm, Default::default(), RULES, &mut gas).expect("valid");
    assert_eq!(activation.footprint, 1);
    let price = 10_000_000 - gas;
    let mut exact = price;
    assert!(stylus::activate(&wasm, Default::default(), RULES, &mut exact).is_ok());
    assert_eq!(exact, 0);
    let mut short = price - 1;
    let error = stylus::activate(&wasm, Default::default(), RULES, &mut short).expect_err("too little");
    assert!(error.to_string().starts_with("out of gas"), "{error}");
    assert_eq!(short, 0);
}

#[test]
fn only_chains_for_development_have_a_console() {
    let wasm = wat::parse_str(
        r#"(module (import "console" "log_i32" (func (param i32))) (memory (export "memory") 0 0)
        (func (export "user_entrypoint") (param i32) (result i32) i32.const 0))"#,
    )
    .expect("valid");
    let activate = |debug| {
        let rules = stylus::ActivationRules { debug, ..RULES };
        stylus::activate(&wasm, Default::default(), rules, &mut u64::MAX.clone())
    };
    assert!(activate(true).is_ok());
    let error = activate(false).expect_err("not on other chains").to_string();
    assert!(error.contains("No such import"), "{error}");
}

#[test]
fn code_is_a_program_by_its_prefix_alone() {
    let component = |code| stylus::component(code, ArbosVersion::V51);
    assert_eq!(component(&[0xef, 0xf0, 0, 0]), Some(stylus::Component::Program));
    for code in [&[0xef, 0xf0, 0][..], &[0xef, 0xf0, 1, 0], &[0xef, 0, 0, 0], &[]] {
        assert_eq!(component(code), None, "{code:?}");
    }
    assert_eq!(stylus::decompress(&[0xef, 0xf0, 0, 1, 7], 1_000), Err(stylus::CodeError::Dictionary(1)));
    assert_eq!(stylus::decompress(&[0xef, 0xf0, 0, 0, 0xff], 1_000), Err(stylus::CodeError::Decompression));
    let large = crate::support::deployed(&[0; 1_001]);
    assert_eq!(stylus::decompress(&large, 1_000), Err(stylus::CodeError::Decompression));
    assert_eq!(stylus::decompress(&large, 1_001).map(|wasm| wasm.len()), Ok(1_001));
}

#[test]
fn a_call_to_nothing_succeeds() {
    let outcome = Chain::new().execute(&message(Address::ZERO, [], 21_000), devnode::evm::Mode::Call);
    let outcome = outcome.expect("not refused");
    assert_eq!((outcome.status, outcome.gas_used), (Status::Success, 21_000));
}
