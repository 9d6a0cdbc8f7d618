//! Decisions from random bytes: what fewer and smaller bytes decide is simpler, so that proptest's shrinking simplifies.

use proptest::prelude::*;

/// Decides; when the bytes are used up, always for the first choice.
#[derive(Debug)]
pub(super) struct Dice<'a>(std::slice::Iter<'a, u8>);

impl<'a> Dice<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self(bytes.iter())
    }

    /// Whether there are bytes left to decide by.
    pub(super) fn is_left(&self) -> bool {
        self.0.len() > 0
    }

    /// A number below `sides`, of 256 at most.
    pub(super) fn roll(&mut self, sides: usize) -> usize {
        usize::from(self.byte()) % sides
    }

    /// One of a few.
    pub(super) fn pick<'b, T>(&mut self, choices: &'b [T]) -> &'b T {
        &choices[self.roll(choices.len())]
    }

    pub(super) fn byte(&mut self) -> u8 {
        self.0.next().copied().unwrap_or(0)
    }

    /// Any number of 32 bits, small ones and those near a power of two more often.
    pub(super) fn word(&mut self) -> u32 {
        match self.roll(4) {
            0 => u32::from(self.byte()),
            1 => 1u32.rotate_left(u32::from(self.byte())).wrapping_sub(u32::from(self.byte() & 1)),
            _ => u32::from_le_bytes([self.byte(), self.byte(), self.byte(), self.byte()]),
        }
    }
}

/// Bytes to decide by.
pub(super) fn bytes(most: usize) -> impl Strategy<Value = Vec<u8>> {
    proptest::collection::vec(any::<u8>(), 0..=most)
}
