//! Maps of words, by words: what packed structs are kept in.
//!
//! One kind of map is less code than several. Its slots are those of Solidity's `mapping(bytes32 => bytes32)`. The SDK's own
//! key of 32 bytes does the same and costs 60 gas more at each access: it joins key and slot byte by byte.

use alloy_primitives::{Address, B256, U256, keccak256};
use consilium_abi::number_of;
use stylus_sdk::storage::{StorageB256, StorageKey, StorageMap};

/// A map of words, from keys that mean `K` to words that mean `V`. The golden files of `abi/layout` are made from these
/// names.
pub type Words<K, V> = <(K, V) as Keyed>::Words;

/// What [`Words`] is made by.
pub trait Keyed {
    /// See [`Words`].
    type Words;
}

impl<K, V> Keyed for (K, V) {
    type Words = StorageMap<Key, StorageB256>;
}

/// The key of a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key(pub B256);

impl StorageKey for Key {
    fn to_slot(&self, root: B256) -> U256 {
        let mut both = [0; 64];
        both[..32].copy_from_slice(&self.0.0);
        both[32..].copy_from_slice(&root.0);
        number_of(&keccak256(both))
    }
}

impl From<B256> for Key {
    fn from(word: B256) -> Self {
        Self(word)
    }
}

impl From<Address> for Key {
    fn from(address: Address) -> Self {
        Self(address.into_word())
    }
}

/// A number as Solidity has it in a word.
impl From<u64> for Key {
    fn from(number: u64) -> Self {
        let mut word = B256::ZERO;
        word[24..].copy_from_slice(&number.to_be_bytes());
        Self(word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The slots are the SDK's, and so Solidity's.
    #[test]
    fn slots_are_solidity_s() {
        let root = B256::with_last_byte(3);
        let word = B256::repeat_byte(0xab);
        assert_eq!(Key(word).to_slot(root), word.to_slot(root));
        let account = Address::repeat_byte(0x11);
        assert_eq!(Key::from(account).to_slot(root), account.to_slot(root));
        assert_eq!(Key::from(u64::MAX - 5).to_slot(root), (u64::MAX - 5).to_slot(root));
    }
}
