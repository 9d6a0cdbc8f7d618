//! The roots of the state between the transactions of a block.

use super::{block::Block, handle::Chain, replay::Replay, shared::Shared};
use crate::evm;
use alloy_primitives::B256;
use std::sync::Arc;

impl Chain {
    /// The root of the state after each transaction of a block. `None` if the block has no parent, or on a panic.
    pub async fn roots_within(&self, block: Arc<Block>) -> Option<Result<Vec<B256>, evm::Refusal>> {
        let shared = self.shared.clone();
        self.workers.run(move || roots(shared, block)).await?
    }
}

fn roots(shared: Arc<Shared>, block: Arc<Block>) -> Option<Result<Vec<B256>, evm::Refusal>> {
    let mut trie = shared.view(block.header.number.checked_sub(1)?).trie();
    let count = block.transactions.len();
    let mut replay = Replay::begin(shared, block)?;
    let root = |_| -> Result<_, evm::Refusal> {
        replay.step()?;
        let state = replay.state();
        trie.follow(state.fresh());
        state.settle();
        Ok(trie.root(|address| state.account(address)))
    };
    Some((0..count).map(root).collect())
}
