//! The field that BLS12-381 is over.

use super::check::{Check, require};
use alloy_primitives::{Uint, hex};

/// Bytes of an element.
pub(super) const SIZE: usize = 48;
const MODULUS: [u8; SIZE] =
    hex!("1a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaab");

/// What an element is computed as.
type Element = Uint<384, 6>;

/// Whether bytes are an element.
pub(super) fn check(bytes: &[u8; SIZE]) -> Check {
    require(*bytes < MODULUS, "invalid fp.Element encoding")
}

/// A `y` with which `x` is on the curve y² = x³ + 4, if there is one.
pub(super) fn on_curve(x: &[u8; SIZE]) -> Option<[u8; SIZE]> {
    let modulus = Element::from_be_bytes(MODULUS);
    let x = Element::from_be_bytes(*x);
    let square = x.mul_mod(x, modulus).mul_mod(x, modulus).add_mod(Element::from(4), modulus);
    // The modulus is 3 modulo 4.
    let y = square.pow_mod((modulus + Element::from(1)) / Element::from(4), modulus);
    (y.mul_mod(y, modulus) == square).then(|| y.to_be_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_generator_is_on_the_curve() {
        let x =
            hex!("17f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6bb");
        let y = on_curve(&x).unwrap();
        let generator =
            hex!("08b3f481e3aaa0f1a09e30ed741d8ae4fcf5e095d5d00af600db18cb2c04b3edd03cc744a2888ae40caa232946c5e7e1");
        let other = Element::from_be_bytes(MODULUS) - Element::from_be_bytes(generator);
        assert!(y == generator || y == other.to_be_bytes::<SIZE>());
        let mut one = [0; SIZE];
        one[SIZE - 1] = 1;
        assert_eq!(on_curve(&one), None);
    }

    #[test]
    fn elements_are_below_the_modulus() {
        assert_eq!(check(&MODULUS).unwrap_err(), "invalid fp.Element encoding");
        let mut below = MODULUS;
        below[SIZE - 1] -= 1;
        assert_eq!(check(&below), Ok(()));
    }
}
