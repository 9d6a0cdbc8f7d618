//! Random code against a model of its own: what it does to slots, accounts and logs says what its gas was for.

use super::{
    cases,
    dice::{self, Dice},
};
use crate::support::{Chain, at, message};
use alloy_primitives::U256;
use devnode::evm::{Mode, Resource};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// What code does: to a slot, an account, a log, and code that was made before it.
#[derive(Clone, Debug)]
enum Act {
    Read(u8),
    Write(u8, u8),
    Balance(u8),
    /// So many topics and bytes.
    Log(u8, u8),
    Call(usize),
}

/// Code at an address, which is its place in the list.
#[derive(Clone, Debug)]
struct Code {
    acts: Vec<Act>,
    reverts: bool,
    /// How many frames one call of it makes.
    frames: usize,
}

/// Most frames of a message.
const MOST_FRAMES: usize = 60;

/// Random code; each calls what comes before it. The last calls the most.
fn codes(dice: &mut Dice<'_>) -> Vec<Code> {
    let mut codes: Vec<Code> = Vec::new();
    for _ in 0..1 + dice.roll(8) {
        let mut code = Code { acts: Vec::new(), reverts: dice.roll(4) == 3, frames: 1 };
        for _ in 0..dice.roll(8) {
            code.acts.push(match dice.roll(6) {
                0 => Act::Read(dice.byte() % 4),
                1 => Act::Write(dice.byte() % 4, dice.byte() % 3),
                2 => Act::Balance(100 + dice.byte() % 3),
                3 => Act::Log(dice.byte() % 5, dice.byte()),
                _ => match codes.len() {
                    0 => continue,
                    len => {
                        let callee = dice.roll(len);
                        if code.frames + codes[callee].frames > MOST_FRAMES {
                            continue;
                        }
                        code.frames += codes[callee].frames;
                        Act::Call(callee)
                    }
                },
            });
        }
        codes.push(code);
    }
    codes
}

/// What a slot holds at first: half of them something.
fn initial(key: u8) -> u8 {
    key % 2
}

fn assemble(code: &Code) -> Vec<u8> {
    let mut bytes = Vec::new();
    for act in &code.acts {
        match act {
            Act::Read(key) => bytes.extend([0x60, *key, 0x54, 0x50]),
            Act::Write(key, value) => bytes.extend([0x60, *value, 0x60, *key, 0x55]),
            Act::Balance(account) => bytes.extend([0x61, 0xaa, *account, 0x31, 0x50]),
            Act::Log(topics, len) => {
                bytes.extend(std::iter::repeat_n(0x5f, usize::from(*topics)));
                bytes.extend([0x60, *len, 0x5f, 0xa0 + topics]);
            }
            Act::Call(callee) => {
                bytes.extend([0x5f, 0x5f, 0x5f, 0x5f, 0x5f, 0x61, 0xaa, *callee as u8, 0x5a, 0xf1, 0x50]);
            }
        }
    }
    bytes.extend(if code.reverts { vec![0x5f, 0x5f, 0xfd] } else { vec![0x00] });
    bytes
}

/// What is warm, and what slots hold that were written. A revert restores it.
#[derive(Clone, Default)]
struct State {
    accounts: BTreeSet<u8>,
    slots: BTreeSet<(usize, u8)>,
    values: BTreeMap<(usize, u8), u8>,
}

/// Gas that is not computation. A revert takes nothing of it back.
#[derive(Debug, Default, PartialEq, Eq)]
struct Expected {
    history: u64,
    read: u64,
    written: u64,
    growth: u64,
}

fn predict(codes: &[Code], number: usize, state: &mut State, expected: &mut Expected) {
    let before = state.clone();
    for act in &codes[number].acts {
        match act {
            Act::Read(key) => expected.read += if state.slots.insert((number, *key)) { 2_000 } else { 0 },
            Act::Write(key, value) => {
                let (slot, original) = ((number, *key), initial(*key));
                expected.read += if state.slots.insert(slot) { 2_100 } else { 0 };
                let now = state.values.insert(slot, *value).unwrap_or(original);
                if now == original && now != *value {
                    match original {
                        0 => expected.growth += 20_000,
                        _ => expected.written += 2_900,
                    }
                }
            }
            Act::Balance(account) => expected.read += if state.accounts.insert(*account) { 2_500 } else { 0 },
            Act::Log(topics, len) => expected.history += 256 * u64::from(*topics) + 8 * u64::from(*len),
            Act::Call(callee) => {
                expected.read += if state.accounts.insert(*callee as u8) { 2_500 } else { 0 };
                predict(codes, *callee, state, expected);
            }
        }
    }
    if codes[number].reverts {
        *state = before;
    }
}

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn code_uses_what_the_model_says(bytes in dice::bytes(250)) {
        let codes = codes(&mut Dice::new(&bytes));
        let mut chain = Chain::new();
        for (number, code) in codes.iter().enumerate() {
            chain.put(at(number as u8), assemble(code));
            for key in 0..4 {
                let value = U256::from(initial(key));
                chain.state.insert_account_storage(at(number as u8), U256::from(key), value).expect("in memory");
            }
        }
        let first = codes.len() - 1;
        let message = message(at(first as u8), [], 30_000_000);
        let plain = chain.execute(&message, Mode::Call).expect("not refused");
        prop_assert_eq!(plain.resources, None);
        chain.count_resources();
        let counted = chain.execute(&message, Mode::Call).expect("not refused");
        prop_assert_eq!(
            (&plain.status, plain.gas_used, plain.peak_gas_used, &plain.logs, &plain.state),
            (&counted.status, counted.gas_used, counted.peak_gas_used, &counted.logs, &counted.state)
        );

        let mut state = State { accounts: [first as u8].into(), ..State::default() };
        let mut expected = Expected::default();
        predict(&codes, first, &mut state, &mut expected);
        let resources = counted.resources.expect("it was counted");
        prop_assert_eq!(resources.total(), counted.peak_gas_used);
        let found = Expected {
            history: resources.get(Resource::HistoryGrowth),
            read: resources.get(Resource::StorageRead),
            written: resources.get(Resource::StorageWrite),
            growth: resources.get(Resource::StorageGrowth),
        };
        prop_assert_eq!(found, expected, "{:?}", codes);
    }
}
