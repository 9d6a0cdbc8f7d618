//! Calls between EVM code and programs.

use alloy_primitives::{Bytes, TxKind, U256};
use devnode::evm::{Message, Mode, Status};

use crate::support::{
    CALL, Chain, STATIC_CALL, at, deployed, evm_forwarder, forward, forwarder, message, program, transaction,
};

/// Stores calldata (slot, value) and returns it.
const STORE: &str = "(call $read_args (i32.const 0)) (call $cache (i32.const 0) (i32.const 32)) \
    (call $flush (i32.const 0)) (call $write_result (i32.const 0) (i32.const 64)) i32.const 0";

fn words(words: [u64; 2]) -> Bytes {
    words.map(|word| U256::from(word).to_be_bytes::<32>()).concat().into()
}

#[test]
fn evm_code_and_programs_call_each_other_to_any_depth() {
    let mut chain = Chain::new();
    chain.put_program(at(1), &program(STORE));
    // EVM to program to EVM to program.
    chain.put_program(at(2), &forwarder(CALL));
    chain.put(at(3), evm_forwarder(0xf1, at(1)));
    chain.put(at(4), evm_forwarder(0xf1, at(2)));
    let outcome = chain.send(&transaction(at(4), forward(at(3), &words([1, 2])), 1_000_000));
    assert_eq!((outcome.status, outcome.output), (Status::Success, words([1, 2])));
    assert_eq!(chain.slot(at(1), 1), U256::from(2));
}

#[test]
fn a_delegate_call_uses_the_callers_storage() {
    let mut chain = Chain::new();
    chain.put_program(at(1), &program(STORE));
    chain.put(at(2), evm_forwarder(0xf4, at(1)));
    chain.send(&transaction(at(2), words([1, 2]), 1_000_000));
    assert_eq!((chain.slot(at(1), 1), chain.slot(at(2), 1)), (U256::ZERO, U256::from(2)));
}

#[test]
fn nothing_changes_in_a_static_call() {
    let mut chain = Chain::new();
    let log = "(call $emit_log (i32.const 0) (i32.const 0) (i32.const 0)) i32.const 0";
    let transient = "(call $tstore (i32.const 0) (i32.const 32)) i32.const 0";
    let create = "(call $create1 (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 32)) i32.const 0";
    for (number, body) in [(1, STORE), (2, log), (3, transient), (4, create)] {
        chain.put_program(at(number), &program(body));
        chain.put(at(10), evm_forwarder(0xfa, at(number)));
        assert_eq!(chain.call(at(10), words([1, 2]), 1_000_000).status, Status::Revert, "{body}");
        assert_eq!(chain.call(at(number), words([1, 2]), 1_000_000).status, Status::Success, "{body}");
    }
    // The ban holds below a program's static call too, whatever lies between.
    chain.put_program(at(20), &forwarder(STATIC_CALL));
    chain.put(at(21), evm_forwarder(0xf1, at(1)));
    let outcome = chain.call(at(20), forward(at(21), &words([1, 2])), 2_000_000);
    assert_eq!(outcome.status, Status::Revert);
}

#[test]
fn what_a_reverted_callee_did_is_undone_and_the_caller_goes_on() {
    let mut chain = Chain::new();
    let reverting = STORE.strip_suffix("i32.const 0").expect("the status is last").to_owned() + "i32.const 1";
    chain.put_program(at(1), &program(&reverting));
    let ignoring = forwarder(CALL).replace("(local.get $x)))", "(i32.const 0)))");
    chain.put_program(at(2), &ignoring);
    let outcome = chain.send(&transaction(at(2), forward(at(1), &words([1, 2])), 1_000_000));
    assert_eq!((outcome.status, outcome.output), (Status::Success, words([1, 2])));
    assert_eq!(chain.slot(at(1), 1), U256::ZERO);
}

