//! Properties of keyed nonces. What they do in storage is compared with OpenZeppelin's in `tests/components`.

use proptest::prelude::*;

use super::*;

/// Keys of 192 bits, small ones too.
fn any_key() -> impl Strategy<Value = U256> {
    prop_oneof![(0u64..3).prop_map(U256::from), any::<[u8; 24]>().prop_map(|bytes| U256::from_be_slice(&bytes))]
}

/// Counts, the last ones too.
fn any_count() -> impl Strategy<Value = u64> {
    prop_oneof![0u64..3, u64::MAX - 2..=u64::MAX, any::<u64>()]
}

proptest! {
    /// A nonce gives its key back, by which `use_checked_keyed_nonce` finds the count.
    #[test]
    fn a_nonce_holds_its_key_and_its_count(key in any_key(), count in any_count()) {
        let nonce = keyed(key, count);
        prop_assert_eq!(nonce >> 64, key);
        prop_assert_eq!((nonce & U256::from(u64::MAX)).to::<u64>(), count);
    }

    /// Two messages share a nonce only if they have the same key and the same count.
    #[test]
    fn no_two_nonces_are_equal(
        key in any_key(), other_key in any_key(), count in any_count(), other_count in any_count(),
    ) {
        let equal = keyed(key, count) == keyed(other_key, other_count);
        prop_assert_eq!(equal, key == other_key && count == other_count);
    }

    /// The last count of a key is followed by the first one of the same key, and never reaches the next key.
    #[test]
    fn a_count_never_reaches_the_next_key(key in any_key(), count in any_count()) {
        prop_assert_eq!(keyed(key, count.wrapping_add(1)) >> 64, key);
    }
}
