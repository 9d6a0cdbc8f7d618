//! Prices by several resources: constraints each of which weighs some of them (Nitro `arbos/l2pricing/multi_gas_*.go`).

use super::{
    base_fee,
    layout::layout,
    math::bips_of,
    storage::{Ledger, Space},
};
use crate::evm::{KINDS, Resource, Resources};
use alloy_primitives::U256;

/// Gas that stands for an amount of wei always costs the base fee.
const SINGLE: usize = Resource::SingleDim as usize;
/// Largest exponent that a constraint may begin with, in basis points.
const MOST_EXPONENT: u64 = 85_000;

/// A constraint as the precompiles take and give it: weights by kind, the seconds in which the price rises by e at twice
/// the target, the target in gas a second, and the gas above it.
pub(crate) type Terms = (Vec<(u8, u64)>, u32, u64, u64);

/// Where a constraint is kept.
#[derive(Clone, Copy, Debug)]
struct MultiConstraint(Space);

impl MultiConstraint {
    fn number(index: u64) -> Self {
        Self(layout().l2.multi_constraints.child(index.to_be_bytes()))
    }

    fn target(self) -> U256 {
        self.0.at(0)
    }

    fn window(self) -> U256 {
        self.0.at(1)
    }

    fn backlog(self) -> U256 {
        self.0.at(2)
    }

    fn most_weight(self) -> U256 {
        self.0.at(3)
    }

    fn weight(self, kind: usize) -> U256 {
        self.0.at(4 + kind as u64)
    }
}

/// Where the number of constraints lies.
pub(super) fn length() -> U256 {
    layout().l2.multi_count
}

/// How many constraints there are.
pub(crate) fn count<L: Ledger>(ledger: &mut L) -> Result<u64, L::Error> {
    ledger.get_u64(length())
}

/// Replaces all constraints. The inner error says why they are refused: what was written must be undone then.
pub(crate) fn set<L: Ledger>(ledger: &mut L, terms: Vec<Terms>) -> Result<Result<(), &'static str>, L::Error> {
    clear(ledger)?;
    for (weights, window, target, backlog) in terms {
        if target == 0 || window == 0 {
            return Ok(Err("invalid constraint"));
        }
        if weights.iter().any(|(kind, _)| *kind == 0 || usize::from(*kind) >= KINDS) {
            return Ok(Err("invalid resource id"));
        }
        let index = count(ledger)?;
        ledger.set_u64(length(), index + 1)?;
        let constraint = MultiConstraint::number(index);
        ledger.set_u64(constraint.target(), target)?;
        ledger.set_u64(constraint.window(), window.into())?;
        ledger.set_u64(constraint.backlog(), backlog)?;
        // The last weight of a kind counts.
        let weight =
            |kind| weights.iter().rev().find(|(of, _)| usize::from(*of) == kind).map_or(0, |(_, weight)| *weight);
        for kind in 0..KINDS {
            ledger.set_u64(constraint.weight(kind), weight(kind))?;
        }
        ledger.set_u64(constraint.most_weight(), (0..KINDS).map(weight).max().unwrap_or_default())?;
    }
    let exponents = exponents(ledger)?;
    let too_high = exponents.iter().any(|(_, exponent)| *exponent > MOST_EXPONENT);
    Ok(if too_high { Err("the exponent exceeds the maximum") } else { Ok(()) })
}

fn clear<L: Ledger>(ledger: &mut L) -> Result<(), L::Error> {
    for _ in 0..count(ledger)? {
        let last = count(ledger)? - 1;
        ledger.set_u64(length(), last)?;
        let constraint = MultiConstraint::number(last);
        let weights = (0..KINDS).map(|kind| constraint.weight(kind));
        let first = [constraint.target(), constraint.window(), constraint.backlog(), constraint.most_weight()];
        for slot in first.into_iter().chain(weights) {
            ledger.set(slot, U256::ZERO)?;
        }
    }
    Ok(())
}

