//! Changes on top of a block's state: what a block under way has written, or what a call overrides.

use super::{
    account::{AccountState, bytecode},
    changes::Changes,
    store::StateView,
};
use alloy_primitives::{Address, B256, Bytes, U256, map::HashMap};
use revm::{
    DatabaseCommit, DatabaseRef,
    state::{Account, AccountInfo, Bytecode, EvmState},
};
use std::convert::Infallible;

/// A block's state with changes on top. It is what programs are executed on.
#[derive(Debug, Clone)]
pub struct Overlay {
    base: StateView,
    /// What was changed until it was last settled.
    settled: Changes,
    /// What was changed since.
    fresh: Changes,
    /// Hashes of blocks that exist only here.
    hashes: HashMap<u64, B256>,
}

impl Overlay {
    /// No changes yet.
    pub fn new(base: StateView) -> Self {
        Self { base, settled: Changes::default(), fresh: Changes::default(), hashes: HashMap::default() }
    }

    /// What was changed since it was last [settled](Self::settle).
    pub fn fresh(&self) -> &Changes {
        &self.fresh
    }

    /// Settles what was changed so far: it is fresh no more, and reads as before.
    pub fn settle(&mut self) {
        self.settled.extend(std::mem::take(&mut self.fresh));
    }

    /// All that was changed.
    pub fn into_changes(mut self) -> Changes {
        self.settle();
        self.settled
    }

    /// The present account.
    pub fn account(&self, address: &Address) -> Option<AccountState> {
        let changed = self.fresh.accounts.get(address).or_else(|| self.settled.accounts.get(address));
        changed.copied().unwrap_or_else(|| self.base.account(address))
    }

    /// The present value of a storage slot.
    pub fn slot(&self, address: Address, index: U256) -> U256 {
        let changed = self.fresh.slot(address, index).or_else(|| self.settled.slot(address, index));
        changed.unwrap_or_else(|| self.base.slot(address, index))
    }

    /// The present code of an account.
    pub fn code(&self, address: &Address) -> Bytecode {
        self.account(address).map(|account| self.code_of(&account.code_hash)).unwrap_or_default()
    }

    fn code_of(&self, hash: &B256) -> Bytecode {
        let changed = self.fresh.codes.get(hash).or_else(|| self.settled.codes.get(hash));
        changed.cloned().unwrap_or_else(|| self.base.code_by_hash(hash))
    }

    /// Sets an account's balance (wei).
    pub fn set_balance(&mut self, address: Address, balance: U256) {
        self.edit(address, |account| account.balance = balance);
    }

    /// Sets an account's nonce.
    pub fn set_nonce(&mut self, address: Address, nonce: u64) {
        self.edit(address, |account| account.nonce = nonce);
    }

    /// Sets an account's code.
    pub fn set_code(&mut self, address: Address, code: Bytes) {
        let code = bytecode(code);
        let hash = code.hash_slow();
        self.fresh.codes.insert(hash, code);
        self.edit(address, |account| account.code_hash = hash);
    }

    /// Sets a storage slot.
    pub fn set_slot(&mut self, address: Address, index: U256, value: U256) {
        self.fresh.slots.insert((address, index), value);
    }

    /// Empties an account's storage.
    pub fn wipe(&mut self, address: Address) {
        self.fresh.wipe(address);
    }

    /// Gives a block a hash that the chain below does not know.
    pub fn set_block_hash(&mut self, number: u64, hash: B256) {
        self.hashes.insert(number, hash);
    }

    fn edit(&mut self, address: Address, change: impl FnOnce(&mut AccountState)) {
        let mut account = self.account(&address).unwrap_or_default();
        change(&mut account);
        self.fresh.accounts.insert(address, Some(account));
    }

    fn commit_account(&mut self, address: Address, account: Account) {
        // Only what a contract stored in the very transaction that made it can be destroyed (EIP-6780). There may be
        // slots from before all the same, which a test has set: a created account does not inherit them.
        if account.is_selfdestructed() {
            self.wipe(address);
            self.fresh.accounts.insert(address, None);
            return;
        }
        if account.is_created() {
            self.wipe(address);
        }
        let state = AccountState {
            nonce: account.info.nonce,
            balance: account.info.balance,
            code_hash: account.info.code_hash,
        };
        if let Some(code) = account.info.code
            && !code.is_empty()
        {
            self.fresh.codes.entry(state.code_hash).or_insert(code);
        }
        let before = self.account(&address);
        let after = (!state.is_empty()).then_some(state);
        if before != after {
            self.fresh.accounts.insert(address, after);
        }
        for (index, slot) in account.storage {
            if slot.is_changed() {
                self.fresh.slots.insert((address, index), slot.present_value);
            }
        }
    }
}

impl DatabaseCommit for Overlay {
    fn commit(&mut self, changes: EvmState) {
        for (address, account) in changes {
            if account.is_touched() {
                self.commit_account(address, account);
            }
        }
    }
}

impl DatabaseRef for Overlay {
    type Error = Infallible;

    fn basic_ref(&self, address: Address) -> Result<Option<AccountInfo>, Infallible> {
        Ok(self.account(&address).map(AccountState::info))
    }

    fn code_by_hash_ref(&self, code_hash: B256) -> Result<Bytecode, Infallible> {
        Ok(self.code_of(&code_hash))
    }

    fn storage_ref(&self, address: Address, index: U256) -> Result<U256, Infallible> {
        Ok(self.slot(address, index))
    }

    fn block_hash_ref(&self, number: u64) -> Result<B256, Infallible> {
        match self.hashes.get(&number) {
            Some(hash) => Ok(*hash),
            None => self.base.block_hash_ref(number),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::Store;
    use std::sync::Arc;

    const WHO: Address = Address::with_last_byte(7);

    fn base() -> StateView {
        let store = Arc::new(Store::default());
        let mut changes = Changes::default();
        let account = AccountState { nonce: 1, balance: U256::from(100), ..AccountState::default() };
        changes.accounts.insert(WHO, Some(account));
        changes.slots.insert((WHO, U256::ONE), U256::from(11));
        store.apply(0, changes);
        store.view(0)
    }

    #[test]
    fn overrides_hide_what_lies_below_and_nothing_else() {
        let mut overlay = Overlay::new(base());
        assert_eq!(overlay.slot(WHO, U256::ONE), U256::from(11));
        overlay.set_balance(WHO, U256::from(5));
        overlay.set_slot(WHO, U256::from(2), U256::from(22));
        let account = overlay.account(&WHO).unwrap();
        assert_eq!((account.nonce, account.balance), (1, U256::from(5)));
        overlay.wipe(WHO);
        assert_eq!(overlay.slot(WHO, U256::ONE), U256::ZERO);
        assert_eq!(overlay.slot(WHO, U256::from(2)), U256::ZERO);
        overlay.set_code(WHO, Bytes::from_static(&[0x5f]));
        assert_eq!(overlay.code(&WHO).original_bytes(), Bytes::from_static(&[0x5f]));
    }
}
