//! The slots of the contract's own maps: Solidity's rule for mappings, keccak256(key . slot), hashed by the chain.
//!
//! The SDK's own key types hash in the program, because `openzeppelin-stylus` turns on alloy's `tiny-keccak`; that costs
//! several times what the chain asks for a hash, and a transfer makes a dozen.

use alloy_primitives::{Address, B256, U256};
use stylus_sdk::{
    host::{VM, WasmVM},
    prelude::*,
    storage::StorageKey,
};

/// Whose history of votes: an account's, or the whole supply's. The key of a seat.
#[derive(Clone, Copy)]
pub(crate) struct Trace(U256);

impl Trace {
    /// The history of the supply. No address is as large as this key.
    pub(crate) const SUPPLY: Self = Self(U256::from_limbs([0, 0, 1 << 32, 0]));
}

impl From<Address> for Trace {
    fn from(account: Address) -> Self {
        Self(U256::from_be_bytes(account.into_word().0))
    }
}

impl StorageKey for Trace {
    fn to_slot(&self, root: B256) -> U256 {
        slot([self.0.to_be_bytes(), root.0])
    }
}

/// A checkpoint: its trace and its position in it, in one word.
pub(crate) struct At(pub(crate) Trace, pub(crate) u32);

impl StorageKey for At {
    fn to_slot(&self, root: B256) -> U256 {
        let mut key = [0; 32];
        // The trace has 21 bytes at most; the position follows it.
        key[..28].copy_from_slice(&self.0.0.to_be_bytes::<32>()[4..]);
        key[28..].copy_from_slice(&self.1.to_be_bytes());
        slot([key, root.0])
    }
}

/// An allowance.
pub(crate) struct Allowance {
    /// Whose tokens.
    pub(crate) owner: Address,
    /// Who may move them.
    pub(crate) spender: Address,
}

impl StorageKey for Allowance {
    fn to_slot(&self, root: B256) -> U256 {
        slot([self.owner.into_word().0, self.spender.into_word().0, root.0])
    }
}

/// A word of a text.
pub(crate) struct Chunk(pub(crate) u32);

impl StorageKey for Chunk {
    fn to_slot(&self, root: B256) -> U256 {
        slot([U256::from(self.0).to_be_bytes(), root.0])
    }
}

fn slot<const N: usize>(words: [[u8; 32]; N]) -> U256 {
    VM(WasmVM {}).native_keccak256(words.as_flattened()).into()
}
