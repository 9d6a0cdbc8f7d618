//! State roots are those of the states, which alloy-trie makes from all that there is.

mod chain;
mod overlay;
mod store;

use alloy_primitives::{Address, B256, U256};
use alloy_trie::{
    TrieAccount,
    root::{state_root_unhashed, storage_root_unhashed},
};
use devnode::state::{AccountState, Slots, StateView};

/// Root of a block's state.
fn expected(view: &StateView) -> B256 {
    root_of(view.all())
}

/// Root of accounts with their slots.
fn root_of(accounts: Vec<(Address, AccountState, Slots)>) -> B256 {
    state_root_unhashed(accounts.into_iter().map(|(address, account, slots)| {
        let storage =
            storage_root_unhashed(slots.into_iter().map(|(index, value): (U256, U256)| (index.into(), value)));
        (address, TrieAccount::new(account.nonce, account.balance, storage, account.code_hash))
    }))
}
