//! What all threads of a chain share.

use super::{block::Block, clock::Clock, ledger::BlockLedger, pool::Pool, settings::Settings, style::Style};
use crate::{
    arbos,
    evm::Runtime,
    state::{StateView, Store},
};
use parking_lot::{Mutex, RwLock};
use std::sync::Arc;
use tokio::sync::watch;

/// What all threads share.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) store: Arc<Store>,
    pub(super) ledger: RwLock<BlockLedger>,
    pub(super) runtime: Arc<Runtime>,
    pub(super) style: Style,
    /// Moved by the sequencer alone.
    pub(super) clock: Mutex<Clock>,
    /// Moved by the sequencer alone.
    pub(super) settings: Mutex<Settings>,
    /// Wakes those who wait for blocks. The blocks themselves are in the ledger.
    pub(super) news: watch::Sender<()>,
    /// Changed by the sequencer alone.
    pub(super) pool: Mutex<Pool>,
}

impl Shared {
    pub(super) fn head(&self) -> Arc<Block> {
        self.ledger.read().head().clone()
    }

    pub(super) fn view(&self, block: u64) -> StateView {
        self.store.view(block)
    }

    pub(super) fn next_timestamp(&self) -> u64 {
        let clock = self.clock.lock();
        clock.next(self.head().header.timestamp)
    }

    /// Wei for a gas in the next block.
    pub(super) fn next_base_fee(&self) -> u64 {
        arbos::header_info(&self.view(self.head().header.number)).next_base_fee
    }

    pub(super) fn push(&self, block: Arc<Block>) {
        self.store.set_hash(block.header.number, block.hash);
        self.ledger.write().push(block);
        self.news.send_replace(());
    }

    /// Undoes all blocks after `head`: first what names them, then their state.
    pub(super) fn rewind(&self, head: u64) {
        self.ledger.write().rewind(head);
        self.store.rewind(head);
    }
}
