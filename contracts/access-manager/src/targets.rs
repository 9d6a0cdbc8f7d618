//! Targets: the roles of their functions, their admin delays, and whether they are closed.

use alloy_primitives::Address;
use consilium_abi::{List, Revert, ensure};

use crate::AccessManager;
use crate::abi::*;
use crate::rules::{MIN_SETBACK, SET_AUTHORITY, Selector};
use crate::storage::Target;

impl AccessManager {
    pub(crate) fn is_target_closed(&self, target: Address) -> bool {
        self.target(target).closed
    }

    pub(crate) fn get_target_function_role(&self, target: Address, selector: Selector) -> u64 {
        self.function_role(&self.target(target), target, selector)
    }

    pub(crate) fn get_target_admin_delay(&self, target: Address) -> Result<u32, Revert> {
        Ok(self.admin_delay(&self.target(target), target).get(self.now()?))
    }

    pub(crate) fn set_target_function_role(
        &mut self,
        target: Address,
        selectors: List<'_, Selector>,
        role: u64,
    ) -> Result<(), Revert> {
        self.assign(target, selectors.iter(), role)
    }

    pub(crate) fn set_target_admin_delay(&mut self, target: Address, new_delay: u32) -> Result<(), Revert> {
        let before = self.admin_delay(&self.target(target), target);
        let delay = before.update(new_delay, MIN_SETBACK, self.now()?)?;
        self.set_admin_delay(target, delay);
        TargetAdminDelayUpdated { target, delay: new_delay, since: delay.effect }.log(self);
        Ok(())
    }

    pub(crate) fn set_target_closed(&mut self, target: Address, closed: bool) {
        let config = Target { closed, ..self.target(target) };
        self.set_target(target, &config);
        TargetClosed { target, closed }.log(self);
    }

    /// Gives functions a role. UNGUARDED: the caller of this has checked that the sender may.
    pub(crate) fn assign(
        &mut self,
        target: Address,
        selectors: impl Iterator<Item = Selector>,
        role_id: u64,
    ) -> Result<(), Revert> {
        let mut config = self.target(target);
        for selector in selectors {
            ensure!(selector != SET_AUTHORITY, AccessManagerLockedFunction { selector });
            self.set_function_role(&mut config, target, selector, role_id);
            TargetFunctionRoleUpdated { target, selector, role_id }.log(self);
        }
        self.set_target(target, &config);
        Ok(())
    }
}
