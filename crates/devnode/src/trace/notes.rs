//! What a bundler must know of each frame (ERC-7562; go-ethereum: eth/tracers/native/erc7562.go).

use super::{
    room::Room,
    step::{Look, Step},
};
use alloy_primitives::{Address, U256};
use revm::bytecode::opcode as op;
use std::collections::{BTreeMap, BTreeSet};

/// What is noted of a frame.
#[derive(Debug, Clone, Default)]
pub struct Notes {
    /// Slots that were read before they were written, with their values.
    pub reads: BTreeMap<U256, U256>,
    /// How often each slot was written.
    pub writes: BTreeMap<U256, u64>,
    /// How often each transient slot was read.
    pub transient_reads: BTreeMap<U256, u64>,
    /// How often each transient slot was written.
    pub transient_writes: BTreeMap<U256, u64>,
    /// Accounts whose code was looked at, unless only to know whether they have any.
    pub looked_at: Vec<Address>,
    /// How often each opcode was there; `GAS` counts unless a call follows it.
    pub opcodes: BTreeMap<u8, u64>,
    /// Bytes of code of each account that was called or looked at, and the opcode that did it first.
    pub sizes: BTreeMap<Address, (usize, u8)>,
}

/// Takes notes of each instruction.
#[derive(Debug, Default)]
pub(super) struct NoteTaker {
    /// The instruction before this one, and the top of its stack.
    last: Option<(u8, U256)>,
    /// What was hashed.
    pub(super) hashed: BTreeSet<Vec<u8>>,
}

impl NoteTaker {
    /// An instruction begins in the frame of these notes.
    pub(super) fn step(&mut self, step: &Step<'_>, notes: &mut Notes, room: &mut Room, state: &dyn Look) {
        let (code, len) = (step.op, step.stack.len());
        let operand = |place: usize| len.checked_sub(place + 1).map_or(U256::ZERO, |at| step.stack[at]);
        let address = |word: U256| Address::from_word(word.into());
        if matches!(code, op::REVERT | op::RETURN) {
            self.last = None;
        }
        if let Some((last, top)) = self.last {
            if looks(last) && !(last == op::EXTCODESIZE && code == op::ISZERO) {
                notes.looked_at.push(address(top));
            }
            if last == op::GAS && !calls(code) {
                *notes.opcodes.entry(op::GAS).or_default() += 1;
            }
        }
        if looks(code) || calls(code) {
            let account = address(operand(usize::from(calls(code))));
            notes.sizes.entry(account).or_insert_with(|| (state.account(account).code.len(), code));
        }
        if code != op::GAS {
            *notes.opcodes.entry(code).or_default() += 1;
        }
        let slot = operand(0);
        let count = |slots: &mut BTreeMap<U256, u64>| *slots.entry(slot).or_default() += 1;
        match code {
            op::SLOAD if !notes.writes.contains_key(&slot) => {
                notes.reads.entry(slot).or_insert_with(|| state.slot(step.address, slot));
            }
            op::SSTORE => count(&mut notes.writes),
            op::TLOAD => count(&mut notes.transient_reads),
            op::TSTORE => count(&mut notes.transient_writes),
            op::KECCAK256 if len >= 2 => {
                // Each is counted, also what was hashed before: copying it is what costs.
                if let Some(part) = step.memory_part(slot, operand(1))
                    && room.take(part.len())
                {
                    let bytes = part.copied();
                    self.hashed.insert(bytes);
                }
            }
            _ => {}
        }
        self.last = Some((code, slot));
    }
}

fn looks(code: u8) -> bool {
    matches!(code, op::EXTCODEHASH | op::EXTCODESIZE | op::EXTCODECOPY)
}

fn calls(code: u8) -> bool {
    matches!(code, op::CALL | op::CALLCODE | op::DELEGATECALL | op::STATICCALL)
}
