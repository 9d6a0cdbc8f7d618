//! The decoder against a plain model of Solidity's, on valid encodings and on damaged ones.

use consilium_abi::check;
use encodings::{
    cases::case,
    codes,
    lists::{LISTS, again},
    types,
};
use proptest::{prelude::*, test_runner::TestCaseResult};

fn agree(list: &'static str, data: &[u8]) -> TestCaseResult {
    let types = types(list);
    let expected = encodings::decode(&types, data);
    prop_assert_eq!(check(&codes(&types), data), expected.is_some(), "{} {:02x?}", list, data);
    // What both accept, both read alike.
    prop_assert_eq!(again(list, data), expected.map(|values| encodings::encode(&types, &values)));
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn valid_encodings(case in case()) {
        let data = case.valid();
        prop_assert!(check(&codes(&types(case.list)), &data));
        prop_assert_eq!(again(case.list, &data), Some(data));
    }

    #[test]
    fn damaged_encodings(case in case()) {
        agree(case.list, &case.damaged())?;
    }

    #[test]
    fn noise(list in prop::sample::select(LISTS.to_vec()), data in prop::collection::vec(any::<u8>(), 0..200)) {
        agree(list, &data)?;
    }
}

/// The edges by name, so that a change of a rule names itself.
mod edges {
    use super::*;

    fn accepts(list: &'static str, words: &[&str]) -> bool {
        let data: Vec<u8> =
            words.iter().flat_map(|word| alloy_primitives::hex::decode(format!("{word:0>64}")).unwrap()).collect();
        agree(list, &data).unwrap();
        check(&codes(&types(list)), &data)
    }

    #[test]
    fn nothing_is_asked_of_no_arguments() {
        assert!(check(&[], &[]) && check(&[], &[1, 2, 3]));
    }

    #[test]
    fn upper_bits() {
        assert!(accepts("(uint256)", &["ff"]));
        let list = "(address, bool, bytes1, bytes4, bytes31, bytes32)";
        let good = ["1", "1", &format!("ff{:0<62}", ""), "0", "0", "ff"];
        assert!(accepts(list, &good));
        for (at, bad) in
            [(0, format!("1{:0<40}", "")), (1, "2".into()), (2, format!("ffff{:0<60}", "")), (3, "1".into())]
        {
            let mut words = good;
            words[at] = &bad;
            assert!(!accepts(list, &words), "{at}");
        }
    }

    #[test]
    fn signs() {
        let list = "(int8[][3][], bool)";
        let ff = "f".repeat(64);
        let minus_128 = format!("{}80", "f".repeat(62));
        let plus_128 = "80";
        let minus_129 = format!("{}7f", "f".repeat(62));
        for (number, good) in
            [(ff.as_str(), true), (&minus_128, true), (plus_128, false), (&minus_129, false), ("7f", true)]
        {
            // One triple of arrays, the first of which has one number.
            let words = ["40", "0", "1", "20", "60", "a0", "a0", "1", number, "0"];
            assert_eq!(accepts(list, &words), good, "{number}");
        }
    }

    #[test]
    fn lengths_and_offsets() {
        assert!(accepts("(bytes)", &["20", "0"]));
        // One byte missing, and one there without the rest of its word.
        assert!(!accepts("(bytes)", &["20", "1"]));
        let data = [alloy_primitives::hex::decode(format!("{:0>64}{:0>64}", "20", "1")).unwrap(), vec![7]].concat();
        assert!(check(&codes(&types("(bytes)")), &data));
        // The length's own word cut short by a byte.
        assert!(!check(&codes(&types("(bytes)")), &data[..63]));
        // An offset into the head: the head is then the length.
        assert!(accepts("(bytes)", &["0"]));
        // Lengths and offsets whose sums overflow 32, 64 and 256 bits.
        for huge in ["ffffffff", "ffffffe0", "100000000", "ffffffffffffffff", &"f".repeat(64)] {
            assert!(!accepts("(bytes)", &["20", huge]));
            assert!(!accepts("(bytes)", &[huge, "0"]));
            assert!(!accepts("(uint256[][], bytes[][2])", &["40", "60", huge, "0"]));
        }
    }
}
