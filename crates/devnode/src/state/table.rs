//! Keys with the history of their values, each with a number by which a block remembers that it touched it.

use super::history::History;
use foldhash::fast::RandomState;
use indexmap::{IndexMap, map::Entry};
use std::hash::Hash;

/// Hashes keys. Fast, and not safe against keys that were made to collide: whoever brings them has the node to himself.
pub type KeyHasher = RandomState;

/// In the order in which the keys were first written, so that those of undone blocks are the last ones.
#[derive(Debug)]
pub(super) struct Table<K, T>(IndexMap<K, History<T>, KeyHasher>);

impl<K, T> Default for Table<K, T> {
    fn default() -> Self {
        Self(IndexMap::default())
    }
}

impl<K: Hash + Eq, T> Table<K, T> {
    /// The value after block `block`; `None` if nothing was written until then.
    pub(super) fn at(&self, key: &K, block: u64) -> Option<&T> {
        self.0.get(key)?.at(block)
    }

    /// The newest value.
    pub(super) fn newest(&self, key: &K) -> Option<&T> {
        self.0.get(key).map(History::newest)
    }

    /// All keys, with what they had after block `block`.
    pub(super) fn all_at(&self, block: u64) -> impl Iterator<Item = (&K, &T)> {
        self.0.iter().filter_map(move |(key, history)| Some((key, history.at(block)?)))
    }

    /// Writes the newest value. The key's number.
    pub(super) fn write(&mut self, key: K, block: u64, value: T) -> u32 {
        let number = match self.0.entry(key) {
            Entry::Occupied(mut entry) => {
                entry.get_mut().push(block, value);
                entry.index()
            }
            Entry::Vacant(entry) => {
                let number = entry.index();
                entry.insert(History::new(block, value));
                number
            }
        };
        u32::try_from(number).expect("memory ends before 2^32 keys")
    }

    /// Forgets what was written after `block` to the keys of these numbers. `left` is told of each key and its value.
    pub(super) fn rewind(&mut self, mut numbers: Vec<u32>, block: u64, mut left: impl FnMut(&K, Option<&T>)) {
        numbers.sort_unstable();
        numbers.dedup();
        let mut kept = self.0.len();
        for number in numbers {
            let number = number as usize;
            let (key, history) = self.0.get_index_mut(number).expect("a key that was written");
            if history.rewind(block) {
                left(key, Some(history.newest()));
            } else {
                left(key, None);
                kept = kept.min(number);
            }
        }
        self.0.truncate(kept);
    }
}
