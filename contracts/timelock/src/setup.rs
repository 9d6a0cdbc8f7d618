//! The constructor.

use alloy_primitives::{Address, U256};
use consilium_abi::{List, Revert};
use consilium_components::access_control::{DEFAULT_ADMIN_ROLE, HasRoles};
use stylus_sdk::prelude::*;

use crate::Timelock;
use crate::abi::MinDelayChange;
use crate::rules::{CANCELLER_ROLE, EXECUTOR_ROLE, PROPOSER_ROLE};

impl Timelock {
    /// Grants and logs in the order of OpenZeppelin's constructor.
    pub(crate) fn initialize(
        &mut self,
        min_delay: U256,
        proposers: List<'_, Address>,
        executors: List<'_, Address>,
        admin: Address,
    ) -> Result<(), Revert> {
        self.grant(DEFAULT_ADMIN_ROLE, self.vm().contract_address());
        if !admin.is_zero() {
            self.grant(DEFAULT_ADMIN_ROLE, admin);
        }
        for proposer in proposers.iter() {
            self.grant(PROPOSER_ROLE, proposer);
            self.grant(CANCELLER_ROLE, proposer);
        }
        for executor in executors.iter() {
            self.grant(EXECUTOR_ROLE, executor);
        }
        self.set_min_delay(min_delay);
        MinDelayChange { old_duration: U256::ZERO, new_duration: min_delay }.log(self);
        Ok(())
    }
}
