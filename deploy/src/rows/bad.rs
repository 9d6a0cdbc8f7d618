//! Rows that cannot be taken, and why.

use serde::Serialize;

/// The most bad rows that are told. The others are counted.
const MOST: usize = 1_000;

/// A row that cannot be taken, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BadRow {
    /// Its line, from 1.
    pub line: u64,
    /// What is wrong, and what to do.
    pub reason: String,
}

/// The bad rows of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BadRows {
    /// The first of them.
    pub told: Vec<BadRow>,
    /// How many there are.
    pub count: u64,
    /// Of how many rows.
    pub rows: u64,
}

impl BadRows {
    pub(crate) fn complain(&mut self, line: u64, reason: String) {
        self.count += 1;
        if self.told.len() < MOST {
            self.told.push(BadRow { line, reason });
        }
    }

    /// Says of each leaf, account or other thing that is there twice what its first line is. `same` is sorted, equal
    /// ones with the lowest line first.
    pub(crate) fn complain_of_twins<T, L: Into<u64>>(
        &mut self,
        sorted: &[T],
        is_same: impl Fn(&T, &T) -> bool,
        line: impl Fn(&T) -> L,
        what: &str,
    ) {
        for same in sorted.chunk_by(|a, b| is_same(a, b)) {
            let [first, others @ ..] = same else { continue };
            for other in others {
                let reason = format!("it is the same {what} as in line {}: delete one of them", line(first).into());
                self.complain(line(other).into(), reason);
            }
        }
        self.told.sort_by_key(|bad| bad.line);
    }
}
