//! The constructor.

use alloy_primitives::Address;
use consilium_abi::Revert;
use consilium_components::access_managed::ObeysAuthority;

use crate::Consent;
use crate::abi::Policy;

impl Consent {
    /// Its caller is whoever deploys, and gets nothing.
    pub(crate) fn initialize(
        &mut self,
        initial_authority: Address,
        policy: Policy,
        longest: [u16; 64],
    ) -> Result<(), Revert> {
        // Checks that the authority has code.
        self.set_authority(initial_authority)?;
        self.set_policy(policy, longest)
    }
}
