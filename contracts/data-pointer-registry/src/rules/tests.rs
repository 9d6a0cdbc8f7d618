//! The rules.

use proptest::prelude::*;

use super::*;

const NONE: B256 = B256::ZERO;
const SOME: B256 = B256::repeat_byte(1);

#[test]
fn hashes_are_those_of_the_table() {
    for hash_code in [0x12, 0x1e, 0x1b, 0xb220] {
        let codes = codes(hash_code, SOME, 4, 0, SOME).expect("such a pointer can be");
        assert_eq!(codes.hash_code(), hash_code);
        assert_eq!(super::codes(hash_code, NONE, 4, 0, SOME), Err(Malformed::Digest));
    }
    for hash_code in [0, 0x11, 0x13, 0x16, 0xb21f, 0xb221, u64::MAX] {
        assert_eq!(codes(hash_code, SOME, 4, 0, SOME), Err(Malformed::Digest));
    }
}

#[test]
fn locators_are_those_of_their_kind() {
    for codec in [0x55, 0x70, 0x71] {
        for (kind, locator) in [(1, NONE), (2, SOME)] {
            let codes = codes(0x12, SOME, kind, codec, locator).expect("such a pointer can be");
            assert_eq!((codes.kind, codes.codec_code()), (kind, codec));
        }
        for (kind, locator) in [(1, SOME), (2, NONE), (3, SOME), (4, SOME)] {
            assert_eq!(codes(0x12, SOME, kind, codec, locator), Err(Malformed::Locator));
        }
    }
    for kind in [3, 4] {
        let codes = codes(0x12, SOME, kind, 0, SOME).expect("such a pointer can be");
        assert_eq!((codes.kind, codes.codec_code()), (kind, 0));
        assert_eq!(super::codes(0x12, SOME, kind, 0, NONE), Err(Malformed::Locator));
    }
    for codec in [0, 0x50, 0x54, 0x72, u64::MAX] {
        assert_eq!(codes(0x12, SOME, 1, codec, NONE), Err(Malformed::Locator));
        assert_eq!(codes(0x12, SOME, 2, codec, SOME), Err(Malformed::Locator));
    }
    for kind in [0, 5, 255] {
        assert_eq!(codes(0x12, SOME, kind, 0, SOME), Err(Malformed::Locator));
    }
}

#[test]
fn what_is_not_stored_has_no_codes() {
    assert_eq!((Codes::default().hash_code(), Codes::default().codec_code()), (0, 0));
}

#[test]
fn two_reasons_give_the_right_to_register() {
    let right: Vec<_> = (0..=u8::MAX).filter(|reason| gives_right(*reason)).collect();
    assert_eq!(right, [1, 2]);
}

/// Those of https://cr.yp.to/ecdh.html#validate which fit 32 bytes: all that X25519 makes a secret of zeros of.
#[test]
fn nobody_wraps_for_a_key_of_small_order() {
    let around = |first: u8, rest: u8, last: u8| {
        let mut key = [rest; 32];
        (key[0], key[31]) = (first, last);
        B256::new(key)
    };
    for high in [0, 0x80] {
        let with_bit = |key: &B256| {
            let mut key = *key;
            key[31] |= high;
            key
        };
        let small = [0, 1].map(|first| around(first, 0, 0)).into_iter();
        let small =
            small.chain([0xec, 0xed, 0xee].map(|first| around(first, 0xff, 0x7f))).chain(ORDER_8.map(Constant::hash));
        assert!(small.map(|key| with_bit(&key)).all(|key| !is_usable(key)));
        let others = [
            around(2, 0, 0),
            around(0, 0, 1),
            around(1, 1, 0),
            around(9, 0, 0),
            around(0xeb, 0xff, 0x7f),
            around(0xef, 0xff, 0x7f),
            around(0xed, 0xff, 0x7e),
            around(0xed, 0xfe, 0x7f),
        ];
        assert!(others.iter().map(with_bit).all(is_usable));
        for key in ORDER_8.map(Constant::hash) {
            for place in 0..31 {
                let mut other = with_bit(&key);
                other[place] ^= 1;
                assert!(is_usable(other));
            }
        }
    }
}

#[test]
fn pages_end_with_the_list() {
    let page = |count, start: u64, limit: u64| page(count, U256::from(start), U256::from(limit));
    assert_eq!(page(0, 0, 10), 0..0);
    assert_eq!((page(3, 0, 0), page(3, 0, 2), page(3, 1, 2), page(3, 2, 2)), (0..0, 0..2, 1..3, 2..3));
    assert_eq!((page(3, 3, 2), page(3, u64::MAX, 2)), (3..3, 3..3));
    assert_eq!(
        (page(5_000, 1, 1_000), page(5_000, 1, 1_001), page(5_000, 1, u64::MAX)),
        (1..1_001, 1..1_001, 1..1_001)
    );
    assert_eq!(page(u64::MAX, u64::MAX - 1, 9), u64::MAX - 1..u64::MAX);
    for huge in [U256::from(1) << 64_usize, U256::MAX] {
        assert_eq!((super::page(3, huge, U256::ONE), super::page(2_000, U256::ZERO, huge)), (3..3, 0..1_000));
    }
}

proptest! {
    /// Page by page, a list is read whole and in order.
    #[test]
    fn pages_make_the_list(count in 0..5_000_u64, limit in 1..2_000_u64) {
        let mut places = 0;
        while places < count {
            let page = page(count, U256::from(places), U256::from(limit));
            prop_assert!(page.start == places && page.end > places && page.end - page.start <= limit.min(1_000));
            places = page.end;
        }
        prop_assert_eq!(places, count);
    }

    /// The codes of what is taken are what was given.
    #[test]
    fn codes_come_back(hash in 0..4_usize, kind in 0..6_u8, codec in 0..5_usize, has: bool) {
        let codec = [0, 0x55, 0x70, 0x71, 0x72][codec];
        let locator = if has { SOME } else { NONE };
        if let Ok(codes) = codes(HASHES[hash], SOME, kind, codec, locator) {
            prop_assert_eq!((codes.hash_code(), codes.kind, codes.codec_code()), (HASHES[hash], kind, codec));
            prop_assert_eq!(has, kind != 1);
        }
    }

    /// The times are few, so that they are often the same.
    #[test]
    fn a_schema_is_in_use_until_its_sunset(state in 0..6_u8, sunset in 0..4_u64, now in 0..4_u64) {
        let schema = SchemaWord { state, sunset, ..SchemaWord::default() };
        let expected = match state {
            2 => true,
            3 => now < sunset,
            _ => false,
        };
        prop_assert_eq!(is_in_use(&schema, now), expected);
        prop_assert_eq!(is_governed(state), state == 2 || state == 3);
    }
}
