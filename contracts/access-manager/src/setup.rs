//! The constructor.

use alloy_primitives::{Address, U256};
use consilium_abi::{List, Revert, ensure};

use crate::AccessManager;
use crate::abi::*;
use crate::rules::ADMIN_ROLE;

impl AccessManager {
    /// The whole table at once. Its caller is whoever deploys, and gets nothing.
    pub(crate) fn initialize(
        &mut self,
        initial_admin: Address,
        grants: List<'_, InitialGrant>,
        functions: List<'_, InitialFunction>,
    ) -> Result<(), Revert> {
        ensure!(!initial_admin.is_zero(), AccessManagerInvalidInitialAdmin { initial_admin });
        self.set_idle();
        self.grant(ADMIN_ROLE, initial_admin, 0, 0, None)?;
        for (index, grant) in grants.iter().enumerate() {
            let InitialGrant { role_id, account, execution_delay, until } = grant;
            ensure!(!account.is_zero(), AccessManagerInvalidInitialAddress { index: U256::from(index) });
            self.grant(role_id, account, 0, execution_delay, (until != 0).then_some(until))?;
        }
        for (index, function) in functions.iter().enumerate() {
            let InitialFunction { target, selector, role_id } = function;
            ensure!(!target.is_zero(), AccessManagerInvalidInitialAddress { index: U256::from(index) });
            self.assign(target, core::iter::once(selector), role_id)?;
        }
        Ok(())
    }
}
