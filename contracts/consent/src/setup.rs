//! The constructor.

use alloy_primitives::Address;
use consilium_abi::{List, Revert};
use consilium_components::access_managed::ObeysAuthority;
use consilium_components::upgradeable::Upgrades;

use crate::Consent;
use crate::abi::*;

impl Consent {
    /// Its caller is whoever deploys, and gets nothing.
    pub(crate) fn initialize(
        &mut self,
        initial_authority: Address,
        policy: Policy,
        longest: [u16; 64],
        codes: List<'_, Codes<'_>>,
    ) -> Result<(), Revert> {
        self.only_proxy()?;
        // Checks that the authority has code.
        self.set_authority(initial_authority)?;
        self.set_policy(policy, longest)?;
        for Codes { table, first, codes } in codes {
            for (place, code) in codes.iter().enumerate() {
                // No table has a number above 255.
                let number = usize::from(first) + place;
                let number = u8::try_from(number).map_err(|_| ConsentInvalidCode { table, number: u8::MAX })?;
                self.set_code(table, number, code)?;
            }
        }
        Ok(())
    }
}
