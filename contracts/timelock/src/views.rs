//! The state of operations, and their ids.

use alloy_primitives::{Address, B256, U256};
use consilium_abi::List;
use stylus_sdk::prelude::*;

use crate::Timelock;
use crate::rules::{self, State};

impl Timelock {
    pub(crate) fn is_operation(&self, id: B256) -> bool {
        self.state(id) != State::Unset
    }

    pub(crate) fn is_operation_pending(&self, id: B256) -> bool {
        matches!(self.state(id), State::Waiting | State::Ready)
    }

    pub(crate) fn is_operation_ready(&self, id: B256) -> bool {
        self.state(id) == State::Ready
    }

    pub(crate) fn is_operation_done(&self, id: B256) -> bool {
        self.state(id) == State::Done
    }

    pub(crate) fn get_timestamp(&self, id: B256) -> U256 {
        self.timestamps.get(id)
    }

    pub(crate) fn get_operation_state(&self, id: B256) -> u8 {
        self.state(id) as u8
    }

    pub(crate) fn get_min_delay(&self) -> U256 {
        self.min_delay.get()
    }

    /// The state of an operation now.
    pub(crate) fn state(&self, id: B256) -> State {
        State::of(self.timestamps.get(id), self.vm().block_timestamp())
    }

    pub(crate) fn hash_operation(target: Address, value: U256, data: &[u8], predecessor: B256, salt: B256) -> B256 {
        rules::id(target, value, data, predecessor, salt)
    }

    pub(crate) fn hash_operation_batch(
        targets: List<'_, Address>,
        values: List<'_, U256>,
        payloads: List<'_, &[u8]>,
        predecessor: B256,
        salt: B256,
    ) -> B256 {
        rules::batch_id(targets, values, payloads, predecessor, salt)
    }
}
