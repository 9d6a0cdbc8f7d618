//! Operations: scheduling, cancelling and consuming them.

use alloy_primitives::{Address, B256};
use consilium_abi::{Revert, ensure};
use stylus_sdk::prelude::*;

use crate::AccessManager;
use crate::abi::*;
use crate::rules::{self, ADMIN_ROLE, EXPIRATION};
use crate::storage::Schedule;

/// `isConsumingScheduledOp()`.
const IS_CONSUMING_SCHEDULED_OP: [u8; 4] = [0x8f, 0xb3, 0x60, 0x37];

impl AccessManager {
    // -------------------------------------------------------------------------------------------------- views

    pub(crate) fn expiration(&self) -> u32 {
        EXPIRATION
    }

    pub(crate) fn get_schedule(&self, id: B256) -> Result<u64, Revert> {
        let timepoint = self.stored_schedule(id).timepoint;
        Ok(if rules::is_expired(timepoint, self.now()?)? { 0 } else { timepoint })
    }

    pub(crate) fn get_nonce(&self, id: B256) -> u32 {
        self.stored_schedule(id).nonce
    }

    pub(crate) fn hash_operation(&self, caller: Address, target: Address, data: &[u8]) -> B256 {
        rules::operation_id(caller, target, data)
    }

    // ----------------------------------------------------------------------------------------------- changing

    pub(crate) fn schedule(&mut self, target: Address, data: &[u8], when: u64) -> Result<(B256, u32), Revert> {
        let caller = self.vm().msg_sender();
        let (_, setback) = self.can_call_extended(caller, target, data)?;
        let now = self.now()?;
        let earliest = rules::after(now, setback)?;
        if setback == 0 || (when > 0 && when < earliest) {
            return Err(unauthorized(caller, target, data));
        }
        let schedule = when.max(earliest);

        let operation_id = rules::operation_id(caller, target, data);
        let Schedule { timepoint, nonce } = self.stored_schedule(operation_id);
        ensure!(
            timepoint == 0 || rules::is_expired(timepoint, now)?,
            AccessManagerAlreadyScheduled { operation_id: &operation_id }
        );
        // As OpenZeppelin's: nobody schedules one operation 2^32 times.
        let nonce = nonce.wrapping_add(1);
        self.set_schedule(operation_id, Schedule { timepoint: schedule, nonce });
        OperationScheduled { operation_id: &operation_id, nonce, schedule, caller: &caller, target: &target, data }
            .log(self);
        Ok((operation_id, nonce))
    }

    pub(crate) fn cancel(&mut self, caller: Address, target: Address, data: &[u8]) -> Result<u32, Revert> {
        let msgsender = self.vm().msg_sender();
        let selector = rules::selector_of(data)?;
        let operation_id = rules::operation_id(caller, target, data);
        let Schedule { timepoint, nonce } = self.stored_schedule(operation_id);
        ensure!(timepoint != 0, AccessManagerNotScheduled { operation_id });
        ensure!(
            self.can_cancel(msgsender, caller, target, data)?,
            AccessManagerUnauthorizedCancel { msgsender, caller, target, selector }
        );
        self.set_schedule(operation_id, Schedule { timepoint: 0, nonce });
        OperationCanceled { operation_id, nonce }.log(self);
        Ok(nonce)
    }

    pub(crate) fn consume_scheduled_op(&mut self, caller: Address, data: &[u8]) -> Result<(), Revert> {
        let target = self.vm().msg_sender();
        let answer = IManaged::at(target).is_consuming_scheduled_op(self)?;
        ensure!(answer == IS_CONSUMING_SCHEDULED_OP, AccessManagerUnauthorizedConsume { target });
        self.consume(rules::operation_id(caller, target, data))?;
        Ok(())
    }

    /// Consumes an operation that is ready, and returns its nonce. UNGUARDED: the caller of this has checked that who
    /// makes the call may make it.
    pub(crate) fn consume(&mut self, operation_id: B256) -> Result<u32, Revert> {
        let Schedule { timepoint, nonce } = self.stored_schedule(operation_id);
        let now = self.now()?;
        ensure!(timepoint != 0, AccessManagerNotScheduled { operation_id });
        ensure!(timepoint <= now, AccessManagerNotReady { operation_id });
        ensure!(!rules::is_expired(timepoint, now)?, AccessManagerExpired { operation_id });
        self.set_schedule(operation_id, Schedule { timepoint: 0, nonce });
        OperationExecuted { operation_id, nonce }.log(self);
        Ok(nonce)
    }

    /// Whether `sender` may cancel an operation of `caller`.
    fn can_cancel(&self, sender: Address, caller: Address, target: Address, data: &[u8]) -> Result<bool, Revert> {
        if sender == caller || self.has_role(ADMIN_ROLE, sender)?.0 {
            return Ok(true);
        }
        let selector = rules::selector_of(data)?;
        let guardian = self.role(self.get_target_function_role(target, selector)).guardian;
        if self.has_role(guardian, sender)?.0 {
            return Ok(true);
        }
        if target != self.vm().contract_address() {
            return Ok(false);
        }
        let (restricted, role, _) = self.restrictions(selector, data)?;
        Ok(restricted && role != ADMIN_ROLE && self.has_role(role, sender)?.0)
    }
}

/// The refusal of a call. Without data, if the calldata has no selector to name.
pub(crate) fn unauthorized(caller: Address, target: Address, data: &[u8]) -> Revert {
    match rules::selector_of(data) {
        Ok(selector) => AccessManagerUnauthorizedCall { caller, target, selector }.into(),
        Err(empty) => empty,
    }
}
