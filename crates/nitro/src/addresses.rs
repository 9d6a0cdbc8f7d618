//! Addresses. Sources: OffchainLabs/go-ethereum `core/types` for precompiles and accounts of ArbOS, OffchainLabs/nitro
//! `arbos/l1pricing` for the sequencer, OffchainLabs/nitro-devnode `run-dev-node.sh` for contracts of a devnode.

use alloy::primitives::{Address, address};

/// The sequencer as a poster of batches; what `COINBASE` reads.
pub const BATCH_POSTER: Address = address!("A4B000000000000000000073657175656e636572");
/// Where fees for L1 data go.
pub const L1_PRICER_FUNDS: Address = address!("A4B00000000000000000000000000000000000f6");
/// Sender and receiver of ArbOS' internal transactions.
pub const ARBOS: Address = address!("00000000000000000000000000000000000a4b05");
/// The account whose storage is ArbOS' state.
pub const ARBOS_STATE: Address = address!("A4B05FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF");
/// The account whose storage marks filtered transactions (ArbOS 60).
pub const FILTERED_TRANSACTIONS_STATE: Address = address!("A4B0500000000000000000000000000000000001");
/// History of block hashes. Source: EIP-2935.
pub const HISTORY_STORAGE: Address = address!("0000F90827F1C53a10cb7A02335B175320002935");

/// ArbSys.
pub const ARB_SYS: Address = short(0x64);
/// ArbInfo.
pub const ARB_INFO: Address = short(0x65);
/// ArbAddressTable.
pub const ARB_ADDRESS_TABLE: Address = short(0x66);
/// ArbBLS, which is disabled.
pub const ARB_BLS: Address = short(0x67);
/// ArbFunctionTable.
pub const ARB_FUNCTION_TABLE: Address = short(0x68);
/// ArbosTest.
pub const ARBOS_TEST: Address = short(0x69);
/// ArbOwnerPublic.
pub const ARB_OWNER_PUBLIC: Address = short(0x6b);
/// ArbGasInfo.
pub const ARB_GAS_INFO: Address = short(0x6c);
/// ArbAggregator.
pub const ARB_AGGREGATOR: Address = short(0x6d);
/// ArbRetryableTx.
pub const ARB_RETRYABLE_TX: Address = short(0x6e);
/// ArbStatistics.
pub const ARB_STATISTICS: Address = short(0x6f);
/// ArbOwner.
pub const ARB_OWNER: Address = short(0x70);
/// ArbWasm.
pub const ARB_WASM: Address = short(0x71);
/// ArbWasmCache.
pub const ARB_WASM_CACHE: Address = short(0x72);
/// ArbNativeTokenManager.
pub const ARB_NATIVE_TOKEN_MANAGER: Address = short(0x73);
/// ArbFilteredTransactionsManager (ArbOS 60).
pub const ARB_FILTERED_TRANSACTIONS: Address = short(0x74);
/// NodeInterface, which only a node's RPC answers.
pub const NODE_INTERFACE: Address = short(0xc8);
/// NodeInterfaceDebug, which only a node's RPC answers.
pub const NODE_INTERFACE_DEBUG: Address = short(0xc9);
/// ArbDebug, on development chains alone.
pub const ARB_DEBUG: Address = short(0xff);

/// The factory that creates contracts at addresses that follow from salt and creation code alone, the same on every
/// Arbitrum chain. Source: Arachnid/deterministic-deployment-proxy.
pub const CREATE2_FACTORY: Address = address!("0x4e59b44847b379578588920cA78FbF26c0B4956C");
/// Who signed the transaction that creates the factory; nobody has the key. Source: Arachnid/deterministic-deployment-proxy.
pub const CREATE2_FACTORY_SIGNER: Address = address!("0x3fab184622dc19b6109349b94811493bf2a45362");
/// StylusDeployer: deploys, activates and constructs a program in one transaction.
pub const STYLUS_DEPLOYER: Address = address!("0xcEcba2F1DC234f70Dd89F2041029807F8D03A990");
/// A devnode's cache manager, which takes bids for Stylus' cache.
pub const CACHE_MANAGER: Address = address!("0xa6e41ffd769491a42a6e5ce453259b93983a22ef");

const fn short(low: u8) -> Address {
    Address::with_last_byte(low)
}
