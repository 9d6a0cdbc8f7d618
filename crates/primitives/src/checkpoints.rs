//! A number's history: values by time, found by binary search.
//!
//! The rules and the storage are those of OpenZeppelin's `Checkpoints.Trace208` (`utils/structs/Checkpoints.sol`): an array of
//! `(uint48 key, uint208 value)`, packed into one slot each, the key in the low bits.

use alloc::{vec, vec::Vec};

use alloy_primitives::U256;
use stylus_sdk::prelude::*;
use stylus_sdk::storage::{StorageU256, StorageVec};

/// The bits of a key: seconds or blocks, ERC-6372's `uint48`.
const KEY_BITS: usize = 48;
/// The bits of a value: ERC-5805's votes, `uint208`.
const VALUE_BITS: usize = 208;

/// A value and the time from which it holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Checkpoint {
    /// The time, in the units of the clock (`uint48`).
    pub key: u64,
    /// The value (`uint208`).
    pub value: U256,
}

impl Checkpoint {
    /// The slot that holds it.
    ///
    /// # Panics
    /// If the key has more than 48 bits, or the value more than 208: check what comes from outside (see [`crate::casts`]).
    pub fn pack(self) -> U256 {
        assert!(self.key >> KEY_BITS == 0 && self.value.bit_len() <= VALUE_BITS, "a checkpoint out of range");
        (self.value << KEY_BITS) | U256::from(self.key)
    }

    /// What the slot holds.
    pub fn unpack(slot: U256) -> Self {
        let &[low, ..] = slot.as_limbs();
        Self { key: low & ((1 << KEY_BITS) - 1), value: slot >> KEY_BITS }
    }
}

/// A key below the last one was pushed: history cannot be rewritten. OpenZeppelin's `CheckpointUnorderedInsertion`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnorderedInsertion;

/// The history in storage.
#[storage]
pub struct Trace208 {
    checkpoints: StorageVec<StorageU256>,
}

impl Trace208 {
    /// The number of checkpoints.
    pub fn len(&self) -> usize {
        self.checkpoints.len()
    }

    /// Whether nothing was ever pushed.
    pub fn is_empty(&self) -> bool {
        self.checkpoints.is_empty()
    }

    /// The checkpoint at `index`, oldest first.
    pub fn get(&self, index: usize) -> Option<Checkpoint> {
        self.checkpoints.get(index).map(Checkpoint::unpack)
    }

    /// The newest checkpoint.
    pub fn last(&self) -> Option<Checkpoint> {
        self.get(self.len().checked_sub(1)?)
    }

    /// The newest value, zero if there is none.
    pub fn latest(&self) -> U256 {
        self.last().unwrap_or_default().value
    }

    /// The value that held at `key`: that of the last checkpoint at or before it, zero if there is none.
    ///
    /// Looks among the newest first, as OpenZeppelin's `upperLookupRecent`.
    pub fn upper_lookup_recent(&self, key: u64) -> U256 {
        let index = behind(self.len(), key, |index| self.key(index));
        index.checked_sub(1).and_then(|index| self.get(index)).unwrap_or_default().value
    }

    /// Sets the value from `key` on: a new checkpoint, or a new value for the last one if the keys are equal. Returns
    /// the value that held before.
    ///
    /// # Errors
    /// [`UnorderedInsertion`] if a later checkpoint exists.
    ///
    /// # Panics
    /// If the key has more than 48 bits or the value more than 208.
    pub fn push(&mut self, key: u64, value: U256) -> Result<U256, UnorderedInsertion> {
        let slot = Checkpoint { key, value }.pack();
        match self.last() {
            Some(last) if last.key > key => Err(UnorderedInsertion),
            Some(last) if last.key == key => {
                if let Some(mut newest) = self.checkpoints.setter(self.len() - 1) {
                    newest.set(slot);
                }
                Ok(last.value)
            }
            last => {
                self.checkpoints.push(slot);
                Ok(last.unwrap_or_default().value)
            }
        }
    }

    fn key(&self, index: usize) -> u64 {
        self.get(index).unwrap_or_default().key
    }
}

/// The number of keys at or before `key`, of `len` keys in rising order.
///
/// A pure function so that a caller with storage of its own may use it. It first asks for the key at `len` less its root:
/// who looks up the recent past, as votes do, then searches among few.
pub fn behind(len: usize, key: u64, key_at: impl Fn(usize) -> u64) -> usize {
    let (mut low, mut high) = (0, len);
    if len > 5 {
        let middle = len - len.isqrt();
        if key < key_at(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    while low < high {
        let middle = low + (high - low) / 2;
        if key_at(middle) > key {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    high
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use stylus_sdk::testing::TestVM;

    use super::*;

    #[test]
    fn a_slot_is_key_below_value() {
        let checkpoint = Checkpoint { key: 0x0102_0304_0506, value: U256::from(7) };
        assert_eq!(checkpoint.pack(), (U256::from(7) << 48) | U256::from(0x0102_0304_0506u64));
        let most = Checkpoint { key: (1 << 48) - 1, value: U256::MAX >> 48 };
        assert_eq!(most.pack(), U256::MAX);
        assert_eq!(Checkpoint::unpack(U256::MAX), most);
    }

    #[test]
    #[should_panic(expected = "out of range")]
    fn a_key_of_49_bits_stops() {
        Checkpoint { key: 1 << 48, value: U256::ZERO }.pack();
    }

    #[test]
    #[should_panic(expected = "out of range")]
    fn a_value_of_209_bits_stops() {
        Checkpoint { key: 0, value: U256::from(1) << 208 }.pack();
    }

    #[test]
    fn history_is_not_rewritten() {
        let mut trace = Trace208::from(&TestVM::default());
        assert_eq!((trace.is_empty(), trace.latest(), trace.last()), (true, U256::ZERO, None));
        assert_eq!(trace.push(5, U256::from(1)), Ok(U256::ZERO));
        assert_eq!(trace.push(5, U256::from(2)), Ok(U256::from(1)));
        assert_eq!(trace.push(9, U256::from(3)), Ok(U256::from(2)));
        assert_eq!(trace.push(8, U256::from(4)), Err(UnorderedInsertion));
        assert_eq!((trace.len(), trace.latest()), (2, U256::from(3)));
        assert_eq!(trace.get(0), Some(Checkpoint { key: 5, value: U256::from(2) }));
    }

    proptest! {
        #[test]
        fn lookups_agree_with_a_list(steps in prop::collection::vec((0u64..4, any::<u64>()), 0..60), ask in 0u64..200) {
            let mut trace = Trace208::from(&TestVM::default());
            let (mut list, mut key) = (Vec::<(u64, u64)>::new(), 0);
            for (step, value) in steps {
                key += step;
                list.push((key, value));
                trace.push(key, U256::from(value)).unwrap();
            }
            let held = list.iter().rfind(|(key, _)| *key <= ask).map_or(0, |(_, value)| *value);
            prop_assert_eq!(trace.upper_lookup_recent(ask), U256::from(held));
        }

        #[test]
        fn the_search_counts(mut keys in prop::collection::vec(0u64..50, 0..100), ask in 0u64..60) {
            keys.sort();
            prop_assert_eq!(behind(keys.len(), ask, |i| keys[i]), keys.iter().filter(|key| **key <= ask).count());
        }
    }
}
