//! What a block or a call changes.

use super::account::AccountState;
use alloy_primitives::{Address, B256, U256, keccak256, map::HashMap};
use revm::state::Bytecode;

/// What a block wrote.
#[derive(Debug, Default, Clone)]
pub struct Changes {
    /// The present accounts; `None` for one that is gone.
    pub accounts: HashMap<Address, Option<AccountState>>,
    /// The present slots.
    pub slots: HashMap<(Address, U256), U256>,
    /// New code by its hash.
    pub codes: HashMap<B256, Bytecode>,
}

impl Changes {
    /// A digest of the changes, in an order of its own, chained to the digest before.
    ///
    /// It stands where Ethereum has the root of the state trie: equal histories have equal digests, and nothing else is
    /// promised (the README says so).
    pub fn digest(&self, parent: B256) -> B256 {
        let mut accounts: Vec<_> = self.accounts.iter().collect();
        accounts.sort_unstable_by_key(|(address, _)| **address);
        let mut slots: Vec<_> = self.slots.iter().collect();
        slots.sort_unstable_by_key(|(slot, _)| **slot);
        let mut text = Vec::with_capacity(64 + accounts.len() * 92 + slots.len() * 84);
        text.extend_from_slice(parent.as_slice());
        for (address, account) in accounts {
            text.extend_from_slice(address.as_slice());
            if let Some(account) = account {
                text.extend_from_slice(&account.nonce.to_be_bytes());
                text.extend_from_slice(&account.balance.to_be_bytes::<32>());
                text.extend_from_slice(account.code_hash.as_slice());
            }
        }
        for ((address, index), value) in slots {
            text.extend_from_slice(address.as_slice());
            text.extend_from_slice(&index.to_be_bytes::<32>());
            text.extend_from_slice(&value.to_be_bytes::<32>());
        }
        keccak256(text)
    }
}
