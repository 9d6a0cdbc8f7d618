//! The clock (ERC-6372): which one is fixed by the constructor.

use stylus_sdk::prelude::*;

use crate::{VotingToken, keys::Trace, words::Clock};

impl VotingToken {
    pub(crate) fn clock(&self) -> u64 {
        self.now(self.token_clock())
    }

    pub(crate) fn clock_mode(&self) -> &'static str {
        match self.token_clock() {
            Clock::Timestamp => "mode=timestamp",
            Clock::BlockNumber => "mode=blocknumber&from=default",
        }
    }

    fn token_clock(&self) -> Clock {
        self.clock_of(&self.seat(Trace::SUPPLY))
    }

    /// The present timepoint of `clock`. Both clocks stay below 2^48 for millions of years.
    pub(crate) fn now(&self, clock: Clock) -> u64 {
        match clock {
            Clock::Timestamp => self.vm().block_timestamp(),
            Clock::BlockNumber => self.vm().block_number(),
        }
    }
}
