//! What programs ask their host, as Nitro's `stylusTracer` lists it (execution/gethexec/stylus_tracer.go).

use super::entry::Entry;
use alloy_primitives::{Address, Bytes};

/// A host call, or a call that EVM code made.
#[derive(Debug, Clone, Default)]
pub struct HostCall {
    /// Its name; that of a call by EVM code begins with `evm_`.
    pub name: &'static str,
    /// What it was given, packed, numbers big-endian.
    pub args: Bytes,
    /// What it answered, packed the same way.
    pub outs: Bytes,
    /// Ink left before it.
    pub start_ink: u64,
    /// Ink left after it.
    pub end_ink: u64,
    /// Of a call: the contract, and what it did.
    pub inner: Option<(Address, Vec<HostCall>)>,
}

impl HostCall {
    /// A call that EVM code made.
    pub(crate) fn by_evm(name: &'static str, address: Address, steps: Vec<Self>) -> Self {
        Self { name, inner: Some((address, steps)), ..Self::default() }
    }
}

/// Records host calls while they happen.
#[derive(Debug, Default)]
pub(super) struct HostRecorder {
    /// What each frame that runs has done, the innermost last.
    open: Vec<Vec<HostCall>>,
    /// What the message's own frame did.
    done: Vec<HostCall>,
    /// Why nothing is known.
    broken: Option<String>,
}

impl HostRecorder {
    /// A frame begins.
    pub(super) fn enter(&mut self, entry: &Entry) {
        if let Some(outer) = self.open.last_mut() {
            outer.push(HostCall::by_evm(entry.kind.host_call(), entry.to, Vec::new()));
        }
        self.open.push(Vec::new());
    }

    /// The frame that began last ends.
    pub(super) fn exit(&mut self) {
        let Some(steps) = self.open.pop() else { return };
        match self.open.last_mut().and_then(|outer| outer.last_mut()) {
            Some(HostCall { inner: Some((_, inner)), .. }) => *inner = steps,
            _ => self.done = steps,
        }
    }

    /// What shows as a call, but runs nothing.
    pub(super) fn at_once(&mut self, name: &'static str, to: Address) {
        if let Some(outer) = self.open.last_mut() {
            outer.push(HostCall::by_evm(name, to, Vec::new()));
        }
    }

    /// A program made a host call. One that calls takes the place of the frame that it began; where none was begun, Nitro's
    /// tracer gives up.
    pub(super) fn record(&mut self, mut call: HostCall) {
        let Some(steps) = self.open.last_mut().filter(|_| self.broken.is_none()) else { return };
        if matches!(call.name, "call_contract" | "delegate_call_contract" | "static_call_contract") {
            let last = steps.pop();
            match last {
                Some(frame) if frame.name.strip_prefix("evm_") == Some(call.name) => call.inner = frame.inner,
                Some(frame) => {
                    let text = format!("trace inconsistency for {}: last opcode is {}", call.name, frame.name);
                    self.broken = Some(text);
                    return;
                }
                None => {
                    self.broken = Some("trying to pop from empty stack".into());
                    return;
                }
            }
        }
        steps.push(call);
    }

    /// All that the message's own frame did.
    pub(super) fn finish(self) -> Result<Vec<HostCall>, String> {
        self.broken.map_or(Ok(self.done), Err)
    }
}
