//! Executing operations, and the other call to targets.

use alloy_primitives::Address;
use consilium_abi::{Chain, Revert, ensure};
use stylus_sdk::prelude::*;

use crate::AccessManager;
use crate::abi::*;
use crate::operations::unauthorized;
use crate::rules::{self, Selector};

impl AccessManager {
    /// The operation is consumed before the call. While it is made the target finds the manager allowed to make it, and
    /// no other. What was being executed before is so again after it: executions nest.
    pub(crate) fn execute(&mut self, target: Address, data: &[u8]) -> Result<u32, Revert> {
        let caller = self.vm().msg_sender();
        let (immediate, setback) = self.can_call_extended(caller, target, data)?;
        if !immediate && setback == 0 {
            return Err(unauthorized(caller, target, data));
        }
        let selector = rules::selector_of(data)?;
        let operation_id = rules::operation_id(caller, target, data);
        let nonce = if setback != 0 || self.get_schedule(operation_id)? != 0 { self.consume(operation_id)? } else { 0 };

        let before = self.execution();
        self.set_execution(rules::execution_id(target, selector));
        self.perform(target, data)?;
        self.set_execution(before);
        Ok(nonce)
    }

    pub(crate) fn update_authority(&mut self, target: Address, new_authority: Address) -> Result<(), Revert> {
        IManaged::at(target).set_authority(self, new_authority)
    }

    /// Whether this function is being called by `execute`.
    pub(crate) fn is_executing(&self, target: Address, selector: Selector) -> bool {
        self.execution() == rules::execution_id(target, selector)
    }

    /// Makes a call with the ether that came along. UNGUARDED: the caller of this has checked that the sender may make it.
    fn perform(&mut self, target: Address, data: &[u8]) -> Result<(), Revert> {
        let value = self.vm().msg_value();
        match self.call(target, value, data) {
            Ok(answer) => {
                ensure!(!answer.is_empty() || self.has_code(target), AddressEmptyCode { target });
                Ok(())
            }
            Err(reason) if reason.data().is_empty() => Err(FailedCall {}.into()),
            Err(reason) => Err(reason),
        }
    }
}
