//! Seats, checkpoints and texts in storage.
//!
//! `openzeppelin-stylus` has checkpoints (`Trace<S208>`). They are not used: their length takes a slot of its own, which a
//! transfer between delegated holders reads and writes twice, and their generic 256-bit search and square root are more
//! code than all of this. Here the length shares a word with the account's delegatee ([`Seat`]), so a first delegation to
//! oneself writes one new slot less; the checkpoint itself keeps Solidity's layout.

use alloc::vec::Vec;

use alloy_primitives::U256;
use stylus_sdk::storage::{StorageMap, StorageU256};

use crate::{
    VotingToken,
    keys::{At, Chunk, Trace},
    rules::{Checkpoint, Clock, Seat},
};

/// Unguarded access: the callers in [`crate::votes`] and [`crate::create`] decide what may be written.
impl VotingToken {
    pub(crate) fn seat(&self, trace: impl Into<Trace>) -> Seat {
        Seat::unpack(self.seats.get(trace.into()))
    }

    pub(crate) fn set_seat(&mut self, trace: impl Into<Trace>, seat: Seat) {
        self.seats.insert(trace.into(), seat.pack());
    }

    /// The checkpoint at `position`; zero where there is none.
    pub(crate) fn checkpoint(&self, trace: Trace, position: u32) -> Checkpoint {
        Checkpoint::unpack(self.checkpoints.get(At(trace, position)))
    }

    pub(crate) fn set_checkpoint(&mut self, trace: Trace, position: u32, checkpoint: Checkpoint) {
        self.checkpoints.insert(At(trace, position), checkpoint.pack());
    }

    /// The token's clock, from a seat that was read anyway, or else from the supply's, which the constructor wrote.
    pub(crate) fn clock_of(&self, seat: &Seat) -> Clock {
        seat.clock.or_else(|| self.seat(Trace::SUPPLY).clock).unwrap_or(Clock::Timestamp)
    }
}

/// A text that is written once: its length in four bytes, then its bytes, cut in words. The SDK's `StorageBytes` would bring
/// a 256-bit division and all of appending and erasing, a fifth of this program.
pub(crate) type Text = StorageMap<Chunk, StorageU256>;

const LENGTH: usize = 4;

pub(crate) fn write_text(text: &mut Text, bytes: &[u8]) {
    let mut content = Vec::with_capacity(LENGTH + bytes.len());
    content.extend_from_slice(&(bytes.len() as u32).to_be_bytes());
    content.extend_from_slice(bytes);
    for (index, chunk) in content.chunks(32).enumerate() {
        let mut word = [0; 32];
        word[..chunk.len()].copy_from_slice(chunk);
        text.insert(Chunk(index as u32), U256::from_be_bytes(word));
    }
}

pub(crate) fn read_text(text: &Text) -> Vec<u8> {
    let mut content = text.get(Chunk(0)).to_be_bytes::<32>().to_vec();
    let length = LENGTH + u32::from_be_bytes([content[0], content[1], content[2], content[3]]) as usize;
    for index in 1..length.div_ceil(32) {
        content.extend_from_slice(&text.get(Chunk(index as u32)).to_be_bytes::<32>());
    }
    content.truncate(length);
    content.split_off(LENGTH)
}
