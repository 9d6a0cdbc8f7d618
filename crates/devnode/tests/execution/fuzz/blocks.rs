//! Two nodes that are sent the same, at the same times, have the same blocks: headers, receipts, logs and roots of the
//! state, to the byte.

use super::{
    cases,
    dice::{self, Dice},
    host_calls,
};
use crate::support::deployed;
use alloy_primitives::{TxKind, U256};
use alloy_sol_types::{SolCall, sol};
use devnode::DevNode;
use harness::wire::{Client, Wallet};
use nitro::{ARB_OWNER, ARB_WASM};
use proptest::prelude::*;
use serde_json::{Value, json};

sol! {
    function activateProgram(address program) external payable returns (uint16 version, uint256 dataFee);
    function setL1PricePerUnit(uint256 pricePerUnit) external;
}

/// When the first block is made; the chain's data pricer counts from an earlier time.
const START: u64 = 1_800_000_000;

/// A transaction: whom it calls, its value, its calldata, its gas.
type Message = (TxKind, u128, Vec<u8>, u64);

/// Init code that leaves this code.
fn init_code(code: &[u8]) -> Vec<u8> {
    let size = u16::try_from(code.len()).expect("small").to_be_bytes();
    [&[0x61, size[0], size[1], 0x80, 0x60, 11, 0x5f, 0x39, 0x5f, 0xf3, 0x00], code].concat()
}

/// Deployments of random programs and contracts, activations, calls with and without success.
fn script(dice: &mut Dice<'_>) -> Vec<Message> {
    let free = setL1PricePerUnitCall { pricePerUnit: U256::ZERO }.abi_encode();
    let mut script = vec![(TxKind::Call(ARB_OWNER), 0, free, 5_000_000)];
    let mut known = vec![Wallet::number(1).address()];
    while dice.is_left() && script.len() < 16 {
        let nonce = script.len() as u64;
        let made = devnode::DEV_ACCOUNT.create(nonce);
        match dice.roll(4) {
            0 => {
                let wasm = wat::parse_str(host_calls::draft(dice)).expect("valid text");
                script.push((TxKind::Create, 0, init_code(&deployed(&wasm)), 8_000_000));
                let call = activateProgramCall { program: made }.abi_encode();
                script.push((TxKind::Call(ARB_WASM), 10u128.pow(17), call, 8_000_000));
                known.push(made);
            }
            1 => {
                let code: Vec<u8> = (0..dice.roll(40)).map(|_| dice.byte()).collect();
                script.push((TxKind::Create, u128::from(dice.byte()), code, 500_000));
                known.push(made);
            }
            _ => {
                let input: Vec<u8> = (0..dice.roll(50)).map(|_| dice.byte()).collect();
                let to = TxKind::Call(*dice.pick(&known));
                script.push((to, u128::from(dice.byte()), input, 30_000 + 10_000 * u64::from(dice.byte())));
            }
        }
    }
    script
}

/// All blocks of a fresh node that was sent a script, with their receipts.
fn blocks(script: &[Message]) -> Vec<(Value, Value)> {
    let node = DevNode::builder().bare(true).spawn().expect("a node");
    let client = Client::new(&node);
    for (nonce, (to, value, input, gas)) in (0..).zip(script) {
        client.call("evm_setNextBlockTimestamp", json!([START + 7 * nonce]));
        client.call("eth_sendRawTransaction", json!([Wallet::dev().sign(nonce, *to, *value, input, *gas)]));
    }
    let count = client.number("eth_blockNumber", json!([]));
    assert_eq!(count, script.len() as u64);
    let block = |number: u64| {
        let number = format!("{number:#x}");
        (
            client.call("eth_getBlockByNumber", json!([number, true])),
            client.call("eth_getBlockReceipts", json!([number])),
        )
    };
    (0..=count).map(block).collect()
}

proptest! {
    #![proptest_config(cases(12))]

    #[test]
    fn two_nodes_make_the_same_blocks(bytes in dice::bytes(400)) {
        let script = script(&mut Dice::new(&bytes));
        let (one, other) = (blocks(&script), blocks(&script));
        for (one, other) in one.iter().zip(&other) {
            prop_assert_eq!(one.0.to_string(), other.0.to_string());
            prop_assert_eq!(one.1.to_string(), other.1.to_string());
        }
    }
}
