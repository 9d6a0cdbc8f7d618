//! What the sequencer's thread owns, and what it does: takes transactions, makes blocks, goes back.

use super::{
    admission::{self, Obstacle, SendError},
    block::Block,
    clock::{Clock, Past},
    pool::{Pool, Pooled},
    produce::BlockDraft,
    settings::Settings,
    shared::Shared,
    style::Style,
    transaction::Transaction,
    waiting::{Pending, Waiting},
};
use crate::state::{AccountState, Changes, Overlay};
use alloy_primitives::Address;
use parking_lot::MutexGuard;
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, mpsc},
    time::{Duration, Instant},
};

/// What the chain was at some time.
#[derive(Debug, Clone)]
pub(super) struct Moment {
    head: u64,
    clock: Clock,
    l1_block: u64,
    settings: Settings,
    pool: Pool,
    /// How many patches there were.
    patches: usize,
}

/// A moment to come back to.
#[derive(Debug)]
pub(super) struct Snapshot {
    pub(super) id: u64,
    pub(super) moment: Moment,
}

/// When blocks are made.
#[derive(Debug)]
pub(super) struct Mining {
    /// Whether for each transaction as it comes.
    pub(super) automine: bool,
    /// Each time so long has passed, and when that is next.
    interval: Option<(Duration, Instant)>,
}

impl Default for Mining {
    fn default() -> Self {
        Self { automine: true, interval: None }
    }
}

impl Mining {
    pub(super) fn set_interval(&mut self, interval: Option<Duration>) {
        self.interval = interval.and_then(|interval| Some((interval, Instant::now().checked_add(interval)?)));
    }

    fn due(&self) -> Option<Instant> {
        self.interval.map(|(_, due)| due)
    }
}

/// The commands of the thread.
pub(super) enum Command {
    Send(Pending),
    Control(Box<dyn FnOnce(&mut State) + Send>),
}

/// A change of the newest block's state, and what undoes it.
pub(super) struct Patch {
    pub(super) block: u64,
    pub(super) undo: Changes,
}

/// What the thread owns.
pub(super) struct State {
    pub(super) shared: Arc<Shared>,
    pub(super) l1_block: u64,
    pub(super) mining: Mining,
    pub(super) snapshots: Vec<Snapshot>,
    pub(super) next_snapshot: u64,
    patches: Vec<Patch>,
    pub(super) start: Option<Moment>,
    waiting: Waiting,
}

impl State {
    pub(super) fn new(shared: Arc<Shared>) -> Self {
        Self {
            shared,
            l1_block: 0,
            mining: Mining::default(),
            snapshots: Vec::new(),
            next_snapshot: 1,
            patches: Vec::new(),
            start: None,
            waiting: Waiting::default(),
        }
    }

    pub(super) fn run(mut self, commands: &mpsc::Receiver<Command>) {
        loop {
            let deadline = [self.waiting.deadline(), self.mining.due()].into_iter().flatten().min();
            let command = match deadline {
                None => commands.recv().map_err(|_| mpsc::RecvTimeoutError::Disconnected),
                Some(deadline) => commands.recv_timeout(deadline.saturating_duration_since(Instant::now())),
            };
            match command {
                // A panic costs one answer, not the node: a block that was not finished is not there.
                Ok(Command::Send(pending)) => drop(catch_unwind(AssertUnwindSafe(|| self.take(pending)))),
                Ok(Command::Control(work)) => drop(catch_unwind(AssertUnwindSafe(|| work(&mut self)))),
                Err(mpsc::RecvTimeoutError::Timeout) => self.waiting.expire(Instant::now()),
                Err(mpsc::RecvTimeoutError::Disconnected) => return,
            }
            if self.mining.due().is_some_and(|due| due <= Instant::now()) {
                drop(catch_unwind(AssertUnwindSafe(|| self.produce_pool())));
                let interval = self.mining.interval.map(|(interval, _)| interval);
                self.mining.set_interval(interval);
            }
        }
    }

    /// Includes a transaction, then those that waited for it.
    fn take(&mut self, pending: Pending) {
        let mut next = Some(pending);
        while let Some(pending) = next.take() {
            let Pending { transaction, sender, conditions, answer } = pending;
            // What came before goes before.
            self.produce_ready();
            let head = self.shared.head();
            let view = self.shared.view(head.header.number);
            let account = view.account(&sender).unwrap_or_default();
            let nonce = transaction.nonce;
            let checked = self.check(&transaction, sender, account, &head);
            let outcome = match (checked, conditions.check(&head, &view)) {
                (Err(Obstacle::Refused(text)), _) => Err(SendError::Refused(text)),
                (_, Err(text)) => Err(SendError::Condition(text)),
                (Ok(()) | Err(Obstacle::TooEarly(_)), _) if !self.mining.automine => {
                    let pooled = Pooled { transaction, sender };
                    self.shared.pool.lock().add(pooled).map_err(SendError::Refused)
                }
                (Err(Obstacle::TooEarly(text)), _) => {
                    self.waiting.add(Pending { transaction, sender, conditions, answer }, text, Instant::now());
                    continue;
                }
                (Ok(()), Ok(())) => self.produce(Some((transaction, sender))).map_err(SendError::Refused),
            };
            if outcome.is_ok() {
                // It may be what one that waits came too early for.
                self.produce_ready();
                next = self.waiting.take(sender, nonce + 1);
            }
            // Whoever sent it may have gone.
            let _ = answer.send(outcome);
        }
    }

