//! Ink of host calls.

/// Of any host call.
pub(super) const HOSTIO: u64 = 8_400;
/// Of each pointer a host call takes.
pub(super) const PTR: u64 = 13_440 - HOSTIO;
/// Of what needs the EVM.
pub(super) const EVM_API: u64 = 59_673;
/// Of a division.
pub(super) const DIV: u64 = 20_000;
/// Of a sum under a modulus.
pub(super) const ADD_MOD: u64 = 21_000;
/// Of a product under a modulus.
pub(super) const MUL_MOD: u64 = 24_100;

/// Gas: EVM's own prices that host calls use.
pub(super) mod gas {
    /// Least gas that must be left for a storage write (EIP-2200).
    pub(crate) const SSTORE_SENTRY: u64 = 2_300;
    /// Writing a slot that was zero before the transaction, and still is.
    pub(crate) const SSTORE_SET: u64 = 20_000;
    /// Writing another slot for the first time in a transaction.
    pub(crate) const SSTORE_RESET: u64 = 2_900;
    /// First touch of a slot (EIP-2929).
    pub(crate) const COLD_SLOAD: u64 = 2_100;
    /// First touch of an account (EIP-2929).
    pub(crate) const COLD_ACCOUNT: u64 = 2_600;
    /// Touch of what is warm (EIP-2929); also of transient storage (EIP-1153).
    pub(crate) const WARM: u64 = 100;
    /// Sending wei along with a call.
    pub(crate) const CALL_VALUE: u64 = 9_000;
    /// Sending wei to an account that is empty.
    pub(crate) const NEW_ACCOUNT: u64 = 25_000;
    /// What a call that sends wei is given for free.
    pub(crate) const STIPEND: u64 = 2_300;
    /// A creation.
    pub(crate) const CREATE: u64 = 32_000;
    /// Hashing a word of init code, for CREATE2.
    pub(crate) const KECCAK_WORD: u64 = 6;
    /// A log, and each of its topics.
    pub(crate) const LOG_TOPIC: u64 = 375;
    /// Each byte of a log's data.
    pub(crate) const LOG_BYTE: u64 = 8;
    /// Reading code, in addition to touching the account.
    pub(crate) const EXT_CODE: u64 = 700;
    /// Most that the storage cache takes for an access.
    pub(crate) const CACHE_ACCESS: u64 = 10;
}

/// Ink for bytes that are written into the program.
pub(super) fn write(bytes: u32) -> u64 {
    5_040 + 30 * u64::from(bytes.saturating_sub(32))
}

/// Ink for bytes that are read from the program.
pub(super) fn read(bytes: u32) -> u64 {
    16_381 + 55 * u64::from(bytes.saturating_sub(32))
}

/// Ink for hashing bytes.
pub(super) fn keccak(bytes: u32) -> u64 {
    121_800 + 21_000 * u64::from(bytes.div_ceil(32).saturating_sub(2))
}

/// Ink for raising to a power: each byte of the exponent counts.
pub(super) fn pow(exponent: &[u8; 32]) -> u64 {
    let zeros = exponent.iter().take_while(|byte| **byte == 0).count() as u64;
    3_000 + (33 - zeros) * 17_500
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_step_where_nitro_says() {
        assert_eq!((write(0), write(32), write(33)), (5_040, 5_040, 5_070));
        assert_eq!((read(0), read(32), read(33)), (16_381, 16_381, 16_436));
        assert_eq!((keccak(0), keccak(64), keccak(65)), (121_800, 121_800, 142_800));
        assert_eq!(read(u32::MAX), 16_381 + 55 * (u64::from(u32::MAX) - 32));
        let mut exponent = [0; 32];
        assert_eq!(pow(&exponent), 3_000 + 17_500);
        exponent[31] = 1;
        assert_eq!(pow(&exponent), 3_000 + 2 * 17_500);
        exponent[0] = 1;
        assert_eq!(pow(&exponent), 3_000 + 33 * 17_500);
    }
}
