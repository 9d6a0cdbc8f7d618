//! The modules, and what they execute. A module may do anything with the Safe, without any signature.
//!
//! Modules are a list as owners are.

use alloc::vec::Vec;

use alloy_primitives::{Address, U256};
use consilium_abi::{Revert, ensure};
use stylus_sdk::prelude::*;

use crate::Safe;
use crate::abi::{DisabledModule, EnabledModule, ExecutionFromModuleFailure, ExecutionFromModuleSuccess};
use crate::reasons::{EMPTY_PAGE, MODULE_ALREADY, NO_MODULE, ONLY_MODULES, WRONG_PAGE_START, WRONG_PREVIOUS_MODULE};
use crate::rules::Operation;
use crate::storage::SENTINEL;

impl Safe {
    // ------------------------------------------------------------------------------------------------- views

    pub(crate) fn is_module_enabled(&self, module: Address) -> bool {
        module != SENTINEL && !self.module_after(module).is_zero()
    }

    /// A page of modules, and where the next one begins: at the last of this one, or at the sentinel, which is the end.
    pub(crate) fn get_modules_paginated(
        &self,
        start: Address,
        page_size: U256,
    ) -> Result<(Vec<Address>, Address), Revert> {
        ensure!(start == SENTINEL || self.is_module_enabled(start), WRONG_PAGE_START);
        ensure!(!page_size.is_zero(), EMPTY_PAGE);
        let mut modules = Vec::new();
        let mut next = self.module_after(start);
        while !next.is_zero() && next != SENTINEL && U256::from(modules.len()) < page_size {
            modules.push(next);
            next = self.module_after(next);
        }
        if next != SENTINEL {
            // A Safe that was not set up has no list, and so no last one.
            next = modules.last().copied().ok_or_else(Revert::empty)?;
        }
        Ok((modules, next))
    }

    // -------------------------------------------------------- changing; the guard is part of the declaration

    pub(crate) fn enable_module(&mut self, module: Address) -> Result<(), Revert> {
        ensure!(!module.is_zero() && module != SENTINEL, NO_MODULE);
        ensure!(self.module_after(module).is_zero(), MODULE_ALREADY);
        self.set_module_after(module, self.module_after(SENTINEL));
        self.set_module_after(SENTINEL, module);
        EnabledModule { module }.log(self);
        Ok(())
    }

    pub(crate) fn disable_module(&mut self, previous: Address, module: Address) -> Result<(), Revert> {
        ensure!(!module.is_zero() && module != SENTINEL, NO_MODULE);
        ensure!(self.module_after(previous) == module, WRONG_PREVIOUS_MODULE);
        self.set_module_after(previous, self.module_after(module));
        self.set_module_after(module, Address::ZERO);
        DisabledModule { module }.log(self);
        Ok(())
    }

    // --------------------------------------------------------------------------------------------- executing

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
        let success = self.perform(to, value, data, operation, u64::MAX);
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
