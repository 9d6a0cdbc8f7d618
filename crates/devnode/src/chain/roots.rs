//! The roots of the state between the transactions of a block.

use super::{block::Block, handle::Chain, produce, shared::Shared};
use crate::evm;
use alloy_primitives::B256;
use std::sync::Arc;

impl Chain {
    /// The root of the state after each transaction of a block. `None` if the block has no parent, or on a panic.
    pub async fn roots_within(&self, block: Arc<Block>) -> Option<Result<Vec<B256>, evm::Refusal>> {
        let shared = self.shared.clone();
        self.workers.run(move || roots(&shared, &block)).await?
    }
}

fn roots(shared: &Shared, block: &Block) -> Option<Result<Vec<B256>, evm::Refusal>> {
    let mut trie = shared.view(block.header.number.checked_sub(1)?).trie();
    let mut roots = Vec::with_capacity(block.transactions.len());
    let after = produce::after(shared, block, block.transactions.len(), |state| {
        trie.follow(state.fresh());
        state.settle();
        roots.push(trie.root(|address| state.account(address)));
    });
    Some(after?.map(|_| roots))
}
