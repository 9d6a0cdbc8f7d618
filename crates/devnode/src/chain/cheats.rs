//! What a test may do to a chain that no transaction can: state and headers as it likes them.

use super::{maker::Mining, sequencer::Sequencer};
use crate::{
    arbos::{ARBOS_STATE, next_base_fee_slot},
    state::Overlay,
};
use alloy_primitives::{Address, B256, Bytes, U256};
use std::time::Duration;

/// Why the chain is not changed so.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CheatError {
    /// ArbOS would not survive it.
    #[error("the state of ArbOS ({ARBOS_STATE}) cannot be changed")]
    Arbos,
    /// Transactions would be executed twice.
    #[error("nonce {asked} is below the account's, {now}")]
    NonceFell {
        /// What was asked for.
        asked: u64,
        /// What it is.
        now: u64,
    },
}

impl Sequencer {
    /// Sets an account's balance (wei).
    pub async fn set_balance(&self, address: Address, balance: U256) -> Result<(), CheatError> {
        self.change(address, move |state| state.set_balance(address, balance)).await
    }

    /// Sets an account's code. A Stylus program in it must be activated, unless one with the same code is.
    pub async fn set_code(&self, address: Address, code: Bytes) -> Result<(), CheatError> {
        self.change(address, move |state| state.set_code(address, code)).await
    }

    /// Sets a slot of an account's storage.
    pub async fn set_storage(&self, address: Address, index: U256, value: U256) -> Result<(), CheatError> {
        self.change(address, move |state| state.set_slot(address, index, value)).await
    }

    /// Sets an account's nonce, which never falls.
    pub async fn set_nonce(&self, address: Address, asked: u64) -> Result<(), CheatError> {
        forbid_arbos(address)?;
        self.control(move |state| {
            let now = state.account(&address).nonce;
            if asked < now {
                return Err(CheatError::NonceFell { asked, now });
            }
            state.patch(move |overlay| overlay.set_nonce(address, asked));
            Ok(())
        })
        .await
    }

    async fn change(
        &self,
        address: Address,
        change: impl FnOnce(&mut Overlay) + Send + 'static,
    ) -> Result<(), CheatError> {
        forbid_arbos(address)?;
        self.control(move |state| state.patch(change)).await;
        Ok(())
    }

    /// Sets the base fee of the next block (wei a gas). ArbOS sets that of the one after it.
    pub async fn set_next_base_fee(&self, base_fee: u64) {
        let set = move |state: &mut Overlay| state.set_slot(ARBOS_STATE, next_base_fee_slot(), U256::from(base_fee));
        self.control(move |state| state.patch(set)).await;
    }

    /// Sets who makes the blocks from now on.
    pub async fn set_coinbase(&self, coinbase: Address) {
        self.control(move |state| state.settings().coinbase = coinbase).await;
    }

    /// Who makes the blocks.
    pub async fn coinbase(&self) -> Address {
        self.control(|state| state.settings().coinbase).await
    }

    /// Sets the gas limit of all blocks from now on.
    pub async fn set_gas_limit(&self, gas_limit: u64) {
        self.control(move |state| state.settings().gas_limit = gas_limit).await;
    }

    /// The gas limit of the next block.
    pub async fn gas_limit(&self) -> u64 {
        self.control(|state| state.settings().gas_limit).await
    }

    /// Sets what `PREVRANDAO` reads in the next block.
    pub async fn set_next_randao(&self, value: U256) {
        self.control(move |state| state.settings().difficulty = value).await;
    }

    /// Makes each block so many seconds later than the last one, or (`None`) as late as the clock says. False if it was so.
    pub async fn set_timestamp_interval(&self, seconds: Option<u64>) -> bool {
        self.control(move |state| {
            let was = state.clock().interval();
            state.clock().set_interval(seconds);
            was != seconds
        })
        .await
    }

    /// Whether a transaction that comes is put into a block at once. What waits already, waits for the next block.
    pub async fn set_automine(&self, on: bool) {
        self.control(move |state| state.mining.automine = on).await;
    }

    /// Whether a transaction that comes is put into a block at once.
    pub async fn automine(&self) -> bool {
        self.control(|state| state.mining.automine).await
    }

    /// Makes a block each time so long has passed on the wall clock; `None` ends that.
    pub async fn set_mining_interval(&self, interval: Option<Duration>) {
        self.control(move |state| state.mining.set_interval(interval)).await;
    }

    /// Takes a transaction out of those that wait. `None` if it is in a block already, false if nobody knows it.
    pub async fn drop_transaction(&self, hash: B256) -> Option<bool> {
        self.control(move |state| {
            let mined = state.shared.ledger.read().transaction(&hash).is_some();
            (!mined).then(|| state.shared.pool.lock().remove(hash))
        })
        .await
    }

    /// Says that the chain is set up: [`Self::reset`] comes back to this.
    pub async fn begin(&self) {
        self.control(|state| state.start = Some(state.moment())).await;
    }

    /// Back to the start: blocks, state, clock, and everything that was set.
    pub async fn reset(&self) {
        self.control(|state| {
            state.snapshots.clear();
            state.mining = Mining::default();
            if let Some(start) = state.start.clone() {
                state.go_back(start);
            }
        })
        .await;
    }
}

fn forbid_arbos(address: Address) -> Result<(), CheatError> {
    if address == ARBOS_STATE { Err(CheatError::Arbos) } else { Ok(()) }
}
