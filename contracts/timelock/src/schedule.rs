//! Scheduling.

use alloy_primitives::{Address, B256, U256};
use consilium_abi::{List, Panic, Revert, ensure};
use stylus_sdk::prelude::*;

use crate::Timelock;
use crate::abi::{CallSalt, CallScheduled, TimelockInsufficientDelay, TimelockInvalidOperationLength};
use crate::rules::{self, State};

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
        let id = rules::id(target, value, data, predecessor, salt);
        self.start(id, delay)?;
        CallScheduled {
            id: &id,
            index: 0u8,
            target: &target,
            value: &value,
            data,
            predecessor: &predecessor,
            delay: &delay,
        }
        .log(self);
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
        check_lengths(&targets, &values, &payloads)?;
        let id = rules::batch_id(targets, values, payloads, predecessor, salt);
        self.start(id, delay)?;
        for (index, ((target, value), data)) in targets.iter().zip(values.iter()).zip(payloads.iter()).enumerate() {
            CallScheduled {
                id: &id,
                index: index as u64,
                target: &target,
                value: &value,
                data,
                predecessor: &predecessor,
                delay: &delay,
            }
            .log(self);
        }
        self.log_salt(id, salt);
        Ok(())
    }

    /// Sets the time of a new operation.
    ///
    /// UNGUARDED: whoever calls this has checked that the caller of the contract may schedule.
    fn start(&mut self, id: B256, delay: U256) -> Result<(), Revert> {
        self.expect(id, State::Unset.bit())?;
        let min_delay = self.min_delay();
        ensure!(delay >= min_delay, TimelockInsufficientDelay { delay: &delay, min_delay: &min_delay });
        let ready_at = rules::ready_at(self.vm().block_timestamp(), delay).ok_or(Panic::Arithmetic)?;
        self.set_timestamp(id, ready_at);
        Ok(())
    }

    fn log_salt(&mut self, id: B256, salt: B256) {
        if !salt.is_zero() {
            CallSalt { id, salt }.log(self);
        }
    }
}

/// Reverts unless the lists of a batch are of one length.
pub(crate) fn check_lengths(
    targets: &List<'_, Address>,
    values: &List<'_, U256>,
    payloads: &List<'_, &[u8]>,
) -> Result<(), Revert> {
    let [targets, values, payloads] = [targets.len(), values.len(), payloads.len()].map(U256::from);
    ensure!(targets == values && targets == payloads, TimelockInvalidOperationLength { targets, payloads, values });
    Ok(())
}
