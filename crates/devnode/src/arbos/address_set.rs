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
    /// right or the address is not a member.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arbos::ledgers::LedgerDraft;
    use proptest::prelude::*;

    /// What is done to a set, with one of few addresses.
    #[derive(Clone, Copy, Debug)]
    enum Step {
        Add(u8),
        Remove(u8),
        Rectify(u8),
    }

    fn steps() -> impl Strategy<Value = Vec<Step>> {
        let step = prop_oneof![
            (0u8..6).prop_map(Step::Add),
            (0u8..6).prop_map(Step::Remove),
            (0u8..6).prop_map(Step::Rectify)
        ];
        prop::collection::vec(step, 0..40)
    }

    proptest! {
        #[test]
        fn it_is_a_list_whose_last_member_fills_gaps(steps in steps()) {
            let (set, mut state, mut model) = (AddressSet::new(Space::ROOT.child([9])), LedgerDraft::default(), Vec::new());
            for step in steps {
                match step {
                    Step::Add(index) => {
                        let address = Address::repeat_byte(index);
                        let Ok(()) = set.add(&mut state, address);
                        if !model.contains(&address) {
                            model.push(address);
                        }
                    }
                    Step::Remove(index) => {
                        let address = Address::repeat_byte(index);
                        let Ok(()) = set.remove(&mut state, address);
                        if let Some(at) = model.iter().position(|member| *member == address) {
                            model.swap_remove(at);
                        }
                    }
                    Step::Rectify(index) => {
                        let Ok(changed) = set.rectify(&mut state, Address::repeat_byte(index));
                        prop_assert!(!changed, "the places are always right");
                    }
                }
                let Ok(members) = set.members(&mut state);
                prop_assert_eq!(&members, &model);
                for index in 0..6 {
                    let address = Address::repeat_byte(index);
                    let Ok(contains) = set.contains(&mut state, address);
                    prop_assert_eq!(contains, model.contains(&address));
                }
            }
            if model.is_empty() {
                prop_assert!(state.0.is_empty(), "nothing is left behind");
            }
        }
    }

    #[test]
    fn a_wrong_place_is_mended() {
        let (set, mut state) = (AddressSet::new(Space::ROOT.child([9])), LedgerDraft::default());
        let address = Address::repeat_byte(1);
        let Ok(()) = set.add(&mut state, address);
        state.save(set.places.of(address), U256::from(7));
        let Ok(mended) = set.rectify(&mut state, address);
        assert!(mended);
        let Ok(again) = set.rectify(&mut state, address);
        assert!(!again);
    }
}
