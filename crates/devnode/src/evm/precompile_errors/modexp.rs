//! Exponentiation (EIP-198, with the limit of EIP-7823 and the prices of EIP-7883).

use super::check::{Check, OUT_OF_GAS, require};
use alloy_primitives::U256;
use revm::precompile::modexp::osaka_gas_calc;

/// Most bytes of a number.
const LIMIT: u64 = 1_024;

/// The gas is looked at before the lengths.
pub(super) fn check(input: &[u8], gas: u64) -> Check {
    let length = |index: usize| u64::try_from(number(input, index * 32, 32)).unwrap_or(u64::MAX);
    let (base, exponent, modulus) = (length(0), length(1), length(2));
    let start = usize::try_from(base).unwrap_or(usize::MAX).saturating_add(96);
    let head = number(input, start, exponent.min(32) as usize);
    require(osaka_gas_calc(base, exponent, modulus, &head) <= gas, OUT_OF_GAS)?;
    let is_short = base.max(exponent).max(modulus) <= LIMIT;
    require(is_short, "one or more of base/exponent/modulus length exceeded 1024 bytes")
}

/// Bytes of the input as a number; beyond its end are zeros.
fn number(input: &[u8], start: usize, length: usize) -> U256 {
    let mut bytes = vec![0; length];
    let there = input.get(start..).unwrap_or_default();
    let count = there.len().min(length);
    bytes[..count].copy_from_slice(&there[..count]);
    U256::from_be_slice(&bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lengths(base: u64, exponent: u64, modulus: u64) -> Vec<u8> {
        [base, exponent, modulus].into_iter().flat_map(|length| U256::from(length).to_be_bytes::<32>()).collect()
    }

    #[test]
    fn gas_comes_before_lengths() {
        let long = "one or more of base/exponent/modulus length exceeded 1024 bytes";
        // 129 words squared, twice.
        assert_eq!(check(&lengths(1_025, 1, 1), 33_282).unwrap_err(), long);
        assert_eq!(check(&lengths(1_025, 1, 1), 33_281).unwrap_err(), OUT_OF_GAS);
        assert_eq!(check(&lengths(1, 1_025, 1), u64::MAX).unwrap_err(), long);
        assert_eq!(check(&lengths(0, 1, u64::MAX), 50_000_000).unwrap_err(), OUT_OF_GAS);
        assert_eq!(check(&lengths(1_024, 1_024, 1_024), u64::MAX), Ok(()));
        assert_eq!(check(&[0xff; 96], u64::MAX - 1).unwrap_err(), OUT_OF_GAS);
    }
}
