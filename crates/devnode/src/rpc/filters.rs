//! Filters that a client polls: what is new since it last asked.

use super::log_query::LogQuery;
use crate::chain::Cursor;
use alloy_primitives::{keccak256, map::HashMap};
use parking_lot::Mutex;
use std::time::{Duration, Instant};

/// A filter that nobody asks for is dropped after this time, as in Nitro.
const LIFETIME: Duration = Duration::from_secs(300);
/// Most filters of a node. One more, and that is dropped which nobody has asked for the longest time. Ours: Nitro has no such
/// limit.
const MOST_FILTERS: usize = 1_024;

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
    /// Counts the times that any filter was asked: the smallest was asked the longest time ago.
    turn: u64,
}

/// All filters of a node.
#[derive(Debug, Default)]
pub(super) struct Filters(Mutex<Installed>);

#[derive(Debug, Default)]
struct Installed {
    /// Counts what is asked.
    turn: u64,
    filters: HashMap<String, Filter>,
}

impl Installed {
    fn next_turn(&mut self) -> u64 {
        self.turn += 1;
        self.turn
    }

    /// A filter that is asked for.
    fn asked(&mut self, id: &str) -> Option<&mut Filter> {
        let turn = self.next_turn();
        let filter = self.filters.get_mut(id)?;
        (filter.asked, filter.turn) = (Instant::now(), turn);
        Some(filter)
    }

    /// Drops what nobody asks for, and makes room for one more.
    fn make_room(&mut self) {
        self.filters.retain(|_, filter| filter.asked.elapsed() < LIFETIME);
        if self.filters.len() >= MOST_FILTERS {
            let oldest = self.filters.iter().min_by_key(|(_, filter)| filter.turn).map(|(id, _)| id.clone());
            self.filters.remove(&oldest.unwrap_or_default());
        }
    }
}

impl Filters {
    /// Installs a filter; its id.
    pub(super) fn install(&self, watch: Watch, cursor: Cursor) -> String {
        let mut inner = self.0.lock();
        inner.make_room();
        let turn = inner.next_turn();
        let id = random_id(turn);
        inner.filters.insert(id.clone(), Filter { watch, cursor, asked: Instant::now(), turn });
        id
    }

    /// Drops a filter; false if there is none.
    pub(super) fn uninstall(&self, id: &str) -> bool {
        self.0.lock().filters.remove(id).is_some()
    }

    /// What a filter is about.
    pub(super) fn watch(&self, id: &str) -> Option<Watch> {
        self.0.lock().asked(id).map(|filter| filter.watch.clone())
    }

    /// What a filter is about and how far it was read, which is until `now` from here on.
    pub(super) fn read(&self, id: &str, now: Cursor) -> Option<(Watch, Cursor)> {
        let mut inner = self.0.lock();
        let filter = inner.asked(id)?;
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
