//! The timelock's storage, and all reads and writes of it. No other file sees a field.
//!
//! UNGUARDED: every method that writes. Whoever calls one has checked that the caller of the contract may.

// The SDK's macros name these two.
use alloc::vec;
use alloc::vec::Vec;

use alloy_primitives::{B256, U256};
use consilium_abi::entrypoint;
use consilium_components::access_control::{HasRoles, Roles};
use stylus_sdk::prelude::*;
use stylus_sdk::storage::{StorageMap, StorageU256};

/// The timelock's storage.
#[entrypoint]
#[storage]
pub struct Timelock {
    /// Who holds which role.
    roles: Roles,
    /// When an operation is ready, by its id: see [`crate::rules::State::of`].
    timestamps: StorageMap<B256, StorageU256>,
    /// The least that an operation waits, in seconds.
    min_delay: StorageU256,
}

impl Timelock {
    /// When an operation is ready; 0 if it is unknown, 1 if it is done.
    pub(crate) fn timestamp(&self, id: B256) -> U256 {
        self.timestamps.get(id)
    }

    pub(crate) fn set_timestamp(&mut self, id: B256, timestamp: U256) {
        self.timestamps.insert(id, timestamp);
    }

    pub(crate) fn forget(&mut self, id: B256) {
        self.timestamps.delete(id);
    }

    pub(crate) fn min_delay(&self) -> U256 {
        self.min_delay.get()
    }

    pub(crate) fn set_min_delay(&mut self, delay: U256) {
        self.min_delay.set(delay);
    }
}

impl HasRoles for Timelock {
    fn roles(&self) -> &Roles {
        &self.roles
    }

    fn roles_mut(&mut self) -> &mut Roles {
        &mut self.roles
    }
}
