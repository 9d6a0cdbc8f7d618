//! What is stored: a Safe's storage, from slot 0 on, and the module guard.

// The SDK's macros name these two.
use alloc::vec;
use alloc::vec::Vec;

use alloy_primitives::{Address, b256};
use consilium_abi::{Constant, Singleton, entrypoint};
use consilium_components::safe::{SafeStorage, Stored};
use stylus_sdk::prelude::*;

/// Where the module guard is: keccak256("module_manager.module_guard.address").
const MODULE_GUARD_SLOT: Constant =
    Constant::new(b256!("b104e0b93118902c651344349b610029d694cfdec91c589c91ebafbcd0289947"));

/// A Safe.
#[entrypoint(singleton)]
#[storage]
pub struct SafeV15 {
    safe: SafeStorage,
}

impl Stored for SafeV15 {
    fn stored(&self) -> &SafeStorage {
        &self.safe
    }

    fn stored_mut(&mut self) -> &mut SafeStorage {
        &mut self.safe
    }
}

impl SafeV15 {
    /// The module guard: zero for none.
    pub(crate) fn module_guard(&self) -> Address {
        Address::from_word(self.word_at(MODULE_GUARD_SLOT.number()))
    }

    /// UNGUARDED: whoever calls this has checked that the caller may do anything with the Safe.
    pub(crate) fn set_stored_module_guard(&mut self, guard: Address) {
        self.set_word_at(MODULE_GUARD_SLOT.number(), guard.into_word());
    }
}
