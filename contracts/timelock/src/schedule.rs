//! Scheduling and cancelling.

use alloy_primitives::{Address, B256, U256};
use consilium_abi::{List, Revert};
use stylus_sdk::prelude::*;

use crate::Timelock;
use crate::abi::{
    CallSalt, CallScheduled, Cancelled, TimelockInsufficientDelay, TimelockInvalidOperationLength,
    TimelockUnexpectedOperationState,
};
use crate::rules::{self, CANCELLER_ROLE, OVERFLOW, PROPOSER_ROLE, State};

impl Timelock {
    pub(crate) fn schedule(
        &mut self,
        target: Address,
        value: U256,
        data: &[u8],
        predecessor: B256,
        salt: B256,
        delay: U256,
    ) -> Result<(), Revert> {
        self.only(PROPOSER_ROLE)?;
        let id = rules::id(target, value, data, predecessor, salt);
        self.start(id, delay)?;
        CallScheduled { id, index: U256::ZERO, target, value, data, predecessor, delay }.log(self);
        self.log_salt(id, salt);
        Ok(())
    }

    pub(crate) fn schedule_batch(
        &mut self,
        targets: List<'_, Address>,
        values: List<'_, U256>,
        payloads: List<'_, &[u8]>,
        predecessor: B256,
        salt: B256,
        delay: U256,
    ) -> Result<(), Revert> {
        self.only(PROPOSER_ROLE)?;
        check_lengths(&targets, &values, &payloads)?;
        let id = rules::batch_id(targets, values, payloads, predecessor, salt);
        self.start(id, delay)?;
        for (index, ((target, value), data)) in targets.iter().zip(values.iter()).zip(payloads.iter()).enumerate() {
            CallScheduled { id, index: U256::from(index), target, value, data, predecessor, delay }.log(self);
        }
        self.log_salt(id, salt);
        Ok(())
    }

    pub(crate) fn cancel(&mut self, id: B256) -> Result<(), Revert> {
        self.only(CANCELLER_ROLE)?;
        self.expect(id, &[State::Waiting, State::Ready])?;
        self.timestamps.delete(id);
        Cancelled { id }.log(self);
        Ok(())
    }

    /// Lets an operation pass that is in one of the states.
    pub(crate) fn expect(&self, operation_id: B256, states: &[State]) -> Result<(), Revert> {
        if !states.contains(&self.state(operation_id)) {
            return Err(TimelockUnexpectedOperationState { operation_id, expected_states: State::set(states) }.into());
        }
        Ok(())
    }

    /// Sets the time of a new operation. UNGUARDED: whoever calls this has checked that the caller may schedule.
    fn start(&mut self, id: B256, delay: U256) -> Result<(), Revert> {
        self.expect(id, &[State::Unset])?;
        let min_delay = self.min_delay.get();
        if delay < min_delay {
            return Err(TimelockInsufficientDelay { delay, min_delay }.into());
        }
        let ready_at =
            rules::ready_at(self.vm().block_timestamp(), delay).ok_or_else(|| Revert::from(OVERFLOW.to_vec()))?;
        self.timestamps.insert(id, ready_at);
        Ok(())
    }

    fn log_salt(&mut self, id: B256, salt: B256) {
        if !salt.is_zero() {
            CallSalt { id, salt }.log(self);
        }
    }
}

/// Lets a batch pass whose lists are of one length.
pub(crate) fn check_lengths(
    targets: &List<'_, Address>,
    values: &List<'_, U256>,
    payloads: &List<'_, &[u8]>,
) -> Result<(), Revert> {
    let [targets, values, payloads] = [targets.len(), values.len(), payloads.len()].map(U256::from);
    if targets != values || targets != payloads {
        return Err(TimelockInvalidOperationLength { targets, payloads, values }.into());
    }
    Ok(())
}
