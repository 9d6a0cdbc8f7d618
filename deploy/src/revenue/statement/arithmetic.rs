//! The contract's rules about parts. Amounts are below 2^112, so no product overflows.

use alloy::primitives::U256;

/// The sum of a table's shares.
const WHOLE: u64 = 10_000;

/// A payee's part while its table is the current one, rounded down.
pub(super) fn part(received: U256, share: u16) -> U256 {
    received * U256::from(share) / U256::from(WHOLE)
}

/// A payee's part of a table that was replaced: what is up to its last basis point, without what is up to those before
/// it.
pub(super) fn final_part(received: U256, before: u16, share: u16) -> U256 {
    part(received, before + share) - part(received, before)
}

/// Shares an amount as the numbers that sum to `whole` say, rounded so that the parts are all of it.
pub(super) fn shared(amount: U256, whole: U256, numbers: impl Iterator<Item = U256>) -> Vec<U256> {
    let (mut sum, mut given) = (U256::ZERO, U256::ZERO);
    let part = |number: U256| {
        sum += number;
        let up_to_here = if whole.is_zero() { U256::ZERO } else { amount * sum / whole };
        let part = up_to_here - given;
        given = up_to_here;
        part
    };
    numbers.map(part).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// No unit is lost or made up, and none is more than its number or less than its part rounded down.
        #[test]
        fn parts_are_everything(numbers in prop::collection::vec(0_u128..1 << 100, 1..20), share in 0_u16..=10_000) {
            let numbers: Vec<_> = numbers.into_iter().map(U256::from).collect();
            let whole: U256 = numbers.iter().copied().sum();
            let amount = part(whole, share);
            let parts = shared(amount, whole, numbers.iter().copied());
            prop_assert_eq!(parts.iter().copied().sum::<U256>(), amount);
            for (part, number) in parts.iter().zip(&numbers) {
                let least = if whole.is_zero() { U256::ZERO } else { amount * *number / whole };
                prop_assert!(*part >= least && *part <= least + U256::ONE && part <= number);
            }
        }

        /// The shares of a replaced table are all that was received.
        #[test]
        fn a_replaced_table_leaves_nothing(
            received in 0_u128..1 << 112,
            cuts in prop::collection::vec(0_u16..=10_000, 0..9),
        ) {
            let received = U256::from(received);
            let mut cuts = [&[0, 10_000], &cuts[..]].concat();
            cuts.sort_unstable();
            let parts = cuts.windows(2).map(|pair| final_part(received, pair[0], pair[1] - pair[0]));
            prop_assert_eq!(parts.sum::<U256>(), received);
        }
    }
}
