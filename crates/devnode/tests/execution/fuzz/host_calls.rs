//! Programs made of random host calls with random pointers and lengths, nested at random, at any gas: whatever they do, the
//! message ends within its gas, says the same again, and changes nothing where it fails or was called statically.

use super::{
    cases,
    dice::{self, Dice},
};
use crate::support::{Chain, SENDER, at, evm_forwarder, program, transaction};
use alloy_primitives::{Address, U256, hex};
use devnode::{
    ArbosVersion,
    evm::{Message, Mode, Outcome, Status},
};
use proptest::prelude::*;
use revm::{DatabaseRef, state::EvmState};

/// Host calls: their parameters (an address, a pointer to read from, one to write to, to a value in wei, a length, gas, a
/// number), and their result.
const HOOKS: &[(&str, &str, &str)] = &[
    ("read_args", "w", ""),
    ("write_result", "rl", ""),
    ("exit_early", "n", ""),
    ("storage_load_bytes32", "rw", ""),
    ("storage_cache_bytes32", "rr", ""),
    ("storage_flush_cache", "n", ""),
    ("transient_load_bytes32", "rw", ""),
    ("transient_store_bytes32", "rr", ""),
    ("call_contract", "arlvgw", "i32"),
    ("delegate_call_contract", "arlgw", "i32"),
    ("static_call_contract", "arlgw", "i32"),
    ("create1", "rlvww", ""),
    ("create2", "rlvrww", ""),
    ("read_return_data", "wll", "i32"),
    ("return_data_size", "", "i32"),
    ("emit_log", "rln", ""),
    ("account_balance", "aw", ""),
    ("account_code", "allw", "i32"),
    ("account_code_size", "a", "i32"),
    ("account_codehash", "aw", ""),
    ("evm_gas_left", "", "i64"),
    ("evm_ink_left", "", "i64"),
    ("block_basefee", "w", ""),
    ("chainid", "", "i64"),
    ("block_coinbase", "w", ""),
    ("block_gas_limit", "", "i64"),
    ("block_number", "", "i64"),
    ("block_timestamp", "", "i64"),
    ("contract_address", "w", ""),
    ("math_div", "ww", ""),
    ("math_mod", "ww", ""),
    ("math_pow", "ww", ""),
    ("math_add_mod", "www", ""),
    ("math_mul_mod", "www", ""),
    ("msg_reentrant", "", "i32"),
    ("msg_sender", "w", ""),
    ("msg_value", "w", ""),
    ("native_keccak256", "rlw", ""),
    ("tx_gas_price", "w", ""),
    ("tx_ink_price", "", "i32"),
    ("tx_origin", "w", ""),
    ("pay_for_memory_grow", "l", ""),
];

/// Where two programs are, what calls the first by CALL, DELEGATECALL and STATICCALL, nobody, and an honest program.
const FIRST: u8 = 1;
const SECOND: u8 = 2;
const CALLERS: [(u8, u8); 3] = [(3, 0xf1), (4, 0xf4), (5, 0xfa)];
const STATIC_CALLER: u8 = 5;
const NOBODY: u8 = 6;
const HONEST: u8 = 7;
/// Where a program keeps those addresses, values, and init code that leaves a byte of code.
const ADDRESSES: u32 = 0x100;
const NOTHING: u32 = 0x200;
const ONE_WEI: u32 = 0x220;
const INIT_CODE: u32 = 0x300;

