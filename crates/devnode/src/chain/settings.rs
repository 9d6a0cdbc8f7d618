//! What later blocks are made with, where a test may say so.

use super::block::BLOCK_GAS_LIMIT;
use crate::arbos::BATCH_POSTER;
use alloy_primitives::{Address, U256};

/// What the next headers hold. On Nitro all of it is fixed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Settings {
    /// Who makes the blocks, as `COINBASE` reads it.
    pub(super) coinbase: Address,
    /// Gas limit of a block, as `GASLIMIT` reads it.
    pub(super) gas_limit: u64,
    /// What `PREVRANDAO` reads in the next block.
    pub(super) difficulty: U256,
}

impl Default for Settings {
    fn default() -> Self {
        Self { coinbase: BATCH_POSTER, gas_limit: BLOCK_GAS_LIMIT, difficulty: U256::ONE }
    }
}

impl Settings {
    /// A block was made: what was for it alone is used up.
    pub(super) fn used(&mut self) {
        self.difficulty = U256::ONE;
    }
}