/// All constraints.
pub(crate) fn all<L: Ledger>(ledger: &mut L) -> Result<Vec<Terms>, L::Error> {
    (0..count(ledger)?)
        .map(|index| {
            let constraint = MultiConstraint::number(index);
            let target = ledger.get_u64(constraint.target())?;
            let window = ledger.get_u64(constraint.window())? as u32;
            let backlog = ledger.get_u64(constraint.backlog())?;
            let mut weights = Vec::new();
            for kind in 0..KINDS {
                match ledger.get_u64(constraint.weight(kind))? {
                    0 => {}
                    weight => weights.push((kind as u8, weight)),
                }
            }
            Ok((weights, window, target, backlog))
        })
        .collect()
}

/// Where the prices of a gas in the current block lie.
pub(super) fn fee_slots() -> impl Iterator<Item = U256> {
    [layout().l2.base_fee].into_iter().chain(layout().l2.current_fees)
}

/// Whether some resource has a price of its own in the current block. A price stays after the last constraint is removed.
pub(crate) fn has_fees<L: Ledger>(ledger: &mut L) -> bool {
    layout().l2.current_fees.iter().any(|slot| !ledger.load(*slot).is_zero())
}

/// What gas costs, each kind at its own price, in wei; `base_fee` is of gas that has no kind, and of kinds without a price.
pub(crate) fn cost<L: Ledger>(ledger: &mut L, base_fee: U256, gas: &Resources) -> Result<U256, L::Error> {
    let fees = base_fees(ledger, base_fee)?;
    Ok(fees.iter().zip(gas.amounts()).fold(U256::ZERO, |sum, (fee, gas)| sum + *fee * U256::from(gas)))
}

/// Wei for a gas of each kind in the current block; `base_fee` is of gas that has no kind, and of kinds without a price.
pub(crate) fn base_fees<L: Ledger>(ledger: &mut L, base_fee: U256) -> Result<Vec<U256>, L::Error> {
    let price = |(kind, slot): (usize, &U256)| {
        let fee = ledger.get(*slot)?;
        Ok(if kind == SINGLE || fee.is_zero() { base_fee } else { fee })
    };
    layout().l2.current_fees.iter().enumerate().map(price).collect()
}

/// Makes the fees of the next block those of the current one, at its start.
pub(crate) fn begin_block<L: Ledger>(ledger: &mut L) -> Result<(), L::Error> {
    if count(ledger)? == 0 {
        return Ok(());
    }
    for (next, current) in layout().l2.next_fees.iter().zip(layout().l2.current_fees) {
        let fee = ledger.get(*next)?;
        ledger.set(current, fee)?;
    }
    Ok(())
}

/// Counts gas that was used.
pub(crate) fn add_gas<L: Ledger>(ledger: &mut L, count: u64, gas: &Resources) -> Result<(), L::Error> {
    for constraint in (0..count).map(MultiConstraint::number) {
        let mut backlog = ledger.get_u64(constraint.backlog())?;
        for (kind, amount) in gas.amounts().into_iter().enumerate() {
            let weight = ledger.get_u64(constraint.weight(kind))?;
            backlog = backlog.saturating_add(amount.saturating_mul(weight));
        }
        ledger.set_u64(constraint.backlog(), backlog)?;
    }
    Ok(())
}

/// Pays off the backlogs for the time since the last block, and sets the base fees of the next one: each kind's, and that
/// of the dearest.
pub(crate) fn update<L: Ledger>(ledger: &mut L, count: u64, seconds: u64) -> Result<(), L::Error> {
    for constraint in (0..count).map(MultiConstraint::number) {
        let target = ledger.get_u64(constraint.target())?;
        let backlog = ledger.get_u64(constraint.backlog())?;
        ledger.set_u64(constraint.backlog(), backlog.saturating_sub(seconds.saturating_mul(target)))?;
    }
    let mut dearest = ledger.get(layout().l2.min_base_fee)?;
    for (kind, exponent) in exponents(ledger)? {
        let fee = base_fee::raised(ledger, exponent)?;
        ledger.set(layout().l2.next_fees[kind], fee)?;
        dearest = dearest.max(fee);
    }
    ledger.set(layout().l2.base_fee, dearest)
}

