//! A chain as those see it who send to it and read from it.

use super::{
    admission::{self, SendError},
    block::Block,
    clock::Clock,
    conditions::Conditions,
    ledger::BlockLedger,
    pool::Pooled,
    sequencer::Sequencer,
    shared::Shared,
    style::{Next, NextBlock, Style},
    transaction::Transaction,
    workers::Workers,
};
use crate::{
    arbos,
    evm::Runtime,
    state::{Changes, StateView, Store},
};
use alloy_primitives::{Address, B256, map::AddressSet};
use parking_lot::{Mutex, RwLock};
use std::sync::Arc;
use tokio::sync::watch;

/// A chain that runs. Dropping it stops its threads.
#[derive(Debug)]
pub struct Chain {
    pub(super) shared: Arc<Shared>,
    sequencer: Sequencer,
    pub(super) workers: Workers,
}

impl Chain {
    /// Starts a chain from the state of its first block. At most `workers` calls run on threads of their own at a time, and
    /// as many on threads that said [`super::calls_may_run_here`].
    pub fn start(runtime: Arc<Runtime>, genesis: Changes, style: Style, workers: usize) -> std::io::Result<Self> {
        let store = Arc::new(Store::default());
        let root = store.apply(0, genesis);
        let view = store.view(0);
        let info = arbos::header_info(&view);
        let block = Block::genesis(info.version, info.next_base_fee, root);
        store.set_hash(0, block.hash);
        let shared = Arc::new(Shared {
            store,
            ledger: RwLock::new(BlockLedger::new(block)),
            runtime,
            style,
            clock: Mutex::new(Clock::new(style.least_seconds())),
            settings: Mutex::default(),
            pool: Mutex::default(),
            news: watch::Sender::default(),
        });
        let sequencer = Sequencer::start(shared.clone())?;
        Ok(Self { shared, sequencer, workers: Workers::start(workers)? })
    }

    /// Addresses of all precompiles, Ethereum's and ArbOS', in the version that the newest block has.
    pub fn precompiles(&self) -> &AddressSet {
        self.shared.runtime.warm_precompiles(self.head().arbos.version)
    }

    /// As [`Self::precompiles`], in the version that a block has.
    pub fn precompiles_of(&self, block: &Block) -> &AddressSet {
        self.shared.runtime.warm_precompiles(block.arbos.version)
    }

    /// The newest block.
    pub fn head(&self) -> Arc<Block> {
        self.shared.head()
    }

    /// A block by its number.
    pub fn block(&self, number: u64) -> Option<Arc<Block>> {
        self.shared.ledger.read().block(number).cloned()
    }

    /// A block by its hash.
    pub fn block_by_hash(&self, hash: B256) -> Option<Arc<Block>> {
        self.shared.ledger.read().by_hash(&hash).cloned()
    }

    /// The block of a transaction, and its index there.
    pub fn transaction(&self, hash: B256) -> Option<(Arc<Block>, u64)> {
        let ledger = self.shared.ledger.read();
        ledger.transaction(&hash).map(|(block, index)| (block.clone(), index))
    }

    /// The state after a block that exists.
    pub fn view(&self, block: u64) -> StateView {
        self.shared.view(block)
    }

    /// Gas a second that the chain is made for, in the state after a block that exists.
    pub fn speed_limit(&self, block: u64) -> u64 {
        arbos::speed_limit(&self.view(block))
    }

    /// Whose manners it has.
    pub fn style(&self) -> Style {
        self.shared.style
    }

    /// The next block, if it is made now.
    pub fn next(&self) -> Next {
        let head = self.head();
        let block = (self.style() == Style::Hardhat).then(|| NextBlock {
            number: head.header.number + 1,
            base_fee: self.next_base_fee(),
            settings: *self.shared.settings.lock(),
        });
        let clock = self.shared.clock.lock();
        Next { timestamp: clock.next(head.header.timestamp), exact: clock.is_exact(), block }
    }

    /// Wei for a gas in the next block.
    pub fn next_base_fee(&self) -> u64 {
        self.shared.next_base_fee()
    }

    /// The nonce of an account's next transaction, those that wait for a block included.
    pub fn next_nonce(&self, address: Address) -> u64 {
        let state = self.view(self.head().header.number).account(&address).unwrap_or_default().nonce;
        self.shared.pool.lock().next_nonce(address, state)
    }

    /// Transactions that wait for a block, in order of arrival. Empty while blocks are made automatically.
    pub fn pooled(&self) -> Vec<Pooled> {
        self.shared.pool.lock().all().to_vec()
    }

    /// Tells that blocks were made since it was last asked, without saying which: that is what a [`super::Cursor`] is for.
    pub fn news(&self) -> watch::Receiver<()> {
        self.shared.news.subscribe()
    }

    /// What moves the chain other than transactions.
    pub fn sequencer(&self) -> &Sequencer {
        &self.sequencer
    }

    /// Puts a transaction into a block, and comes back when it is there; or, where blocks are made by command alone, puts it
    /// among those that wait.
    ///
    /// # Errors
    /// If the sequencer refuses it; nothing has happened then.
    pub async fn send(&self, transaction: Transaction, conditions: Conditions) -> Result<(), SendError> {
        let sender = admission::sender(&transaction).map_err(SendError::Refused)?;
        self.sequencer.send(Box::new(transaction), sender, conditions).await
    }

    /// As [`Self::send`], for a sender who need not have signed it.
    ///
    /// # Errors
    /// As [`Self::send`].
    pub async fn send_for(&self, sender: Address, transaction: Transaction) -> Result<(), SendError> {
        admission::gas(&transaction).map_err(SendError::Refused)?;
        self.sequencer.send(Box::new(transaction), sender, Conditions::default()).await
    }
}
