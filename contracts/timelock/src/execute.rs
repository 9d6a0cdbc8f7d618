//! Executing what has waited, and changing the delay.

use alloy_primitives::{Address, B256, U256};
use consilium_abi::{Chain, List, Revert, ensure};

use crate::Timelock;
use crate::abi::{CallExecuted, FailedCall, MinDelayChange, TimelockUnexecutedPredecessor};
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

    pub(crate) fn update_delay(&mut self, new_delay: U256) -> Result<(), Revert> {
        MinDelayChange { old_duration: self.min_delay.get(), new_duration: new_delay }.log(self);
        self.min_delay.set(new_delay);
        Ok(())
    }

    /// The operation has waited, and the one it stands on is done.
    fn before_calls(&self, id: B256, predecessor: B256) -> Result<(), Revert> {
        self.expect(id, State::Ready.bit())?;
        ensure!(
            predecessor.is_zero() || self.state(predecessor) == State::Done,
            TimelockUnexecutedPredecessor { predecessor_id: predecessor }
        );
        Ok(())
    }

    /// The operation is done. It must be ready still: what was called may have called back and executed or cancelled
    /// it, and then nothing of this may stand.
    fn after_calls(&mut self, id: B256) -> Result<(), Revert> {
        self.expect(id, State::Ready.bit())?;
        self.timestamps.insert(id, DONE);
        Ok(())
    }

    /// Makes one call. As in Solidity's low-level call, an account without code is no error.
    ///
    /// UNGUARDED: whoever calls this has checked that the operation may be executed.
    fn perform(&mut self, id: B256, index: U256, target: Address, value: U256, data: &[u8]) -> Result<(), Revert> {
        if let Err(reason) = self.call(target, value, data) {
            return Err(if reason.data().is_empty() { FailedCall {}.into() } else { reason });
        }
        CallExecuted { id, index, target, value, data }.log(self);
        Ok(())
    }
}
