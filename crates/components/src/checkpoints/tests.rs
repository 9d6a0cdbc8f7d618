//! The search against counting. What a trace does on a chain is compared with OpenZeppelin's in `tests/components`.

use core::cell::Cell;

use proptest::prelude::*;

use super::*;

proptest! {
    /// The search agrees with counting, on every shape of history, and reads no checkpoint that does not exist. Keys may
    /// be equal.
    #[test]
    fn the_search_counts_what_is_not_later(mut keys in proptest::collection::vec(0u64..300, 0..200), key in 0u64..310) {
        keys.sort_unstable();
        let counted = keys.iter().filter(|other| **other <= key).count() as u32;
        let key_at = |index: u32| keys[index as usize];
        prop_assert_eq!(not_after(keys.len() as u32, key, key_at), counted);
    }

    /// Any value that fits comes back with its key.
    #[test]
    fn a_checkpoint_survives_its_word(key in 0u64..1 << 48, value: [u8; 26]) {
        let checkpoint = Checkpoint { key, value: U256::from_be_slice(&value) };
        prop_assert_eq!(Checkpoint::unpack(checkpoint.pack()), checkpoint);
        prop_assert_eq!(checkpoint.to_number(), U256::from_be_bytes(checkpoint.pack().0));
        prop_assert_eq!(Checkpoint::from_number(checkpoint.to_number()), checkpoint);
    }
}

/// What the search finds among `count` checkpoints with the keys 0, 2, 4, …, and how many of them it reads.
fn look_up(count: u32, key: u64) -> (u32, u32) {
    let reads = Cell::new(0);
    let found = not_after(count, key, |index| {
        assert!(index < count, "checkpoint {index} of {count}");
        reads.set(reads.get() + 1);
        2 * u64::from(index)
    });
    (found, reads.get())
}

/// The reads that a binary search among `count` needs: its binary digits.
fn digits(count: u32) -> u32 {
    u32::BITS - count.leading_zeros()
}

/// Each key in each history of up to 130 checkpoints: what is found, and that no read is wasted.
#[test]
fn the_search_reads_no_more_than_it_must() {
    for count in 0u32..130 {
        let (near, probe) = if count > 5 { (super::near(count) - 1, 1) } else { (count, 0) };
        let older = count - near - probe;
        for key in 0..2 * u64::from(count) + 3 {
            let expected = count.min(key as u32 / 2 + 1);
            let (found, reads) = look_up(count, key);
            assert_eq!(found, expected, "{key} among {count}");
            let among = if found > older || probe == 0 { near } else { older };
            assert!(reads <= probe + digits(among), "{reads} reads for {key} among {count}");
        }
    }
}

#[test]
fn a_million_checkpoints_take_21_reads() {
    let count = 1_000_000;
    for key in [0, 1, 2, 999, 1_000_000, 1_997_998, 1_998_000, 1_998_001, 1_999_998, 2_000_001] {
        let (found, reads) = look_up(count, key);
        assert_eq!(u64::from(found), (key / 2 + 1).min(u64::from(count)));
        assert!(reads <= 21, "{reads} reads for {key}");
    }
}

/// The layout of `Checkpoint208`, as `solc` packs it: an indexer that reads slots finds what it expects.
#[test]
fn a_checkpoint_is_laid_out_as_in_solidity() {
    let word = Checkpoint { key: 0x0102_0304_0506, value: U256::from(7) }.pack();
    assert_eq!(U256::from_be_bytes(word.0), (U256::from(7) << 48) | U256::from(0x0102_0304_0506u64));
    assert_eq!(Checkpoint::LAYOUT, [("key", "uint48", 0), ("value", "uint208", 6)]);
}
