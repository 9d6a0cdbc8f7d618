//! Records all that a message does.

use super::{
    Entry, HostCall, Sink, Trace,
    calls::CallRecorder,
    hosts::HostRecorder,
    made_up::{ProgramNow, ShownStep},
    notes::NoteTaker,
    prestate::PrestateRecorder,
    step::{Beginning, Look, Step, StepFault},
    steps::{StepOptions, StepRecorder},
    touched::{self, Touched},
};
use alloy_primitives::{Address, Log, U256};
use revm::{bytecode::opcode as op, handler::FrameResult};
use std::borrow::Cow;

/// What is recorded beyond calls and host calls.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Wanted {
    /// The state that is read.
    pub prestate: bool,
    /// Each instruction.
    pub steps: Option<StepOptions>,
    /// What a bundler must know of each frame, and what is hashed.
    pub notes: bool,
    /// The accounts and slots that its instructions name.
    pub touched: bool,
}

/// Records a message while it runs.
#[derive(Debug, Default)]
pub struct Recorder {
    calls: CallRecorder,
    hosts: HostRecorder,
    prestate: Option<PrestateRecorder>,
    steps: Option<StepRecorder>,
    notes: Option<NoteTaker>,
    touched: Option<Touched>,
    /// Programs that run, the innermost last.
    programs: Vec<ProgramNow>,
}

impl Recorder {
    /// One that records what is asked for.
    pub fn new(wanted: Wanted) -> Self {
        Self {
            prestate: wanted.prestate.then(PrestateRecorder::default),
            steps: wanted.steps.map(StepRecorder::new),
            notes: wanted.notes.then(NoteTaker::default),
            touched: wanted.touched.then(Touched::default),
            ..Self::default()
        }
    }

    fn note(&mut self, step: &Step<'_>, state: &dyn Look) {
        if let Some(taker) = &mut self.notes
            && let Some(notes) = self.calls.notes()
        {
            taker.step(step, notes, state);
        }
        if let Some(touched) = &mut self.touched {
            touched::note(touched, step);
        }
    }

    /// Shows what the program that runs has done as instructions.
    fn show(&mut self, list: Vec<ShownStep>, state: &dyn Look) {
        let Some(program) = self.programs.last() else { return };
        let (depth, address) = (program.depth, program.caller);
        for ShownStep { op, gas, cost, memory, stack } in list {
            let step = Step { gas, memory: &memory, ..Step::made_up(op, depth, address, &stack) };
            self.made_up(&step, cost, None, state);
        }
    }
}

impl Sink for Recorder {
    fn watches(&self) -> bool {
        self.prestate.is_some() || self.steps.is_some() || self.notes.is_some() || self.touched.is_some()
    }

    fn begin(&mut self, message: &Beginning, state: &dyn Look) {
        if let Some(prestate) = &mut self.prestate {
            prestate.begin(message, state);
        }
    }

    fn enter(&mut self, entry: Entry, logs: &[Log]) {
        self.hosts.enter(&entry);
        self.calls.enter(entry, logs);
    }

    fn has_run(&mut self, logs: &[Log]) {
        self.calls.take_logs(logs);
    }

    fn exit(&mut self, result: &FrameResult, failure: Option<Cow<'static, str>>, logs: &[Log]) {
        self.calls.exit(result, failure, logs);
        self.hosts.exit();
    }

    fn step(&mut self, step: &Step<'_>, state: &dyn Look) {
        self.note(step, state);
        if let Some(prestate) = &mut self.prestate {
            prestate.step(step, state);
        }
        if let Some(steps) = &mut self.steps {
            steps.step(step, state);
        }
    }

    fn step_ended(&mut self, cost: u64, fault: Option<StepFault>) {
        if let (Some(prestate), Some(fault)) = (&mut self.prestate, &fault) {
            prestate.failed(fault);
        }
        if let Some(steps) = &mut self.steps {
            steps.step_ended(cost, fault);
        }
    }

    fn made_up(&mut self, step: &Step<'_>, cost: u64, error: Option<String>, state: &dyn Look) {
        self.note(step, state);
        if let Some(prestate) = self.prestate.as_mut().filter(|_| error.is_none()) {
            prestate.step(step, state);
        }
        if let Some(steps) = &mut self.steps {
            steps.made_up(step, cost, error, state);
        }
    }

    fn arbos_slot(&mut self, account: Address, slot: U256, state: &dyn Look) {
        if let Some(prestate) = &mut self.prestate {
            prestate.slot(account, slot, state);
        }
    }

    fn hide(&mut self, hidden: bool) {
        if let Some(steps) = &mut self.steps {
            steps.hidden = hidden;
        }
    }

    fn transfer(&mut self, (from, to): (Address, Address), value: U256, depth: usize, state: &dyn Look) {
        self.calls.at_once("CALL", (from, to), value, state.logs());
        self.hosts.at_once("evm_call_contract", to);
        if self.watches() {
            let zero = U256::ZERO;
            let call = [zero, zero, zero, zero, value, U256::from_be_slice(to.as_slice()), zero];
            self.made_up(&Step::made_up(op::CALL, depth, from, &call), 0, None, state);
            self.made_up(&Step::made_up(op::RETURN, depth + 1, from, &[zero, zero]), 0, None, state);
            self.made_up(&Step::made_up(op::POP, depth, from, &[U256::ONE]), 0, None, state);
        }
    }

    fn self_destruct(&mut self, contract: Address, heir: Address, value: U256, logs: &[Log]) {
        self.calls.at_once("SELFDESTRUCT", (contract, heir), value, logs);
        self.hosts.at_once("evm_self_destruct", heir);
    }

    fn program(&mut self, caller: Address, depth: usize) {
        self.programs.push(ProgramNow::new(caller, depth));
    }

    fn program_calls(&mut self, op: u8, operands: &[U256], input: &[u8], (gas, cost): (u64, u64), state: &dyn Look) {
        let stack = operands.iter().rev().copied().collect();
        self.show(vec![ShownStep { op, gas, cost, memory: input.to_vec(), stack }], state);
    }

    fn host_call(&mut self, call: HostCall, state: &dyn Look) {
        if self.watches()
            && let Some(program) = self.programs.last_mut()
        {
            let list = program.instructions(&call);
            self.show(list, state);
        }
        self.hosts.record(call);
    }

    fn program_ended(&mut self, success: bool, output: &[u8], gas: u64, state: &dyn Look) {
        let (op, stack) = match (success, output) {
            (true, []) => (op::STOP, vec![]),
            (true, _) => (op::RETURN, vec![U256::from(output.len()), U256::ZERO]),
            (false, _) => (op::REVERT, vec![U256::from(output.len()), U256::ZERO]),
        };
        self.show(vec![ShownStep { op, gas, cost: 0, memory: output.to_vec(), stack }], state);
        self.programs.pop();
    }

    fn finish(self: Box<Self>, state: &dyn Look) -> Trace {
        Trace {
            call: self.calls.into_call().unwrap_or_default(),
            hosts: self.hosts.finish(),
            prestate: self.prestate.map(|prestate| prestate.finish(state)),
            steps: self.steps.map(StepRecorder::into_steps).unwrap_or_default(),
            hashed: self.notes.map(|notes| notes.hashed).unwrap_or_default(),
            touched: self.touched.unwrap_or_default(),
        }
    }
}
