//! The guard of the settings, and `relay`.
//!
//! The timelock alone may change settings, and only by a call that the proposal in execution makes. Its hash is put into
//! a queue when execution begins, and taken out when the call comes: other proposers of the same timelock, and calls
//! that a target makes on its own, change nothing here.

use alloy_primitives::{Address, U256, keccak256};
use consilium_abi::{Chain, Panic, Revert, ensure};
use stylus_sdk::prelude::*;

use crate::Governor;
use crate::abi::*;
use crate::details::Details;
use crate::rules;

impl Governor {
    /// Reverts unless this is a call to this contract that the proposal in execution makes. Calls of that proposal that
    /// come before it in the queue cannot be made any more.
    pub(crate) fn only_governance(&mut self, msg_data: &[u8]) -> Result<(), Revert> {
        let caller = self.vm().msg_sender();
        let executor = self.timelock();
        ensure!(caller == executor, GovernorOnlyExecutor { account: &caller });
        if self.is_own_executor() {
            return Ok(());
        }
        let call = keccak256(msg_data);
        let mut council = self.council();
        loop {
            ensure!(council.calls_begin != council.calls_end, Panic::EmptyPop);
            let allowed = self.take_call(council.calls_begin);
            // It was below the end.
            council.calls_begin += 1;
            if allowed == call {
                break;
            }
        }
        if council.calls_begin == council.calls_end {
            (council.calls_begin, council.calls_end) = (0, 0);
        }
        self.set_council(&council);
        Ok(())
    }

    /// Allows the calls of a proposal to this contract, until [`Governor::forbid_calls`].
    pub(crate) fn allow_calls(&mut self, details: &Details<'_>) {
        if self.is_own_executor() {
            return;
        }
        let this = self.vm().contract_address();
        let mut council = self.council();
        let before = council.calls_end;
        for (target, calldata) in details.targets.iter().zip(details.calldatas.iter()) {
            if target == this {
                self.set_call(council.calls_end, keccak256(calldata));
                council.calls_end = rules::next_call(council.calls_end);
            }
        }
        if council.calls_end != before {
            self.set_council(&council);
        }
    }

    /// Ends an execution: calls that it did not make are no longer allowed.
    pub(crate) fn forbid_calls(&mut self) {
        let mut council = self.council();
        if council.calls_begin != council.calls_end && !self.is_own_executor() {
            (council.calls_begin, council.calls_end) = (0, 0);
            self.set_council(&council);
        }
    }

    /// Whether the governor is its own timelock. A proposal can set it so.
    pub(crate) fn is_own_executor(&self) -> bool {
        self.timelock() == self.vm().contract_address()
    }

    pub(crate) fn relay(&mut self, target: Address, value: U256, data: &[u8]) -> Result<(), Revert> {
        match self.call(target, value, data) {
            Ok(_) => Ok(()),
            Err(reason) if reason.data().is_empty() => Err(FailedCall {}.into()),
            Err(reason) => Err(reason),
        }
    }
}
