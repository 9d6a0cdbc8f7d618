//! What the DAO sets: treasury, registry, window; and what the contract says of itself.

use alloc::vec::Vec;

use alloy_primitives::{Address, FixedBytes};
use consilium_abi::{Chain, List, Revert, ensure};
use consilium_components::access_managed::{ACCESS_MANAGED_INTERFACE_ID, ObeysAuthority};
use consilium_components::eip712::EIP712_INTERFACE_ID;
use stylus_sdk::prelude::*;

use crate::RevenueSplitter;
use crate::abi::*;
use crate::storage::Settings;

/// `supportsInterface(bytes4)`.
const ERC165: [u8; 4] = [0x01, 0xff, 0xc9, 0xa7];

impl RevenueSplitter {
    // ------------------------------------------------------------------------------------------------- views

    pub(crate) fn treasury(&self) -> Address {
        self.settings().treasury
    }

    pub(crate) fn registry(&self) -> Address {
        self.stored_registry()
    }

    pub(crate) fn window(&self) -> u32 {
        self.settings().window
    }

    pub(crate) fn supports_interface(&self, id: FixedBytes<4>) -> bool {
        [ERC165, ACCESS_MANAGED_INTERFACE_ID, EIP712_INTERFACE_ID].contains(&id.0)
    }

    // ------------------------------------ changing; the constructor calls them too. UNGUARDED: the declaration
    // restricts them

    pub(crate) fn set_treasury(&mut self, treasury: Address) -> Result<(), Revert> {
        self.can_be_paid(treasury)?;
        self.set_settings(&Settings { treasury, ..self.settings() });
        TreasurySet { treasury }.log(self);
        Ok(())
    }

    pub(crate) fn set_registry(&mut self, registry: Address) -> Result<(), Revert> {
        ensure!(registry.is_zero() || self.has_code(registry), SplitterInvalidRegistry { registry });
        self.write_registry(registry);
        RegistrySet { registry }.log(self);
        Ok(())
    }

    pub(crate) fn set_window(&mut self, window: u32) {
        self.set_settings(&Settings { window, ..self.settings() });
        WindowSet { window }.log(self);
    }

    /// The authority's own rules are about the function that it calls: it calls that one, and none inside of this.
    pub(crate) fn multicall(&mut self, data: List<'_, &[u8]>) -> Result<Vec<Vec<u8>>, Revert> {
        self.not_authority()?;
        consilium_components::multicall::multicall_at_rest(self, data)
    }

    // ------------------------------------------------------------------------------------------------ checks

    /// Refuses whom nobody can pay.
    pub(crate) fn can_be_paid(&self, account: Address) -> Result<(), Revert> {
        let this = self.vm().contract_address();
        ensure!(!account.is_zero() && account != this, SplitterInvalidRecipient { account });
        Ok(())
    }
}
