//! Filters that a client polls: what is new since it last asked.

use super::log_query::LogQuery;
use crate::chain::Cursor;
use alloy_primitives::{keccak256, map::HashMap};
use parking_lot::Mutex;
use std::time::{Duration, Instant};

/// A filter that nobody asks for is dropped after this time, as in Nitro.
const LIFETIME: Duration = Duration::from_secs(300);

/// What a filter gives.
#[derive(Debug, Clone)]
pub(super) enum Watch {
    /// Logs that fit.
    Logs(LogQuery),
    /// Hashes of blocks.
    Blocks,
    /// Nothing, ever: on Nitro a transaction that is taken is in a block at once.
    Pending,
}

#[derive(Debug)]
struct Filter {
    watch: Watch,
    cursor: Cursor,
    asked: Instant,
}

/// All filters of a node.
#[derive(Debug, Default)]
pub(super) struct Filters(Mutex<(u64, HashMap<String, Filter>)>);

impl Filters {
    /// Installs a filter; its id.
    pub(super) fn install(&self, watch: Watch, cursor: Cursor) -> String {
        let mut inner = self.0.lock();
        let (count, filters) = &mut *inner;
        filters.retain(|_, filter| filter.asked.elapsed() < LIFETIME);
        *count += 1;
        let id = random_id(*count);
        filters.insert(id.clone(), Filter { watch, cursor, asked: Instant::now() });
        id
    }

    /// Drops a filter; false if there is none.
    pub(super) fn uninstall(&self, id: &str) -> bool {
        self.0.lock().1.remove(id).is_some()
    }

    /// What a filter is about.
    pub(super) fn watch(&self, id: &str) -> Option<Watch> {
        let mut inner = self.0.lock();
        let filter = inner.1.get_mut(id)?;
        filter.asked = Instant::now();
        Some(filter.watch.clone())
    }

    /// What a filter is about and how far it was read, which is until `now` from here on.
    pub(super) fn read(&self, id: &str, now: Cursor) -> Option<(Watch, Cursor)> {
        let mut inner = self.0.lock();
        let filter = inner.1.get_mut(id)?;
        filter.asked = Instant::now();
        let before = std::mem::replace(&mut filter.cursor, now);
        Some((filter.watch.clone(), before))
    }
}

/// An id of 128 bits that cannot be guessed from another.
pub(super) fn random_id(number: u64) -> String {
    use std::hash::{BuildHasher, RandomState};
    // The standard library keys its hasher from the system's randomness.
    let seed = RandomState::new().hash_one(number);
    let more = RandomState::new().hash_one(seed);
    let digest = keccak256([number.to_be_bytes(), seed.to_be_bytes(), more.to_be_bytes()].concat());
    let id = u128::from_be_bytes(digest[..16].try_into().expect("16 of 32 bytes"));
    format!("{id:#x}")
}
