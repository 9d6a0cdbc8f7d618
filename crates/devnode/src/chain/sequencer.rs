//! The one thread that makes blocks: takes transactions in order of arrival, and whatever moves the chain.

use super::{
    Conditions, SendError, Shared, Transaction,
    admission::{self, Obstacle},
    clock::{Clock, Past},
    produce,
    waiting::Waiting,
};
use crate::evm::STACK_BYTES;
use alloy_primitives::Address;
use parking_lot::MutexGuard;
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, mpsc},
    thread,
    time::Instant,
};
use tokio::sync::oneshot;

/// A transaction on its way, with whoever waits for it.
pub(super) struct Pending {
    pub(super) transaction: Box<Transaction>,
    pub(super) sender: Address,
    pub(super) conditions: Conditions,
    pub(super) answer: oneshot::Sender<Result<(), SendError>>,
}

enum Command {
    Send(Pending),
    Control(Box<dyn FnOnce(&mut State) + Send>),
}

/// The way to the thread. When the last handle is dropped, the thread ends.
#[derive(Debug, Clone)]
pub struct Sequencer(mpsc::Sender<Command>);

/// An L1 block number below the one before.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("L1 block number {asked} is below the last one, {last}")]
pub struct L1BlockNumberFell {
    /// What was asked for.
    pub asked: u64,
    /// What it is.
    pub last: u64,
}

/// What the chain was when a snapshot was taken.
#[derive(Debug)]
struct Snapshot {
    id: u64,
    head: u64,
    clock: Clock,
    l1_block: u64,
}

/// What the thread owns.
struct State {
    shared: Arc<Shared>,
    l1_block: u64,
    snapshots: Vec<Snapshot>,
    next_snapshot: u64,
    waiting: Waiting,
}

impl Sequencer {
    pub(super) fn start(shared: Arc<Shared>) -> std::io::Result<Self> {
        let (sender, commands) = mpsc::channel();
        let state = State { shared, l1_block: 0, snapshots: Vec::new(), next_snapshot: 1, waiting: Waiting::default() };
        thread::Builder::new()
            .name("devnode-sequencer".into())
            .stack_size(STACK_BYTES)
            .spawn(move || state.run(&commands))?;
        Ok(Self(sender))
    }

    /// Puts a transaction into a block.
    pub(super) async fn send(
        &self,
        transaction: Box<Transaction>,
        sender: Address,
        conditions: Conditions,
    ) -> Result<(), SendError> {
        let (answer, answered) = oneshot::channel();
        let stopped = || SendError::Refused("the node failed, or is stopping".to_owned());
        let pending = Pending { transaction, sender, conditions, answer };
        self.0.send(Command::Send(pending)).map_err(|_| stopped())?;
        answered.await.unwrap_or_else(|_| Err(stopped()))
    }

    /// Does something on the sequencer's thread, between two blocks.
    async fn control<T: Send + 'static>(&self, work: impl FnOnce(&mut State) -> T + Send + 'static) -> T {
        let (answer, answered) = oneshot::channel();
        let work = Box::new(move |state: &mut State| {
            let _ = answer.send(work(state));
        });
        // The thread lives as long as this handle does.
        self.0.send(Command::Control(work)).expect("the sequencer runs");
        answered.await.expect("the sequencer answers")
    }

    /// Moves the time of all later blocks; how far the chain is then ahead of the wall clock (seconds).
    pub async fn increase_time(&self, seconds: u64) -> i64 {
        self.control(move |state| state.clock().increase(seconds)).await
    }

    /// Sets the time of the next block (seconds since 1970).
    pub async fn set_next_timestamp(&self, timestamp: u64) -> Result<(), Past> {
        self.control(move |state| state.set_next_time(timestamp)).await
    }

    /// Makes blocks without a user's transaction, the first at `timestamp` if it is given.
    pub async fn mine(&self, blocks: u64, timestamp: Option<u64>) -> Result<(), Past> {
        self.control(move |state| {
            if let Some(timestamp) = timestamp {
                state.set_next_time(timestamp)?;
            }
            for _ in 0..blocks {
                state.produce(None).expect("a block without a transaction cannot be refused");
            }
            Ok(())
        })
        .await
    }

    /// Sets what `block.number` reads from the next block on.
    pub async fn set_l1_block(&self, asked: u64) -> Result<(), L1BlockNumberFell> {
        self.control(move |state| {
            let last = state.l1_block;
            if asked < last {
                return Err(L1BlockNumberFell { asked, last });
            }
            state.l1_block = asked;
            Ok(())
        })
        .await
    }

    /// Remembers the chain as it is; the id for [`Self::revert`].
    pub async fn snapshot(&self) -> u64 {
        self.control(|state| {
            let id = state.next_snapshot;
            state.next_snapshot += 1;
            let head = state.shared.head().header.number;
            let clock = state.clock().clone();
            state.snapshots.push(Snapshot { id, head, clock, l1_block: state.l1_block });
            id
        })
        .await
    }

    /// Goes back to a snapshot, which is used up with all later ones. False if there is none by that id.
    pub async fn revert(&self, id: u64) -> bool {
        self.control(move |state| {
            let Some(position) = state.snapshots.iter().position(|snapshot| snapshot.id == id) else { return false };
            let snapshot = state.snapshots.swap_remove(position);
            state.snapshots.truncate(position);
            state.shared.rewind(snapshot.head);
            *state.clock() = snapshot.clock;
            state.l1_block = snapshot.l1_block;
            true
        })
        .await
    }
}

impl State {
    fn run(mut self, commands: &mpsc::Receiver<Command>) {
        loop {
            let command = match self.waiting.deadline() {
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
        }
    }

    /// Includes a transaction, then those that waited for it.
    fn take(&mut self, pending: Pending) {
        let mut next = Some(pending);
        while let Some(pending) = next.take() {
            let Pending { transaction, sender, conditions, answer } = pending;
            let head = self.shared.head();
            let view = self.shared.view(head.header.number);
            let account = view.account(&sender).unwrap_or_default();
            let nonce = transaction.nonce;
            let checked = admission::check(&transaction, sender, account, &head);
            let outcome = match (checked, conditions.check(&head, &view)) {
                (Err(Obstacle::Refused(text)), _) => Err(SendError::Refused(text)),
                (_, Err(text)) => Err(SendError::Condition(text)),
                (Err(Obstacle::TooEarly(text)), _) => {
                    self.waiting.add(Pending { transaction, sender, conditions, answer }, text, Instant::now());
                    continue;
                }
                (Ok(()), Ok(())) => self.produce(Some((transaction, sender))).map_err(SendError::Refused),
            };
            if outcome.is_ok() {
                next = self.waiting.take(sender, nonce + 1);
            }
            // Whoever sent it may have gone.
            let _ = answer.send(outcome);
        }
    }

    fn produce(&mut self, user: Option<(Box<Transaction>, Address)>) -> Result<(), String> {
        let timestamp = self.shared.next_timestamp();
        let block = produce::block(&self.shared, timestamp, self.l1_block, user)?;
        // Time is taken only by a block that was made.
        self.clock().tick(block.header.timestamp);
        self.shared.push(block);
        Ok(())
    }

    fn clock(&self) -> MutexGuard<'_, Clock> {
        self.shared.clock.lock()
    }

    fn set_next_time(&mut self, timestamp: u64) -> Result<(), Past> {
        let head = self.shared.head().header.timestamp;
        self.clock().set_next(timestamp, head)
    }
}
