//! Records all that a message does.

use super::{Entry, HostCall, Sink, Trace, calls::CallRecorder, hosts::HostRecorder};
use alloy_primitives::{Address, Log, U256};
use revm::handler::FrameResult;
use std::borrow::Cow;

/// Records a message while it runs.
#[derive(Debug, Default)]
pub struct Recorder {
    calls: CallRecorder,
    hosts: HostRecorder,
}

impl Sink for Recorder {
    fn finish(self: Box<Self>) -> Trace {
        Trace { call: self.calls.into_call().unwrap_or_default(), hosts: self.hosts.finish() }
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

    fn transfer(&mut self, from: Address, to: Address, value: U256, logs: &[Log]) {
        self.calls.at_once("CALL", (from, to), value, logs);
        self.hosts.at_once("evm_call_contract", to);
    }

    fn self_destruct(&mut self, contract: Address, heir: Address, value: U256, logs: &[Log]) {
        self.calls.at_once("SELFDESTRUCT", (contract, heir), value, logs);
        self.hosts.at_once("evm_self_destruct", heir);
    }

    fn host_call(&mut self, call: HostCall) {
        self.hosts.record(call);
    }
}
