//! Executing operations that are ready.

use alloy_primitives::{Address, B256, U256};
use consilium_abi::{Chain, List, Revert, ensure};

use crate::Timelock;
use crate::abi::{CallExecuted, FailedCall, TimelockUnexecutedPredecessor};
use crate::rules::{self, DONE, State};
use crate::schedule::check_lengths;

impl Timelock {
    pub(crate) fn execute(
        &mut self,
        target: Address,
        value: U256,
        payload: &[u8],
        predecessor: B256,
        salt: B256,
    ) -> Result<(), Revert> {
        let id = rules::id(target, value, payload, predecessor, salt);
        self.before_calls(id, predecessor)?;
        self.perform(id, U256::ZERO, target, value, payload)?;
        self.after_calls(id)
    }

    pub(crate) fn execute_batch(
        &mut self,
        targets: List<'_, Address>,
        values: List<'_, U256>,
        payloads: List<'_, &[u8]>,
        predecessor: B256,
        salt: B256,
    ) -> Result<(), Revert> {
        check_lengths(&targets, &values, &payloads)?;
        let id = rules::batch_id(targets, values, payloads, predecessor, salt);
        self.before_calls(id, predecessor)?;
        for (index, ((target, value), payload)) in targets.iter().zip(values.iter()).zip(payloads.iter()).enumerate() {
            self.perform(id, U256::from(index), target, value, payload)?;
        }
        self.after_calls(id)
    }

    /// Reverts unless the operation is ready and its predecessor is done.
    fn before_calls(&self, id: B256, predecessor: B256) -> Result<(), Revert> {
        self.expect(id, State::Ready.bit())?;
        ensure!(
            predecessor.is_zero() || self.state(predecessor) == State::Done,
            TimelockUnexecutedPredecessor { predecessor_id: predecessor }
        );
        Ok(())
    }

    /// Marks the operation as done. Reverts unless it is still ready: a target may have called back and executed or
    /// cancelled it, and then this execution must be undone.
    fn after_calls(&mut self, id: B256) -> Result<(), Revert> {
        self.expect(id, State::Ready.bit())?;
        self.set_timestamp(id, DONE);
        Ok(())
    }

    /// Makes one call. As with Solidity's low-level call, a target without code succeeds.
    ///
    /// UNGUARDED: whoever calls this has checked that the operation is ready.
    fn perform(&mut self, id: B256, index: U256, target: Address, value: U256, data: &[u8]) -> Result<(), Revert> {
        if let Err(reason) = self.call(target, value, data) {
            return Err(if reason.data().is_empty() { FailedCall {}.into() } else { reason });
        }
        CallExecuted { id, index, target, value, data }.log(self);
        Ok(())
    }
}
