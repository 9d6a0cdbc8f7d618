//! Properties of the rules.

use alloy_primitives::U512;
use proptest::prelude::*;

use super::*;

/// Of up to 112 bits, small ones as often as large ones.
fn amount() -> impl Strategy<Value = u128> {
    (any::<u128>(), 16_u32..=128).prop_map(|(number, shift)| number.checked_shr(shift).unwrap_or(0))
}

/// The shares of a table.
fn shares() -> impl Strategy<Value = Vec<u16>> {
    proptest::collection::btree_set(1..BASIS_POINTS, 0..20).prop_map(|cuts| {
        let cuts: Vec<_> = [0].into_iter().chain(cuts).chain([BASIS_POINTS]).collect();
        cuts.windows(2).map(|cut| cut[1] - cut[0]).collect()
    })
}

fn befores(shares: &[u16]) -> impl Iterator<Item = (u16, u16)> + '_ {
    shares.iter().scan(0, |before, share| {
        *before += share;
        Some((*before - share, *share))
    })
}

proptest! {
    #[test]
    fn a_portion_is_the_exact_quotient_rounded_down(amount in amount(), whole in amount(), part in any::<u128>()) {
        let whole = whole.max(1);
        let part = part % (whole + 1);
        let exact = U512::from(amount) * U512::from(part) / U512::from(whole);
        prop_assert_eq!(U512::from(portion(amount, part, whole)), exact);
    }

    #[test]
    fn a_part_is_the_exact_quotient_rounded_down(received in amount(), share in 0..=BASIS_POINTS) {
        prop_assert_eq!(part(received, share), portion(received, share.into(), BASIS_POINTS.into()));
    }

    /// While a table is current its parts are never too much, and less than a unit a payee is left.
    #[test]
    fn parts_leave_less_than_a_unit_a_payee(received in amount(), shares in shares()) {
        let sum: u128 = shares.iter().map(|share| part(received, *share)).sum();
        prop_assert!(sum <= received && received - sum < shares.len() as u128);
    }

    #[test]
    fn a_part_never_shrinks(received in amount(), more in amount(), share in 1..=BASIS_POINTS) {
        prop_assert!(part(received, share) <= part(received + more, share));
    }

    /// When a table is replaced, its parts are everything, and nobody was paid more than its part.
    #[test]
    fn final_parts_are_everything(received in amount(), shares in shares()) {
        let finals: Vec<_> = befores(&shares).map(|(before, share)| final_part(received, before, share)).collect();
        prop_assert_eq!(finals.iter().sum::<u128>(), received);
        for (is_final, share) in finals.iter().zip(&shares) {
            let current = part(received, *share);
            prop_assert!(*is_final == current || *is_final == current + 1);
        }
    }

    /// Where there is too little, all payments together are no more than there is, in whatever order: each leaves the
    /// others as much as before.
    #[test]
    fn nobody_gains_by_being_early(dues in proptest::collection::vec(1..1_u128 << 100, 1..9), part in any::<u16>()) {
        let mut booked: u128 = dues.iter().sum();
        let mut balance = portion(booked, part.into(), u16::MAX.into());
        let before = dues.iter().map(|due| payable(*due, balance, booked)).collect::<Vec<_>>();
        for (due, before) in dues.iter().zip(before) {
            let paid = payable(*due, balance, booked);
            // What the others' rounding left is for those who come later.
            prop_assert!(paid >= before && paid <= *due && paid <= before + dues.len() as u128);
            balance -= paid;
            booked -= due;
        }
        prop_assert_eq!(booked, 0);
    }

    #[test]
    fn what_is_enough_is_paid_in_full(due in amount(), booked in amount(), more in amount()) {
        prop_assert_eq!(payable(due, booked + more, booked), due);
    }

    #[test]
    fn what_is_counted_fits(balance in amount(), received in amount(), booked in amount()) {
        let pool = Pool { version: 1, received, booked };
        let more = unannounced(balance, &pool);
        prop_assert_eq!(countable(&pool), (u128::MAX >> 16) - received.max(booked));
        prop_assert!(received + more <= MOST && booked + more <= MOST);
        prop_assert!(more == balance.saturating_sub(booked) || more == countable(&pool));
    }

    #[test]
    fn each_index_has_its_bit(word in any::<[u8; 32]>(), index in any::<u8>(), other in any::<u8>()) {
        let set = with_bit(word, index);
        prop_assert!(is_set(&set, index) && !is_set(&[0; 32], index));
        prop_assert!(other == index || is_set(&set, other) == is_set(&word, other));
        let number = alloy_primitives::U256::from_be_bytes(set);
        prop_assert!(number.bit(usize::from(index)));
    }
}
