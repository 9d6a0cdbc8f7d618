//! The one thread that makes blocks: takes transactions in order of arrival, and whatever moves the chain.

use super::{
    admission::SendError,
    clock::Past,
    conditions::Conditions,
    maker::{Command, Snapshot, State},
    shared::Shared,
    transaction::Transaction,
    waiting::Pending,
};
use crate::evm::STACK_BYTES;
use alloy_primitives::Address;
use std::{
    sync::{Arc, mpsc},
    thread,
};
use tokio::sync::oneshot;

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

impl Sequencer {
    pub(super) fn start(shared: Arc<Shared>) -> std::io::Result<Self> {
        let (sender, commands) = mpsc::channel();
        let state = State::new(shared);
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
    pub(super) async fn control<T: Send + 'static>(&self, work: impl FnOnce(&mut State) -> T + Send + 'static) -> T {
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

    /// Makes blocks without a transaction, or with those that wait in the first: at `timestamp` if it is given, and then as
    /// many seconds apart as `interval` says, if it is given.
    pub async fn mine(&self, blocks: u64, timestamp: Option<u64>, interval: Option<u64>) -> Result<(), Past> {
        self.control(move |state| {
            if let Some(timestamp) = timestamp {
                state.set_next_time(timestamp)?;
            }
            for index in 0..blocks {
                if let Some(interval) = interval.filter(|_| index > 0) {
                    let least = state.shared.style.least_seconds();
                    let head = state.shared.head().header.timestamp;
                    state.set_next_time(head.saturating_add(interval.max(least)))?;
                }
                state.produce_pool();
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

    /// Remembers the present chain, and returns the id for [`Self::revert`].
    pub async fn snapshot(&self) -> u64 {
        self.control(|state| {
            let id = state.next_snapshot;
            state.next_snapshot += 1;
            let moment = state.moment();
            state.snapshots.push(Snapshot { id, moment });
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
            state.go_back(snapshot.moment);
            true
        })
        .await
    }
}
