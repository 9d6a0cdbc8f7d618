//! Precompiles that a call finds elsewhere than they are, or not at all.

use alloy_primitives::Address;
use std::collections::BTreeMap;

/// Addresses where another precompile runs than on the chain, or none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MovedPrecompiles(BTreeMap<Address, Option<Address>>);

impl MovedPrecompiles {
    /// No precompile runs at an address from now on.
    pub fn remove(&mut self, address: Address) {
        self.0.insert(address, None);
    }

    /// The precompile of one address runs at another one, too.
    pub fn put(&mut self, precompile: Address, at: Address) {
        self.0.insert(at, Some(precompile));
    }

    /// By which address the precompile is known that runs at this one; `None` if none does for sure.
    pub(super) fn at(&self, address: Address) -> Option<Address> {
        self.0.get(&address).copied().unwrap_or(Some(address))
    }
}
