//! The base fee: how it rises with the backlog of gas (Nitro `arbos/l2pricing`).

use super::{
    base_fee,
    layout::{Layout, layout},
    math::bips_of,
    multi_gas,
    storage::{Ledger, Space},
};
use crate::evm::Resources;
use alloy_primitives::U256;

/// Base fee that the chain starts with and that it does not fall below, in wei a gas.
pub const INITIAL_BASE_FEE: u64 = 100_000_000;

/// How many constraints there may be.
pub(crate) const MOST_CONSTRAINTS: usize = 20;

/// A slot, by the layout, and what the genesis sets it to.
pub(crate) type Initial = (fn(&Layout) -> U256, u64);

/// What the genesis sets, by slot.
pub(crate) const INITIAL: [Initial; 7] = [
    (|at| at.l2.speed_limit, 7_000_000),
    (|at| at.l2.block_gas_limit, 32_000_000),
    (|at| at.l2.base_fee, INITIAL_BASE_FEE),
    (|at| at.l2.min_base_fee, INITIAL_BASE_FEE),
    (|at| at.l2.inertia, 102),
    (|at| at.l2.tolerance, 10),
    (|at| at.l2.tx_gas_limit, 32_000_000),
];

/// Where a constraint is kept: gas a second that is aimed at, seconds in which the price rises by e at twice that, and
/// the gas above it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Constraint {
    pub(crate) target: U256,
    pub(crate) window: U256,
    pub(crate) backlog: U256,
}

impl Constraint {
    /// The constraint of that index.
    pub(crate) fn number(index: u64) -> Self {
        let space: Space = layout().l2.constraints.child(index.to_be_bytes());
        Self { target: space.at(0), window: space.at(1), backlog: space.at(2) }
    }
}

/// How many constraints there are.
pub(crate) fn constraints<L: Ledger>(ledger: &mut L) -> Result<u64, L::Error> {
    ledger.get_u64(layout().l2.constraints.at(0))
}

/// Removes all constraints.
pub(crate) fn clear_constraints<L: Ledger>(ledger: &mut L) -> Result<(), L::Error> {
    for _ in 0..constraints(ledger)? {
        let last = constraints(ledger)? - 1;
        ledger.set_u64(layout().l2.constraints.at(0), last)?;
        let constraint = Constraint::number(last);
        for slot in [constraint.target, constraint.window, constraint.backlog] {
            ledger.set(slot, U256::ZERO)?;
        }
    }
    Ok(())
}

/// Adds a constraint.
pub(crate) fn add_constraint<L: Ledger>(
    ledger: &mut L,
    target: u64,
    window: u64,
    backlog: u64,
) -> Result<(), L::Error> {
    let index = constraints(ledger)?;
    ledger.set_u64(layout().l2.constraints.at(0), index + 1)?;
    let constraint = Constraint::number(index);
    ledger.set_u64(constraint.target, target)?;
    ledger.set_u64(constraint.window, window)?;
    ledger.set_u64(constraint.backlog, backlog)
}

/// Counts gas that was used: as a whole, or by resource where there are constraints by several.
pub(crate) fn add_gas<L: Ledger>(ledger: &mut L, gas: u64, resources: Option<&Resources>) -> Result<(), L::Error> {
    // Before ArbOS 60 nobody can have set any of several resources.
    match multi_gas::count(ledger)? {
        0 => {}
        several => return multi_gas::add_gas(ledger, several, resources.expect("it was counted by resource")),
    }
    let count = constraints(ledger)?;
    if count == 0 {
        let slot = layout().l2.backlog;
        let backlog = ledger.get_u64(slot)?;
        return ledger.set_u64(slot, backlog.saturating_add(gas));
    }
    for index in 0..count {
        let slot = Constraint::number(index).backlog;
        let backlog = ledger.get_u64(slot)?;
        ledger.set_u64(slot, backlog.saturating_add(gas))?;
    }
    Ok(())
}

/// Pays off the backlog for the time since the last block, and sets the base fee of the next one.
pub(crate) fn update<L: Ledger>(ledger: &mut L, seconds: u64) -> Result<(), L::Error> {
    match multi_gas::count(ledger)? {
        0 => {}
        several => return multi_gas::update(ledger, several, seconds),
    }
    let exponent = match constraints(ledger)? {
        0 => legacy_exponent(ledger, seconds)?,
        count => constraints_exponent(ledger, count, seconds)?,
    };
    let base_fee = base_fee::raised(ledger, exponent)?;
    ledger.set(layout().l2.base_fee, base_fee)
}

