//! What a method fails with.

use alloc::{boxed::Box, vec::Vec};

/// Revert data: an encoded error, or what another contract reverted with; empty where there is nothing to say.
///
/// Each error that an interface declares turns into one, so `?` works, and a failed call's data bubbles up unchanged.
///
/// It is a single pointer on purpose: nearly every function hands one up, and what is handed up in a register takes less
/// code at each `?` than what is copied.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[allow(clippy::box_collection, reason = "see above")]
pub struct Revert(Box<Vec<u8>>);

impl Revert {
    /// A revert without data, as Solidity answers malformed calldata.
    pub fn empty() -> Self {
        Self::from(Vec::new())
    }

    /// The revert data.
    pub fn data(&self) -> &[u8] {
        &self.0
    }
}

impl From<Revert> for Vec<u8> {
    fn from(revert: Revert) -> Self {
        *revert.0
    }
}

impl From<Vec<u8>> for Revert {
    #[cold]
    #[inline(never)]
    fn from(data: Vec<u8>) -> Self {
        Self(Box::new(data))
    }
}
