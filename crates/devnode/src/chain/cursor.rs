//! How far a reader has followed the chain.
//!
//! Blocks stay in the ledger, so a reader may fall behind as far as it likes: what it missed is read there, and nothing is
//! kept for it.

use super::{block::Block, handle::Chain, ledger::BlockLedger};
use std::{ops::Range, sync::Arc};

/// The first block that a reader was not given yet.
#[derive(Debug, Clone, Copy)]
pub struct Cursor {
    next: u64,
    /// How many times blocks had been undone when it was read.
    reverts: usize,
}

impl Cursor {
    /// After the newest block.
    pub(super) fn end(ledger: &BlockLedger) -> Self {
        Self { next: ledger.head().header.number + 1, reverts: ledger.reverts().len() }
    }

    /// Goes back to the first block that was undone since: the block that took its place has not been given.
    fn resume(self, ledger: &BlockLedger) -> Self {
        let reverts = ledger.reverts();
        let undone = reverts.iter().skip(self.reverts).map(|kept| kept + 1).min();
        Self { next: undone.map_or(self.next, |first| first.min(self.next)), reverts: reverts.len() }
    }
}

impl Chain {
    /// Where a reader begins that is given only blocks to come.
    pub fn cursor(&self) -> Cursor {
        Cursor::end(&self.shared.ledger.read())
    }

    /// The next block for a reader; `None` if it has them all.
    pub fn next_block(&self, cursor: &mut Cursor) -> Option<Arc<Block>> {
        let ledger = self.shared.ledger.read();
        *cursor = cursor.resume(&ledger);
        let block = ledger.block(cursor.next)?.clone();
        cursor.next += 1;
        Some(block)
    }

    /// The numbers of the blocks that came between two cursors.
    pub fn blocks_between(&self, before: Cursor, now: Cursor) -> Range<u64> {
        before.resume(&self.shared.ledger.read()).next..now.next
    }
}
