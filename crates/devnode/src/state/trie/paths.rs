//! Paths of keys that were used lately.

use crate::state::table::KeyHasher;
use alloy_primitives::{B256, keccak256, map::HashMap};
use std::hash::Hash;

/// How many are kept. ArbOS sets the same slots in each block, and blocks have much the same senders.
const MOST: usize = 256;

/// The hashes of keys, remembered.
#[derive(Debug, Clone)]
pub(super) struct Paths<K>(HashMap<K, B256, KeyHasher>);

impl<K> Default for Paths<K> {
    fn default() -> Self {
        Self(HashMap::default())
    }
}

impl<K: Hash + Eq> Paths<K> {
    /// The path of a key, whose bytes are hashed.
    pub(super) fn of(&mut self, key: K, bytes: &[u8]) -> B256 {
        if self.0.len() >= MOST && !self.0.contains_key(&key) {
            self.0.clear();
        }
        *self.0.entry(key).or_insert_with(|| keccak256(bytes))
    }
}
