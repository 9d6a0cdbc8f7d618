//! Instructions that stand for what a program asks its host (Nitro: arbos/util/tracing.go).

use super::hosts::HostCall;
use alloy_primitives::{Address, U256};
use revm::bytecode::opcode as op;
use std::collections::BTreeMap;

/// Ink of a gas, whatever the chain's price is.
const INK: u64 = 10_000;

/// A program that runs.
#[derive(Debug)]
pub(super) struct ProgramNow {
    /// Who called it: Nitro takes him for the one whose storage it works on.
    pub(super) caller: Address,
    /// Depth of its frame, from 1.
    pub(super) depth: usize,
    /// Slots that it has loaded or set: the value, and that in the state if it is known.
    cache: BTreeMap<U256, (U256, Option<U256>)>,
}

/// An instruction that was not in any code.
#[derive(Debug)]
pub(super) struct ShownStep {
    pub(super) op: u8,
    pub(super) gas: u64,
    pub(super) cost: u64,
    pub(super) memory: Vec<u8>,
    /// The top last.
    pub(super) stack: Vec<U256>,
}

impl ProgramNow {
    pub(super) fn new(caller: Address, depth: usize) -> Self {
        Self { caller, depth, cache: BTreeMap::new() }
    }

    /// What stands for a host call; nothing for those that an EVM does not have, and for calls, which were shown before.
    pub(super) fn instructions(&mut self, call: &HostCall) -> Vec<ShownStep> {
        let mut shown = Shown { call, list: Vec::new() };
        let (args, outs) = (&call.args[..], &call.outs[..]);
        match call.name {
            "read_args" => shown.add(op::CALLDATACOPY, outs, &[&[], &[], &length(outs)]),
            "storage_load_bytes32" => {
                let (key, value) = (word(args, 0), word(outs, 0));
                if self.cache.contains_key(&key) {
                    return Vec::new();
                }
                self.cache.insert(key, (value, Some(value)));
                shown.asks(op::SLOAD, &[part(args, 0, 32)]);
            }
            "storage_cache_bytes32" => {
                self.cache.entry(word(args, 0)).or_default().0 = word(args, 32);
            }
            "storage_flush_cache" => {
                for (key, (value, known)) in &mut self.cache {
                    if *known != Some(*value) {
                        *known = Some(*value);
                        shown.add(op::SSTORE, &[], &[&key.to_be_bytes::<32>(), &value.to_be_bytes::<32>()]);
                    }
                }
                if args.first().is_some_and(|clear| *clear != 0) {
                    self.cache.clear();
                }
            }
            "transient_load_bytes32" => shown.asks(op::TLOAD, &[args]),
            "transient_store_bytes32" => shown.add(op::TSTORE, &[], &[part(args, 0, 32), part(args, 32, 32)]),
            "create1" => {
                let code = args.get(32..).unwrap_or_default();
                shown.add(op::CREATE, code, &[part(args, 0, 32), &[], &length(code)]);
                shown.add(op::POP, code, &[part(outs, 0, 20)]);
            }
            "create2" => {
                let code = args.get(64..).unwrap_or_default();
                shown.add(op::CREATE2, code, &[part(args, 0, 32), &[], &length(code), part(args, 32, 32)]);
                shown.add(op::POP, code, &[part(outs, 0, 20)]);
            }
            "read_return_data" => shown.add(op::RETURNDATACOPY, outs, &[&[], part(args, 0, 4), part(args, 4, 4)]),
            "emit_log" => {
                let topics = args.get(3).copied().unwrap_or_default().min(4);
                let data = args.get(4 + 32 * usize::from(topics)..).unwrap_or_default();
                let len = length(data);
                let mut stack = vec![&[][..], &len];
                stack.extend((0..usize::from(topics)).map(|topic| part(args, 4 + 32 * topic, 32)));
                shown.add(op::LOG0 + topics, data, &stack);
            }
            "account_code" => {
                shown.add(op::EXTCODECOPY, &[], &[part(args, 0, 20), &[], part(args, 20, 4), part(args, 24, 4)]);
            }
            "native_keccak256" => {
                shown.add(op::KECCAK256, args, &[&[], &length(args)]);
                shown.add(op::POP, args, &[outs]);
            }
            name => {
                if let Some((op, words)) = simple(name) {
                    let asked: Vec<_> = args.chunks(words.max(1)).filter(|_| words > 0).collect();
                    shown.asks(op, &asked);
                }
            }
        }
        shown.list
    }
}

/// Those that take words and answer one: the opcode, and the length of a word in bytes.
fn simple(name: &str) -> Option<(u8, usize)> {
    Some(match name {
        "return_data_size" => (op::RETURNDATASIZE, 0),
        "account_balance" => (op::BALANCE, 20),
        "account_code_size" => (op::EXTCODESIZE, 20),
        "account_codehash" => (op::EXTCODEHASH, 20),
        "block_basefee" => (op::BASEFEE, 0),
        "block_coinbase" => (op::COINBASE, 0),
        "block_gas_limit" => (op::GASLIMIT, 0),
        "block_number" => (op::NUMBER, 0),
        "block_timestamp" => (op::TIMESTAMP, 0),
        "chainid" => (op::CHAINID, 0),
        "contract_address" => (op::ADDRESS, 0),
        "evm_gas_left" | "evm_ink_left" => (op::GAS, 0),
        "math_div" => (op::DIV, 32),
        "math_mod" => (op::MOD, 32),
        "math_pow" => (op::EXP, 32),
        "math_add_mod" => (op::ADDMOD, 32),
        "math_mul_mod" => (op::MULMOD, 32),
        "msg_sender" => (op::CALLER, 0),
        "msg_value" => (op::CALLVALUE, 0),
        "tx_gas_price" | "tx_ink_price" => (op::GASPRICE, 0),
        "tx_origin" => (op::ORIGIN, 0),
        _ => return None,
    })
}

/// The instructions of one host call.
struct Shown<'a> {
    call: &'a HostCall,
    list: Vec<ShownStep>,
}

impl Shown<'_> {
    /// An instruction with its operands, the top first. All of the cost is the first one's.
    fn add(&mut self, op: u8, memory: &[u8], operands: &[&[u8]]) {
        let HostCall { start_ink, end_ink, .. } = self.call;
        let cost = if self.list.is_empty() { start_ink.saturating_sub(*end_ink) / INK } else { 0 };
        let stack = operands.iter().rev().map(|operand| U256::from_be_slice(part(operand, 0, 32))).collect();
        self.list.push(ShownStep { op, gas: end_ink / INK, cost, memory: memory.to_vec(), stack });
    }

    /// An instruction that leaves a word, which is then thrown away.
    fn asks(&mut self, op: u8, operands: &[&[u8]]) {
        let answer = self.call.outs.clone();
        self.add(op, &[], operands);
        self.add(op::POP, &[], &[&answer]);
    }
}

/// A length as a program's host writes it.
pub(super) fn length(bytes: &[u8]) -> [u8; 8] {
    (bytes.len() as u64).to_be_bytes()
}

fn part(bytes: &[u8], from: usize, len: usize) -> &[u8] {
    let from = from.min(bytes.len());
    &bytes[from..bytes.len().min(from + len)]
}

fn word(bytes: &[u8], from: usize) -> U256 {
    U256::from_be_slice(part(bytes, from, 32))
}