/// One speed limit, with a tolerance in seconds.
fn legacy_exponent<L: Ledger>(ledger: &mut L, seconds: u64) -> Result<u64, L::Error> {
    let at = &layout().l2;
    let speed_limit = ledger.get_u64(at.speed_limit)?;
    let backlog = ledger.get_u64(at.backlog)?.saturating_sub(seconds.saturating_mul(speed_limit));
    ledger.set_u64(at.backlog, backlog)?;
    let inertia = ledger.get_u64(at.inertia)?;
    let tolerated = ledger.get_u64(at.tolerance)?.wrapping_mul(speed_limit);
    // Nitro reads it again.
    ledger.shown(at.backlog, None);
    let excess = backlog.saturating_sub(tolerated);
    Ok(if excess > 0 { bips_of(excess, inertia.saturating_mul(speed_limit)) } else { 0 })
}

fn constraints_exponent<L: Ledger>(ledger: &mut L, count: u64, seconds: u64) -> Result<u64, L::Error> {
    let mut total = 0u64;
    for index in 0..count {
        let constraint = Constraint::number(index);
        let target = ledger.get_u64(constraint.target)?;
        let backlog = ledger.get_u64(constraint.backlog)?.saturating_sub(seconds.saturating_mul(target));
        ledger.set_u64(constraint.backlog, backlog)?;
        if backlog > 0 {
            let window = ledger.get_u64(constraint.window)?;
            total = total.saturating_add(bips_of(backlog, window.saturating_mul(target))).min(i64::MAX as u64);
        }
    }
    Ok(total)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arbos::ledgers::LedgerDraft;
    use proptest::prelude::*;

    fn fresh() -> LedgerDraft {
        let mut state = LedgerDraft::default();
        for (slot, value) in INITIAL {
            let Ok(()) = state.set_u64(slot(layout()), value);
        }
        state
    }

    fn base_fee(state: &mut LedgerDraft) -> U256 {
        state.load(layout().l2.base_fee)
    }

    #[test]
    fn at_the_speed_limit_the_fee_stays_where_it_is() {
        let mut state = fresh();
        for _ in 0..100 {
            let Ok(()) = add_gas(&mut state, 7_000_000, None);
            let Ok(()) = update(&mut state, 1);
            assert_eq!(base_fee(&mut state), U256::from(INITIAL_BASE_FEE));
        }
    }

    #[test]
    fn beyond_what_is_tolerated_the_fee_rises() {
        let mut state = fresh();
        let Ok(()) = add_gas(&mut state, 70_000_000, None);
        let Ok(()) = update(&mut state, 0);
        assert_eq!(base_fee(&mut state), U256::from(INITIAL_BASE_FEE), "10 seconds of it are tolerated");
        // 102 seconds' worth above that is a price of e times the least, by the first four terms of its series.
        let Ok(()) = add_gas(&mut state, 102 * 7_000_000, None);
        let Ok(()) = update(&mut state, 0);
        assert_eq!(base_fee(&mut state), U256::from(INITIAL_BASE_FEE / 10_000 * 27_083));
    }

    proptest! {
        /// One constraint with the speed limit's figures, and no tolerance on either side, is the speed limit.
        #[test]
        fn a_single_constraint_is_a_speed_limit(gas in 0u64..10_000_000_000, seconds in 0u64..200) {
            let (mut limit, mut constraint) = (fresh(), fresh());
            let Ok(()) = limit.set_u64(layout().l2.tolerance, 0);
            let Ok(()) = add_constraint(&mut constraint, 7_000_000, 102, 0);
            for state in [&mut limit, &mut constraint] {
                let Ok(()) = add_gas(state, gas, None);
                let Ok(()) = update(state, seconds);
            }
            prop_assert_eq!(base_fee(&mut limit), base_fee(&mut constraint));
            prop_assert!(base_fee(&mut limit) >= U256::from(INITIAL_BASE_FEE));
        }
    }
}
