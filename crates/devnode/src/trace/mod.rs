//! What happened inside a message, for `debug_trace…`.

mod calls;
mod hosts;

pub use calls::{CallFrame, CallLog};
pub use hosts::HostCall;

use crate::evm::Context;
use alloy_primitives::{Address, Log, U256};
use calls::CallRecorder;
use hosts::HostRecorder;
use revm::{handler::FrameResult, interpreter::FrameInput};
use std::borrow::Cow;

/// All that was recorded of a message.
#[derive(Debug, Clone)]
pub struct Trace {
    /// Its calls.
    pub call: CallFrame,
    /// What programs asked their host, and what EVM code called; or why that cannot be told.
    pub hosts: Result<Vec<HostCall>, String>,
}

/// Records a message while it runs.
#[derive(Debug, Default)]
pub struct Recorder {
    calls: CallRecorder,
    hosts: HostRecorder,
}

impl Recorder {
    /// What was recorded, once the message has ended.
    pub fn finish(self) -> Trace {
        Trace { call: self.calls.into_call().unwrap_or_default(), hosts: self.hosts.finish() }
    }

    /// A frame begins.
    pub(crate) fn enter(&mut self, input: &FrameInput, context: &mut Context) {
        self.calls.enter(input, context);
        self.hosts.enter(input, context);
    }

    /// The frame that began last ends; `failure` is what it said of itself.
    pub(crate) fn exit(&mut self, result: &FrameResult, failure: Option<Cow<'static, str>>, logs: &[Log]) {
        self.calls.exit(result, failure, logs);
        self.hosts.exit();
    }

    /// ArbOS moves wei while code runs, which shows as a call. What is minted comes from address zero, and what is burnt
    /// goes there.
    pub(crate) fn transfer(&mut self, from: Address, to: Address, value: U256, logs: &[Log]) {
        self.calls.at_once("CALL", (from, to), value, logs);
        self.hosts.at_once("evm_call_contract", to);
    }

    /// A contract hands its balance on and ends.
    pub(crate) fn self_destruct(&mut self, contract: Address, heir: Address, value: U256, logs: &[Log]) {
        self.calls.at_once("SELFDESTRUCT", (contract, heir), value, logs);
        self.hosts.at_once("evm_self_destruct", heir);
    }

    /// A program called its host.
    pub(crate) fn host_call(&mut self, call: HostCall) {
        self.hosts.record(call);
    }
}
