//! What modules execute. A guard is asked before and after, if there is one.

use alloc::vec::Vec;

use alloy_primitives::{Address, B256, U256};
use consilium_abi::{Revert, ensure};
use consilium_components::safe::{
    ExecutionFromModuleFailure, ExecutionFromModuleSuccess, Modules, ONLY_MODULES, Operation, perform,
};
use stylus_sdk::prelude::*;

use crate::SafeV15;
use crate::abi::IModuleGuard;

impl SafeV15 {
    pub(crate) fn exec_transaction_from_module(
        &mut self,
        to: Address,
        value: U256,
        data: &[u8],
        operation: u8,
    ) -> Result<bool, Revert> {
        self.execute_for_module(to, value, data, operation, None)
    }

    pub(crate) fn exec_transaction_from_module_return_data(
        &mut self,
        to: Address,
        value: U256,
        data: &[u8],
        operation: u8,
    ) -> Result<(bool, Vec<u8>), Revert> {
        let mut answer = Vec::new();
        let success = self.execute_for_module(to, value, data, operation, Some(&mut answer))?;
        Ok((success, answer))
    }

    /// Whether the call succeeded. What it returned goes into `answer`. A failed call is an answer here: the module chose
    /// the gas, and is told.
    ///
    /// The guard that was asked before is asked after, whatever the transaction has made of it. Its revert is passed on:
    /// nothing has happened then.
    fn execute_for_module(
        &mut self,
        to: Address,
        value: U256,
        data: &[u8],
        operation: u8,
        answer: Option<&mut Vec<u8>>,
    ) -> Result<bool, Revert> {
        let module = self.vm().msg_sender();
        ensure!(self.is_module_enabled(module), ONLY_MODULES);
        let operation = Operation::of(operation)?;
        let guard = self.module_guard();
        let is_guarded = !guard.is_zero();
        let mut hash = B256::ZERO;
        if is_guarded {
            hash = IModuleGuard::at(guard).check_module_transaction(self, to, value, data, operation as u8, module)?;
        }
        let success = perform(self, to, value, data, operation, u64::MAX);
        if let Some(answer) = answer {
            // Before the guard is asked: its answer takes the place of this one.
            *answer = self.vm().read_return_data(0, None);
        }
        if is_guarded {
            IModuleGuard::at(guard).check_after_module_execution(self, hash, success)?;
        }
        if success {
            ExecutionFromModuleSuccess { module }.log(self);
        } else {
            ExecutionFromModuleFailure { module }.log(self);
        }
        Ok(success)
    }
}
