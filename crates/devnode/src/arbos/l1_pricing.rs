//! What L1 data costs, and who is owed for it (Nitro `arbos/l1pricing`).
//!
//! The devnode has no L1 to report batches, so the price stays as a chain owner sets it; fees are collected all the same.

use super::{
    l2_pricing::Initial,
    layout::layout,
    storage::{Ledger, Space},
};
use alloy_primitives::{Address, U256};

/// Gas of a byte of calldata on L1 that is not zero: the unit prices are for.
pub(crate) const UNITS_PER_BYTE: u64 = 16;

/// What the genesis sets, by slot.
pub(crate) const INITIAL: [Initial; 5] = [
    (|at| at.l1.equilibration_units, UNITS_PER_BYTE * 10_000_000),
    (|at| at.l1.inertia, 10),
    (|at| at.l1.per_unit_reward, 10),
    (|at| at.l1.price_per_unit, 50_000_000_000),
    (|at| at.l1.per_batch_gas_cost, 210_000),
];

/// Where a poster's account is kept.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Poster {
    funds_due: U256,
    pay_to: U256,
}

impl Poster {
    fn of(address: Address) -> Self {
        let space: Space = layout().l1.posters.info.child(address);
        Self { funds_due: space.at(0), pay_to: space.at(1) }
    }

    /// Who gets the poster's refunds.
    pub(crate) fn pay_to<L: Ledger>(&self, ledger: &mut L) -> Result<Address, L::Error> {
        ledger.get_address(self.pay_to)
    }

    /// Sets who gets the poster's refunds.
    pub(crate) fn set_pay_to<L: Ledger>(&self, ledger: &mut L, address: Address) -> Result<(), L::Error> {
        ledger.set_address(self.pay_to, address)
    }
}

/// The account of a poster, if it is one.
pub(crate) fn poster<L: Ledger>(ledger: &mut L, address: Address) -> Result<Option<Poster>, L::Error> {
    let known = layout().l1.posters.addresses.contains(ledger, address)?;
    Ok(known.then(|| Poster::of(address)))
}

/// Makes an address a poster; false, and nothing done, if it is one.
pub(crate) fn add_poster<L: Ledger>(ledger: &mut L, address: Address, pay_to: Address) -> Result<bool, L::Error> {
    let posters = &layout().l1.posters.addresses;
    if posters.contains(ledger, address)? {
        return Ok(false);
    }
    let poster = Poster::of(address);
    ledger.set(poster.funds_due, U256::ZERO)?;
    poster.set_pay_to(ledger, pay_to)?;
    posters.add(ledger, address)?;
    Ok(true)
}

/// Fees collected less what is owed, in wei, as a signed number.
pub(crate) fn surplus<L: Ledger>(ledger: &mut L) -> Result<U256, L::Error> {
    let at = &layout().l1;
    let refunds = ledger.get(at.posters.total_funds_due)?;
    let rewards = ledger.get(at.funds_due_for_rewards)?;
    let available = ledger.get(at.fees_available)?;
    Ok(available.wrapping_sub(refunds.wrapping_add(rewards)))
}
