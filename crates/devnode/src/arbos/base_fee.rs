//! The base fee that an exponent makes of the least one.

use super::{layout::layout, math::approx_exp_bips, storage::Ledger};
use alloy_primitives::U256;

/// The least base fee times e to the exponent, which is in basis points.
pub(crate) fn raised<L: Ledger>(ledger: &mut L, exponent: u64) -> Result<U256, L::Error> {
    let least = ledger.get(layout().l2.min_base_fee)?;
    if exponent == 0 {
        return Ok(least);
    }
    Ok(least.saturating_mul(U256::from(approx_exp_bips(exponent, 4))) / U256::from(10_000))
}
