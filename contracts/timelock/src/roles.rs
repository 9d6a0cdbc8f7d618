//! The names of the roles, and the guard of what only the timelock itself may call.

use alloy_primitives::B256;
use consilium_abi::{Revert, ensure};
use stylus_sdk::prelude::*;

use crate::Timelock;
use crate::abi::TimelockUnauthorizedCaller;
use crate::rules::{CANCELLER_ROLE, EXECUTOR_ROLE, PROPOSER_ROLE};

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
