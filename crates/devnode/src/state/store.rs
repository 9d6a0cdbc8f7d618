//! The store of all blocks' state, and the view of one block.

use super::{account::AccountState, changes::Changes, table::Table, trie::StateTrie};
use alloy_primitives::{
    Address, B256, U256,
    map::{AddressSet, HashMap},
};
use parking_lot::{Mutex, RwLock, RwLockWriteGuard};
use revm::{
    DatabaseRef,
    state::{AccountInfo, Bytecode},
};
use std::{convert::Infallible, sync::Arc};

/// The slots of an account that are not zero, with their values.
pub type Slots = Vec<(U256, U256)>;

/// State of all blocks. Written by the sequencer alone, read by any number of threads.
///
/// A lock is held for one look-up only, so that a long call does not keep blocks from being made. A view that is read
/// while its block is being undone may see values of either side; nothing on disk or in a later block depends on it.
#[derive(Debug, Default)]
pub struct Store {
    inner: RwLock<Inner>,
    /// The newest state as it is hashed. Locked before `inner` where both are.
    newest: Mutex<Newest>,
}

/// The trie of a block's state.
#[derive(Debug, Default)]
struct Newest {
    block: u64,
    trie: StateTrie,
}

#[derive(Debug, Default)]
struct Inner {
    accounts: Table<Address, Option<AccountState>>,
    slots: Table<(Address, U256), U256>,
    /// By hash, for good: code is never dropped, as another block may hold it.
    codes: HashMap<B256, Bytecode>,
    /// Hash of each block, from the genesis on.
    hashes: Vec<B256>,
    /// What each block touched, for undoing it.
    touched: Vec<Touched>,
}

/// Numbers of keys in their tables.
#[derive(Debug, Default)]
struct Touched {
    accounts: Vec<u32>,
    slots: Vec<u32>,
}

impl Store {
    /// Writes the state of block `block`, the one after the newest, and gives its root. The block's hash comes by
    /// [`Self::set_hash`], since it covers that root.
    pub fn apply(&self, block: u64, mut changes: Changes) -> B256 {
        let mut newest = self.newest.lock();
        let mut inner = self.inner.write();
        assert_eq!(inner.touched.len() as u64, block, "blocks are applied in order");
        let inherited = changes.wiped.iter().filter(|address| newest.trie.has_storage(address)).copied().collect();
        inner.wipe(&inherited, &mut changes);
        inner.touched.push(Touched {
            accounts: Vec::with_capacity(changes.accounts.len()),
            slots: Vec::with_capacity(changes.slots.len()),
        });
        newest.block = block;
        newest.trie.follow(&changes);
        inner.write(block, changes);
        // Others may read while it is hashed.
        let inner = RwLockWriteGuard::downgrade(inner);
        newest.trie.root(|address| inner.newest(address))
    }

    /// Changes the state of the newest block after it was made: the next block's root covers it. What brings back what was
    /// there is returned.
    pub fn patch(self: &Arc<Self>, block: u64, changes: Changes) -> Changes {
        let view = self.view(block);
        let before = Changes {
            accounts: changes.accounts.keys().map(|address| (*address, view.account(address))).collect(),
            slots: changes.slots.keys().map(|slot| (*slot, view.slot(slot.0, slot.1))).collect(),
            ..Changes::default()
        };
        let mut newest = self.newest.lock();
        let mut inner = self.inner.write();
        assert_eq!(inner.touched.len() as u64, block + 1, "only the newest block is patched");
        newest.trie.follow(&changes);
        inner.write(block, changes);
        before
    }

    /// Sets the hash of the newest block.
    pub fn set_hash(&self, block: u64, hash: B256) {
        let mut inner = self.inner.write();
        inner.hashes.truncate(block as usize);
        inner.hashes.push(hash);
    }

    /// Undoes all blocks after `block`.
    pub fn rewind(&self, block: u64) {
        let mut newest = self.newest.lock();
        let mut inner = self.inner.write();
        let (Inner { accounts, slots, touched, hashes, .. }, trie) = (&mut *inner, &mut newest.trie);
        let undone = touched.drain(block as usize + 1..).collect::<Vec<_>>();
        let numbers = |of: fn(&Touched) -> &Vec<u32>| undone.iter().flat_map(of).copied().collect();
        accounts.rewind(numbers(|touched| &touched.accounts), block, |address, _| trie.set_account(*address));
        slots.rewind(numbers(|touched| &touched.slots), block, |(address, index), value| {
            trie.set_slot(*address, *index, value.copied().unwrap_or_default());
        });
        hashes.truncate(block as usize + 1);
        newest.block = block;
    }

    /// The state after block `block`.
    pub fn view(self: &Arc<Self>, block: u64) -> StateView {
        StateView { store: self.clone(), block }
    }
}

impl Inner {
    /// The newest state of an account.
    fn newest(&self, address: &Address) -> Option<AccountState> {
        *self.accounts.newest(address)?
    }

    /// Adds to changes that accounts lose the slots that they have. Looks at all slots.
    fn wipe(&self, accounts: &AddressSet, changes: &mut Changes) {
        if accounts.is_empty() {
            return;
        }
        for (slot, value) in self.slots.all_at(u64::MAX) {
            if accounts.contains(&slot.0) && !value.is_zero() {
                changes.slots.entry(*slot).or_default();
            }
        }
    }

