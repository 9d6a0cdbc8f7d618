//! What was recorded of a message, and what it paid.

use crate::{
    chain::Block,
    evm::{Fees, Outcome, Status},
    trace::Trace,
};
use alloy_primitives::{Address, Bytes, U256};
use std::sync::Arc;

/// What was recorded, and what is needed to show it.
pub(super) struct Traced {
    pub(super) trace: Trace,
    /// What was paid. Nobody pays for the internal transaction.
    pub(super) paid: Option<Paid>,
    /// Where the transaction is; a call is nowhere.
    pub(super) place: Option<(Arc<Block>, u64)>,
}

/// What a message paid, and how it ended.
pub(super) struct Paid {
    /// Gas limit.
    pub(super) limit: u64,
    pub(super) gas_used: u64,
    /// Wei that the sender pays for a gas.
    pub(super) price: U256,
    /// What ArbOS gives on, which in a call without a price is more.
    pub(super) fees: Fees,
    /// Whether it failed or reverted.
    pub(super) failed: bool,
    /// What it returned.
    pub(super) output: Bytes,
    /// The message's own words for its failure.
    pub(super) failure: Option<String>,
    /// Contracts that destroyed themselves, with the wei that goes with them.
    pub(super) destroyed: Vec<(Address, U256)>,
}

impl Paid {
    pub(super) fn new(outcome: &Outcome, limit: u64) -> Self {
        let destroyed = outcome.state.iter().filter(|(_, account)| account.is_selfdestructed());
        let mut destroyed: Vec<_> = destroyed.map(|(address, account)| (*address, account.info.balance)).collect();
        destroyed.sort_unstable();
        Self {
            limit,
            gas_used: outcome.gas_used,
            price: outcome.gas_price,
            fees: outcome.fees,
            failed: !outcome.status.is_success(),
            output: outcome.output.clone(),
            failure: match &outcome.status {
                Status::Failure(text) => Some(text.clone().into_owned()),
                _ => None,
            },
            destroyed,
        }
    }
}
