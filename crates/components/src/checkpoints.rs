//! The history of a number: OpenZeppelin's `Checkpoints.Trace208`, to the storage slot.
//!
//! Each checkpoint is one word: the key (a timepoint) in the low 48 bits, the value in the 208 above. Keys never fall, so
//! a past value is found by halving. A contract that counts its checkpoints in a word of its own uses [`Checkpoint`] and
//! [`not_after`] without [`Trace208`].

use alloy_primitives::U256;
use consilium_abi::{Revert, ensure, packed, sol_abi};
use stylus_sdk::storage::{StorageU256, StorageVec};

sol_abi! {
    /// What a contract that keeps a history can refuse with.
    fragment Checkpoints {
        /// A checkpoint is older than the last one.
        error CheckpointUnorderedInsertion();
    }
}

packed! {
    /// The value from `key` on, as Solidity's `Checkpoint208`.
    pub struct Checkpoint {
        /// The timepoint.
        uint48 key;
        /// The value.
        uint208 value;
    }
}

impl Checkpoint {
    /// What [`Self::unpack`] reads, from a number. Shifts cost less gas than bytes where a contract stores numbers.
    pub fn from_number(word: U256) -> Self {
        Self { key: word.as_limbs()[0] & ((1 << 48) - 1), value: word >> 48 }
    }

    /// What [`Self::pack`] makes, as a number. UNCHECKED: the caller has made sure that the key has at most 48 bits, and
    /// the value at most 208.
    pub fn to_number(self) -> U256 {
        (self.value << 48) | U256::from(self.key)
    }
}

/// Checkpoints, as Solidity's `Checkpoint208[]`.
pub type Trace208 = StorageVec<StorageU256>;

/// The checkpoint at `index`.
#[inline]
fn at(trace: &Trace208, index: usize) -> Checkpoint {
    Checkpoint::unpack(trace.get(index).unwrap_or_default().into())
}

/// Sets the value from `key` on, a 48-bit number, and returns the value before and after. A second value of the same key
/// takes the place of the first. A value of more than 208 bits stops the program.
///
/// # Errors
/// `CheckpointUnorderedInsertion` if `key` is below the last one.
#[inline]
pub fn push(trace: &mut Trace208, key: u64, value: U256) -> Result<(U256, U256), Revert> {
    let word = U256::from_be_bytes(Checkpoint { key, value }.pack().0);
    let Some(last) = trace.len().checked_sub(1) else {
        trace.push(word);
        return Ok((U256::ZERO, value));
    };
    let before = at(trace, last);
    ensure!(before.key <= key, CheckpointUnorderedInsertion {});
    if before.key == key {
        if let Some(mut slot) = trace.setter(last) {
            slot.set(word);
        }
    } else {
        trace.push(word);
    }
    Ok((before.value, value))
}

/// The last value; zero if there is none.
#[inline]
pub fn latest(trace: &Trace208) -> U256 {
    trace.len().checked_sub(1).map_or(U256::ZERO, |last| at(trace, last).value)
}

/// The value at `key`: that of the last checkpoint whose key is not above it; zero if there is none.
#[inline]
pub fn upper_lookup(trace: &Trace208, key: u64) -> U256 {
    let count = not_after(trace.len() as u32, key, |index| at(trace, index as usize).key);
    count.checked_sub(1).map_or(U256::ZERO, |index| at(trace, index as usize).value)
}

/// How many of `count` checkpoints have no later key than `key`. The last of these says what was true then.
///
/// `key_at` reads the key of a checkpoint. Keys never fall. Governors ask for recent ones, so one look near the end comes
/// before the halving, as in OpenZeppelin's `upperLookupRecent`.
pub fn not_after(count: u32, key: u64, key_at: impl Fn(u32) -> u64) -> u32 {
    let (mut low, mut high) = (0, count);
    if count > 5 {
        let middle = count - near(count);
        if key < key_at(middle) { high = middle } else { low = middle + 1 }
    }
    while low < high {
        let middle = low + (high - low) / 2;
        if key < key_at(middle) { high = middle } else { low = middle + 1 }
    }
    high
}

/// How far from the end the search looks first: the square root of `count`, as a power of two. The exact root would bring
/// a table of 512 bytes, for which a program pays at every call.
fn near(count: u32) -> u32 {
    1 << ((u32::BITS - count.leading_zeros()) / 2)
}

#[cfg(test)]
mod tests;
