//! What the DAO sets: the purpose of storing, the time to answer, the table of encryptions.

use alloy_primitives::{Address, B256, FixedBytes};
use consilium_abi::{Revert, ensure};
use consilium_components::access_managed::ACCESS_MANAGED_INTERFACE_ID;
use consilium_components::eip712::EIP712_INTERFACE_ID;

use crate::DataPointerRegistry;
use crate::abi::*;
use crate::rules::PURPOSES;
use crate::storage::Settings;

/// `supportsInterface(bytes4)`.
const ERC165: [u8; 4] = [0x01, 0xff, 0xc9, 0xa7];

impl DataPointerRegistry {
    // ------------------------------------------------------------------------------------------------- views

    pub(crate) fn consent(&self) -> Address {
        self.settings().consent
    }

    pub(crate) fn store_purpose(&self) -> u8 {
        self.settings().store_purpose
    }

    pub(crate) fn answer_within(&self) -> u32 {
        self.settings().answer_within
    }

    pub(crate) fn encryption(&self, number: u16) -> B256 {
        self.stored_encryption(number)
    }

    pub(crate) fn supports_interface(&self, id: FixedBytes<4>) -> bool {
        [ERC165, ACCESS_MANAGED_INTERFACE_ID, EIP712_INTERFACE_ID].contains(&id.0)
    }

    // ------------------------------ changing; the constructor calls them too. UNGUARDED: the declaration restricts
    // them

    pub(crate) fn set_store_purpose(&mut self, purpose: u8) -> Result<(), Revert> {
        ensure!(purpose < PURPOSES, RegistryInvalidPurpose { purpose });
        self.set_settings(&Settings { store_purpose: purpose, ..self.settings() });
        StorePurposeSet { purpose }.log(self);
        Ok(())
    }

    pub(crate) fn set_answer_within(&mut self, period: u32) {
        self.set_settings(&Settings { answer_within: period, ..self.settings() });
        AnswerWithinSet { period }.log(self);
    }

    pub(crate) fn set_encryption(&mut self, number: u16, code: B256) -> Result<(), Revert> {
        ensure!(number != 0, RegistryUnknownEncryption { number });
        self.write_encryption(number, code);
        EncryptionSet { number, code }.log(self);
        Ok(())
    }
}
