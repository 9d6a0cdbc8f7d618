//! The clock: the token's (ERC-6372), or the block number where the token has none.

use alloc::vec::Vec;

use alloy_primitives::U256;
use consilium_abi::{Chain, Revert, decode};
use stylus_sdk::prelude::*;

use crate::Governor;
use crate::abi::*;
use crate::rules::to_time;

/// `clock()`.
const CLOCK: [u8; 4] = [0x91, 0xdd, 0xad, 0xf4];
/// `CLOCK_MODE()`.
const CLOCK_MODE: [u8; 4] = [0x4b, 0xf5, 0xd7, 0xe9];

impl Governor {
    /// A token that refuses to answer has no clock; one that answers nonsense is an error. Solidity's `try` makes the
    /// same difference.
    pub(crate) fn clock(&self) -> Result<u64, Revert> {
        match self.static_call(self.token(), &CLOCK) {
            Ok(answer) => decode!(&answer => (uint48)).ok_or_else(Revert::empty),
            Err(_) => self.block_number(),
        }
    }

    pub(crate) fn clock_mode(&self) -> Result<Vec<u8>, Revert> {
        match self.static_call(self.token(), &CLOCK_MODE) {
            Ok(answer) => decode!(&answer => (string)).map(<[u8]>::to_vec).ok_or_else(Revert::empty),
            // The token has a clock and does not describe it: only the block number can be told from outside.
            Err(_) if self.clock()? != self.block_number()? => Err(ERC6372InconsistentClock {}.into()),
            Err(_) => Ok(b"mode=blocknumber&from=default".to_vec()),
        }
    }

    fn block_number(&self) -> Result<u64, Revert> {
        to_time(U256::from(self.vm().block_number()))
    }
}
