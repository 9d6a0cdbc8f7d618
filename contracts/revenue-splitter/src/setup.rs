//! The constructor.

use alloy_primitives::Address;
use consilium_abi::{List, Revert};
use consilium_components::access_managed::ObeysAuthority;
use consilium_components::upgradeable::Upgrades;

use crate::RevenueSplitter;

impl RevenueSplitter {
    /// Its caller is whoever deploys, and gets nothing.
    pub(crate) fn initialize(
        &mut self,
        initial_authority: Address,
        registry: Address,
        treasury: Address,
        window: u32,
        recipients: List<'_, Address>,
        basis_points: List<'_, u16>,
    ) -> Result<(), Revert> {
        self.only_proxy()?;
        // Checks that the authority has code.
        self.set_authority(initial_authority)?;
        self.set_registry(registry)?;
        self.set_treasury(treasury)?;
        self.set_window(window);
        self.replace_table(recipients, basis_points)
    }
}
