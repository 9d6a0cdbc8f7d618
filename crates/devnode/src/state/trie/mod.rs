//! Merkle Patricia tries (Ethereum's yellow paper, appendix D) that are kept in memory and changed in place.
//!
//! Keys are hashes, so all have 64 nibbles and no branch has a value. A trie knows the reference of each node that did
//! not change since its root was last computed, so the next root costs what was changed. Nodes are shared: a copy of a
//! trie costs one pointer, and whoever changes the copy copies the nodes on the way.
//!
//! | file | what |
//! |---|---|
//! | `node` | leaves and branches, and ways through them |
//! | `edit` | insert and remove |
//! | `encode` | RLP and references of nodes |
//! | `paths` | hashes of keys, remembered |
//! | `secure` | a trie of one kind of values: its root and its proofs |
//! | `state` | the trie of accounts with those of their storage |

mod edit;
mod encode;
mod node;
mod paths;
mod secure;
mod state;
#[cfg(test)]
mod tests;

pub use state::StateTrie;
