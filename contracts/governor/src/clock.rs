//! The clock: the token's (ERC-6372), or the block number where the token has none.
//!
//! The constructor finds out once which of the two it is. A call that fails later is an error, and does not mean that there
//! is no clock: on Stylus anyone can make the call of a token fail, by starving it of gas, and a program can be expired or of
//! an old version.
//! `docs/stylus-assumptions.md` has each case.

use alloc::vec::Vec;

use alloy_primitives::Address;
use consilium_abi::{Chain, Revert, decode, ensure};
use stylus_sdk::prelude::*;

use crate::Governor;
use crate::abi::*;

/// `clock()`.
const CLOCK: [u8; 4] = [0x91, 0xdd, 0xad, 0xf4];
/// `CLOCK_MODE()`.
const CLOCK_MODE: [u8; 4] = [0x4b, 0xf5, 0xd7, 0xe9];

/// The error for a token whose clock cannot be relied on.
#[cold]
#[inline(never)]
pub(crate) fn inconsistent() -> Revert {
    ERC6372InconsistentClock {}.into()
}

impl Governor {
    /// The time. Reverts where a token with a clock does not answer, or answers less than before.
    pub(crate) fn clock(&self) -> Result<u64, Revert> {
        let voting = self.voting();
        if !voting.has_clock {
            return Ok(self.block_number());
        }
        Self::time(self.static_call(voting.token, &CLOCK), voting.since)
    }

    /// Whether the token has a clock, and the time. For the constructor.
    ///
    /// A token has no clock only if it refuses the call. A call that cannot be made, or runs out of gas, uses all gas that it
    /// is given: one part in 64 is left.
    pub(crate) fn first_clock(&self, token: Address) -> Result<(bool, u64), Revert> {
        let gas = self.vm().evm_gas_left();
        let answer = self.static_call(token, &CLOCK);
        if answer.is_err() && self.vm().evm_gas_left() > gas / 2 {
            return Ok((false, self.block_number()));
        }
        Ok((true, Self::time(answer, 0)?))
    }

    /// The time that a token answered. Reverts unless it is at least `since`; the token's own revert data is dropped, since it
    /// says nothing about clocks.
    fn time(answer: Result<Vec<u8>, Revert>, since: u64) -> Result<u64, Revert> {
        let time = answer.ok().and_then(|answer| decode!(&answer => (uint48)));
        time.filter(|time| *time >= since).ok_or_else(inconsistent)
    }

    #[inline(never)]
    pub(crate) fn clock_mode(&self) -> Result<Vec<u8>, Revert> {
        let voting = self.voting();
        if voting.has_clock
            && let Ok(answer) = self.static_call(voting.token, &CLOCK_MODE)
        {
            return decode!(&answer => (string)).map(<[u8]>::to_vec).ok_or_else(Revert::empty);
        }
        // The token has a clock and does not describe it. Only a clock that equals the block number is known.
        ensure!(self.clock()? == self.block_number(), inconsistent());
        Ok(b"mode=blocknumber&from=default".to_vec())
    }

    /// Below 2^48 for millions of years.
    fn block_number(&self) -> u64 {
        self.vm().block_number()
    }
}
