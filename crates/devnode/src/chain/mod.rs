//! The chain: blocks, the thread that makes them, and the state behind them.

mod admission;
mod block;
mod cheats;
mod clock;
mod conditions;
mod cursor;
mod ledger;
mod maker;
mod pool;
mod produce;
mod rlp;
mod sequencer;
mod settings;
mod simulate;
mod style;
mod transaction;
mod unsigned;
mod waiting;
mod workers;

pub use block::{ArbosInfo, Block, Body, Included, Receipt};
pub use cheats::CheatError;
pub use clock::Past;
pub use conditions::{Conditions, KnownStorage};
pub use cursor::Cursor;
pub use pool::Pooled;
pub use sequencer::{L1BlockNumberFell, Sequencer};
pub use simulate::{EstimateError, GAS_CAP, Simulation};
pub use style::{Next, Style};
pub use transaction::{DecodeError, Kind, SignatureError, Transaction};
pub use unsigned::Unsigned;
pub(crate) use workers::calls_may_run_here;

use crate::{
    arbos,
    evm::Runtime,
    state::{Changes, StateView, Store},
};
use alloy_primitives::{Address, B256, map::AddressSet};
use clock::Clock;
use ledger::Ledger;
use parking_lot::{Mutex, RwLock};
use pool::Pool;
use std::sync::Arc;
use tokio::sync::watch;
use workers::Workers;

/// Why a transaction was not taken. The texts are Nitro's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// It cannot be executed.
    #[error("{0}")]
    Refused(String),
    /// A condition that it was sent with is not met.
    #[error("{0}")]
    Condition(&'static str),
}

/// What all threads share.
#[derive(Debug)]
struct Shared {
    store: Arc<Store>,
    ledger: RwLock<Ledger>,
    runtime: Arc<Runtime>,
    style: Style,
    /// Moved by the sequencer alone.
    clock: Mutex<Clock>,
    /// Wakes those who wait for blocks. The blocks themselves are in the ledger.
    news: watch::Sender<()>,
    /// Changed by the sequencer alone.
    pool: Mutex<Pool>,
}

impl Shared {
    fn head(&self) -> Arc<Block> {
        self.ledger.read().head().clone()
    }

    fn view(&self, block: u64) -> StateView {
        self.store.view(block)
    }

    fn next_timestamp(&self) -> u64 {
        let clock = self.clock.lock();
        clock.next(self.head().header.timestamp)
    }

    /// Wei for a gas in the next block.
    fn next_base_fee(&self) -> u64 {
        arbos::header_info(&self.view(self.head().header.number)).next_base_fee
    }

    fn push(&self, block: Arc<Block>) {
        self.store.set_hash(block.header.number, block.hash);
        self.ledger.write().push(block);
        self.news.send_replace(());
    }

    /// Undoes all blocks after `head`: first what names them, then their state.
    fn rewind(&self, head: u64) {
        self.ledger.write().rewind(head);
        self.store.rewind(head);
    }
}

/// A chain that runs. Dropping it stops its threads.
#[derive(Debug)]
pub struct Chain {
    shared: Arc<Shared>,
    sequencer: Sequencer,
    workers: Workers,
}

impl Chain {
    /// Starts a chain from the state of its first block. At most `workers` calls run on threads of their own at a time, and
    /// as many on threads that said [`calls_may_run_here`].
    pub fn start(runtime: Arc<Runtime>, genesis: Changes, style: Style, workers: usize) -> std::io::Result<Self> {
        let store = Arc::new(Store::default());
        store.apply(0, genesis);
        let view = store.view(0);
        let block = Block::genesis(runtime.hooks.version(), arbos::header_info(&view).next_base_fee);
        store.set_hash(0, block.hash);
        let shared = Arc::new(Shared {
            store,
            ledger: RwLock::new(Ledger::new(block)),
            runtime,
            style,
            clock: Mutex::new(Clock::new(style.least_seconds())),
            pool: Mutex::default(),
            news: watch::Sender::default(),
        });
        let sequencer = Sequencer::start(shared.clone())?;
        Ok(Self { shared, sequencer, workers: Workers::start(workers)? })
    }

    /// Addresses of all precompiles, Ethereum's and ArbOS'.
    pub fn precompiles(&self) -> &AddressSet {
        self.shared.runtime.warm_precompiles()
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
        let block = (self.style() == Style::Hardhat).then(|| (head.header.number + 1, self.next_base_fee()));
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

    /// Transactions that wait for a block, in order of arrival. There are none while blocks are made by themselves.
    pub fn pooled(&self) -> Vec<Pooled> {
        self.shared.pool.lock().all().to_vec()
    }

    /// Tells that blocks were made since it was last asked, without saying which: that is what a [`Cursor`] is for.
    pub fn news(&self) -> watch::Receiver<()> {
        self.shared.news.subscribe()
    }

    /// What moves the chain beside transactions.
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
