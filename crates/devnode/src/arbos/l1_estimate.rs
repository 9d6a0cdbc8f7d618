//! What a message would pay for its L1 data, for who asks before it is sent (Nitro `execution/nodeInterface`).

use super::{
    layout::layout,
    ledgers::{ReadOnly, View},
    poster,
    storage::Ledger,
};
use crate::evm::{Message, Mode, ReadableState};
use alloy_primitives::U256;

/// The L1 part of a message's gas, and the prices that it follows from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct L1Estimate {
    /// Gas as an estimate counts it: L1's price a tenth higher, L2's an eighth lower, but not below its minimum.
    pub estimated_gas: u64,
    /// Gas with L1's price a tenth higher, at L2's price of now.
    pub gas: u64,
    /// Base fee of the next block, in wei a gas.
    pub base_fee: U256,
    /// Wei for a unit of L1 data.
    pub price_per_unit: U256,
}

/// Estimates the L1 part of a message on a state.
pub fn l1_estimate(state: &dyn ReadableState, message: &Message) -> L1Estimate {
    let at = layout();
    let mut view = View(state);
    let mut read = || -> Result<_, ReadOnly> {
        let level = view.get_u64(at.brotli_level)?;
        let price_per_unit = view.get(at.l1.price_per_unit)?;
        let base_fee = view.get(at.l2.base_fee)?;
        let min_base_fee = view.get(at.l2.min_base_fee)?;
        // Nobody needs the size of what is free.
        let units = if price_per_unit.is_zero() { 0 } else { poster::units(message, Mode::Estimate, level) };
        let cost = price_per_unit.saturating_mul(U256::from(units));
        let padded = cost.saturating_mul(U256::from(11)) / U256::from(10);
        let lower = (base_fee * U256::from(7) / U256::from(8)).max(min_base_fee);
        let gas = |price| padded.checked_div(price).map_or(0, |gas| gas.saturating_to());
        Ok(L1Estimate { estimated_gas: gas(lower), gas: gas(base_fee), base_fee, price_per_unit })
    };
    read().expect("nothing is written")
}
