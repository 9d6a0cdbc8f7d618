//! Points of BN254, which go-ethereum calls bn256 (EIP-196, EIP-197).

use super::check::{Check, Text, require};
use alloy_primitives::{U256, uint};
use revm::precompile::crypto;

const MODULUS: U256 = uint!(0x30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd47_U256);
/// Bytes of a coordinate.
const WORD: usize = 32;
const G1: usize = 2 * WORD;
const G2: usize = 4 * WORD;

const NOT_ON_CURVE: &str = "point is not on curve";

pub(super) fn add(input: &[u8]) -> Check {
    let input = padded::<{ 2 * G1 }>(input);
    input.chunks(G1).try_for_each(g1)
}

pub(super) fn multiply(input: &[u8]) -> Check {
    g1(&padded::<G1>(input))
}

pub(super) fn pairing(input: &[u8]) -> Check {
    require(input.len().is_multiple_of(G1 + G2), "bad elliptic curve pairing size")?;
    input.chunks(G1 + G2).try_for_each(|pair| {
        g1(&pair[..G1])?;
        g2(&pair[G1..])
    })
}

/// The input with zeros after it.
fn padded<const SIZE: usize>(input: &[u8]) -> [u8; SIZE] {
    let mut bytes = [0; SIZE];
    let count = input.len().min(SIZE);
    bytes[..count].copy_from_slice(&input[..count]);
    bytes
}

fn coordinate(bytes: &[u8]) -> Result<U256, Text> {
    let value = U256::from_be_slice(bytes);
    require(value < MODULUS, "invalid fp.Element encoding")?;
    Ok(value)
}

fn g1(point: &[u8]) -> Check {
    let (x, y) = (coordinate(&point[..WORD])?, coordinate(&point[WORD..])?);
    let is_nothing = x.is_zero() && y.is_zero();
    let cube = times(times(x, x), x).add_mod(U256::from(3), MODULUS);
    require(is_nothing || times(y, y) == cube, NOT_ON_CURVE)
}

fn g2(point: &[u8]) -> Check {
    if point.iter().all(|byte| *byte == 0) {
        return Ok(());
    }
    let at = |index: usize| coordinate(&point[index * WORD..(index + 1) * WORD]);
    // The imaginary part comes first.
    let (x1, x0, y1, y0) = (at(0)?, at(1)?, at(2)?, at(3)?);
    let (x, y) = (Pair(x0, x1), Pair(y0, y1));
    require(y.times(y) == x.times(x).times(x).plus(twist()), NOT_ON_CURVE)?;
    // Of a point on the curve only that is left to be wrong.
    let is_in_group = crypto().bn254_pairing_check(&[(&[0; G1], point)]).is_ok();
    require(is_in_group, "point is not in correct subgroup")
}

fn times(a: U256, b: U256) -> U256 {
    a.mul_mod(b, MODULUS)
}

/// An element of the field's quadratic extension, a + bi with i² = -1.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Pair(U256, U256);

impl Pair {
    fn times(self, other: Self) -> Self {
        let minus = MODULUS - times(self.1, other.1);
        let real = times(self.0, other.0).add_mod(minus, MODULUS);
        Self(real, times(self.0, other.1).add_mod(times(self.1, other.0), MODULUS))
    }

    fn plus(self, other: Self) -> Self {
        Self(self.0.add_mod(other.0, MODULUS), self.1.add_mod(other.1, MODULUS))
    }
}

/// What the second curve adds: 3 / (9 + i), which is (27 - 3i) / 82.
fn twist() -> Pair {
    let part = U256::from(82).inv_mod(MODULUS).expect("82 is not zero in the field");
    Pair(times(U256::from(27), part), times(MODULUS - U256::from(3), part))
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloy_primitives::hex;

    /// The generators (EIP-197).
    const FIRST: [u8; G1] = {
        let mut point = [0; G1];
        point[WORD - 1] = 1;
        point[G1 - 1] = 2;
        point
    };
    const SECOND: [u8; G2] = hex!(
        "198e9393920d483a7260bfb731fb5d25f1aa493335a9e71297e485b7aef312c2"
        "1800deef121f1e76426a00665e5c4479674322d4f75edadd46debd5cd992f6ed"
        "090689d0585ff075ec9e99ad690c3395bc4b313370b38ef355acdadcd122975b"
        "12c85ea5db8c6deb4aab71808dcb408fe3d1e7690c43d37b4ce6cc0166fa7daa"
    );

    #[test]
    fn points_are_checked_one_after_the_other() {
        assert_eq!((g1(&FIRST), g1(&[0; G1])), (Ok(()), Ok(())));
        assert_eq!((g2(&SECOND), g2(&[0; G2])), (Ok(()), Ok(())));
        let mut broken = SECOND;
        broken[G2 - 1] ^= 1;
        assert_eq!(g2(&broken).unwrap_err(), NOT_ON_CURVE);
        broken[0] = 0xff;
        assert_eq!(g2(&broken).unwrap_err(), "invalid fp.Element encoding");
        assert_eq!(pairing(&[0; 191]).unwrap_err(), "bad elliptic curve pairing size");
        let pair = |first: &[u8], second: &[u8]| pairing(&[first, second].concat());
        assert_eq!(pair(&FIRST, &SECOND), Ok(()));
        assert_eq!(pair(&[1; G1], &broken).unwrap_err(), NOT_ON_CURVE);
        assert_eq!(multiply(&[0xff; 96]).unwrap_err(), "invalid fp.Element encoding");
        assert_eq!(add(&[FIRST, FIRST].concat()), Ok(()));
    }

    /// The curve has more points than the group: almost none of those that are found by trying is in it.
    #[test]
    fn a_point_of_the_curve_need_not_be_in_the_group() {
        // Square roots in the extension field, by Fermat in the norm's field: (p + 1) / 4 and (p - 1) / 2.
        let root = |value: U256| {
            let root = value.pow_mod((MODULUS + U256::ONE) >> 2, MODULUS);
            (times(root, root) == value).then_some(root)
        };
        let half = U256::from(2).inv_mod(MODULUS).unwrap();
        let point = (1..200u64).find_map(|number| {
            let x = Pair(U256::from(number), U256::ZERO);
            let square = x.times(x).times(x).plus(twist());
            let norm = root(times(square.0, square.0).add_mod(times(square.1, square.1), MODULUS))?;
            let real = [norm, MODULUS - norm]
                .into_iter()
                .find_map(|norm| root(times(square.0.add_mod(norm, MODULUS), half)))?;
            let imaginary = times(square.1, times(half, real.inv_mod(MODULUS)?));
            let words = [x.1, x.0, imaginary, real];
            Some(words.into_iter().flat_map(|word| word.to_be_bytes::<32>()).collect::<Vec<_>>())
        });
        assert_eq!(g2(&point.unwrap()).unwrap_err(), "point is not in correct subgroup");
    }
}
