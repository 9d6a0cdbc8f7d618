//! Random nests of calls: contracts that touch slots and accounts, call those before them, and make others.

use alloy_primitives::{Address, TxKind, hex, keccak256};
use harness::wire::{Client, Wallet};
use serde_json::{Value, json};

/// A seeded row of numbers.
pub(crate) struct Dice {
    seed: u64,
    thrown: u64,
}

impl Dice {
    /// The row of a seed.
    pub(crate) fn new(seed: u64) -> Self {
        Self { seed, thrown: 0 }
    }

    /// One of so many, from 0.
    pub(crate) fn below(&mut self, sides: usize) -> usize {
        self.thrown += 1;
        let hash = keccak256([self.seed.to_be_bytes(), self.thrown.to_be_bytes()].concat());
        u64::from_be_bytes(hash[..8].try_into().unwrap()) as usize % sides
    }
}

/// A random contract's code, which calls some of `others`.
fn code(dice: &mut Dice, others: &[Address]) -> Vec<u8> {
    let mut code = Vec::new();
    let small = |dice: &mut Dice| dice.below(4) as u8;
    for _ in 0..4 + dice.below(8) {
        let target = match (dice.below(4), others) {
            (0, _) | (_, []) => Address::with_last_byte(0xa0 + small(dice)),
            (_, others) => others[dice.below(others.len())],
        };
        let push = |address: Address| [&[0x73][..], address.as_slice()].concat();
        match dice.below(9) {
            // Stores a small number, often zero.
            0 => code.extend([0x60, small(dice), 0x60, small(dice), 0x55]),
            // Counts a slot up.
            1 => {
                let slot = small(dice);
                code.extend([0x60, slot, 0x54, 0x60, 1, 0x01, 0x60, slot, 0x55]);
            }
            // Looks at an account: its balance, the size and the hash of its code.
            2 => {
                code.extend(push(target));
                code.extend([[0x31, 0x3b, 0x3f][dice.below(3)], 0x50]);
            }
            // Calls it, with a wei or without, with little gas or enough, and keeps whether it succeeded.
            3 | 4 => {
                let gas = [0x00, 0x03, 0xff][dice.below(3)];
                code.extend([0x5f, 0x5f, 0x5f, 0x5f, 0x60, (dice.below(3) == 0).into()]);
                code.extend(push(target));
                code.extend([0x61, gas, 0xff, 0xf1, 0x60, small(dice), 0x55]);
            }
            // Calls it by delegation, or without any change.
            5 | 6 => {
                code.extend([0x5f, 0x5f, 0x5f, 0x5f]);
                code.extend(push(target));
                code.extend([0x61, 0xff, 0xff, [0xf4, 0xfa][dice.below(2)], 0x50]);
            }
            // Makes a contract that stores a word and has the code `STOP`; twice at the same address fails.
            7 => {
                let init = hex!("600760015560015ff3");
                code.extend([&[0x68][..], &init, &[0x5f, 0x52]].concat());
                match dice.below(2) {
                    0 => code.extend([0x60, 9, 0x60, 23, 0x5f, 0xf0, 0x50]),
                    _ => code.extend([0x60, small(dice), 0x60, 9, 0x60, 23, 0x5f, 0xf5, 0x50]),
                }
            }
            // Hashes and logs its memory.
            _ => code.extend([0x60, 40, 0x5f, 0x20, 0x5f, 0x52, 0x60, 32, 0x5f, 0xa0]),
        }
    }
    match dice.below(8) {
        0 => code.extend([0x60, 32, 0x5f, 0xfd]),
        1 => code.push(0xfe),
        2 => code.push(0x01),
        _ => code.extend([0x60, 1, 0x54, 0x5f, 0x52, 0x60, 32, 0x5f, 0xf3]),
    }
    code
}

/// Deploys a nest; its contracts, of which the last calls most others.
pub(crate) fn deploy(client: &Client, dev: &Wallet, dice: &mut Dice) -> Vec<Address> {
    let mut contracts = Vec::new();
    for _ in 0..6 {
        let runtime = code(dice, &contracts);
        let init = [&[0x61][..], &(runtime.len() as u16).to_be_bytes(), &hex!("80600a5f395ff3"), &runtime].concat();
        let receipt = send(client, dev, TxKind::Create, 1_000, &init);
        contracts.push(receipt["contractAddress"].as_str().unwrap().parse().unwrap());
    }
    contracts
}

/// Sends a transaction; its receipt.
pub(crate) fn send(client: &Client, dev: &Wallet, to: TxKind, value: u128, input: &[u8]) -> Value {
    let nonce = client.number("eth_getTransactionCount", json!([dev.address(), "latest"]));
    let raw = dev.sign(nonce, to, value, input, 3_000_000);
    let hash = client.call("eth_sendRawTransaction", json!([raw]));
    client.call("eth_getTransactionReceipt", json!([hash]))
}
