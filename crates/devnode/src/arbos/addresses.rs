//! Addresses that ArbOS knows.

use crate::ArbosVersion;
use alloy_primitives::Address;

pub(crate) use nitro::FILTERED_TRANSACTIONS_STATE;
pub(crate) use nitro::{
    ARB_ADDRESS_TABLE, ARB_AGGREGATOR, ARB_BLS, ARB_DEBUG, ARB_FILTERED_TRANSACTIONS, ARB_FUNCTION_TABLE, ARB_GAS_INFO,
    ARB_INFO, ARB_NATIVE_TOKEN_MANAGER, ARB_OWNER, ARB_OWNER_PUBLIC, ARB_RETRYABLE_TX, ARB_STATISTICS, ARB_SYS,
    ARB_WASM, ARB_WASM_CACHE, ARBOS_TEST,
};
pub use nitro::{ARBOS, BATCH_POSTER, HISTORY_STORAGE, L1_PRICER_FUNDS};

/// The precompiles of ArbOS 51.
const FIRST: [Address; 17] = [
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

/// The precompiles that came with a version.
pub(crate) fn precompiles_new_in(version: ArbosVersion) -> &'static [Address] {
    match version {
        ArbosVersion::V51 => &FIRST,
        ArbosVersion::V60 => &[ARB_FILTERED_TRANSACTIONS],
        ArbosVersion::V61 => &[],
    }
}

/// The precompiles that a version has.
pub(crate) fn precompiles_of(version: ArbosVersion) -> impl Iterator<Item = Address> {
    let until = ArbosVersion::ALL.into_iter().filter(move |known| *known <= version);
    until.flat_map(|known| precompiles_new_in(known).iter().copied())
}
