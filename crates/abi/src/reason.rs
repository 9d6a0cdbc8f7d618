//! Solidity's `Error(string)`.

use crate::{Encode, Encoder, Revert, sol::String};

/// What `require(condition, "reason")` reverts with in Solidity. `Reason("…").into()` is a [`Revert`], and `?` works on a
/// `Result` with it. An interface need not declare it: every one has it.
///
/// For contracts that must answer as an old one does. A new contract has errors of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reason<'a>(pub &'a str);

impl Reason<'_> {
    /// The first four bytes of its revert data.
    pub const SELECTOR: [u8; 4] = [0x08, 0xc3, 0x79, 0xa0];
}

impl From<Reason<'_>> for Revert {
    #[cold]
    fn from(reason: Reason<'_>) -> Self {
        let mut encoder = Encoder::with_selector(Reason::SELECTOR, 1);
        Encode::<String>::encode(&reason.0, &mut encoder);
        encoder.finish().into()
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use alloy_primitives::hex;

    use super::*;

    /// The example of Solidity's documentation of `revert`.
    #[test]
    fn solidity_s_own_example() {
        let data: Vec<u8> = Revert::from(Reason("Not enough Ether provided.")).into();
        let expected = hex!(
            "08c379a0"
            "0000000000000000000000000000000000000000000000000000000000000020"
            "000000000000000000000000000000000000000000000000000000000000001a"
            "4e6f7420656e6f7567682045746865722070726f76696465642e000000000000"
        );
        assert_eq!(data, expected);
    }
}
