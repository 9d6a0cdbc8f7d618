//! Properties of the rules.

use proptest::prelude::*;

use super::*;

proptest! {
    #[test]
    fn a_notice_lasts_for_its_lifetime_and_no_longer(now in 0..1_u64 << 40, lifetime in 1_u32.., later in any::<u32>()) {
        let is_over = later >= lifetime;
        prop_assert_eq!(is_current(ends_at(now, lifetime), now + u64::from(later)), !is_over);
    }

    #[test]
    fn no_notice_is_never_current(now in any::<u64>()) {
        prop_assert!(!is_current(0, now));
    }
}
