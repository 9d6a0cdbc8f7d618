//! The constructor.

use alloy_primitives::Address;
use consilium_abi::{List, Revert};
use consilium_components::access_managed::ObeysAuthority;
use consilium_components::upgradeable::Upgrades;

use crate::Mandate;
use crate::abi::*;

impl Mandate {
    /// Its caller is whoever deploys, and gets nothing.
    pub(crate) fn initialize(
        &mut self,
        initial_authority: Address,
        mandates: List<'_, InitialMandate>,
        allowances: List<'_, InitialAllowance>,
    ) -> Result<(), Revert> {
        self.only_proxy()?;
        // Checks that the authority has code.
        self.set_authority(initial_authority)?;
        for InitialMandate { holder, until, report_every, first_report_by } in mandates.iter() {
            self.grant_mandate(holder, until, report_every, first_report_by)?;
        }
        for InitialAllowance { holder, token, limit, period } in allowances.iter() {
            self.set_allowance(holder, token, limit, period)?;
        }
        Ok(())
    }
}
