//! The contract of consilium-abi's guide, built and tested so that the guide stays true.
#![cfg_attr(not(test), no_std)]
// The entrypoint that the macro writes has no documentation.
#![allow(missing_docs)]

extern crate alloc;

mod abi;
mod owned;

use abi::*;
use alloc::vec;
use alloc::vec::Vec;
use consilium_abi::{List, Revert, ensure, entrypoint};
use owned::Owning;
use stylus_sdk::{
    alloy_primitives::{Address, U256},
    prelude::*,
    storage::*,
};

/// Steps, and who may take big ones.
#[entrypoint]
#[storage]
pub struct Counter {
    total: StorageU256,
    owner: StorageAddress,
}

impl Counter {
    fn init(&mut self, first: U256, owner: Address) -> Result<(), Revert> {
        self.total.set(first);
        self.owner.set(owner);
        Ok(())
    }

    // A plain value is fine where nothing can fail.
    fn count(&self) -> U256 {
        self.total.get()
    }

    fn unit() -> &'static str {
        "step"
    }

    // The guard is part of the declaration: nothing of it is here.
    fn reset(&mut self) {
        self.total.set(U256::ZERO);
    }

    fn add(&mut self, by: u64, reason: &[u8]) -> Result<U256, Revert> {
        let who = self.vm().msg_sender();
        ensure!(by <= 1 || who == self.owner(), CounterOnlyOwner { caller: who, by });
        let total = self.total.get() + U256::from(by);
        self.total.set(total);
        Counted { who, total, reason }.log(self);
        Ok(total)
    }

    fn add_many(&mut self, voters: List<'_, Address>, notes: List<'_, &[u8]>) -> Result<(U256, bool), Revert> {
        for (voter, _note) in voters.iter().zip(notes.iter()) {
            // A view takes `&self`, all else `&mut self`.
            let _votes = IVotes::at(voter).get_past_votes(self, voter, U256::ZERO)?;
            IVotes::at(voter).delegate(self, voter)?;
        }
        Ok((self.total.get(), true))
    }

    fn receive(&mut self) -> Result<(), Revert> {
        Ok(())
    }
}

impl Owning for Counter {
    fn owner_slot(&self) -> &StorageAddress {
        &self.owner
    }

    fn owner_slot_mut(&mut self) -> &mut StorageAddress {
        &mut self.owner
    }
}

#[cfg(test)]
mod tests;
