//! The modules, which may do anything with the Safe, without any signature. They are a list as owners are.
//!
//! How a module's transaction is executed, each version says.

use alloc::vec::Vec;

use alloy_primitives::{Address, U256};
use consilium_abi::{Revert, ensure};

use super::abi::{DisabledModule, EnabledModule};
use super::reasons::{EMPTY_PAGE, MODULE_ALREADY, NO_MODULE, WRONG_PAGE_START, WRONG_PREVIOUS_MODULE};
use super::storage::{SENTINEL, Slots};
use super::version::Version;

impl<S: Version> Modules for S {}

/// The list of modules.
pub trait Modules: Version {
    // ------------------------------------------------------------------------------------------------- views

    /// `isModuleEnabled`.
    fn is_module_enabled(&self, module: Address) -> bool {
        module != SENTINEL && !self.module_after(module).is_zero()
    }

    /// A page of modules, and where the next one begins: at the last of this one, or at the sentinel, which is the end.
    fn get_modules_paginated(&self, start: Address, page_size: U256) -> Result<(Vec<Address>, Address), Revert> {
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

    /// `enableModule`.
    fn enable_module(&mut self, module: Address) -> Result<(), Revert> {
        ensure!(!module.is_zero() && module != SENTINEL, NO_MODULE);
        ensure!(self.module_after(module).is_zero(), MODULE_ALREADY);
        self.set_module_after(module, self.module_after(SENTINEL));
        self.set_module_after(SENTINEL, module);
        EnabledModule { module }.log(self);
        Ok(())
    }

    /// `disableModule`.
    fn disable_module(&mut self, previous: Address, module: Address) -> Result<(), Revert> {
        ensure!(!module.is_zero() && module != SENTINEL, NO_MODULE);
        ensure!(self.module_after(previous) == module, WRONG_PREVIOUS_MODULE);
        self.set_module_after(previous, self.module_after(module));
        self.set_module_after(module, Address::ZERO);
        DisabledModule { module }.log(self);
        Ok(())
    }
}
