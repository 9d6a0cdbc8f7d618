//! The module guard: a contract that is asked before and after each transaction of a module, and can refuse it.

use alloy_primitives::Address;
use consilium_abi::{Revert, ensure};
use consilium_components::safe::supports;

use crate::SafeV15;
use crate::abi::ChangedModuleGuard;
use crate::reasons::NO_MODULE_GUARD;

/// The ERC-165 id of a module guard.
const MODULE_GUARD_INTERFACE_ID: [u8; 4] = [0x58, 0x40, 0x1e, 0xd8];

impl SafeV15 {
    pub(crate) fn set_module_guard(&mut self, module_guard: Address) -> Result<(), Revert> {
        let is_guard = module_guard.is_zero() || supports(self, module_guard, MODULE_GUARD_INTERFACE_ID)?;
        ensure!(is_guard, NO_MODULE_GUARD);
        self.set_stored_module_guard(module_guard);
        ChangedModuleGuard { module_guard }.log(self);
        Ok(())
    }
}
