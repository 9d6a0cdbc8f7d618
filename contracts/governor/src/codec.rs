//! How the content of a proposal is stored.
//!
//! The content is one piece of data: `abi.encode(targets, values, calldatas, descriptionHash)`. Its hash is the
//! proposal's id, and it is what `proposalDetails` returns. Most of its bytes are zeros, and a stored word costs 22,100
//! gas, so each run of zeros is stored as a zero and the number of zeros that follow it. A proposal with one transfer
//! takes 4 words this way; OpenZeppelin's arrays take 8.
//!
//! In storage four bytes with the length of what follows come first, so that the first word of a proposal is never zero.

use alloc::vec::Vec;

use alloy_primitives::B256;
use consilium_abi::append_zeros;

/// The bytes of the length.
const PREFIX: usize = 4;

/// What the content of a proposal of one call takes, in bytes.
const ROOM: usize = 512;

/// Packs `data` into words, and gives each to `write` with its index.
pub(crate) fn pack(data: &[u8], write: &mut dyn FnMut(u32, B256)) {
    let mut packed = Vec::with_capacity(PREFIX + data.len());
    packed.extend_from_slice(&[0; PREFIX]);
    let mut rest = data;
    while let Some((byte, tail)) = rest.split_first() {
        rest = tail;
        packed.push(*byte);
        if *byte == 0 {
            let more = rest.iter().take(255).take_while(|byte| **byte == 0).count();
            packed.push(more as u8);
            rest = &rest[more..];
        }
    }
    // Memory ends at 2^32 bytes, so the length fits.
    let length = (packed.len() - PREFIX) as u32;
    packed[..PREFIX].copy_from_slice(&length.to_be_bytes());
    for (at, word) in (0..).zip(packed.chunks(32)) {
        write(at, B256::right_padding_from(word));
    }
}

/// Unpacks the data whose words `read` gives by their index. `None` where the first word is zero: nothing was stored.
pub(crate) fn unpack(read: &dyn Fn(u32) -> B256) -> Option<Vec<u8>> {
    let mut word = read(0);
    let mut left = u32::from_be_bytes([word[0], word[1], word[2], word[3]]) as usize;
    if left == 0 {
        return None;
    }
    // Memory that is left behind by growing is not used again: room for a proposal of one call, and for data without zeros.
    let mut data = Vec::with_capacity(ROOM + left);
    let (mut at, mut from, mut after_zero) = (0, PREFIX, false);
    loop {
        let mut bytes = word.get(from..32.min(from + left)).unwrap_or_default();
        left -= bytes.len();
        while let Some((byte, tail)) = bytes.split_first() {
            if after_zero {
                // The zero itself, and those that follow it.
                append_zeros(&mut data, 1 + usize::from(*byte));
                after_zero = false;
                bytes = tail;
            } else if *byte == 0 {
                after_zero = true;
                bytes = tail;
            } else {
                let (others, rest) = bytes.split_at(bytes.iter().take_while(|byte| **byte != 0).count());
                data.extend_from_slice(others);
                bytes = rest;
            }
        }
        if left == 0 {
            return Some(data);
        }
        at += 1;
        from = 0;
        word = read(at);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn packed(data: &[u8]) -> Vec<B256> {
        let mut words = Vec::new();
        pack(data, &mut |at, word| {
            assert_eq!(at as usize, words.len(), "words come in order");
            words.push(word);
        });
        words
    }

    fn stored(words: &[B256]) -> impl Fn(u32) -> B256 + '_ {
        |index| words.get(index as usize).copied().unwrap_or_default()
    }

    /// Bytes that are often zero, as ABI encoded data is.
    fn sparse() -> impl Strategy<Value = Vec<u8>> {
        proptest::collection::vec(prop_oneof![4 => Just(0u8), 1 => any::<u8>()], 1..1500)
    }

    proptest! {
        #[test]
        fn data_survives_storage(data in sparse()) {
            let words = packed(&data);
            prop_assert_eq!(unpack(&stored(&words)), Some(data));
            prop_assert!(!words[0].is_zero());
        }

        /// No proposal can be made much dearer than it is: at worst a byte takes two.
        #[test]
        fn never_more_than_twice_the_data(data in proptest::collection::vec(any::<u8>(), 1..1500)) {
            prop_assert!(packed(&data).len() <= (PREFIX + 2 * data.len()).div_ceil(32));
        }
    }

    #[test]
    fn nothing_stored_is_nothing_found() {
        assert_eq!(unpack(&|_| B256::ZERO), None);
    }

    #[test]
    fn long_runs_are_counted_in_parts() {
        for zeros in [1, 2, 255, 256, 257, 511, 512, 513, 5000] {
            let data = alloc::vec![0; zeros];
            assert_eq!(unpack(&stored(&packed(&data))), Some(data), "{zeros} zeros");
        }
    }
}
