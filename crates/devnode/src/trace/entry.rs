//! A frame as it begins.

use alloy_primitives::{Address, Bytes, U256};

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
