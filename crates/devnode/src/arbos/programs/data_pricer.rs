//! The price of the machine code that activations leave on nodes' disks: it rises with demand and falls with time.

use crate::arbos::{
    layout::layout,
    ledgers::LedgerDraft,
    math::{approx_exp_bips, bips_of},
    storage::Ledger,
};
use alloy_primitives::U256;

/// When Arbitrum began, in seconds since the epoch.
pub(super) const ARBITRUM_START: u64 = 1_421_388_000;

/// Bytes a second that keep the price where it is: a tebibyte in 365 days.
const BYTES_PER_SECOND: u64 = (1 << 40) / (365 * 24) / 3_600;
/// Least price of a byte, in wei.
const MIN_PRICE: u64 = 82_928_201;
/// Bytes of demand at which the price is e times the least.
const INERTIA: u64 = 21_360_419;

/// Writes what the genesis has.
pub(super) fn initialize(state: &mut LedgerDraft) {
    let at = &layout().programs.data;
    for (slot, value) in [
        (at.bytes_per_second, BYTES_PER_SECOND),
        (at.last_update_time, ARBITRUM_START),
        (at.min_price, MIN_PRICE),
        (at.inertia, INERTIA),
    ] {
        let Ok(()) = state.set_u64(slot, value);
    }
}

/// Counts bytes that an activation adds, and answers what they cost, in wei.
pub(crate) fn charge_for_data<L: Ledger>(ledger: &mut L, bytes: u32, time: u64) -> Result<U256, L::Error> {
    let at = &layout().programs.data;
    let most = u64::from(u32::MAX);
    let demand = ledger.get_u64(at.demand)?;
    let bytes_per_second = ledger.get_u64(at.bytes_per_second)?;
    let last_update = ledger.get_u64(at.last_update_time)?;
    let min_price = ledger.get_u64(at.min_price)?;
    let inertia = ledger.get_u64(at.inertia)?;

    let passed = time.wrapping_sub(last_update).min(most);
    let credit = (bytes_per_second * passed).min(most);
    let demand = (demand.saturating_sub(credit) + u64::from(bytes)).min(most);
    ledger.set_u64(at.demand, demand)?;
    ledger.set_u64(at.last_update_time, time)?;

    let multiplier = approx_exp_bips(bips_of(demand, inertia), 12);
    let per_byte = min_price.saturating_mul(multiplier) / 10_000;
    Ok(U256::from(per_byte.saturating_mul(u64::from(bytes))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_price_rises_with_demand_and_falls_with_time() {
        let mut state = LedgerDraft::default();
        initialize(&mut state);
        let start = ARBITRUM_START + 1_000_000_000;
        let mut charge = |time| charge_for_data(&mut state, 10_000_000, time).map(|wei| wei.to::<u64>());
        let Ok(first) = charge(start);
        let Ok(second) = charge(start);
        assert!(first > MIN_PRICE * 10_000_000);
        assert!(second > first);
        let Ok(later) = charge(start + 86_400);
        assert_eq!(later, first, "a day takes all demand away");
    }
}
