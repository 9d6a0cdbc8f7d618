//! The state of operations, and their ids.

use alloy_primitives::{Address, B256, U256};
use consilium_abi::{List, Revert, ensure};
use stylus_sdk::prelude::*;

use crate::Timelock;
use crate::abi::TimelockUnexpectedOperationState;
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
        self.timestamp(id)
    }

    pub(crate) fn get_operation_state(&self, id: B256) -> u8 {
        self.state(id) as u8
    }

    /// The state of an operation now.
    pub(crate) fn state(&self, id: B256) -> State {
        State::of(self.timestamp(id), self.vm().block_timestamp())
    }

    /// Reverts unless the operation is in one of the `expected` states.
    pub(crate) fn expect(&self, operation_id: B256, expected: u8) -> Result<(), Revert> {
        ensure!(
            self.state(operation_id).bit() & expected != 0,
            TimelockUnexpectedOperationState { operation_id, expected_states: B256::with_last_byte(expected) }
        );
        Ok(())
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
