//! Whose manners a chain has towards those who test on it.

use super::settings::Settings;

/// What a block, its time and its number are like.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Style {
    /// As a Nitro node: ArbOS' transaction is the first of a block, `block.number` is L1's, and blocks may share a second.
    #[default]
    Nitro,
    /// As Hardhat's network: a block holds what users sent and nothing else, `block.number` counts the blocks, and each
    /// block is at least a second later than the last one.
    Hardhat,
}

impl Style {
    /// Seconds from one block to the next, at least.
    pub(super) fn least_seconds(self) -> u64 {
        u64::from(self == Self::Hardhat)
    }
}

/// What is known now of the next block.
#[derive(Debug, Clone, Copy)]
pub struct Next {
    /// Its time if it is made now (seconds since 1970).
    pub timestamp: u64,
    /// Whether it has that time whenever it is made.
    pub exact: bool,
    /// The rest of it, where calls see that. On Nitro they see what the last block has.
    pub(super) block: Option<NextBlock>,
}

/// What the next block has besides its time.
#[derive(Debug, Clone, Copy)]
pub(super) struct NextBlock {
    pub(super) number: u64,
    /// Wei for a gas.
    pub(super) base_fee: u64,
    pub(super) settings: Settings,
}

impl Next {
    /// Puts it in place of the block that a message would see.
    pub fn apply(self, block: &mut crate::evm::BlockContext) {
        block.timestamp = self.timestamp;
        if let Some(NextBlock { number, base_fee, settings }) = self.block {
            (block.number, block.l1_block_number, block.base_fee) = (number, number, base_fee);
            (block.coinbase, block.gas_limit, block.difficulty) =
                (settings.coinbase, settings.gas_limit, settings.difficulty);
        }
    }
}