    /// Writes to the newest block, `block`, and notes what it touched.
    fn write(&mut self, block: u64, changes: Changes) {
        let touched = self.touched.last_mut().expect("there is a block");
        for (hash, code) in changes.codes {
            self.codes.entry(hash).or_insert(code);
        }
        for (address, account) in changes.accounts {
            touched.accounts.push(self.accounts.write(address, block, account));
        }
        for (slot, value) in changes.slots {
            touched.slots.push(self.slots.write(slot, block, value));
        }
    }
}

/// The state after one block, immutable; cheap to make and to clone.
#[derive(Debug, Clone)]
pub struct StateView {
    store: Arc<Store>,
    block: u64,
}

impl StateView {
    /// The account, `None` if there is none.
    pub fn account(&self, address: &Address) -> Option<AccountState> {
        self.store.inner.read().accounts.at(address, self.block).copied().flatten()
    }

    /// A storage slot, zero if it was never written.
    pub fn slot(&self, address: Address, index: U256) -> U256 {
        self.store.inner.read().slots.at(&(address, index), self.block).copied().unwrap_or_default()
    }

    /// Code by its hash, empty if unknown.
    pub fn code_by_hash(&self, hash: &B256) -> Bytecode {
        self.store.inner.read().codes.get(hash).cloned().unwrap_or_default()
    }

    /// Code of an account, empty if it has none.
    pub fn code(&self, address: &Address) -> Bytecode {
        self.account(address).map(|account| self.code_by_hash(&account.code_hash)).unwrap_or_default()
    }

    /// The state as it is hashed: a copy of the newest, or built for an older one, which is slow.
    pub fn trie(&self) -> StateTrie {
        let newest = self.store.newest.lock();
        if newest.block == self.block {
            return newest.trie.clone();
        }
        drop(newest);
        let mut trie = StateTrie::default();
        for (address, _, slots) in self.all() {
            trie.set_account(address);
            slots.into_iter().for_each(|(index, value)| trie.set_slot(address, index, value));
        }
        trie
    }

    /// All accounts, with storage, for what walks the whole state (its root, a test). Slow.
    pub fn all(&self) -> Vec<(Address, AccountState, Slots)> {
        let inner = self.store.inner.read();
        let mut slots: HashMap<Address, Slots> = HashMap::default();
        for ((address, index), value) in inner.slots.all_at(self.block).filter(|(_, value)| !value.is_zero()) {
            slots.entry(*address).or_default().push((*index, *value));
        }
        let accounts = inner.accounts.all_at(self.block);
        accounts
            .filter_map(|(address, account)| Some((*address, (*account)?)))
            .map(|(address, account)| (address, account, slots.remove(&address).unwrap_or_default()))
            .collect()
    }
}

impl DatabaseRef for StateView {
    type Error = Infallible;

    fn basic_ref(&self, address: Address) -> Result<Option<AccountInfo>, Infallible> {
        Ok(self.account(&address).map(AccountState::info))
    }

    fn code_by_hash_ref(&self, code_hash: B256) -> Result<Bytecode, Infallible> {
        Ok(self.code_by_hash(&code_hash))
    }

    fn storage_ref(&self, address: Address, index: U256) -> Result<U256, Infallible> {
        Ok(self.slot(address, index))
    }

    /// Hash of an L2 block up to the one whose state this is; of a later one zero, though it may have been made by now.
    fn block_hash_ref(&self, number: u64) -> Result<B256, Infallible> {
        if number > self.block {
            return Ok(B256::ZERO);
        }
        Ok(self.store.inner.read().hashes.get(number as usize).copied().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloy_primitives::address;

    const WHO: Address = address!("0x00000000000000000000000000000000000000aa");

    fn changes(nonce: u64, slot: u64) -> Changes {
        let mut changes = Changes::default();
        changes.accounts.insert(WHO, Some(AccountState { nonce, ..Default::default() }));
        changes.slots.insert((WHO, U256::from(1)), U256::from(slot));
        changes
    }

    #[test]
    fn every_block_keeps_its_state_and_can_be_undone() {
        let store = Arc::new(Store::default());
        store.apply(0, Changes::default());
        store.apply(1, changes(1, 10));
        store.apply(2, changes(2, 20));
        let nonce = |block| store.view(block).account(&WHO).map(|account| account.nonce);
        let slot = |block| store.view(block).slot(WHO, U256::from(1));
        assert_eq!([nonce(0), nonce(1), nonce(2)], [None, Some(1), Some(2)]);
        assert_eq!([slot(0), slot(1), slot(2)], [U256::ZERO, U256::from(10), U256::from(20)]);
        store.rewind(1);
        assert_eq!((nonce(5), slot(5)), (Some(1), U256::from(10)));
        store.rewind(0);
        assert_eq!((nonce(5), slot(5)), (None, U256::ZERO));
        store.apply(1, changes(7, 70));
        assert_eq!((nonce(1), slot(1)), (Some(7), U256::from(70)));
    }

    #[test]
    fn the_newest_block_can_be_patched_and_the_patch_undone() {
        let store = Arc::new(Store::default());
        store.apply(0, changes(1, 10));
        store.apply(1, Changes::default());
        let read = |block| {
            let view = store.view(block);
            (view.account(&WHO).map(|account| account.nonce), view.slot(WHO, U256::from(1)).to::<u64>())
        };
        let before = store.patch(1, changes(2, 20));
        assert_eq!([read(0), read(1)], [(Some(1), 10), (Some(2), 20)]);
        store.patch(1, before);
        assert_eq!(read(1), (Some(1), 10));
        store.patch(1, changes(3, 30));
        store.rewind(0);
        assert_eq!(read(9), (Some(1), 10));
    }
}
