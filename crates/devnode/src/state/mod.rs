//! The world state of every block: accounts, storage and code, in memory, with their history.
//!
//! Each account and each slot keeps the list of its values with the block that wrote them. Reading the head is one
//! hash look-up; reading an old block is one more binary search in that key's own list, so it does not matter how many
//! blocks there are. A block costs what it touched, and undoing it ([`Store::rewind`]) costs the same. So does its state root: the
//! newest state is in a trie, too.

mod account;
mod changes;
mod history;
mod overlay;
mod store;
mod table;
mod trie;

pub use account::AccountState;
pub(crate) use account::bytecode;
pub use changes::Changes;
pub use overlay::Overlay;
pub use store::{Slots, StateView, Store};
pub use table::KeyHasher;
pub use trie::StateTrie;
