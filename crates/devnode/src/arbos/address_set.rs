//! A set of addresses: its size at 0, the members from 1 on, and by address the member's place.

use super::storage::{Ledger, Space};
use alloy_primitives::{Address, U256};

/// How many members a list answers at most.
pub(crate) const MOST_LISTED: u64 = 65_536;

/// A set of addresses.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AddressSet {
    members: Space,
    places: Space,
    size: U256,
}

impl AddressSet {
    /// The set in a space.
    pub(crate) fn new(space: Space) -> Self {
        Self { members: space, places: space.child([0]), size: space.at(0) }
    }

    /// How many members it has.
    pub(crate) fn size<L: Ledger>(&self, ledger: &mut L) -> Result<u64, L::Error> {
        ledger.get_u64(self.size)
    }

    /// Whether an address is in it.
    pub(crate) fn contains<L: Ledger>(&self, ledger: &mut L, address: Address) -> Result<bool, L::Error> {
        Ok(!ledger.get(self.places.of(address))?.is_zero())
    }

    /// The members in the order of their places.
    pub(crate) fn members<L: Ledger>(&self, ledger: &mut L) -> Result<Vec<Address>, L::Error> {
        let size = self.size(ledger)?.min(MOST_LISTED);
        (1..=size).map(|place| ledger.get_address(self.members.at(place))).collect()
    }

    /// Adds an address; nothing happens if it is in.
    pub(crate) fn add<L: Ledger>(&self, ledger: &mut L, address: Address) -> Result<(), L::Error> {
        if self.contains(ledger, address)? {
            return Ok(());
        }
        let place = self.size(ledger)? + 1;
        ledger.set_u64(self.places.of(address), place)?;
        ledger.set_address(self.members.at(place), address)?;
        let size = self.size(ledger)?;
        ledger.set_u64(self.size, size + 1)
    }

    /// Removes an address, and puts the last member in its place; nothing happens if it is not in.
    pub(crate) fn remove<L: Ledger>(&self, ledger: &mut L, address: Address) -> Result<(), L::Error> {
        let place = ledger.get_u64(self.places.of(address))?;
        if place == 0 {
            return Ok(());
        }
        ledger.set(self.places.of(address), U256::ZERO)?;
        let size = self.size(ledger)?;
        if place < size {
            let last = ledger.get(self.members.at(size))?;
            ledger.set(self.members.at(place), last)?;
            ledger.set_u64(self.places.slot(last.into()), place)?;
        }
        ledger.set(self.members.at(size), U256::ZERO)?;
        let size = self.size(ledger)?;
        ledger.set_u64(self.size, size - 1)
    }

    /// Gives a member a new place if its own is wrong (a mistake of old versions); false, and nothing done, if it is
    /// right or the address is no member.
    pub(crate) fn rectify<L: Ledger>(&self, ledger: &mut L, address: Address) -> Result<bool, L::Error> {
        if !self.contains(ledger, address)? {
            return Ok(false);
        }
        let place = ledger.get_u64(self.places.of(address))?;
        let there = ledger.get(self.members.at(place))?;
        let size = self.size(ledger)?;
        if there == U256::from_be_bytes(address.into_word().0) && place <= size {
            return Ok(false);
        }
        ledger.set(self.places.of(address), U256::ZERO)?;
        self.add(ledger, address)?;
        Ok(true)
    }
}
