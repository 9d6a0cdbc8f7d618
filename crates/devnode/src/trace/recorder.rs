//! Records all that a message does.

use super::{
    Entry, HostCall, Sink, Trace,
    calls::CallRecorder,
    counts::StepCounter,
    hosts::HostRecorder,
    made_up::{ProgramNow, ShownStep},
    notes::NoteTaker,
    prestate::PrestateRecorder,
    room::{NOTES_BYTES, Room, SLOT_BYTES},
    step::{Beginning, Look, Step, StepFault},
    steps::StepRecorder,
    touched::{self, TouchedSlots},
    wanted::{CallData, Wanted},
};
use alloy_primitives::{Address, Log, U256};
use revm::{bytecode::opcode as op, handler::FrameResult};
use std::borrow::Cow;

/// Records a message while it runs.
#[derive(Debug)]
pub struct Recorder {
    data: CallData,
    room: Room,
    calls: CallRecorder,
    hosts: Option<HostRecorder>,
    prestate: Option<PrestateRecorder>,
    steps: Option<StepRecorder>,
    counter: Option<StepCounter>,
    notes: Option<NoteTaker>,
    touched: Option<TouchedSlots>,
    /// Programs that run, the innermost last.
    programs: Vec<ProgramNow>,
    /// Whether no instructions are shown for now.
    hidden: bool,
}

impl Recorder {
    /// One that records what is asked for.
    pub fn new(wanted: Wanted) -> Self {
        Self {
            data: wanted.data,
            room: Room::new(wanted.bytes),
            calls: CallRecorder::default(),
            hosts: wanted.hosts.then(HostRecorder::default),
            prestate: wanted.prestate.then(PrestateRecorder::default),
            steps: wanted.steps.map(StepRecorder::new),
            counter: wanted.counts.contains(&true).then(|| StepCounter::new(wanted.counts)),
            notes: wanted.notes.then(NoteTaker::default),
            touched: wanted.touched.then(TouchedSlots::default),
            programs: Vec::new(),
            hidden: false,
        }
    }

    fn note(&mut self, step: &Step<'_>, state: &dyn Look) {
        if let Some(taker) = &mut self.notes
            && let Some(notes) = self.calls.notes()
        {
            taker.step(step, notes, &mut self.room, state);
        }
        if let Some(touched) = &mut self.touched {
            touched::note(touched, step);
        }
    }

    fn count(&mut self, step: &Step<'_>) {
        if let Some(counter) = self.counter.as_mut().filter(|_| !self.hidden) {
            counter.count(step.op, step.depth, &mut self.room);
        }
    }

    /// Whether the input and the output are kept of a call in so many others.
    fn keeps_data(&self, depth: usize) -> bool {
        match self.data {
            CallData::None => false,
            CallData::Outermost => depth == 0,
            CallData::All => true,
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
        self.prestate.is_some()
            || self.steps.is_some()
            || self.counter.is_some()
            || self.notes.is_some()
            || self.touched.is_some()
    }

    fn takes_data(&self) -> bool {
        self.keeps_data(self.calls.depth())
    }

    fn takes_host_calls(&self) -> bool {
        self.hosts.is_some() || self.watches()
    }

    fn is_full(&self) -> bool {
        self.room.is_full()
    }

    fn room(&self) -> usize {
        self.room.bytes()
    }

    fn begin(&mut self, message: &Beginning, state: &dyn Look) {
        if let Some(prestate) = &mut self.prestate {
            prestate.begin(message, state);
        }
    }

    fn enter(&mut self, entry: Entry, logs: &[Log]) {
        if let Some(hosts) = &mut self.hosts {
            hosts.enter(&entry);
        }
        if self.notes.is_some() {
            self.room.take(NOTES_BYTES);
        }
        self.calls.enter(entry, logs, &mut self.room);
    }

    fn has_run(&mut self, logs: &[Log]) {
        self.calls.take_logs(logs, &mut self.room);
    }

    fn exit(&mut self, result: &FrameResult, failure: Option<Cow<'static, str>>, logs: &[Log]) {
        let with_output = self.keeps_data(self.calls.depth().saturating_sub(1));
        self.calls.exit(result, failure, logs, (with_output, &mut self.room));
        if let Some(hosts) = &mut self.hosts {
            hosts.exit();
        }
    }

    fn step(&mut self, step: &Step<'_>, state: &dyn Look) {
        self.note(step, state);
        if let Some(prestate) = &mut self.prestate {
            prestate.step(step, state);
            self.room.take(prestate.added_bytes());
        }
        if let Some(steps) = &mut self.steps {
            steps.step(step, &mut self.room, state);
        }
        self.count(step);
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
            self.room.take(prestate.added_bytes());
        }
        if let Some(steps) = &mut self.steps {
            steps.made_up(step, (cost, error), &mut self.room, state);
        }
        self.count(step);
    }

    fn arbos_slot(&mut self, account: Address, slot: U256, state: &dyn Look) {
        if let Some(prestate) = &mut self.prestate {
            prestate.slot(account, slot, state);
            self.room.take(SLOT_BYTES);
        }
    }

    fn hide(&mut self, hidden: bool) {
        self.hidden = hidden;
        if let Some(steps) = &mut self.steps {
            steps.hidden = hidden;
        }
    }

    fn transfer(&mut self, (from, to): (Address, Address), value: U256, depth: usize, state: &dyn Look) {
        self.calls.at_once("CALL", (from, to), value, state.logs(), &mut self.room);
        if let Some(hosts) = &mut self.hosts {
            hosts.at_once("evm_call_contract", to);
        }
        if self.watches() {
            let zero = U256::ZERO;
            let call = [zero, zero, zero, zero, value, U256::from_be_slice(to.as_slice()), zero];
            self.made_up(&Step::made_up(op::CALL, depth, from, &call), 0, None, state);
            self.made_up(&Step::made_up(op::RETURN, depth + 1, from, &[zero, zero]), 0, None, state);
            self.made_up(&Step::made_up(op::POP, depth, from, &[U256::ONE]), 0, None, state);
        }
    }

    fn self_destruct(&mut self, contract: Address, heir: Address, value: U256, logs: &[Log]) {
        self.calls.at_once("SELFDESTRUCT", (contract, heir), value, logs, &mut self.room);
        if let Some(hosts) = &mut self.hosts {
            hosts.at_once("evm_self_destruct", heir);
        }
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
        if let Some(hosts) = &mut self.hosts
            && self.room.take(size_of::<HostCall>() + call.args.len() + call.outs.len())
        {
            hosts.record(call);
        }
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
            hosts: self.hosts.map_or(Ok(Vec::new()), HostRecorder::finish),
            prestate: self.prestate.map(|prestate| prestate.finish(state)),
            steps: self.steps.map(StepRecorder::into_steps).unwrap_or_default(),
            kept: self.room.taken(),
            counts: self.counter.map(|counter| counter.counts).unwrap_or_default(),
            hashed: self.notes.map(|notes| notes.hashed).unwrap_or_default(),
            touched: self.touched.unwrap_or_default(),
        }
    }
}
