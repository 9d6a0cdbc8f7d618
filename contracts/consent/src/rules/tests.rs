//! The rules.

use proptest::prelude::*;

use super::*;

fn rules(purposes: u64, classes: u64) -> Rules {
    Rules { separate_purposes: purposes, separate_classes: classes, ..Rules::default() }
}

#[test]
fn reasons_below_16_permit() {
    use Reason::*;
    let permitting = [Permits, Own, Emergency];
    let refusing = [NoConsent, NotBegun, Ended, TooOld, NotSeparate, Denies, NoMember, NotAdmitted, Jurisdiction];
    assert_eq!(permitting.map(|reason| (reason as u8, reason.permits())), [(1, true), (2, true), (3, true)]);
    assert_eq!(refusing.map(|reason| reason as u8), [16, 17, 18, 19, 20, 21, 22, 23, 24]);
    assert!(!refusing.iter().any(|reason| reason.permits()));
}

#[test]
fn a_mask_has_the_bit_of_its_number() {
    assert_eq!([0, 1, 255].map(|number| bit(number).leading_zeros()), [255, 254, 0]);
    assert!((0..=255).all(|number| bit(number).count_ones() == 1));
}

#[test]
fn roles_have_addresses_of_their_own() {
    for role in 0..ROLES {
        assert_eq!(role_of(role_grantee(role)), Some(role));
    }
    assert_eq!(role_of(role_grantee(ROLES)), None);
    assert_eq!(role_of(Address::ZERO), None);
    assert_eq!(role_of(Address::with_last_byte(1)), None);
    assert_eq!(&role_grantee(7)[..4], b"ROLE");
    assert_eq!(roles(0x8000_0005).collect::<Vec<_>>(), [0, 2, 31]);
}

#[test]
fn a_blanket_consent_does_not_cover_what_is_separate() {
    let rules = rules(1 << 7, 1);
    let (hiv, labs) = (bit(192), bit(4));
    // Class 192 is separate, class 4 is not.
    assert_eq!(counts_for(&rules, hiv | labs, 1, 0), labs);
    assert_eq!(counts_for(&rules, hiv, 1, 0), hiv);
    assert_eq!(counts_for(&rules, labs, 1, 0), labs);
    // Purpose 7 is separate, purpose 0 is not.
    assert_eq!(counts_for(&rules, labs, 1 << 7 | 1, 7), U256::ZERO);
    assert_eq!(counts_for(&rules, labs, 1 << 7 | 1, 0), labs);
    assert_eq!(counts_for(&rules, labs, 1 << 7, 7), labs);
}

#[test]
fn counts_have_24_bits() {
    assert_eq!((next(0), next(0xff_fffe)), (Ok(1), Ok(0xff_ffff)));
    assert_eq!((next(0xff_ffff), next(0x100_0000)), (Err(Panic::Arithmetic), Err(Panic::Arithmetic)));
}

#[test]
fn limits_of_days() {
    assert_eq!(limit(100, 0), None);
    assert_eq!(limit(100, u16::MAX), Some(0));
    assert_eq!(limit(100, 1), Some(86_500));
}

proptest! {
    /// The end is the first second without it, and 0 is no end. The times are few, so that they are often the same.
    #[test]
    fn a_provision_is_in_force_from_its_begin_to_its_end(begin in 0..6_u64, end in 0..6_u64, now in 0..6_u64, deny: bool) {
        let terms = Terms { purposes: 1 << 3, deny, not_before: begin, expiry: end, ..Terms::default() };
        let is_in = begin <= now && (end == 0 || now < end);
        let outside = if now < begin { Reason::NotBegun } else { Reason::Ended };
        let says = match (is_in, deny) {
            (true, true) => Some(Reason::Denies),
            (true, false) => Some(Reason::Permits),
            (false, true) => None,
            (false, false) => Some(outside),
        };
        prop_assert_eq!(in_force(&terms, 3, now), says);
        prop_assert_eq!(in_force(&terms, 2, now), None);
    }

    #[test]
    fn the_earlier_end(a: u64, b: u64) {
        let ends = [a, b].into_iter().filter(|end| *end != 0).min().unwrap_or(0);
        prop_assert_eq!(earlier(a, b), ends);
    }

    /// What counts is among the classes, and nothing separate counts beside something else.
    #[test]
    fn what_counts_is_named(low: u64, high: u64, separate: u64, purposes: u64, purpose in 0..64_u8) {
        let rules = rules(0, separate);
        let classes = U256::from_limbs([low, 0, 0, high]);
        let counts = counts_for(&rules, classes, purposes, purpose);
        prop_assert_eq!(counts & !classes, U256::ZERO);
        let all_separate = low == 0 && high & !separate == 0;
        prop_assert_eq!(counts.as_limbs()[3], if all_separate { high } else { high & !separate });
        prop_assert_eq!(counts.as_limbs()[0], low);
    }
}
