use alloy::json_abi::Function;
use alloy::primitives::Address;
use proptest::prelude::*;

use super::*;

fn decode(signature: &str, data: &[u8]) -> Result<Vec<DynSolValue>, Unread> {
    let function = Function::parse(signature).expect("a signature");
    Budget::of(data.len()).decode(&function, &function.inputs, data)
}

/// `bytes[]` of `count` elements that are all the same bytes, after the selector.
fn shared(count: usize, bytes: usize) -> Vec<u8> {
    let word = |number: usize| U256::from(number).to_be_bytes::<WORD>();
    let mut data = [word(WORD), word(count)].concat();
    (0..count).for_each(|_| data.extend(word(count * WORD)));
    data.extend(word(bytes));
    data.resize(data.len() + bytes.next_multiple_of(WORD), 7);
    data
}

#[test]
fn what_shares_bytes_is_not_decoded() {
    assert_eq!(decode("f(bytes[])", &shared(1, 5_000)).map(|values| values.len()), Ok(1));
    assert_eq!(decode("f(bytes[])", &shared(3, 5_000)), Err(Unread::TooLarge));
    assert_eq!(decode("f(bytes[])", &shared(10_000, 320_000)), Err(Unread::TooLarge));
    assert_eq!(decode("f((uint256,string[])[2])", &shared(10_000, 320_000)), Err(Unread::NoArguments));
}

#[test]
fn a_length_beyond_the_end_takes_no_room() {
    let word = |number: usize| U256::from(number).to_be_bytes::<WORD>();
    for length in [2, 1 << 40, usize::MAX] {
        for signature in ["f(uint256[])", "f(bytes)", "f(string[])", "f(uint256[3][])"] {
            assert_eq!(
                decode(signature, &[word(WORD), word(length), [0; WORD]].concat()[..65]),
                Err(Unread::NoArguments)
            );
        }
    }
    assert_eq!(decode("f(bytes)", &U256::MAX.to_be_bytes::<WORD>()), Err(Unread::NoArguments));
}

/// All calls of one file are from one budget.
#[test]
fn a_budget_ends() {
    let function = Function::parse("f(bytes)").expect("a signature");
    let data = function.abi_encode_input(&[DynSolValue::Bytes(vec![7; 3_200])]).expect("encoded");
    let budget = Budget::of(data.len());
    let often = (0..1_000).take_while(|_| budget.decode(&function, &function.inputs, &data[4..]).is_ok()).count();
    assert!((ALL..=ALL + 1).contains(&often), "{often}");
}

fn values() -> impl Strategy<Value = Vec<DynSolValue>> {
    let bytes = prop::collection::vec(any::<u8>(), 0..100);
    let of = move |bytes: Vec<Vec<u8>>, words: Vec<u64>, text: String| {
        let number = |number: &u64| DynSolValue::Uint(U256::from(*number), 256);
        let pair = |bytes: &Vec<u8>| {
            DynSolValue::Tuple(vec![DynSolValue::Bytes(bytes.clone()), DynSolValue::Address(Address::ZERO)])
        };
        let pairs = DynSolValue::Array(bytes.iter().map(pair).collect());
        let words = DynSolValue::Array(words.iter().map(number).collect());
        let both = DynSolValue::FixedArray(vec![words.clone(), words]);
        vec![pairs, DynSolValue::Bool(true), both, DynSolValue::String(text)]
    };
    (prop::collection::vec(bytes, 0..5), prop::collection::vec(any::<u64>(), 0..5), ".{0,50}")
        .prop_map(move |(bytes, words, text)| of(bytes, words, text))
}

proptest! {
    /// No encoding that shares no bytes is refused, and what is decoded is what alloy decodes.
    #[test]
    fn what_is_encoded_is_decoded(values in values()) {
        let function = Function::parse("f((bytes,address)[],bool,uint256[][2],string)").expect("a signature");
        let data = function.abi_encode_input(&values).expect("encoded");
        let found = Budget::of(data.len()).decode(&function, &function.inputs, &data[4..]);
        prop_assert_eq!(found, Ok(values));
    }

    /// What is decoded is within the limit, whatever the bytes are.
    #[test]
    fn what_is_decoded_is_small(mut data in prop::collection::vec(any::<u8>(), 0..640), places in prop::collection::vec((0_usize..20, 0_u16..700), 0..12)) {
        for (word, number) in places {
            if let Some(place) = data.get_mut(word * WORD..(word + 1) * WORD) {
                place.copy_from_slice(&U256::from(number).to_be_bytes::<WORD>());
            }
        }
        if let Ok(values) = decode("f((bytes,address)[],string[][])", &data) {
            let size: usize = values.iter().map(|value| value.abi_encode().len()).sum();
            // Padding, and the word before a value of its own.
            prop_assert!(size <= 4 * data.len() + 64, "{size} of {}", data.len());
        }
    }
}
