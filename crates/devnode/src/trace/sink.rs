//! What is told while a message runs.

use super::{CallFrame, HostCall};
use alloy_primitives::{Address, Bytes, Log, U256};
use revm::handler::FrameResult;
use std::borrow::Cow;

/// Who is told what happens inside a message, in the order in which it happens.
///
/// `logs` are always those of the message so far.
pub trait Sink {
    /// A frame begins.
    fn enter(&mut self, entry: Entry, logs: &[Log]);

    /// The frame that began last ends. `failure` says why, unless it succeeded or reverted by itself.
    fn exit(&mut self, result: &FrameResult, failure: Option<Cow<'static, str>>, logs: &[Log]);

    /// ArbOS moves wei while code runs, which shows as a call. What is minted comes from address zero, and what is burnt
    /// goes there.
    fn transfer(&mut self, from: Address, to: Address, value: U256, logs: &[Log]);

    /// A contract hands its balance on and ends.
    fn self_destruct(&mut self, contract: Address, heir: Address, value: U256, logs: &[Log]);

    /// A program called its host.
    fn host_call(&mut self, call: HostCall);

    /// All that was told, once the message has ended.
    fn finish(self: Box<Self>) -> Trace;
}

/// All that was recorded of a message.
#[derive(Debug, Clone)]
pub struct Trace {
    /// Its calls.
    pub call: CallFrame,
    /// What programs asked their host, and what EVM code called; or why that cannot be told.
    pub hosts: Result<Vec<HostCall>, String>,
}

/// A frame that begins.
#[derive(Debug, Clone)]
pub struct Entry {
    /// What it is called by.
    pub kind: EntryKind,
    /// Who calls.
    pub from: Address,
    /// Whose code runs, or where the contract comes to be.
    pub to: Address,
    /// Wei, where the kind has any.
    pub value: Option<U256>,
    /// Gas it is given.
    pub gas: u64,
    /// Calldata or creation code.
    pub input: Bytes,
}

/// The opcode that begins a frame, or the host call that stands for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryKind {
    /// A call.
    Call,
    /// Another's code on one's own state, in one's own name.
    CallCode,
    /// Another's code on one's own state, in the caller's name.
    DelegateCall,
    /// A call that changes nothing.
    StaticCall,
    /// A creation at an address that follows from the creator's nonce.
    Create,
    /// A creation at an address that follows from the code.
    Create2,
}

impl EntryKind {
    /// The opcode's name.
    pub(super) fn opcode(self) -> &'static str {
        match self {
            Self::Call => "CALL",
            Self::CallCode => "CALLCODE",
            Self::DelegateCall => "DELEGATECALL",
            Self::StaticCall => "STATICCALL",
            Self::Create => "CREATE",
            Self::Create2 => "CREATE2",
        }
    }

    /// What Nitro's tracer calls it where EVM code does it; it has no name for CALLCODE.
    pub(super) fn host_call(self) -> &'static str {
        match self {
            Self::Call => "evm_call_contract",
            Self::CallCode => "",
            Self::DelegateCall => "evm_delegate_call_contract",
            Self::StaticCall => "evm_static_call_contract",
            Self::Create => "evm_create1",
            Self::Create2 => "evm_create2",
        }
    }

    /// Whether it makes a contract.
    pub(super) fn is_creation(self) -> bool {
        matches!(self, Self::Create | Self::Create2)
    }
}
