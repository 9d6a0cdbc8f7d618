//! What the token's packed words mean.

use consilium_abi::packed;

packed! {
    /// An account's part in the vote. OpenZeppelin's Solidity keeps the first two fields in a slot each, so a holder that
    /// delegates to itself pays for one slot less here.
    ///
    /// A word that was ever written has the clock. The word of an account that never took part is zero.
    pub(crate) struct Seat {
        /// Who votes with this account's tokens; zero is nobody.
        address delegatee;
        /// How many checkpoints of votes delegated *to* this account exist.
        uint32 checkpoints;
        /// The token's [`Clock`], copied here so that it needs no slot of its own; zero where it is not known.
        uint8 clock;
    }
}

impl Seat {
    /// The clock, if this word was ever written.
    pub(crate) fn clock(&self) -> Option<Clock> {
        match self.clock {
            1 => Some(Clock::Timestamp),
            2 => Some(Clock::BlockNumber),
            _ => None,
        }
    }
}

/// What a timepoint counts (ERC-6372).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Clock {
    /// Seconds of `block.timestamp`.
    Timestamp = 1,
    /// Blocks of `block.number`: on Arbitrum an estimate of the parent chain's.
    BlockNumber = 2,
}
