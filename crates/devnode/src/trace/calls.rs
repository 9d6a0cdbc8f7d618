//! The tree of calls of a message.

use super::{
    entry::Entry,
    notes::Notes,
    room::{CALL_BYTES, LEVEL_BYTES, Room},
};
use alloy_primitives::{Address, Bytes, Log, U256};
use revm::handler::FrameResult;
use std::borrow::Cow;

/// A call or creation.
#[derive(Debug, Clone, Default)]
pub struct CallFrame {
    /// The opcode's name: `CALL`, `STATICCALL`, `DELEGATECALL`, `CALLCODE`, `CREATE`, `CREATE2`.
    pub kind: &'static str,
    /// Who calls.
    pub from: Address,
    /// Whose code runs, or the contract that was made; none if a creation failed.
    pub to: Option<Address>,
    /// Wei, where the kind has any.
    pub value: Option<U256>,
    /// Gas it was given.
    pub gas: u64,
    /// Gas it used.
    pub gas_used: u64,
    /// Calldata or creation code.
    pub input: Bytes,
    /// Return data, revert data or deployed code.
    pub output: Bytes,
    /// Why it failed, in go-ethereum's words.
    pub error: Option<Cow<'static, str>>,
    /// What it called.
    pub calls: Vec<CallFrame>,
    /// What it logged itself, in vain if it or a call around it failed.
    pub logs: Vec<CallLog>,
    /// What was noted of it, if that was asked for.
    pub notes: Option<Box<Notes>>,
}

/// A log, and how many calls its frame had made before.
#[derive(Debug, Clone)]
pub struct CallLog {
    /// The log.
    pub log: Log,
    /// Calls made before it.
    pub position: u64,
}

/// What a log takes besides its data, in bytes.
const LOG_BYTES: usize = 512;

/// Records the calls of a message while it runs.
#[derive(Debug, Clone, Default)]
pub(super) struct CallRecorder {
    open: Vec<CallFrame>,
    done: Option<CallFrame>,
    /// Logs that were given to a frame.
    logs_seen: usize,
}

impl CallRecorder {
    /// The outermost call, once it has ended.
    pub(super) fn into_call(self) -> Option<CallFrame> {
        self.done
    }

    /// The notes of the call that is running.
    pub(super) fn notes(&mut self) -> Option<&mut Notes> {
        self.open.last_mut().map(|call| &mut **call.notes.get_or_insert_default())
    }

    /// Calls that have begun and not ended.
    pub(super) fn depth(&self) -> usize {
        self.open.len()
    }

    /// A call begins.
    pub(super) fn enter(&mut self, entry: Entry, logs: &[Log], room: &mut Room) {
        self.take_logs(logs, room);
        let Entry { kind, from, to, value, gas, input } = entry;
        // What a creation makes is known when it has ended well.
        let to = (!kind.is_creation()).then_some(to);
        // Without room the message ends soon; until then its calls are kept as they nest.
        let has_room = room.take(CALL_BYTES + LEVEL_BYTES * self.open.len() + input.len());
        let input = if has_room { input } else { Bytes::new() };
        self.open.push(CallFrame { kind: kind.opcode(), from, to, value, gas, input, ..CallFrame::default() });
    }

    /// What shows as a call, but runs nothing; `logs` are those of the message so far.
    pub(super) fn at_once(
        &mut self,
        kind: &'static str,
        (from, to): (Address, Address),
        value: U256,
        logs: &[Log],
        room: &mut Room,
    ) {
        self.take_logs(logs, room);
        if let Some(call) = self.open.last_mut().filter(|_| room.take(CALL_BYTES)) {
            call.calls.push(CallFrame { kind, from, to: Some(to), value: Some(value), ..CallFrame::default() });
        }
    }

    /// The call that began last ends. Its output is kept if that is wanted.
    pub(super) fn exit(
        &mut self,
        result: &FrameResult,
        failure: Option<Cow<'static, str>>,
        logs: &[Log],
        (with_output, room): (bool, &mut Room),
    ) {
        self.take_logs(logs, room);
        let Some(mut call) = self.open.pop() else { return };
        let ended = result.interpreter_result();
        call.error = match ended.result.is_ok() {
            true => None,
            false => Some(failure.unwrap_or("execution reverted".into())),
        };
        call.gas_used = match ended.result.is_ok() || ended.result.is_revert() {
            true => call.gas.saturating_sub(ended.gas.remaining()),
            false => call.gas,
        };
        let answers = call.error.is_none() || ended.result.is_revert();
        if answers && with_output && room.take(ended.output.len()) {
            call.output = ended.output.clone();
        }
        if let FrameResult::Create(created) = result
            && call.error.is_none()
        {
            call.to = created.address;
        }
        match self.open.last_mut() {
            Some(parent) => parent.calls.push(call),
            None => self.done = Some(call),
        }
    }

    /// Gives new logs to the call that is running. Those of a call that was reverted are gone from the journal.
    pub(super) fn take_logs(&mut self, logs: &[Log], room: &mut Room) {
        if let Some(call) = self.open.last_mut() {
            let position = call.calls.len() as u64;
            let new = logs.iter().skip(self.logs_seen);
            let new = new.take_while(|log| room.take(LOG_BYTES + log.data.data.len()));
            call.logs.extend(new.map(|log| CallLog { log: log.clone(), position }));
        }
        self.logs_seen = logs.len();
    }
}