#[test]
fn a_program_knows_when_it_is_re_entered_but_not_under_another_name() {
    let mut chain = Chain::new();
    let tell = "(if (i32.eqz (local.get $len)) (then (i32.store8 (i32.const 0) (call $msg_reentrant))
        (call $write_result (i32.const 0) (i32.const 1)) (return (i32.const 0))))";
    let module = forwarder(CALL)
        .replace("(call $read_args (i32.const 0))\n", &format!("{tell} (call $read_args (i32.const 0))\n"));
    chain.put_program(at(1), &module);
    chain.put(at(2), evm_forwarder(0xf4, at(1)));
    assert_eq!(chain.call(at(1), [], 1_000_000).output, Bytes::from_static(&[0]));
    // Through itself: re-entered.
    assert_eq!(chain.call(at(1), forward(at(1), &[]), 1_000_000).output, Bytes::from_static(&[1]));
    // Its code under another contract's name is another contract.
    assert_eq!(chain.call(at(1), forward(at(2), &[]), 1_000_000).output, Bytes::from_static(&[0]));
}

#[test]
fn a_program_creates_contracts_and_programs() {
    let mut chain = Chain::new();
    let create = "(call $read_args (i32.const 1024))
        (call $create1 (i32.const 1024) (local.get $len) (i32.const 0) (i32.const 32) (i32.const 64))
        (call $write_result (i32.const 32) (i32.const 20)) i32.const 0";
    chain.put_program(at(1), &program(create));
    let wasm = wat::parse_str(program("i32.const 0")).expect("valid");
    for code in [Bytes::from_static(&[0x00]), deployed(&wasm)] {
        // Init code that returns what follows it.
        let head = [0x61, (code.len() >> 8) as u8, code.len() as u8, 0x80, 0x60, 0x0a, 0x5f, 0x39, 0x5f, 0xf3];
        let outcome = chain.send(&transaction(at(1), [&head[..], &code].concat(), 10_000_000));
        assert_eq!(outcome.status, Status::Success);
        let created = alloy_primitives::Address::from_slice(&outcome.output);
        let info = chain.state.load_account(created).expect("in memory").info.clone();
        assert_eq!(info.code_hash, alloy_primitives::keccak256(&code));
    }
    // EIP-3541 stands for everything else that begins with 0xEF.
    let outcome = chain.send(&transaction(at(1), [0x60, 0xef, 0x5f, 0x53, 0x60, 0x01, 0x5f, 0xf3], 10_000_000));
    assert_eq!((outcome.status, outcome.output), (Status::Success, Bytes::from(vec![0; 20])));
}

#[test]
fn value_arrives_and_is_not_there_twice() {
    let mut chain = Chain::new();
    chain.put_program(
        at(1),
        &program("(call $msg_value (i32.const 0)) (call $write_result (i32.const 0) (i32.const 32)) i32.const 0"),
    );
    let pay = Message { value: U256::from(77), ..transaction(at(1), [], 1_000_000) };
    let outcome = chain.send(&pay);
    assert_eq!(outcome.output, Bytes::from(U256::from(77).to_be_bytes::<32>()));
    assert_eq!(chain.state.load_account(at(1)).expect("in memory").info.balance, U256::from(77));
    let too_much = Message { value: U256::MAX, ..message(at(1), [], 1_000_000) };
    assert!(chain.execute(&too_much, Mode::Call).is_err());
}

#[test]
fn a_deployment_of_code_that_begins_with_ef_fails_unless_it_is_a_program() {
    let chain = Chain::new();
    let deploy = |code: &[u8]| {
        let head = [0x60, code.len() as u8, 0x80, 0x60, 0x09, 0x5f, 0x39, 0x5f, 0xf3];
        let message = Message { to: TxKind::Create, ..message(at(0), [&head[..], code].concat(), 1_000_000) };
        chain.execute(&message, Mode::Call).expect("not refused").status
    };
    assert_eq!(deploy(&[0xef, 0xf0, 0x00, 0x00]), Status::Success);
    for code in [&[0xef][..], &[0xef, 0x00], &[0xef, 0xf0, 0x00], &[0xef, 0xf0, 0x01, 0x00]] {
        assert_eq!(deploy(code), Status::Failure("invalid code: must not begin with 0xef".into()), "{code:?}");
    }
}
