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

/// The name of a precompile of ArbOS (EIP-7910).
pub(crate) fn precompile_name(address: Address) -> Option<&'static str> {
    Some(match address {
        ARB_SYS => "ArbSys",
        ARB_INFO => "ArbInfo",
        ARB_ADDRESS_TABLE => "ArbAddressTable",
        ARB_BLS => "ArbBLS",
        ARB_FUNCTION_TABLE => "ArbFunctionTable",
        ARBOS_TEST => "ArbosTest",
        ARB_OWNER_PUBLIC => "ArbOwnerPublic",
        ARB_GAS_INFO => "ArbGasInfo",
        ARB_AGGREGATOR => "ArbAggregator",
        ARB_RETRYABLE_TX => "ArbRetryableTx",
        ARB_STATISTICS => "ArbStatistics",
        ARB_OWNER => "ArbOwner",
        ARB_WASM => "ArbWasm",
        ARB_WASM_CACHE => "ArbWasmCache",
        ARB_NATIVE_TOKEN_MANAGER => "ArbNativeTokenManager",
        ARB_FILTERED_TRANSACTIONS => "ArbFilteredTransactionsManager",
        ARB_DEBUG => "ArbDebug",
        ARBOS => "ArbosActs",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_precompile_has_a_name() {
        let mut names: Vec<_> = precompiles_of(ArbosVersion::V61).map(precompile_name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!((names.len(), names[0].is_some()), (18, true));
    }
}
