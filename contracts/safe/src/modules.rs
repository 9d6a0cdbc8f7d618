//! What modules execute. They are not guarded.

use alloc::vec::Vec;

use alloy_primitives::{Address, U256};
use consilium_abi::{Revert, ensure};
use consilium_components::safe::{
    ExecutionFromModuleFailure, ExecutionFromModuleSuccess, Modules, ONLY_MODULES, Operation, perform,
};
use stylus_sdk::prelude::*;

use crate::Safe;

impl Safe {
    /// A failed call is an answer here: the module chose the gas, and is told.
    pub(crate) fn exec_transaction_from_module(
        &mut self,
        to: Address,
        value: U256,
        data: &[u8],
        operation: u8,
    ) -> Result<bool, Revert> {
        let module = self.vm().msg_sender();
        ensure!(self.is_module_enabled(module), ONLY_MODULES);
        let operation = Operation::of(operation)?;
        let success = perform(self, to, value, data, operation, u64::MAX);
        if success {
            ExecutionFromModuleSuccess { module }.log(self);
        } else {
            ExecutionFromModuleFailure { module }.log(self);
        }
        Ok(success)
    }

    pub(crate) fn exec_transaction_from_module_return_data(
        &mut self,
        to: Address,
        value: U256,
        data: &[u8],
        operation: u8,
    ) -> Result<(bool, Vec<u8>), Revert> {
        let success = self.exec_transaction_from_module(to, value, data, operation)?;
        Ok((success, self.vm().read_return_data(0, None)))
    }
}
