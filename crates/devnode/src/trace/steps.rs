//! Each instruction of a message, as go-ethereum's opcode logger lists it (eth/tracers/logger/logger.go).

use super::{
    room::Room,
    step::{Look, Step, StepFault},
};
use alloy_primitives::{Address, U256};
use revm::bytecode::opcode as op;
use std::collections::BTreeMap;

/// What is kept of each instruction.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct StepOptions {
    /// The memory.
    pub memory: bool,
    /// The stack.
    pub stack: bool,
    /// Slots that the contract has read or written so far.
    pub storage: bool,
    /// What the last call returned.
    pub return_data: bool,
    /// Bytes of instructions as JSON, after which no more are kept; 0 if there is no such limit. They are reckoned too low, so
    /// that no instruction is missing.
    pub limit: i64,
}

/// An instruction.
#[derive(Debug, Clone, Default)]
pub struct LoggedStep {
    /// Where it is in the code.
    pub pc: u64,
    /// The opcode.
    pub op: u8,
    /// Gas left before it.
    pub gas: u64,
    /// What it costs, with what it hands to a call.
    pub cost: u64,
    /// Depth of the frame, from 1.
    pub depth: usize,
    /// Why it was not executed.
    pub error: Option<String>,
    /// The stack before it.
    pub stack: Option<Vec<U256>>,
    /// The memory before it.
    pub memory: Option<Vec<u8>>,
    /// What the last call returned.
    pub return_data: Option<Vec<u8>>,
    /// Slots of the contract.
    pub storage: Option<BTreeMap<U256, U256>>,
    /// The refund counter of the message, in gas.
    pub refund: u64,
}

/// The least that an instruction takes as JSON, in bytes: its names, and numbers of one digit.
const STEP_JSON: usize = 48;
/// The least that a word of the stack takes as JSON, in bytes: `"0x0"`.
const WORD_JSON: usize = 5;
/// What a slot takes as JSON, in bytes: two words in hexadecimal digits, in quotation marks.
const SLOT_JSON: usize = 2 * 66;
/// What a slot takes that is kept, in bytes.
const SLOT_BYTES: usize = 96;

/// Records each instruction.
#[derive(Debug, Default)]
pub(super) struct StepRecorder {
    options: StepOptions,
    steps: Vec<LoggedStep>,
    /// The instruction of EVM code that runs.
    running: Option<usize>,
    storage: BTreeMap<Address, BTreeMap<U256, U256>>,
    /// Bytes of JSON at least.
    shown: i64,
    /// Whether nothing is shown for now.
    pub(super) hidden: bool,
}

impl StepRecorder {
    /// One that keeps what is asked for.
    pub(super) fn new(options: StepOptions) -> Self {
        Self { options, ..Self::default() }
    }

    /// What was recorded.
    pub(super) fn into_steps(self) -> Vec<LoggedStep> {
        self.steps
    }

    /// An instruction of EVM code begins.
    pub(super) fn step(&mut self, step: &Step<'_>, room: &mut Room, state: &dyn Look) {
        self.running = (!self.hidden).then_some(self.steps.len());
        self.made_up(step, (0, None), room, state);
    }

    /// It has ended.
    pub(super) fn step_ended(&mut self, cost: u64, fault: Option<StepFault>) {
        if let Some(step) = self.running.take().and_then(|at| self.steps.get_mut(at)) {
            step.cost = cost;
            step.error = fault.and_then(|fault| fault.before);
        }
    }

    /// What is shown as an instruction, whole at once.
    pub(super) fn made_up(
        &mut self,
        step: &Step<'_>,
        (cost, error): (u64, Option<String>),
        room: &mut Room,
        state: &dyn Look,
    ) {
        let options = self.options;
        if self.hidden || (options.limit != 0 && self.shown > options.limit) {
            return;
        }
        let slots = if options.storage { known_slots(&mut self.storage, step, state) } else { None };
        let words = if options.stack { step.stack.len() } else { 0 };
        let kept = if options.memory { step.memory.len() } else { 0 };
        let bytes = kept + if options.return_data { step.return_data.len() } else { 0 };
        let slot_count = slots.map_or(0, BTreeMap::len);
        self.shown += (STEP_JSON + WORD_JSON * words + 2 * bytes + SLOT_JSON * slot_count) as i64;
        if !room.take(size_of::<LoggedStep>() + 32 * words + bytes + SLOT_BYTES * slot_count) {
            return;
        }
        let storage = slots.cloned();
        self.steps.push(LoggedStep {
            pc: step.pc,
            op: step.op,
            gas: step.gas,
            cost,
            depth: step.depth,
            error,
            stack: options.stack.then(|| step.stack.to_vec()),
            memory: (options.memory && !step.memory.is_empty()).then(|| step.memory.to_vec()),
            return_data: (options.return_data && !step.return_data.is_empty()).then(|| step.return_data.to_vec()),
            storage,
            refund: state.refund(),
        });
    }
}

/// The slots of the contract as they are known, after a load or a store.
fn known_slots<'a>(
    storage: &'a mut BTreeMap<Address, BTreeMap<U256, U256>>,
    step: &Step<'_>,
    state: &dyn Look,
) -> Option<&'a BTreeMap<U256, U256>> {
    let (key, value) = match (step.op, step.stack) {
        (op::SLOAD, [.., key]) => (*key, state.slot(step.address, *key)),
        (op::SSTORE, [.., value, key]) => (*key, *value),
        _ => return None,
    };
    let known = storage.entry(step.address).or_default();
    known.insert(key, value);
    Some(known)
}
