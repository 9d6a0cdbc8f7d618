//! Proofs of what the state of a block holds (EIP-1186).

use super::{block::Block, handle::Chain};
use crate::state::AccountState;
use alloy_primitives::{
    Address, B256, Bytes, U256,
    map::{HashMap, hash_map::Entry},
};
use std::sync::Arc;

/// What an account is after a block, with proofs against that block's state root.
#[derive(Debug)]
pub struct AccountProof {
    /// The account with the root of its storage; `None` if there is none.
    pub account: Option<(AccountState, B256)>,
    /// Nodes of the trie of accounts, from the root on.
    pub nodes: Vec<Bytes>,
    /// The slots in the order in which they were asked for, each with its value and the nodes of the storage's trie, from its root on.
    pub slots: Vec<(U256, Vec<Bytes>)>,
}

impl Chain {
    /// Proves an account and slots of it. Slow for a block that is not the newest: its tries are built for the call.
    ///
    /// `None` if it panicked.
    pub async fn prove(&self, block: Arc<Block>, address: Address, slots: Vec<U256>) -> Option<AccountProof> {
        let view = self.view(block.header.number);
        let job = move || {
            let mut trie = view.trie();
            let account = view.account(&address).filter(|account| !account.is_empty());
            let nodes = trie.prove_account(&address, |address| view.account(address));
            let prove = |index| match account {
                Some(_) => (view.slot(address, index), trie.prove_slot(&address, index)),
                // It may have slots that a test has set.
                None => (U256::ZERO, Vec::new()),
            };
            let slots = each_once(&slots, prove);
            AccountProof { account: account.map(|account| (account, trie.storage_root(&address))), nodes, slots }
        };
        self.workers.run(job).await
    }
}

/// Proves each slot once, however often it is named. Whoever names it twice gets it twice.
fn each_once<T: Clone>(slots: &[U256], mut prove: impl FnMut(U256) -> T) -> Vec<T> {
    let mut proven: HashMap<U256, T> = HashMap::default();
    let one = |index: &U256| match proven.entry(*index) {
        Entry::Occupied(proven) => proven.get().clone(),
        Entry::Vacant(place) => place.insert(prove(*index)).clone(),
    };
    slots.iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slot_that_is_named_twice_is_proven_once() {
        let slots = [7, 3, 7, 7, 0, 3].map(U256::from);
        let mut asked = Vec::new();
        let answers = each_once(&slots, |index| {
            asked.push(index);
            index + U256::ONE
        });
        assert_eq!(asked, [7, 3, 0].map(U256::from));
        assert_eq!(answers, slots.map(|index| index + U256::ONE));
    }
}
