//! Addresses that ArbOS knows.

use alloy_primitives::{Address, address};

/// The sequencer as a poster of batches; what `COINBASE` reads.
pub const BATCH_POSTER: Address = address!("A4B000000000000000000073657175656e636572");

/// Where fees for L1 data go.
pub const L1_PRICER_FUNDS: Address = address!("A4B00000000000000000000000000000000000f6");

/// Sender and receiver of ArbOS' internal transactions.
pub const ARBOS: Address = address!("00000000000000000000000000000000000a4b05");

/// EIP-2935's history of block hashes.
pub const HISTORY_STORAGE: Address = address!("0000F90827F1C53a10cb7A02335B175320002935");

pub(crate) const ARB_SYS: Address = short(0x64);
pub(crate) const ARB_INFO: Address = short(0x65);
pub(crate) const ARB_ADDRESS_TABLE: Address = short(0x66);
pub(crate) const ARB_BLS: Address = short(0x67);
pub(crate) const ARB_FUNCTION_TABLE: Address = short(0x68);
pub(crate) const ARBOS_TEST: Address = short(0x69);
pub(crate) const ARB_OWNER_PUBLIC: Address = short(0x6b);
pub(crate) const ARB_GAS_INFO: Address = short(0x6c);
pub(crate) const ARB_AGGREGATOR: Address = short(0x6d);
pub(crate) const ARB_RETRYABLE_TX: Address = short(0x6e);
pub(crate) const ARB_STATISTICS: Address = short(0x6f);
pub(crate) const ARB_OWNER: Address = short(0x70);
pub(crate) const ARB_WASM: Address = short(0x71);
pub(crate) const ARB_WASM_CACHE: Address = short(0x72);
pub(crate) const ARB_NATIVE_TOKEN_MANAGER: Address = short(0x73);
pub(crate) const ARB_DEBUG: Address = short(0xff);

/// The precompiles of ArbOS 51.
pub(crate) const PRECOMPILES: [Address; 17] = [
    ARB_SYS,
    ARB_INFO,
    ARB_ADDRESS_TABLE,
    ARB_BLS,
    ARB_FUNCTION_TABLE,
    ARBOS_TEST,
    ARB_OWNER_PUBLIC,
    ARB_GAS_INFO,
    ARB_AGGREGATOR,
    ARB_RETRYABLE_TX,
    ARB_STATISTICS,
    ARB_OWNER,
    ARB_WASM,
    ARB_WASM_CACHE,
    ARB_NATIVE_TOKEN_MANAGER,
    ARB_DEBUG,
    ARBOS,
];

const fn short(low: u8) -> Address {
    Address::with_last_byte(low)
}
