//! The constructor.

use alloy_primitives::{Address, B256, FixedBytes};
use consilium_abi::{List, Panic, Revert, ensure};
use consilium_components::access_managed::ObeysAuthority;
use consilium_components::upgradeable::Upgrades;

use crate::DataPointerRegistry;
use crate::abi::*;
use crate::storage::Settings;

/// The consent's question by ERC-165, as docs/erc-consent.md has it: `isPermitted`, `permittedClasses`, `arePermitted`.
const QUESTION: [u8; 4] = [0x4c, 0xd6, 0x40, 0x10];

/// What ERC-165 reserves: nobody has it.
const NO_INTERFACE: [u8; 4] = [0xff; 4];

impl DataPointerRegistry {
    /// Its caller is whoever deploys, and gets nothing.
    pub(crate) fn initialize(
        &mut self,
        initial_authority: Address,
        consent: Address,
        store_purpose: u8,
        answer_within: u32,
        encryptions: List<'_, B256>,
    ) -> Result<(), Revert> {
        self.only_proxy()?;
        // Who does not answer is no consent, and neither is who says yes to everything.
        let has = |interface| IConsent::at(consent).supports_interface(self, FixedBytes(interface)).unwrap_or(false);
        ensure!(has(QUESTION) && !has(NO_INTERFACE), RegistryInvalidConsent { consent });

        // Checks that the authority has code.
        self.set_authority(initial_authority)?;
        self.set_settings(&Settings { consent, ..Settings::default() });
        ConsentSet { consent }.log(self);
        self.set_store_purpose(store_purpose)?;
        self.set_answer_within(answer_within);
        for (place, code) in encryptions.iter().enumerate() {
            let number = u16::try_from(place + 1).map_err(|_| Panic::Arithmetic)?;
            self.set_encryption(number, code)?;
        }
        Ok(())
    }
}
