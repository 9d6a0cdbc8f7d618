//! Each instruction of a message, as go-ethereum's opcode logger lists it (eth/tracers/logger/logger.go).

use super::step::{Look, Step, StepFault};
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

/// Records each instruction.
#[derive(Debug, Default)]
pub(super) struct StepRecorder {
    options: StepOptions,
    steps: Vec<LoggedStep>,
    /// The instruction of EVM code that runs.
    running: Option<usize>,
    storage: BTreeMap<Address, BTreeMap<U256, U256>>,
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
    pub(super) fn step(&mut self, step: &Step<'_>, state: &dyn Look) {
        self.running = (!self.hidden).then_some(self.steps.len());
        self.made_up(step, 0, None, state);
    }

    /// It has ended.
    pub(super) fn step_ended(&mut self, cost: u64, fault: Option<StepFault>) {
        if let Some(step) = self.running.take().and_then(|at| self.steps.get_mut(at)) {
            step.cost = cost;
            step.error = fault.and_then(|fault| fault.before);
        }
    }

    /// What is shown as an instruction, whole at once.
    pub(super) fn made_up(&mut self, step: &Step<'_>, cost: u64, error: Option<String>, state: &dyn Look) {
        if self.hidden {
            return;
        }
        let options = self.options;
        let storage = self.slots(step, state);
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

    /// The slots of the contract as they are known, after a load or a store.
    fn slots(&mut self, step: &Step<'_>, state: &dyn Look) -> Option<BTreeMap<U256, U256>> {
        if !self.options.storage {
            return None;
        }
        let (key, value) = match (step.op, step.stack) {
            (op::SLOAD, [.., key]) => (*key, state.slot(step.address, *key)),
            (op::SSTORE, [.., value, key]) => (*key, *value),
            _ => return None,
        };
        let known = self.storage.entry(step.address).or_default();
        known.insert(key, value);
        Some(known.clone())
    }
}
