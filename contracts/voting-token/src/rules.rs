//! The arithmetic of votes: pure functions and packed words, no host, no storage.
//!
//! Sources: OpenZeppelin's `Checkpoints.sol` (`Trace208`) for the lookup, ERC-5805 and ERC-6372 for its meaning.

use alloy_primitives::{Address, U256};

/// The largest supply: votes are kept in 208 bits, as OpenZeppelin's `ERC20Votes` keeps them.
pub(crate) const MAX_SUPPLY: U256 = U256::from_limbs([u64::MAX, u64::MAX, u64::MAX, 0xffff]);

/// What a timepoint counts (ERC-6372).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Clock {
    /// Seconds of `block.timestamp`.
    Timestamp,
    /// Blocks of `block.number`: on Arbitrum an estimate of the parent chain's.
    BlockNumber,
}

/// An account's place in the vote, packed in one word: OpenZeppelin's Solidity keeps the first two in a slot each, and
/// a holder that delegates to itself pays for one of them only.
///
/// From the low end: the delegatee (160 bits), the number of checkpoints (32), the clock (8).
/// A word that was ever written carries the clock; the word of an account that never took part is zero.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Seat {
    /// Who votes with this account's tokens; zero is nobody.
    pub(crate) delegatee: Address,
    /// How many checkpoints of votes delegated *to* this account exist.
    pub(crate) checkpoints: u32,
    /// The token's clock, copied here so that it costs no slot of its own.
    pub(crate) clock: Option<Clock>,
}

impl Seat {
    /// The stored word.
    pub(crate) fn pack(self) -> U256 {
        let clock = match self.clock {
            None => 0,
            Some(Clock::Timestamp) => 1,
            Some(Clock::BlockNumber) => 2,
        };
        let mut word = [0; 32];
        word[7] = clock;
        word[8..12].copy_from_slice(&self.checkpoints.to_be_bytes());
        word[12..].copy_from_slice(self.delegatee.as_slice());
        U256::from_be_bytes(word)
    }

    /// What [`Seat::pack`] made.
    pub(crate) fn unpack(word: U256) -> Self {
        let word = word.to_be_bytes::<32>();
        let clock = match word[7] {
            0 => None,
            1 => Some(Clock::Timestamp),
            _ => Some(Clock::BlockNumber),
        };
        let mut checkpoints = [0; 4];
        checkpoints.copy_from_slice(&word[8..12]);
        Self { delegatee: Address::from_slice(&word[12..]), checkpoints: u32::from_be_bytes(checkpoints), clock }
    }
}

/// Votes from a timepoint on, packed in one word as Solidity packs `Checkpoint208`: the key in the low 48 bits, the
/// value in the 208 above.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Checkpoint {
    /// The timepoint, below 2^48.
    pub(crate) key: u64,
    /// The votes, at most [`MAX_SUPPLY`].
    pub(crate) value: U256,
}

impl Checkpoint {
    /// The stored word.
    pub(crate) fn pack(self) -> U256 {
        (self.value << 48) | U256::from(self.key)
    }

    /// What [`Checkpoint::pack`] made.
    pub(crate) fn unpack(word: U256) -> Self {
        Self { key: word.as_limbs()[0] & ((1 << 48) - 1), value: word >> 48 }
    }
}

