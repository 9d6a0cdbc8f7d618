//! Transactions that came before the one they follow.

use super::{admission::SendError, conditions::Conditions, transaction::Transaction};
use alloy_primitives::{Address, map::HashMap};
use std::time::{Duration, Instant};
use tokio::sync::oneshot;

/// How long the sequencer waits for the gap to be filled, as Nitro's.
const PATIENCE: Duration = Duration::from_secs(1);

/// A transaction on its way, with whoever waits for it.
pub(super) struct Pending {
    pub(super) transaction: Box<Transaction>,
    pub(super) sender: Address,
    pub(super) conditions: Conditions,
    pub(super) answer: oneshot::Sender<Result<(), SendError>>,
}

struct Waiter {
    pending: Pending,
    /// What the client gets if the gap stays.
    refusal: String,
    deadline: Instant,
}

/// By sender and nonce. All wait equally long.
#[derive(Default)]
pub(super) struct Waiting(HashMap<(Address, u64), Waiter>);

impl Waiting {
    /// Keeps a transaction; one that waited in its place is refused.
    pub(super) fn add(&mut self, pending: Pending, refusal: String, now: Instant) {
        let key = (pending.sender, pending.transaction.nonce);
        if let Some(other) = self.0.insert(key, Waiter { pending, refusal, deadline: now + PATIENCE }) {
            other.refuse();
        }
    }

    /// The transaction that can go on now.
    pub(super) fn take(&mut self, sender: Address, nonce: u64) -> Option<Pending> {
        if self.0.is_empty() {
            return None;
        }
        self.0.remove(&(sender, nonce)).map(|waiter| waiter.pending)
    }

    /// When the first one is given up.
    pub(super) fn deadline(&self) -> Option<Instant> {
        self.0.values().map(|waiter| waiter.deadline).min()
    }

    /// Refuses what has waited long enough.
    pub(super) fn expire(&mut self, now: Instant) {
        for (_, waiter) in self.0.extract_if(|_, waiter| waiter.deadline <= now) {
            waiter.refuse();
        }
    }
}

impl Waiter {
    fn refuse(self) {
        let _ = self.pending.answer.send(Err(SendError::Refused(self.refusal)));
    }
}
