//! The constructor.

use alloy_primitives::Address;
use consilium_abi::{Revert, ensure};
use consilium_components::access_managed::ObeysAuthority;

use crate::NoticeBoard;
use crate::abi::*;
use crate::storage::Settings;

impl NoticeBoard {
    /// Its caller is whoever deploys, and gets nothing.
    pub(crate) fn initialize(&mut self, initial_authority: Address, lifetime: u32) -> Result<(), Revert> {
        ensure!(lifetime != 0, NoticeBoardInvalidLifetime { lifetime });
        // Checks that the authority has code.
        self.set_authority(initial_authority)?;
        self.set_settings(&Settings { lifetime, count: 0 });
        LifetimeSet { lifetime }.log(self);
        Ok(())
    }
}
