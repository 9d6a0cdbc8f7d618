//! What is reported while a message runs.

use super::{calls::CallFrame, entry::Entry, hosts::HostCall};
use alloy_primitives::{Address, Log, U256};
use revm::handler::FrameResult;
use std::borrow::Cow;

/// Receives what happens inside a message, in the order in which it happens.
///
/// `logs` are always those of the message so far.
pub trait Sink {
    /// A frame begins.
    fn enter(&mut self, entry: Entry, logs: &[Log]);

    /// The frame that began last has run: if it fails, its logs are gone from now on.
    fn has_run(&mut self, _logs: &[Log]) {}

    /// The frame that began last ends. `failure` says why, unless it succeeded or reverted by itself.
    fn exit(&mut self, result: &FrameResult, failure: Option<Cow<'static, str>>, logs: &[Log]);

    /// ArbOS moves wei while code runs, which shows as a call. What is minted comes from address zero, and what is burnt
    /// goes there.
    fn transfer(&mut self, from: Address, to: Address, value: U256, logs: &[Log]);

    /// A contract hands its balance on and ends.
    fn self_destruct(&mut self, contract: Address, heir: Address, value: U256, logs: &[Log]);

    /// A program called its host.
    fn host_call(&mut self, call: HostCall);

    /// All that was reported, once the message has ended.
    fn finish(self: Box<Self>) -> Trace;
}

/// All that was recorded of a message.
#[derive(Debug, Clone)]
pub struct Trace {
    /// Its calls.
    pub call: CallFrame,
    /// What programs asked their host, and what EVM code called; or why that is not known.
    pub hosts: Result<Vec<HostCall>, String>,
}
