//! The blocks, found by number and by hash, and the transactions in them.

use super::block::Block;
use alloy_primitives::{B256, map::HashMap};
use std::sync::Arc;

/// All blocks from the genesis on.
#[derive(Debug)]
pub(super) struct BlockLedger {
    blocks: Vec<Arc<Block>>,
    numbers: HashMap<B256, u64>,
    /// Block and index of each transaction.
    transactions: HashMap<B256, (u64, u64)>,
    /// The last block that was kept, for each time that blocks were undone.
    reverts: Vec<u64>,
}

impl BlockLedger {
    pub(super) fn new(genesis: Arc<Block>) -> Self {
        let mut ledger = Self {
            blocks: Vec::new(),
            numbers: HashMap::default(),
            transactions: HashMap::default(),
            reverts: Vec::new(),
        };
        ledger.push(genesis);
        ledger
    }

    pub(super) fn head(&self) -> &Arc<Block> {
        self.blocks.last().expect("the genesis is never undone")
    }

    pub(super) fn block(&self, number: u64) -> Option<&Arc<Block>> {
        self.blocks.get(usize::try_from(number).ok()?)
    }

    pub(super) fn by_hash(&self, hash: &B256) -> Option<&Arc<Block>> {
        self.block(*self.numbers.get(hash)?)
    }

    pub(super) fn transaction(&self, hash: &B256) -> Option<(&Arc<Block>, u64)> {
        let (number, index) = *self.transactions.get(hash)?;
        Some((self.block(number)?, index))
    }

    pub(super) fn reverts(&self) -> &[u64] {
        &self.reverts
    }

    pub(super) fn push(&mut self, block: Arc<Block>) {
        let number = self.blocks.len() as u64;
        debug_assert_eq!(number, block.header.number);
        self.numbers.insert(block.hash, number);
        for (index, included) in (0..).zip(&block.transactions) {
            self.transactions.insert(included.hash, (number, index));
        }
        self.blocks.push(block);
    }

    /// Undoes all blocks after `number`.
    pub(super) fn rewind(&mut self, number: u64) {
        for block in self.blocks.drain(number as usize + 1..) {
            self.numbers.remove(&block.hash);
            for included in &block.transactions {
                self.transactions.remove(&included.hash);
            }
        }
        self.reverts.push(number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arbos::StartBlock;
    use crate::chain::block::{ArbosInfo, Seal, internal};
    use alloy_primitives::{Address, U256};

    fn block(number: u64) -> Arc<Block> {
        let seal = Seal {
            parent: B256::with_last_byte(number as u8),
            number,
            timestamp: number,
            base_fee: 1,
            beneficiary: Address::ZERO,
            gas_limit: 1,
            difficulty: U256::ONE,
        };
        let start = StartBlock { l1_base_fee: U256::ZERO, l1_block_number: 0, number, seconds: 1 };
        Block::seal(seal, ArbosInfo::default(), B256::ZERO, vec![internal(1, &start)])
    }

    #[test]
    fn what_was_undone_is_not_found_any_more() {
        let mut ledger = BlockLedger::new(Block::genesis(Default::default(), 1, B256::ZERO));
        let blocks: Vec<_> = (1..=3).map(block).collect();
        blocks.iter().cloned().for_each(|block| ledger.push(block));
        let last = &blocks[2];
        assert_eq!(ledger.transaction(&last.transactions[0].hash).map(|(block, _)| block.hash), Some(last.hash));
        ledger.rewind(1);
        assert_eq!(ledger.head().hash, blocks[0].hash);
        assert!(ledger.by_hash(&last.hash).is_none() && ledger.transaction(&last.transactions[0].hash).is_none());
        assert_eq!(ledger.reverts(), [1]);
    }
}
