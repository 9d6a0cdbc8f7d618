//! Who may do what: the roles of the timelock, and the guard for what only the timelock itself may do.

use alloy_primitives::B256;
use consilium_abi::{Revert, ensure};
use consilium_components::access_control::{HasRoles, Roles};
use stylus_sdk::prelude::*;

use crate::Timelock;
use crate::abi::TimelockUnauthorizedCaller;
use crate::rules::{CANCELLER_ROLE, EXECUTOR_ROLE, PROPOSER_ROLE};

impl HasRoles for Timelock {
    fn roles(&self) -> &Roles {
        &self.roles
    }

    fn roles_mut(&mut self) -> &mut Roles {
        &mut self.roles
    }
}

impl Timelock {
    pub(crate) fn proposer_role(&self) -> B256 {
        PROPOSER_ROLE
    }

    pub(crate) fn executor_role(&self) -> B256 {
        EXECUTOR_ROLE
    }

    pub(crate) fn canceller_role(&self) -> B256 {
        CANCELLER_ROLE
    }

    /// Reverts unless the caller is the timelock itself.
    pub(crate) fn only_self(&self) -> Result<(), Revert> {
        let caller = self.vm().msg_sender();
        ensure!(caller == self.vm().contract_address(), TimelockUnauthorizedCaller { caller });
        Ok(())
    }
}