/// How many of `len` checkpoints are no later than `timepoint`: the last of these says what was true then.
///
/// `key_at` reads the key of a checkpoint; keys grow strictly with the position. Recent timepoints are what governors
/// ask for, so one probe near the end comes before the binary search.
pub(crate) fn upper_lookup(len: u32, timepoint: u64, key_at: impl Fn(u32) -> u64) -> u32 {
    let (mut low, mut high) = (0, len);
    if len > 5 {
        let mid = len - len.isqrt();
        if timepoint < key_at(mid) { high = mid } else { low = mid + 1 }
    }
    while low < high {
        let mid = low + (high - low) / 2;
        if timepoint < key_at(mid) { high = mid } else { low = mid + 1 }
    }
    high
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn clocks() -> impl Strategy<Value = Option<Clock>> {
        prop_oneof![Just(None), Just(Some(Clock::Timestamp)), Just(Some(Clock::BlockNumber))]
    }

    proptest! {
        #[test]
        fn a_seat_survives_packing(bytes: [u8; 20], checkpoints: u32, clock in clocks()) {
            let seat = Seat { delegatee: Address::from(bytes), checkpoints, clock };
            prop_assert_eq!(Seat::unpack(seat.pack()), seat);
        }

        #[test]
        fn a_checkpoint_survives_packing(key in 0u64..1 << 48, limbs: [u64; 4]) {
            let value = U256::from_limbs(limbs) & MAX_SUPPLY;
            let checkpoint = Checkpoint { key, value };
            prop_assert_eq!(Checkpoint::unpack(checkpoint.pack()), checkpoint);
        }

        /// The search agrees with counting, on every shape of history, and reads no checkpoint that does not exist.
        #[test]
        fn the_lookup_counts_what_is_no_later(
            keys in proptest::collection::btree_set(0u64..300, 0..200),
            timepoint in 0u64..310,
        ) {
            let keys: Vec<u64> = keys.into_iter().collect();
            let counted = keys.iter().filter(|key| **key <= timepoint).count() as u32;
            prop_assert_eq!(upper_lookup(keys.len() as u32, timepoint, |at| keys[at as usize]), counted);
        }
    }

    /// What the lookup finds among `len` checkpoints with the keys 0, 2, 4, …, and how many of them it reads.
    fn look_up(len: u32, timepoint: u64) -> (u32, u32) {
        let reads = core::cell::Cell::new(0);
        let found = upper_lookup(len, timepoint, |at| {
            assert!(at < len, "checkpoint {at} of {len}");
            reads.set(reads.get() + 1);
            2 * u64::from(at)
        });
        (found, reads.get())
    }

    /// Each timepoint in each history of up to 130 checkpoints: what is found, and that a read is never wasted. A binary
    /// search among n needs as many reads as n has binary digits.
    #[test]
    fn the_lookup_reads_no_more_than_it_must() {
        for len in 0u32..130 {
            let (recent, probe) = if len > 5 { (len.isqrt() - 1, 1) } else { (len, 0) };
            let older = len - recent - probe;
            for timepoint in 0..2 * u64::from(len) + 3 {
                let (found, reads) = look_up(len, timepoint);
                let expected = len.min(timepoint as u32 / 2 + 1);
                assert_eq!(found, expected, "{timepoint} among {len}");
                let among = if found > older || probe == 0 { recent } else { older };
                assert!(
                    reads <= probe + u32::BITS - among.leading_zeros(),
                    "{reads} reads for {timepoint} among {len}"
                );
            }
        }
    }

    #[test]
    fn a_million_checkpoints_take_21_reads() {
        let len = 1_000_000;
        for timepoint in [0, 1, 2, 999, 1_000_000, 1_997_998, 1_998_000, 1_998_001, 1_999_998, 2_000_001] {
            let (found, reads) = look_up(len, timepoint);
            assert_eq!(u64::from(found), (timepoint / 2 + 1).min(u64::from(len)));
            assert!(reads <= 21, "{reads} reads for {timepoint}");
        }
    }

    #[test]
    fn an_untouched_word_is_an_empty_seat() {
        assert_eq!(Seat::unpack(U256::ZERO), Seat::default());
    }

    #[test]
    fn the_cap_is_what_208_bits_hold() {
        assert_eq!(MAX_SUPPLY, (U256::from(1) << 208) - U256::from(1));
    }

    /// The layout of `Checkpoint208`, as `solc` packs it: an indexer that reads slots must find what it expects.
    #[test]
    fn a_checkpoint_is_laid_out_as_in_solidity() {
        let word = Checkpoint { key: 0x0102_0304_0506, value: U256::from(7) }.pack();
        assert_eq!(word, (U256::from(7) << 48) | U256::from(0x0102_0304_0506u64));
    }
}
