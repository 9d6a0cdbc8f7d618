//! What is reported while a message runs.

use super::{
    calls::CallFrame,
    counts::Counts,
    entry::Entry,
    hosts::HostCall,
    prestate::Prestate,
    step::{Beginning, Look, Step, StepFault},
    steps::LoggedStep,
    touched::TouchedSlots,
};
use alloy_primitives::{Address, Log, U256};
use revm::handler::FrameResult;
use std::{borrow::Cow, collections::BTreeSet};

/// Receives what happens inside a message, in the order in which it happens.
///
/// `logs` are always those of the message so far, and `state` is the state at this moment.
pub trait Sink {
    /// Whether it needs each instruction. They are not reported otherwise.
    fn watches(&self) -> bool;

    /// Whether it needs the input of the frame that begins next, and its output. An input that it does not need is empty.
    fn takes_data(&self) -> bool;

    /// Whether it needs what programs ask their host.
    fn takes_host_calls(&self) -> bool;

    /// Whether it has no room for more: then the message is to end.
    fn is_full(&self) -> bool;

    /// Most bytes that it keeps.
    fn room(&self) -> usize;

    /// The message begins. Nothing is paid yet.
    fn begin(&mut self, message: &Beginning, state: &dyn Look);

    /// A frame begins.
    fn enter(&mut self, entry: Entry, logs: &[Log]);

    /// The frame that began last has run: if it fails, its logs are gone from now on.
    fn has_run(&mut self, _logs: &[Log]) {}

    /// The frame that began last ends. `failure` says why, unless it succeeded or reverted by itself.
    fn exit(&mut self, result: &FrameResult, failure: Option<Cow<'static, str>>, logs: &[Log]);

    /// An instruction of EVM code begins.
    fn step(&mut self, step: &Step<'_>, state: &dyn Look);

    /// The instruction that began last has ended; what it calls begins after this. Its cost in gas counts what it hands to a
    /// call, but not what it hands to a creation.
    fn step_ended(&mut self, cost: u64, fault: Option<StepFault>);

    /// What shows as an instruction that costs so much gas, though there is no code that has it.
    fn made_up(&mut self, step: &Step<'_>, cost: u64, error: Option<String>, state: &dyn Look);

    /// ArbOS reads a slot of its state, or is about to write it.
    fn arbos_slot(&mut self, account: Address, slot: U256, state: &dyn Look);

    /// What follows shows no instructions, until it is said again with `false`.
    fn hide(&mut self, hidden: bool);

    /// ArbOS moves wei while code runs at that depth, which shows as a call. What is minted comes from address zero, and
    /// what is burnt goes there.
    fn transfer(&mut self, ends: (Address, Address), value: U256, depth: usize, state: &dyn Look);

    /// A contract hands its balance on and ends.
    fn self_destruct(&mut self, contract: Address, heir: Address, value: U256, logs: &[Log]);

    /// A program begins to run at that depth, called by `caller`.
    fn program(&mut self, caller: Address, depth: usize);

    /// A program is about to call: opcode, operands with the top first, input, gas left of which it costs so much.
    fn program_calls(&mut self, op: u8, operands: &[U256], input: &[u8], gas: (u64, u64), state: &dyn Look);

    /// A program called its host.
    fn host_call(&mut self, call: HostCall, state: &dyn Look);

    /// The program that began last has ended by itself or failed, with so much gas left.
    fn program_ended(&mut self, success: bool, output: &[u8], gas: u64, state: &dyn Look);

    /// All that was reported, once the message has ended.
    fn finish(self: Box<Self>, state: &dyn Look) -> Trace;
}

/// All that was recorded of a message.
#[derive(Debug, Clone)]
pub struct Trace {
    /// Its calls.
    pub call: CallFrame,
    /// What programs asked their host, and what EVM code called; or why that is not known.
    pub hosts: Result<Vec<HostCall>, String>,
    /// What it read, if that was asked for.
    pub prestate: Option<Prestate>,
    /// Its instructions, if they were asked for.
    pub steps: Vec<LoggedStep>,
    /// What was counted of its instructions, if that was asked for.
    pub counts: Counts,
    /// Bytes that were kept of it.
    pub kept: usize,
    /// What it hashed, if notes were asked for.
    pub hashed: BTreeSet<Vec<u8>>,
    /// Accounts and slots that its instructions name, if they were asked for.
    pub touched: TouchedSlots,
}
