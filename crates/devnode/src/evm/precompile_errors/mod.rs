//! Why one of Ethereum's precompiles failed, in Nitro's words (go-ethereum `core/vm/contracts.go`, and the libraries that
//! it computes with: gnark-crypto for curves, go-eth-kzg for blobs).
//!
//! Asked only where somebody is told, after the precompile has failed: it looks at the input once more, in the order in
//! which go-ethereum looks at it.

mod blake2;
mod bls12_381;
mod bn254;
mod check;
mod field;
mod kzg;
mod modexp;

use alloy_primitives::Address;
use check::Text;
use std::borrow::Cow;

/// Why the precompile at `address` failed with that input, given so much gas.
pub(super) fn text(address: Address, input: &[u8], gas: u64) -> Text {
    let number = u64::from_be_bytes(address[12..].try_into().expect("eight bytes"));
    let checked = match number {
        0x05 => modexp::check(input, gas),
        0x06 => bn254::add(input),
        0x07 => bn254::multiply(input),
        0x08 => bn254::pairing(input),
        0x09 => blake2::check(input),
        0x0a => kzg::check(input),
        0x0b => bls12_381::add_g1(input),
        0x0c => bls12_381::multiply_g1(input, gas),
        0x0d => bls12_381::add_g2(input),
        0x0e => bls12_381::multiply_g2(input, gas),
        0x0f => bls12_381::pairing(input, gas),
        0x10 => bls12_381::map_to_g1(input),
        0x11 => bls12_381::map_to_g2(input),
        _ => Ok(()),
    };
    checked.err().unwrap_or(Cow::Borrowed("precompile failed"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(number: u8, input: &[u8]) -> Text {
        text(Address::with_last_byte(number), input, u64::MAX)
    }

    /// Recorded: `rpc/call: precompile 0x06 with 01`, `0x09 with nothing`, `0x0b with nothing`.
    #[test]
    fn recorded_failures_have_their_words() {
        assert_eq!(of(0x06, &[1]), "point is not on curve");
        assert_eq!(of(0x09, &[]), "invalid input length");
        assert_eq!(of(0x0b, &[]), "invalid input length");
    }

    #[test]
    fn every_precompile_that_can_fail_has_words() {
        // Too long or too short for all of them, and no point of any curve.
        let input = [0xff; 193];
        for number in 0x05..=0x11 {
            assert_ne!(of(number, &input), "precompile failed", "{number:#x}");
        }
    }
}