/// Any program: its text.
pub(super) fn draft(dice: &mut Dice<'_>) -> String {
    let mut text = String::from("(module\n");
    for (name, parameters, result) in HOOKS {
        let kinds: String = parameters.chars().map(|kind| if kind == 'g' { " i64" } else { " i32" }).collect();
        let result = if result.is_empty() { String::new() } else { format!(" (result {result})") };
        text += &format!("(import \"vm_hooks\" \"{name}\" (func ${name} (param{kinds}){result}))\n");
    }
    let addresses: String =
        (FIRST..=NOBODY).map(|number| format!("{}{}", bytes(at(number).as_slice()), "\\00".repeat(12))).collect();
    text += &format!(
        "(memory (export \"memory\") 1 {}) (data (i32.const {ADDRESSES}) \"{addresses}\")
        (data (i32.const {}) \"\\01\") (data (i32.const {INIT_CODE}) \"{}\")
        (func (export \"user_entrypoint\") (param $len i32) (result i32) (local $i i32)\n",
        1 + dice.roll(5),
        ONE_WEI + 31,
        bytes(&hex!("60016000f3")),
    );
    statements(dice, &mut text, 0);
    text += *dice.pick(&["(i32.const 0)", "(i32.const 1)", "(local.get $len)", "unreachable"]);
    text + "))"
}

fn bytes(data: &[u8]) -> String {
    data.iter().map(|byte| format!("\\{byte:02x}")).collect()
}

fn statements(dice: &mut Dice<'_>, text: &mut String, depth: usize) {
    for _ in 0..12 {
        if !dice.is_left() {
            return;
        }
        match dice.roll(10) {
            0 if depth == 0 => {
                let rounds = dice.byte();
                *text += &format!("(local.set $i (i32.const {rounds})) (loop $again\n");
                statements(dice, text, depth + 1);
                *text +=
                    "(br_if $again (i32.gt_s (local.tee $i (i32.sub (local.get $i) (i32.const 1))) (i32.const 0))))\n";
            }
            1 => *text += &format!("(drop (memory.grow (i32.const {})))\n", dice.word() >> 24),
            2 => *text += &format!("(i64.store (i32.const {}) (i64.const {}))\n", dice.byte(), dice.word()),
            _ => host_call(dice, text),
        }
    }
}

fn host_call(dice: &mut Dice<'_>, text: &mut String) {
    let (name, parameters, result) = dice.pick(HOOKS);
    let mut call = format!("(call ${name}");
    for kind in parameters.chars() {
        let value = argument(dice, kind);
        let sort = if kind == 'g' { "i64" } else { "i32" };
        call += &format!(" ({sort}.const {value})");
    }
    call += ")";
    *text += &if result.is_empty() { format!("{call}\n") } else { format!("(drop {call})\n") };
}

/// Mostly what makes sense, sometimes anything.
fn argument(dice: &mut Dice<'_>, kind: char) -> i64 {
    if dice.roll(16) == 15 {
        let any = dice.word();
        return i64::from(*dice.pick(&[65_504, 65_505, 65_536, u32::MAX, any]));
    }
    match kind {
        'a' => i64::from(ADDRESSES) + 32 * dice.roll(6) as i64,
        'r' => i64::from(*dice.pick(&[0, INIT_CODE, ADDRESSES])) + i64::from(dice.byte() / 16),
        'w' => 16 * i64::from(dice.byte()) + 0x1000,
        'v' => i64::from(*dice.pick(&[NOTHING, NOTHING, ONE_WEI])),
        'l' => i64::from(*dice.pick(&[5, 20, 32, 64, 100, 1_000])),
        'g' => *dice.pick(&[-1, 0, 50_000, 1_000_000]),
        _ => i64::from(dice.byte() % 6),
    }
}

/// A state with two random programs, and all around them.
fn chain(dice: &mut Dice<'_>) -> (Chain, String) {
    let mut chain = Chain::new();
    let (second, first) = (draft(dice), draft(dice));
    chain.put_program(at(FIRST), &first);
    chain.put_program(at(SECOND), &second);
    for (number, opcode) in CALLERS {
        chain.put(at(number), evm_forwarder(opcode, at(FIRST)));
    }
    let echo = "(call $read_args (i32.const 0)) (call $write_result (i32.const 0) (local.get $len)) i32.const 0";
    chain.put_program(at(HONEST), &program(echo));
    (chain, format!("{first}\n{second}"))
}

/// What a message changed other than its sender.
fn changes(chain: &Chain, state: &EvmState) -> Vec<Address> {
    let changed = |address: &Address, account: &revm::state::Account| {
        let Ok(before) = chain.state.basic_ref(*address);
        let (before, after) = (before.unwrap_or_default(), &account.info);
        let slot = |key: &U256| chain.state.storage_ref(*address, *key).unwrap_or_default();
        (before.balance, before.nonce, before.code_hash) != (after.balance, after.nonce, after.code_hash)
            || account.storage.iter().any(|(key, value)| value.present_value != slot(key))
    };
    let others = state.iter().filter(|(address, _)| **address != SENDER);
    others.filter(|(address, account)| changed(address, account)).map(|(address, _)| *address).collect()
}

fn run(chain: &Chain, message: &Message) -> Outcome {
    chain.execute(message, Mode::Transaction).expect("not refused")
}

proptest! {
    #![proptest_config(cases(150))]

    #[test]
    fn whatever_a_program_asks_for_the_message_ends_and_the_state_is_whole(bytes in dice::bytes(300)) {
        let dice = &mut Dice::new(&bytes);
        let gas = [60_000, 300_000, 2_000_000][dice.roll(3)] + 100 * u64::from(dice.byte());
        let input: Vec<u8> = (0..dice.roll(100)).map(|_| dice.byte()).collect();
        let entry = *dice.pick(&[FIRST, CALLERS[0].0, CALLERS[1].0, STATIC_CALLER]);
        let value = U256::from(if entry == FIRST { dice.roll(2) } else { 0 });
        let (mut chain, text) = chain(dice);
        chain.block.version = *dice.pick(&[ArbosVersion::V51, ArbosVersion::V61]);

        let message = Message { value, ..transaction(at(entry), input, gas) };
        let outcome = run(&chain, &message);
        prop_assert!(outcome.gas_used <= gas && outcome.peak_gas_used <= gas);
        // A byte that comes back, or is logged, was paid for.
        prop_assert!(outcome.output.len() as u64 <= gas * 10_000 / 110);
        prop_assert!(outcome.logs.iter().map(|log| log.data.data.len() as u64 * 8).sum::<u64>() <= gas);
        if let Status::Failure(text) = &outcome.status {
            prop_assert!(!text.contains("cannot"), "{text}");
        }
        if !outcome.status.is_success() || entry == STATIC_CALLER {
            prop_assert_eq!(changes(&chain, &outcome.state), Vec::<Address>::new(), "{}", text);
            prop_assert!(outcome.logs.is_empty());
        }

        // The same again, but for what the gas was used for.
        chain.count_resources();
        let again = run(&chain, &message);
        prop_assert_eq!(
            (&outcome.status, outcome.gas_used, &outcome.output, &outcome.logs, &outcome.state),
            (&again.status, again.gas_used, &again.output, &again.logs, &again.state)
        );
        let counted = again.resources.expect("it was counted").total();
        if chain.block.version == ArbosVersion::V61 {
            prop_assert_eq!(counted, again.peak_gas_used, "{}", text);
        } else {
            prop_assert!(counted <= again.peak_gas_used, "what a program could not start with is not counted");
        }
        let honest = chain.call(at(HONEST), b"still here".as_slice(), 1_000_000);
        prop_assert_eq!(honest.output.as_ref(), b"still here");
    }
}