/// By how much each kind's price is raised: the exponents in basis points.
fn exponents<L: Ledger>(ledger: &mut L) -> Result<Vec<(usize, u64)>, L::Error> {
    let mut exponents: Vec<_> = (0..KINDS).map(|kind| (kind, 0u64)).collect();
    for constraint in (0..count(ledger)?).map(MultiConstraint::number) {
        let target = ledger.get_u64(constraint.target())?;
        let backlog = ledger.get_u64(constraint.backlog())?;
        if backlog == 0 {
            continue;
        }
        let window = ledger.get_u64(constraint.window())?;
        let most = ledger.get_u64(constraint.most_weight())?;
        let whole = window.saturating_mul(target.saturating_mul(most));
        for (kind, exponent) in exponents.iter_mut().filter(|(kind, _)| *kind != SINGLE) {
            let weight = ledger.get_u64(constraint.weight(*kind))?;
            if weight > 0 {
                let more = bips_of(backlog.saturating_mul(weight), whole);
                *exponent = exponent.saturating_add(more).min(i64::MAX as u64);
            }
        }
    }
    Ok(exponents)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arbos::{
        l2_pricing::{self, INITIAL},
        ledgers::LedgerDraft,
    };

    fn fresh() -> LedgerDraft {
        let mut state = LedgerDraft::default();
        for (slot, value) in INITIAL {
            let Ok(()) = state.set_u64(slot(layout()), value);
        }
        state
    }

    #[test]
    fn constraints_come_back_and_leave_nothing_behind() {
        let mut state = fresh();
        let before = state.0.clone();
        let terms = vec![(vec![(1, 1), (8, 3)], 60, 7_000_000, 5), (vec![], 1, 2, 0)];
        let Ok(set_all) = set(&mut state, terms.clone());
        assert_eq!(set_all, Ok(()));
        assert_eq!(all(&mut state), Ok(terms));
        let Ok(cleared) = set(&mut state, vec![]);
        assert_eq!(cleared, Ok(()));
        assert_eq!(state.0, before);
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        let refused = |weights: &[(u8, u64)], window, target, backlog| {
            let Ok(answer) = set(&mut fresh(), vec![(weights.to_vec(), window, target, backlog)]);
            answer.is_err()
        };
        assert!(refused(&[(1, 1)], 0, 7_000_000, 0));
        assert!(refused(&[(1, 1)], 60, 0, 0));
        for (kind, expected) in [(0, true), (1, false), (8, false), (9, true), (255, true)] {
            assert_eq!(refused(&[(kind, 1)], 60, 7_000_000, 0), expected, "{kind}");
        }
        // 8.5 times 60 seconds' worth of gas is the most.
        let most = 60 * 7_000_000 * 85 / 10;
        assert!(!refused(&[(1, 1)], 60, 7_000_000, most));
        assert!(refused(&[(1, 1)], 60, 7_000_000, most + 60 * 700));
    }

    #[test]
    fn the_dearest_kind_decides_the_base_fee() {
        let mut state = fresh();
        let minimum = state.load(layout().l2.base_fee);
        let window = 60 * 7_000_000;
        let Ok(answer) = set(&mut state, vec![(vec![(1, 2), (3, 1)], 60, 7_000_000, window)]);
        assert_eq!(answer, Ok(()));
        let Ok(()) = l2_pricing::update(&mut state, 0);
        let Ok(()) = begin_block(&mut state);
        let dearest = state.load(layout().l2.base_fee);
        let Ok(fees) = base_fees(&mut state, dearest);
        assert_eq!((fees[1], fees[SINGLE]), (dearest, dearest));
        assert!(minimum < fees[3] && fees[3] < dearest);
        assert_eq!(fees[8], minimum);
        // A minute without use, and it is as before.
        let Ok(()) = l2_pricing::update(&mut state, 60);
        assert_eq!(state.load(layout().l2.base_fee), minimum);
    }

    #[test]
    fn gas_counts_by_its_weight() {
        let mut state = fresh();
        let Ok(answer) =
            set(&mut state, vec![(vec![(1, 3), (7, 1)], 60, 7_000_000, 0), (vec![(2, 1)], 60, 7_000_000, 0)]);
        assert_eq!(answer, Ok(()));
        let mut gas = Resources::default();
        gas.add(Resource::Computation, 900);
        gas.add(Resource::L2Calldata, 100);
        gas.add(Resource::StorageGrowth, 50);
        let Ok(()) = l2_pricing::add_gas(&mut state, 1_050, Some(&gas));
        let Ok(terms) = all(&mut state);
        assert_eq!(terms.iter().map(|(.., backlog)| *backlog).collect::<Vec<_>>(), [2_800, 0]);
    }
}
