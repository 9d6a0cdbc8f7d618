//! Seats and checkpoints in storage.
//!
//! `openzeppelin-stylus` has checkpoints (`Trace<S208>`). They are not used: their length takes a slot of its own, which a
//! transfer between delegated holders reads and writes twice, and their generic 256-bit search and square root are more
//! code than all of this. Here the length shares a word with the account's delegatee ([`Seat`]); the checkpoint itself
//! keeps Solidity's layout. A first delegation to oneself so writes one new slot less.

use alloy_primitives::{Address, U256};

use crate::{
    rules::{Checkpoint, Clock, Seat},
    VotingToken,
};

/// Whose history of votes: an account's, or the whole supply's.
#[derive(Clone, Copy)]
pub(crate) struct Trace(U256);

impl Trace {
    /// The history of the supply. No address is as large as this key.
    pub(crate) const SUPPLY: Self = Self(U256::from_limbs([0, 0, 1 << 32, 0]));

    /// The key of the checkpoint at `position`: the trace's own key, then 32 bits of position.
    fn key(self, position: u32) -> U256 {
        (self.0 << 32) | U256::from(position)
    }
}

impl From<Address> for Trace {
    fn from(account: Address) -> Self {
        Self(U256::from_be_bytes(account.into_word().0))
    }
}

/// Unguarded access: the callers in [`crate::votes`] and [`crate::create`] decide what may be written.
impl VotingToken {
    pub(crate) fn seat(&self, trace: impl Into<Trace>) -> Seat {
        Seat::unpack(self.seats.get(trace.into().0))
    }

    pub(crate) fn set_seat(&mut self, trace: impl Into<Trace>, seat: Seat) {
        self.seats.insert(trace.into().0, seat.pack());
    }

    /// The checkpoint at `position`; zero where there is none.
    pub(crate) fn checkpoint(&self, trace: Trace, position: u32) -> Checkpoint {
        Checkpoint::unpack(self.checkpoints.get(trace.key(position)))
    }

    pub(crate) fn set_checkpoint(&mut self, trace: Trace, position: u32, checkpoint: Checkpoint) {
        self.checkpoints.insert(trace.key(position), checkpoint.pack());
    }

    /// The token's clock, from a seat that was read anyway, or else from the supply's, which the constructor wrote.
    pub(crate) fn clock_of(&self, seat: &Seat) -> Clock {
        seat.clock.or_else(|| self.seat(Trace::SUPPLY).clock).unwrap_or(Clock::Timestamp)
    }
}
