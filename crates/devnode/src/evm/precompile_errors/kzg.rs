//! Proofs of points of blobs (EIP-4844), in the words of go-eth-kzg.

use super::{
    bls12_381::is_g1_in_group,
    check::{Check, LENGTH, Text, require, wrong},
    field,
};
use alloy_primitives::hex;
use revm::precompile::kzg_point_evaluation::kzg_to_versioned_hash;

/// Bytes of an input.
const SIZE: usize = 192;
/// Order of the group: numbers are below it.
const ORDER: [u8; 32] = hex!("73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001");

/// The input is a hash, a number, another one, the commitment and the proof.
pub(super) fn check(input: &[u8]) -> Check {
    require(input.len() == SIZE, LENGTH)?;
    require(kzg_to_versioned_hash(&input[96..144]) == input[..32], "mismatched versioned hash")?;
    proof(input).map_err(|why| format!("error verifying kzg proof: {why}").into())
}

fn proof(input: &[u8]) -> Check {
    number(&input[64..96])?;
    number(&input[32..64])?;
    point(&input[96..144])?;
    point(&input[144..])?;
    // All is well-formed, and it was refused.
    wrong("can't verify opening proof")
}

fn number(bytes: &[u8]) -> Check {
    require(bytes < &ORDER[..], "scalar is not canonical when interpreted as a big integer in big-endian")
}

/// A point, compressed: the first three bits say how.
fn point(bytes: &[u8]) -> Check {
    let mut x: [u8; field::SIZE] = bytes.try_into().expect("as long as an element");
    let kind = x[0] >> 5;
    x[0] &= 0x1f;
    match kind {
        0b001 | 0b011 | 0b111 => return wrong("invalid point encoding"),
        // The whole point is longer.
        0b000 | 0b010 => return wrong("short buffer"),
        0b110 => return require(x == [0; field::SIZE], "invalid infinity point encoding"),
        _ => {}
    }
    field::check(&x)?;
    let root = field::on_curve(&x);
    let y = root.ok_or(Text::Borrowed("invalid compressed coordinate: square root doesn't exist"))?;
    require(is_g1_in_group((x, y))?, "invalid point: subgroup check failed")
}

#[cfg(test)]
mod tests {
    use super::*;

    const GENERATOR: [u8; 48] =
        hex!("97f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6bb");

    fn changed(commitment: [u8; 48], change: impl FnOnce(&mut Vec<u8>)) -> String {
        let hash = kzg_to_versioned_hash(&commitment);
        let mut input = [&hash[..], &[0; 64], &commitment, &GENERATOR].concat();
        change(&mut input);
        check(&input).unwrap_err().into_owned()
    }

    #[test]
    fn each_part_of_an_input_has_its_words() {
        let words = |why: &str| format!("error verifying kzg proof: {why}");
        assert_eq!(changed(GENERATOR, |input| input.truncate(191)), "invalid input length");
        assert_eq!(changed(GENERATOR, |input| input[0] = 0), "mismatched versioned hash");
        assert_eq!(changed(GENERATOR, |_| {}), words("can't verify opening proof"));
        let scalar = words("scalar is not canonical when interpreted as a big integer in big-endian");
        assert_eq!(changed(GENERATOR, |input| input[32] = 0x74), scalar);
        for (first, why) in [
            (0x00, "short buffer"),
            (0x40, "short buffer"),
            (0x20, "invalid point encoding"),
            (0xe0, "invalid point encoding"),
            (0xc1, "invalid infinity point encoding"),
            (0x9f, "invalid fp.Element encoding"),
        ] {
            assert_eq!(changed(GENERATOR, |input| input[144] = first), words(why), "{first:#x}");
        }
    }

    #[test]
    fn points_are_on_the_curve_and_in_the_group() {
        let with = |x: u8| {
            let mut point = [0; 48];
            (point[0], point[47]) = (0x80, x);
            changed(point, |_| {})
        };
        let all: std::collections::BTreeSet<_> = (1..20).map(with).collect();
        let why = ["invalid compressed coordinate: square root doesn't exist", "invalid point: subgroup check failed"];
        assert_eq!(all, why.map(|why| format!("error verifying kzg proof: {why}")).into());
        let mut nothing = [0; 48];
        nothing[0] = 0xc0;
        // The generator proves nothing about it.
        assert_eq!(changed(nothing, |_| {}), "error verifying kzg proof: can't verify opening proof");
    }
}
