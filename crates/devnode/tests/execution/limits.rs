//! What ends a message from outside: its time, and the room that its record has.

use super::support::{Chain, message};
use alloy_primitives::{Address, U256};
use devnode::{
    evm::{Message, Mode, Refusal},
    trace::{CallData, StepOptions, Wanted},
};
use std::time::Duration;

const CODE: Address = Address::with_last_byte(0xc0);
/// Jumps around until its gas is gone.
const LOOP: [u8; 3] = [0x5b, 0x5f, 0x56];
/// Calls itself with all gas until it cannot, again and again.
const NEST: [u8; 12] = [0x5b, 0x5f, 0x5f, 0x5f, 0x5f, 0x30, 0x5a, 0xfa, 0x50, 0x5f, 0x56, 0x00];

/// A transaction that has gas for hours.
fn endless() -> Message {
    Message { max_fee_per_gas: U256::from(100_000_000), ..message(CODE, [], 1 << 42) }
}

fn chain(code: &[u8]) -> Chain {
    let mut chain = Chain::new();
    chain.put(CODE, code.to_vec());
    chain
}

#[test]
fn a_message_ends_with_its_time() {
    for code in [&LOOP[..], &NEST] {
        let chain = chain(code);
        let message = endless();
        let time = Duration::from_millis(20);
        assert_eq!(chain.execute_within(&message, Mode::Transaction, time).unwrap_err(), Refusal::TimedOut(time));
        for wanted in [Wanted::bare(), Wanted { prestate: true, ..Wanted::bare() }] {
            let wanted = Wanted { timeout: time, bytes: usize::MAX, ..wanted };
            assert_eq!(chain.trace(&message, Mode::Transaction, wanted).unwrap_err(), Refusal::TimedOut(time));
        }
    }
}

#[test]
fn a_program_ends_with_its_time() {
    let mut chain = Chain::new();
    // Asks for its ink for ever.
    let program = r#"(module
        (import "vm_hooks" "pay_for_memory_grow" (func (param i32)))
        (import "vm_hooks" "evm_ink_left" (func $ink (result i64)))
        (memory (export "memory") 0)
        (func (export "user_entrypoint") (param i32) (result i32)
            (loop $again (drop (call $ink)) (br $again)) (i32.const 0)))"#;
    chain.put_program(CODE, program);
    let time = Duration::from_millis(20);
    let message = endless();
    assert_eq!(chain.execute_within(&message, Mode::Transaction, time).unwrap_err(), Refusal::TimedOut(time));
}

#[test]
fn a_record_has_so_much_room() {
    let chain = chain(&LOOP);
    let message = message(CODE, [7; 5_000], 200_000);
    let traced = |wanted: Wanted, bytes: usize| chain.trace(&message, Mode::Call, Wanted { bytes, ..wanted });
    let steps = Wanted { steps: Some(StepOptions { stack: true, ..StepOptions::default() }), ..Wanted::bare() };
    let many = traced(steps, 100 << 20).unwrap().steps.len();
    assert!(many > 10_000, "{many}");
    assert_eq!(traced(steps, 100_000).unwrap_err(), Refusal::TraceTooLarge(100_000));
    assert!(Refusal::TraceTooLarge(5).to_string().starts_with("trace too large: more than 5 bytes would be kept."));
    // Calldata is kept only if it is wanted.
    assert!(traced(Wanted::bare(), 5_000).unwrap().call.input.is_empty());
    for data in [CallData::Outermost, CallData::All] {
        let wanted = Wanted { data, ..Wanted::bare() };
        assert_eq!(traced(wanted, 6_000).unwrap().call.input.len(), 5_000);
        assert_eq!(traced(wanted, 5_000).unwrap_err(), Refusal::TraceTooLarge(5_000));
    }
}

/// Of an account that is read, its code takes room.
#[test]
fn the_code_of_accounts_that_are_read_takes_room() {
    const LARGE: Address = Address::with_last_byte(0xc1);
    // EXTCODESIZE of the large contract.
    let mut chain = chain(&[0x60, 0xc1, 0x3b, 0x00]);
    chain.put(LARGE, vec![0; 24_000]);
    let message = message(CODE, [], 200_000);
    let traced = |bytes: usize| chain.trace(&message, Mode::Call, Wanted { prestate: true, bytes, ..Wanted::bare() });
    let prestate = traced(100_000).unwrap().prestate.unwrap();
    assert_eq!(prestate.accounts[&LARGE].before.code.len(), 24_000);
    assert_eq!(traced(20_000).unwrap_err(), Refusal::TraceTooLarge(20_000));
}
