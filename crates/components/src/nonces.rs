//! Nonces, so that a signed message counts once: OpenZeppelin's `Nonces` and `NoncesKeyed`.
//!
//! A plain nonce puts all messages of an account in one order. A keyed nonce (as ERC-4337 has them, and ERC-7760) has its
//! key in the top 192 bits and counts in the low 64 bits: messages under different keys are in no order. Key 0 is the
//! plain nonce.

use alloy_primitives::{Address, B256, U256};
use consilium_abi::{Revert, ensure, sol_abi};
use stylus_sdk::storage::{StorageMap, StorageU64};

use crate::stored::Map;

sol_abi! {
    /// One nonce an account.
    fragment Nonces {
        /// The next nonce of `owner`.
        function nonces(address owner) external view returns (uint256) => nonces;
        /// The nonce is not the account's next one.
        error InvalidAccountNonce(address account, uint256 currentNonce);
    }
}

sol_abi! {
    /// Any number of nonces an account, by key.
    fragment KeyedNonces {
        /// The next nonce of `owner` under `key`: the key in the top 192 bits, the count in the low 64.
        function nonces(address owner, uint192 key) external view returns (uint256) => keyed_nonces;
    }
}

/// The next nonce, by account. Accounts and nonces are words, so that the code of a contract's other maps is shared; the
/// slots are those of `mapping(address => uint256)`.
pub type Nonces = Map<Address, U256>;

/// The next count, by account and key: as `mapping(address => mapping(uint192 => uint64))`.
pub type KeyedNonces = StorageMap<B256, StorageMap<U256, StorageU64>>;

/// The methods of [`Nonces`], for a contract that says where they are stored.
pub trait HasNonces {
    /// Where the nonces are stored.
    fn stored_nonces(&self) -> &Nonces;
    /// The same, to write.
    fn stored_nonces_mut(&mut self) -> &mut Nonces;

    /// `nonces(address)`.
    fn nonces(&self, owner: Address) -> U256 {
        U256::from_be_bytes(self.stored_nonces().get(owner.into_word()).0)
    }

    /// The next nonce of `owner`, which is used up by this. It cannot overflow: it grows by one a call.
    fn use_nonce(&mut self, owner: Address) -> U256 {
        let nonce = self.nonces(owner);
        self.stored_nonces_mut().insert(owner.into_word(), (nonce + U256::ONE).into());
        nonce
    }

    /// Uses up `nonce`, which must be the next one of `owner`.
    fn use_checked_nonce(&mut self, owner: Address, nonce: U256) -> Result<(), Revert> {
        let current_nonce = self.use_nonce(owner);
        ensure!(nonce == current_nonce, InvalidAccountNonce { account: owner, current_nonce });
        Ok(())
    }
}

/// The methods of [`KeyedNonces`], for a contract that says where they are stored.
pub trait HasKeyedNonces: HasNonces {
    /// Where the counts are stored.
    fn stored_keyed_nonces(&self) -> &KeyedNonces;
    /// The same, to write.
    fn stored_keyed_nonces_mut(&mut self) -> &mut KeyedNonces;

    /// `nonces(address,uint192)`.
    fn keyed_nonces(&self, owner: Address, key: U256) -> U256 {
        if key.is_zero() {
            return self.nonces(owner);
        }
        keyed(key, self.stored_keyed_nonces().get(owner.into_word()).get(key).to())
    }

    /// The next nonce of `owner` under `key`, which is used up by this.
    fn use_keyed_nonce(&mut self, owner: Address, key: U256) -> U256 {
        if key.is_zero() {
            return self.use_nonce(owner);
        }
        let mut counts = self.stored_keyed_nonces_mut().setter(owner.into_word());
        let count: u64 = counts.get(key).to();
        // As OpenZeppelin's: nobody makes 2^64 transactions.
        counts.insert(key, alloy_primitives::U64::from(count.wrapping_add(1)));
        keyed(key, count)
    }

    /// Uses up `key_nonce`, which must be the next one of `owner` under its key.
    fn use_checked_keyed_nonce(&mut self, owner: Address, key_nonce: U256) -> Result<(), Revert> {
        let current_nonce = self.use_keyed_nonce(owner, key_nonce >> 64);
        ensure!(key_nonce == current_nonce, InvalidAccountNonce { account: owner, current_nonce });
        Ok(())
    }
}

/// A key and a count as one nonce. The key has at most 192 bits: it was read as a `uint192`, or from a nonce.
#[inline]
fn keyed(key: U256, count: u64) -> U256 {
    key << 64 | U256::from(count)
}

#[cfg(test)]
mod tests;
