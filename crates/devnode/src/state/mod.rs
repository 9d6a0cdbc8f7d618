//! The world state of every block: accounts, storage and code, in memory, with their history.
//!
//! Each account and each slot keeps the list of its values with the block that wrote them. Reading the head is one
//! hash look-up; reading an old block is one more binary search in that key's own list, so it does not matter how many
//! blocks there are. A block costs what it touched, and undoing it ([`Store::rewind`]) costs the same.

mod history;
mod overlay;
mod store;

pub use overlay::{Changes, Overlay};
pub use store::{AccountState, Slots, StateView, Store};

/// Any bytes as code. What only begins as a delegation does (EIP-7702) is code as any other.
pub(crate) fn bytecode(code: alloy_primitives::Bytes) -> revm::state::Bytecode {
    use revm::state::Bytecode;
    Bytecode::new_raw_checked(code.clone()).unwrap_or_else(|_| Bytecode::new_legacy(code))
}
