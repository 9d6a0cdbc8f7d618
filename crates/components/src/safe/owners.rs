//! The owners and the threshold.
//!
//! Owners are a list in which each names the next: from the sentinel to the first, from the last to the sentinel.

use alloc::vec::Vec;

use alloy_primitives::{Address, U256};
use consilium_abi::{List, Revert, ensure};
use stylus_sdk::prelude::*;

use super::abi::{AddedOwner, ChangedThreshold, RemovedOwner};
use super::reasons::{
    NO_OWNER, ONLY_ITSELF, OWNER_ALREADY, OWNERS_SET_UP, THRESHOLD_TOO_LARGE, THRESHOLD_ZERO, WRONG_PREVIOUS_OWNER,
};
use super::rules;
use super::storage::{SENTINEL, Slots};
use super::version::Version;

impl<S: Version> Owners for S {}

/// The owners and the threshold.
pub trait Owners: Version {
    // ------------------------------------------------------------------------------------------------- views

    /// `getThreshold`.
    fn get_threshold(&self) -> U256 {
        self.stored_threshold()
    }

    /// `isOwner`.
    fn is_owner(&self, owner: Address) -> bool {
        owner != SENTINEL && !self.owner_after(owner).is_zero()
    }

    /// A list that does not lead to its end within the number of owners is refused without data. Only a Safe that was
    /// not set up has one, and one whose owners have run code that broke it.
    fn get_owners(&self) -> Result<Vec<Address>, Revert> {
        let count = usize::try_from(self.owner_count()).map_err(|_| Revert::empty())?;
        let mut owners = Vec::new();
        let mut owner = self.owner_after(SENTINEL);
        while owner != SENTINEL {
            ensure!(owners.len() < count, Revert::empty());
            owners.push(owner);
            owner = self.owner_after(owner);
        }
        owners.resize(count, Address::ZERO);
        Ok(owners)
    }

    // -------------------------------------------------------- changing; the guard is part of the declaration

    /// `addOwnerWithThreshold`.
    fn add_owner_with_threshold(&mut self, owner: Address, threshold: U256) -> Result<(), Revert> {
        can_be_new_owner(self, owner)?;
        self.set_owner_after(owner, self.owner_after(SENTINEL));
        self.set_owner_after(SENTINEL, owner);
        self.set_owner_count(rules::next(self.owner_count()));
        AddedOwner { owner }.log(self);
        adjust_threshold(self, threshold)
    }

    /// `removeOwner`.
    fn remove_owner(&mut self, previous: Address, owner: Address, threshold: U256) -> Result<(), Revert> {
        let count = rules::previous(self.owner_count());
        ensure!(count >= threshold, THRESHOLD_TOO_LARGE);
        follows(self, previous, owner)?;
        self.set_owner_after(previous, self.owner_after(owner));
        self.set_owner_after(owner, Address::ZERO);
        self.set_owner_count(count);
        RemovedOwner { owner }.log(self);
        adjust_threshold(self, threshold)
    }

    /// `swapOwner`.
    fn swap_owner(&mut self, previous: Address, old_owner: Address, new_owner: Address) -> Result<(), Revert> {
        can_be_new_owner(self, new_owner)?;
        follows(self, previous, old_owner)?;
        self.set_owner_after(new_owner, self.owner_after(old_owner));
        self.set_owner_after(previous, new_owner);
        self.set_owner_after(old_owner, Address::ZERO);
        RemovedOwner { owner: old_owner }.log(self);
        AddedOwner { owner: new_owner }.log(self);
        Ok(())
    }

    /// `changeThreshold`.
    fn change_threshold(&mut self, threshold: U256) -> Result<(), Revert> {
        ensure!(threshold <= self.owner_count(), THRESHOLD_TOO_LARGE);
        ensure!(!threshold.is_zero(), THRESHOLD_ZERO);
        self.set_threshold(threshold);
        ChangedThreshold { threshold }.log(self);
        Ok(())
    }

    // ------------------------------------------------------------------------------------------------ guards

    /// Reverts unless the Safe calls itself.
    fn authorized(&self) -> Result<(), Revert> {
        ensure!(self.vm().msg_sender() == self.vm().contract_address(), ONLY_ITSELF);
        Ok(())
    }
}

/// UNGUARDED: whoever calls this has checked that the caller is the Safe itself.
fn adjust_threshold<S: Version>(safe: &mut S, threshold: U256) -> Result<(), Revert> {
    if threshold == safe.stored_threshold() { Ok(()) } else { safe.change_threshold(threshold) }
}

/// Writes the list and the threshold of a Safe that has none.
///
/// UNGUARDED: only the setup calls this. That there is no threshold yet is its guard.
pub(super) fn set_up_owners<S: Version>(
    safe: &mut S,
    owners: List<'_, Address>,
    threshold: U256,
) -> Result<(), Revert> {
    ensure!(safe.stored_threshold().is_zero(), OWNERS_SET_UP);
    let count = U256::from(owners.len());
    ensure!(threshold <= count, THRESHOLD_TOO_LARGE);
    ensure!(!threshold.is_zero(), THRESHOLD_ZERO);
    let mut last = SENTINEL;
    for owner in owners.iter() {
        // The last one has nobody after it yet, so the list does not show it.
        ensure!(owner != last, NO_OWNER);
        can_be_new_owner(safe, owner)?;
        safe.set_owner_after(last, owner);
        last = owner;
    }
    safe.set_owner_after(last, SENTINEL);
    safe.set_owner_count(count);
    safe.set_threshold(threshold);
    Ok(())
}

/// Not nobody, not the sentinel, not the Safe, and no owner.
fn can_be_new_owner<S: Version>(safe: &S, owner: Address) -> Result<(), Revert> {
    let can_be = !owner.is_zero() && owner != SENTINEL && owner != safe.vm().contract_address();
    ensure!(can_be, NO_OWNER);
    ensure!(safe.owner_after(owner).is_zero(), OWNER_ALREADY);
    Ok(())
}

/// The owner follows the one that is named, or the sentinel. Zero would follow whoever is no owner.
fn follows<S: Version>(safe: &S, previous: Address, owner: Address) -> Result<(), Revert> {
    ensure!(!owner.is_zero() && owner != SENTINEL, NO_OWNER);
    ensure!(safe.owner_after(previous) == owner, WRONG_PREVIOUS_OWNER);
    Ok(())
}
