//! Transactions that wait for a block, where blocks are made by command.

use super::transaction::Transaction;
use alloy_primitives::{Address, B256, U512};

/// A transaction that waits, with its sender.
#[derive(Debug, Clone)]
pub struct Pooled {
    /// The transaction.
    pub transaction: Box<Transaction>,
    /// Who sends it.
    pub sender: Address,
}

/// In order of arrival; one for each nonce of a sender.
#[derive(Debug, Clone, Default)]
pub(super) struct Pool(Vec<Pooled>);

impl Pool {
    pub(super) fn all(&self) -> &[Pooled] {
        &self.0
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds a transaction. One with the same nonce gives way to a better price.
    pub(super) fn add(&mut self, pooled: Pooled) -> Result<(), String> {
        if pooled.transaction.nonce == u64::MAX {
            return Err(format!("nonce has max value: address {}, nonce: {}", pooled.sender, u64::MAX));
        }
        let same =
            |other: &&mut Pooled| other.sender == pooled.sender && other.transaction.nonce == pooled.transaction.nonce;
        match self.0.iter_mut().find(same) {
            None => self.0.push(pooled),
            Some(other) if other.transaction.hash == pooled.transaction.hash => return Err("already known".into()),
            Some(other) if price(other) >= price(&pooled) => {
                return Err("replacement transaction underpriced".into());
            }
            Some(other) => *other = pooled,
        }
        Ok(())
    }

    /// Takes a transaction out; false if it is not there.
    pub(super) fn remove(&mut self, hash: B256) -> bool {
        let before = self.0.len();
        self.0.retain(|pooled| pooled.transaction.hash != hash);
        self.0.len() < before
    }

    /// The nonce after the last one that follows without a gap on `nonce`.
    pub(super) fn next_nonce(&self, sender: Address, mut nonce: u64) -> u64 {
        let holds = |nonce| self.0.iter().any(|pooled| pooled.sender == sender && pooled.transaction.nonce == nonce);
        while holds(nonce) {
            nonce += 1;
        }
        nonce
    }

    /// Takes out the first one that is wanted.
    pub(super) fn take(&mut self, is_wanted: impl FnMut(&Pooled) -> bool) -> Option<Pooled> {
        let position = self.0.iter().position(is_wanted)?;
        Some(self.0.remove(position))
    }

    /// Drops all others.
    pub(super) fn keep(&mut self, is_wanted: impl FnMut(&Pooled) -> bool) {
        self.0.retain(is_wanted);
    }
}

fn price(pooled: &Pooled) -> U512 {
    pooled.transaction.max_fee
}