    fn check(
        &self,
        transaction: &Transaction,
        sender: Address,
        account: AccountState,
        head: &Block,
    ) -> Result<(), Obstacle> {
        let base_fee = match self.shared.style {
            Style::Nitro => head.header.base_fee_per_gas.unwrap_or_default(),
            // A test may have set it.
            Style::Hardhat => self.shared.next_base_fee(),
        };
        admission::check(transaction, sender, account, base_fee)?;
        let (gas, limit) = (transaction.gas, self.settings().gas_limit);
        match self.shared.style {
            Style::Hardhat if gas > limit => {
                Err(Obstacle::Refused(format!("transaction gas limit is {gas} and exceeds block gas limit of {limit}")))
            }
            _ => Ok(()),
        }
    }

    /// Makes a block with a transaction or with none.
    fn produce(&mut self, user: Option<(Box<Transaction>, Address)>) -> Result<(), String> {
        let mut draft = self.draft(usize::from(user.is_some()));
        if let Some((transaction, sender)) = user {
            draft.add(transaction, sender)?;
        }
        let block = draft.seal();
        self.made(block);
        Ok(())
    }

    /// While blocks are made by themselves: makes one of what waits, if any of that can be executed.
    fn produce_ready(&mut self) {
        let ready = |pooled: &Pooled| self.account(&pooled.sender).nonce == pooled.transaction.nonce;
        if self.mining.automine && self.shared.pool.lock().all().iter().any(ready) {
            self.produce_pool();
        }
    }

    /// Makes a block with all that waits.
    pub(super) fn produce_pool(&mut self) {
        // It is seen in its place until it is seen in the block.
        let mut pool = self.shared.pool.lock().clone();
        let mut draft = self.draft(pool.all().len());
        draft.drain(&mut pool);
        let block = draft.seal();
        self.made(block);
        *self.shared.pool.lock() = pool;
    }

    fn draft(&self, room: usize) -> BlockDraft<'_> {
        let l1_block = match self.shared.style {
            Style::Nitro => self.l1_block,
            Style::Hardhat => self.shared.head().header.number + 1,
        };
        BlockDraft::begin(&self.shared, self.shared.next_timestamp(), l1_block, room)
    }

    /// A block was made: only now is its time taken.
    fn made(&mut self, block: Arc<Block>) {
        self.clock().tick(block.header.timestamp);
        self.settings().used();
        self.shared.push(block);
    }

    pub(super) fn account(&self, address: &Address) -> AccountState {
        self.shared.view(self.shared.head().header.number).account(address).unwrap_or_default()
    }

    /// Changes the state of the newest block.
    pub(super) fn patch(&mut self, change: impl FnOnce(&mut Overlay)) {
        let block = self.shared.head().header.number;
        let mut overlay = Overlay::new(self.shared.view(block));
        change(&mut overlay);
        let mut changes = overlay.into_changes();
        for account in changes.accounts.values_mut() {
            *account = account.filter(|account| !account.is_empty());
        }
        let undo = self.shared.store.patch(block, changes);
        self.patches.push(Patch { block, undo });
    }

    pub(super) fn moment(&self) -> Moment {
        Moment {
            head: self.shared.head().header.number,
            clock: self.clock().clone(),
            l1_block: self.l1_block,
            settings: *self.settings(),
            pool: self.shared.pool.lock().clone(),
            patches: self.patches.len(),
        }
    }

    /// Makes the chain what it was.
    pub(super) fn go_back(&mut self, moment: Moment) {
        let Moment { head, clock, l1_block, settings, pool, patches } = moment;
        self.shared.rewind(head);
        // What was patched in later blocks went with them.
        for patch in self.patches.drain(patches..).rev() {
            if patch.block == head {
                self.shared.store.patch(head, patch.undo);
            }
        }
        *self.clock() = clock;
        self.l1_block = l1_block;
        *self.settings() = settings;
        *self.shared.pool.lock() = pool;
    }

    pub(super) fn clock(&self) -> MutexGuard<'_, Clock> {
        self.shared.clock.lock()
    }

    pub(super) fn settings(&self) -> MutexGuard<'_, Settings> {
        self.shared.settings.lock()
    }

    pub(super) fn set_next_time(&mut self, timestamp: u64) -> Result<(), Past> {
        let head = self.shared.head().header.timestamp;
        self.clock().set_next(timestamp, head)
    }
}
