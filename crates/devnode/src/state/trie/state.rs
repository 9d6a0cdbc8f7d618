//! The trie of accounts, with the trie of each account's storage.

use super::{paths::Paths, secure::Trie};
use crate::state::{account::AccountState, changes::Changes};
use alloy::rlp::Encodable;
use alloy_primitives::{
    Address, B256, Bytes, U256, keccak256,
    map::{AddressSet, HashMap},
};
use alloy_trie::{EMPTY_ROOT_HASH, TrieAccount};

/// The state as Ethereum hashes it. It has the slots; the accounts themselves are asked for when the root is.
#[derive(Debug, Clone, Default)]
pub struct StateTrie {
    accounts: Trie<Address>,
    /// Those that are not empty.
    storages: HashMap<Address, Trie<U256>>,
    /// Accounts that changed since the root was last asked for, or whose storage did.
    stale: AddressSet,
    /// Paths of accounts, and of slots.
    paths: (Paths<Address>, Paths<U256>),
}

impl StateTrie {
    /// Takes changes over.
    pub fn follow(&mut self, changes: &Changes) {
        for address in &changes.wiped {
            if self.storages.remove(address).is_some() {
                self.stale.insert(*address);
            }
        }
        for ((address, index), value) in &changes.slots {
            self.set_slot(*address, *index, *value);
        }
        self.stale.extend(changes.accounts.keys());
    }

    /// Sets a slot; to zero removes it.
    pub fn set_slot(&mut self, address: Address, index: U256, value: U256) {
        let path = self.paths.1.of(index, &index.to_be_bytes::<32>());
        if !value.is_zero() {
            self.storages.entry(address).or_default().insert(path, value);
        } else if let Some(storage) = self.storages.get_mut(&address) {
            storage.remove(&path);
            if storage.is_empty() {
                self.storages.remove(&address);
            }
        }
        self.stale.insert(address);
    }

    /// An account may have changed, come or gone.
    pub fn set_account(&mut self, address: Address) {
        self.stale.insert(address);
    }

    /// Whether any slot of an account is not zero.
    pub fn has_storage(&self, address: &Address) -> bool {
        self.storages.contains_key(address)
    }

    /// Root of the state. `account` says what an account is now; one that is empty is none (EIP-161).
    pub fn root(&mut self, account: impl Fn(&Address) -> Option<AccountState>) -> B256 {
        self.settle(&account);
        let storages = &self.storages;
        self.accounts.root(|address, out| encode_account(&account, storages, address, out))
    }

    /// Root of an account's storage.
    pub fn storage_root(&mut self, address: &Address) -> B256 {
        self.storages.get_mut(address).map_or(EMPTY_ROOT_HASH, |storage| storage.root(encode_slot))
    }

    /// Proves what an account is, or that there is none: nodes from the root on.
    pub fn prove_account(
        &mut self,
        address: &Address,
        account: impl Fn(&Address) -> Option<AccountState>,
    ) -> Vec<Bytes> {
        self.settle(&account);
        let storages = &self.storages;
        self.accounts.proof(&keccak256(address), |address, out| encode_account(&account, storages, address, out))
    }

    /// Proves the value of a slot: nodes from the root of the account's storage on, none if it has no storage.
    pub fn prove_slot(&mut self, address: &Address, index: U256) -> Vec<Bytes> {
        let Some(storage) = self.storages.get_mut(address) else { return Vec::new() };
        storage.proof(&keccak256(index.to_be_bytes::<32>()), encode_slot)
    }

    /// Brings the accounts up to date.
    fn settle(&mut self, account: &impl Fn(&Address) -> Option<AccountState>) {
        let mut stale = std::mem::take(&mut self.stale);
        for address in stale.drain() {
            let path = self.paths.0.of(address, address.as_slice());
            if account(&address).is_some_and(|account| !account.is_empty()) {
                self.storage_root(&address);
                self.accounts.insert(path, address);
            } else {
                self.accounts.remove(&path);
            }
        }
        // Room for the next block's.
        self.stale = stale;
    }
}

fn encode_slot(value: &U256, out: &mut Vec<u8>) {
    value.encode(out);
}

fn encode_account(
    account: &impl Fn(&Address) -> Option<AccountState>,
    storages: &HashMap<Address, Trie<U256>>,
    address: &Address,
    out: &mut Vec<u8>,
) {
    let AccountState { nonce, balance, code_hash } = account(address).unwrap_or_default();
    let storage = storages.get(address).map_or(EMPTY_ROOT_HASH, Trie::settled_root);
    TrieAccount::new(nonce, balance, storage, code_hash).encode(out);
}
