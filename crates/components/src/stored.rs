//! How a contract declares what its words of storage mean.
//!
//! All words are stored alike, and all maps go from words to words, as Solidity's `mapping(uint256 => uint256)`: one kind
//! of map is a quarter of the code of four. These names say what a word means. The golden files of `abi/layout` are made
//! from them.
//!
//! ```
//! use alloy_primitives::{Address, B256, U256};
//! use consilium_components::stored::{Map, Row, Word};
//! use stylus_sdk::storage::{StorageArray, StorageB256, StorageMap};
//!
//! // A word that means a number; a map from accounts to numbers; two words in a row, which mean a number and a hash.
//! let _: fn(Word<U256>) -> StorageB256 = |word| word;
//! let _: fn(Map<Address, U256>) -> StorageMap<B256, StorageB256> = |map| map;
//! let _: fn(Row<(U256, B256)>) -> StorageArray<StorageB256, 2> = |row| row;
//! ```

use alloy_primitives::{B256, U256};
use stylus_sdk::storage::{StorageArray, StorageB256, StorageMap, StorageU256};

/// A word that means a `T`: a number, a hash, or a struct of `packed!`.
pub type Word<T> = <T as Meaning>::Word;

/// A [`Word`] that the contract reads and writes as a number. Which of the two makes the smaller program depends on what
/// else it stores.
pub type Number<T> = <T as Meaning>::Number;

/// A map from `K` to words that mean `V`. A key is the word of the number, the address or the hash.
pub type Map<K, V> = <(K, V) as Meaning>::Map;

/// Words in a row, as a Solidity struct has them. They mean what the tuple says.
pub type Row<T> = <T as InARow>::Words;

/// What [`Word`], [`Number`] and [`Map`] are made by. Every type can be a meaning.
pub trait Meaning {
    /// See [`Word`].
    type Word;
    /// See [`Number`].
    type Number;
    /// See [`Map`].
    type Map;
}

impl<T> Meaning for T {
    type Word = StorageB256;
    type Number = StorageU256;
    type Map = StorageMap<B256, StorageB256>;
}

/// What [`Row`] is made by.
pub trait InARow {
    /// See [`Row`].
    type Words;
}

macro_rules! rows {
    ($($count:literal: $($name:ident)*,)*) => {
        $( impl<$($name),*> InARow for ($($name,)*) {
            type Words = StorageArray<StorageB256, $count>;
        } )*
    };
}

rows! {
    1: A,
    2: A B,
    3: A B C,
    4: A B C D,
    5: A B C D E,
    6: A B C D E F,
    7: A B C D E F G,
    8: A B C D E F G H,
}

/// The key of a position. One copy serves all maps.
#[inline(never)]
pub fn index(index: u32) -> B256 {
    let mut key = B256::ZERO;
    key[28..].copy_from_slice(&index.to_be_bytes());
    key
}

/// A word's number.
pub fn number(word: B256) -> U256 {
    U256::from_be_bytes(word.0)
}
