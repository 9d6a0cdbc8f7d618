//! What a method fails with.

use alloc::vec::Vec;

/// Revert data: an encoded error, or what another contract reverted with; empty where there is nothing to say.
///
/// Each error that an interface declares turns into one, so `?` works, and a failed call's data bubbles as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Revert(pub Vec<u8>);

impl Revert {
    /// A revert without data, as Solidity answers malformed calldata.
    pub const EMPTY: Self = Self(Vec::new());
}

impl From<Revert> for Vec<u8> {
    fn from(revert: Revert) -> Self {
        revert.0
    }
}

impl From<Vec<u8>> for Revert {
    fn from(data: Vec<u8>) -> Self {
        Self(data)
    }
}
