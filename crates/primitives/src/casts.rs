//! Numbers into narrower types, or not at all.
//!
//! OpenZeppelin's `SafeCast` reverts with `SafeCastOverflowedUintDowncast(bits, value)`; here the caller says so, with the
//! error of its own interface.

use alloy_primitives::U256;

/// The number, if it has at most `bits` bits.
pub fn narrow(value: U256, bits: usize) -> Option<U256> {
    (value.bit_len() <= bits).then_some(value)
}

/// The number as a `u64`, if it has at most `bits` bits, which are at most 64: `to_u64(value, 48)` for a `uint48`.
pub fn to_u64(value: U256, bits: usize) -> Option<u64> {
    let &[low, ..] = value.as_limbs();
    narrow(value, bits.min(64)).map(|_| low)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_is_refused() {
        let limit = U256::from(1u64 << 48);
        assert_eq!(to_u64(limit - U256::from(1), 48), Some((1 << 48) - 1));
        assert_eq!(to_u64(limit, 48), None);
        assert_eq!(to_u64(U256::from(u64::MAX), 64), Some(u64::MAX));
        assert_eq!(to_u64(U256::from(u64::MAX) + U256::from(1), 256), None);
        assert_eq!(narrow(U256::MAX >> 48, 208), Some(U256::MAX >> 48));
        assert_eq!(narrow((U256::MAX >> 48) + U256::from(1), 208), None);
    }
}
