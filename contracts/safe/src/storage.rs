//! What is stored: a Safe's storage, from slot 0 on.

// The SDK's macros name these two.
use alloc::vec;
use alloc::vec::Vec;

use consilium_abi::entrypoint;
use consilium_components::safe::{SafeStorage, Stored};
use stylus_sdk::prelude::*;

/// A Safe.
#[entrypoint(singleton)]
#[storage]
pub struct Safe {
    safe: SafeStorage,
}

impl Stored for Safe {
    fn stored(&self) -> &SafeStorage {
        &self.safe
    }

    fn stored_mut(&mut self) -> &mut SafeStorage {
        &mut self.safe
    }
}
