//! What is stored, and every read and write of it. No other file sees a field.
//!
//! UNGUARDED: every method that writes. Whoever calls one has checked that the caller of the contract may.

// The SDK's macros name these two.
use alloc::vec;
use alloc::vec::Vec;

use alloy_primitives::{Address, keccak256};
use consilium_abi::{Revert, entrypoint, packed};
use consilium_components::access_managed::{Authority, ObeysAuthority};
use consilium_components::moving::MovesMoney;
use consilium_components::reentrancy::GuardsReentrance;
use consilium_components::upgradeable::Upgrades;
use consilium_components::words::{Key, Words};
use stylus_sdk::prelude::*;

packed! {
    /// A holder's mandate, also one that has ended. All is zero without one.
    pub(crate) struct Terms {
        /// The first second in which it has ended.
        uint48 until;
        /// The seconds between due dates; 0 for no reports.
        uint32 report_every;
        /// The last second in which the next report is in time.
        uint48 due;
        /// The last missed date that was logged; 0 for none. Never after now.
        uint48 marked;
        /// How many mandates the holder has had, this one included.
        uint32 number;
    }
    /// What a holder may spend of a token.
    pub(crate) struct Allowance {
        /// How much in each period.
        uint128 limit;
        /// In seconds; 0 where there was never a limit.
        uint32 period;
        /// When one of its periods begins or began. Never after now.
        uint48 since;
        /// The number of the mandate that it belongs to.
        uint32 number;
    }
    /// What a holder has spent of a token.
    pub(crate) struct Spending {
        /// How much.
        uint128 amount;
        /// When the period began in which that was.
        uint48 since;
    }
}

/// The contract's storage.
#[entrypoint(erc7201 = "consilium.storage.Mandate")]
#[storage]
pub struct Mandate {
    /// Who says who may call the restricted functions.
    authority: Authority,
    /// Mandates, by holder.
    terms: Words<Address, Terms>,
    /// Allowances, by holder and token.
    allowances: Words<(Address, Address), Allowance>,
    /// What was spent of them.
    spendings: Words<(Address, Address), Spending>,
}

impl Mandate {
    pub(crate) fn terms(&self, holder: Address) -> Terms {
        Terms::unpack(self.terms.get(holder.into()))
    }

    pub(crate) fn set_terms(&mut self, holder: Address, terms: &Terms) {
        self.terms.insert(holder.into(), terms.pack());
    }

    pub(crate) fn stored_allowance(&self, holder: Address, token: Address) -> Allowance {
        Allowance::unpack(self.allowances.get(both(holder, token)))
    }

    pub(crate) fn store_allowance(&mut self, holder: Address, token: Address, allowance: &Allowance) {
        self.allowances.insert(both(holder, token), allowance.pack());
    }

    pub(crate) fn spending(&self, holder: Address, token: Address) -> Spending {
        Spending::unpack(self.spendings.get(both(holder, token)))
    }

    pub(crate) fn set_spending(&mut self, holder: Address, token: Address, spending: &Spending) {
        self.spendings.insert(both(holder, token), spending.pack());
    }
}

fn both(holder: Address, token: Address) -> Key {
    Key(keccak256([holder.into_word().0, token.into_word().0].as_flattened()))
}

impl ObeysAuthority for Mandate {
    fn stored_authority(&self) -> &Authority {
        &self.authority
    }

    fn stored_authority_mut(&mut self) -> &mut Authority {
        &mut self.authority
    }
}

impl Upgrades for Mandate {
    fn only_at_rest(&self) -> Result<(), Revert> {
        self.non_reentrant()
    }
}

impl GuardsReentrance for Mandate {}

impl MovesMoney for Mandate {}

#[cfg(test)]
mod tests;
