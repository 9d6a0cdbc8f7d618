//! The contract of consilium-abi's guide, built and tested so that the guide stays true.
#![cfg_attr(not(test), no_std)]
// The entrypoint that the SDK writes has no documentation.
#![allow(missing_docs)]

extern crate alloc;

mod abi;

use abi::*;
use alloc::vec;
use alloc::vec::Vec;
use consilium_abi::{List, Revert};
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

    fn add(&mut self, by: u64, reason: &[u8]) -> Result<U256, Revert> {
        let who = self.vm().msg_sender();
        if by > 1 && who != self.owner.get() {
            Err(CounterOnlyOwner { caller: who, by })?;
        }
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

#[cfg(test)]
mod tests;
