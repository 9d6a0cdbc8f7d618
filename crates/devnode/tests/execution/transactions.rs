//! Checks before a message, and what it pays.

use alloy_primitives::{TxKind, U256};
use devnode::evm::{Message, Mode, Refusal, Status};

use crate::support::{Chain, SENDER, at, message, transaction};

#[test]
fn nonces_must_follow() {
    let mut chain = Chain::new();
    let next = Message { nonce: Some(0), ..transaction(at(1), [], 21_000) };
    let early = Message { nonce: Some(1), ..next.clone() };
    let refusal = chain.execute(&early, Mode::Transaction).expect_err("too early");
    assert_eq!(refusal, Refusal::NonceTooHigh { address: SENDER, tx: 1, state: 0 });
    chain.send(&next);
    let refusal = chain.execute(&next, Mode::Transaction).expect_err("used");
    assert_eq!(refusal, Refusal::NonceTooLow { address: SENDER, tx: 0, state: 1 });
    assert_eq!(refusal.to_string(), format!("nonce too low: address {SENDER}, tx: 0 state: 1"));
}

#[test]
fn the_fee_cap_is_what_must_be_there_and_the_base_fee_what_is_paid() {
    let mut chain = Chain::new();
    let balance = |chain: &mut Chain| chain.state.load_account(SENDER).expect("in memory").info.balance;
    let before = balance(&mut chain);
    let generous = Message {
        max_fee_per_gas: U256::from(10_000_000_000u64),
        max_priority_fee_per_gas: U256::from(1_000_000_000),
        ..transaction(at(1), [], 50_000)
    };
    let outcome = chain.send(&generous);
    assert_eq!((outcome.gas_used, outcome.gas_price), (21_000, U256::from(100_000_000)));
    assert_eq!(before - balance(&mut chain), U256::from(21_000u64 * 100_000_000));

    let cap = before / U256::from(50_000) + U256::ONE;
    let refusal = chain.execute(&Message { max_fee_per_gas: cap, ..generous.clone() }, Mode::Transaction);
    assert!(matches!(refusal, Err(Refusal::InsufficientFunds { .. })), "{refusal:?}");
    let refusal = chain.execute(&Message { max_fee_per_gas: U256::MAX, ..generous.clone() }, Mode::Transaction);
    assert_eq!(refusal.expect_err("overflows"), Refusal::CostOverflow(SENDER));
    let low = Message { max_fee_per_gas: U256::from(99_999_999), max_priority_fee_per_gas: U256::ZERO, ..generous };
    let refusal = chain.execute(&low, Mode::Transaction).expect_err("below the base fee");
    assert_eq!(
        refusal.to_string(),
        format!(
            "max fee per gas less than block base fee: address {SENDER}, maxFeePerGas: 99999999, baseFee: 100000000"
        )
    );
}

#[test]
fn calldata_has_no_floor_price() {
    let chain = Chain::new();
    // EIP-7623 would ask for 61,000.
    let outcome = chain.call(at(1), vec![1; 1_000], 37_000);
    assert_eq!((outcome.status, outcome.gas_used), (Status::Success, 37_000));
    let refusal = chain.execute(&message(at(1), vec![1; 1_000], 36_999), Mode::Call).expect_err("too little");
    assert_eq!(refusal, Refusal::IntrinsicGas { have: 36_999, want: 37_000 });
}

#[test]
fn init_code_has_a_limit() {
    let chain = Chain::new();
    let create = |size| Message { to: TxKind::Create, ..message(at(0), vec![0; size], 10_000_000) };
    assert!(chain.execute(&create(49_152), Mode::Call).is_ok());
    let refusal = chain.execute(&create(49_153), Mode::Call).expect_err("too large");
    assert_eq!(refusal, Refusal::InitCodeTooLarge { size: 49_153, limit: 49_152 });
}

#[test]
fn code_sees_arbitrums_block() {
    let mut chain = Chain::new();
    // Returns one word: what the opcode pushes.
    let read = |chain: &mut Chain, code: &[u8]| {
        chain.put(at(1), [code, &[0x5f, 0x52, 0x60, 0x20, 0x5f, 0xf3]].concat());
        U256::from_be_slice(&chain.call(at(1), [], 100_000).output)
    };
    assert_eq!(read(&mut chain, &[0x43]), U256::from(300), "NUMBER is L1's");
    assert_eq!(read(&mut chain, &[0x44]), U256::ONE, "PREVRANDAO is the difficulty");
    assert_eq!(read(&mut chain, &[0x48]), U256::ZERO, "BASEFEE of a call without a price");
    assert_eq!(read(&mut chain, &[0x60, 0x01, 0x1e]), U256::from(255), "CLZ");
    let hash = |number: u64| U256::from_be_bytes(alloy_primitives::keccak256(number.to_be_bytes()).0);
    assert_eq!(read(&mut chain, &[0x61, 0x01, 0x2b, 0x40]), hash(299), "BLOCKHASH of L1's last block");
    assert_eq!(read(&mut chain, &[0x60, 0x2c, 0x40]), hash(44), "256 blocks back");
    assert_eq!(read(&mut chain, &[0x60, 0x2b, 0x40]), U256::ZERO, "257 blocks back");
    assert_eq!(read(&mut chain, &[0x61, 0x01, 0x2c, 0x40]), U256::ZERO, "the current block");
}

#[test]
fn failures_are_told_in_geths_words() {
    let mut chain = Chain::new();
    for (code, text) in [
        (&[0xfe][..], "invalid opcode: INVALID"),
        (&[0x0c], "invalid opcode: opcode 0xc not defined"),
        (&[0x01], "stack underflow (0 <=> 2)"),
        (&[0x5f, 0x56], "invalid jump destination"),
        (&[0x60, 0x01, 0x5f, 0x5f, 0x3e], "return data out of bounds"),
        (&[0x4a], "BLOBBASEFEE is not supported on Arbitrum"),
        (&[0x5b, 0x5f, 0x56], "out of gas"),
    ] {
        chain.put(at(1), code.to_vec());
        let outcome = chain.call(at(1), [], 100_000);
        assert_eq!(outcome.status, Status::Failure(text.into()), "{code:x?}");
        assert_eq!(outcome.gas_used, 100_000);
    }
}
