//! Numbers of a chain: its limits on programs, and the development chain's id.

/// The most bytes that the code of a contract or program may have, unless a chain sets another limit. Source: EIP-170.
pub const MAX_CODE: usize = 24_576;

/// The most bytes that a program may have once decompressed, as ArbOS starts. Source: OffchainLabs/nitro
/// `arbos/programs/params.go`, `initialMaxWasmSize`.
pub const MAX_WASM: u32 = 128 * 1024;

/// [`MAX_WASM`] from ArbOS 60 on. Source: OffchainLabs/nitro `arbos/programs/params.go`, `arbOS60MaxWasmSize`.
pub const MAX_WASM_60: u32 = 256 * 1024;

/// The most pages of memory, of 65,536 bytes, that a program may have, as ArbOS starts. Source: OffchainLabs/nitro
/// `arbos/programs/params.go`, `initialPageLimit`.
pub const PAGE_LIMIT: u16 = 128;

/// The chain id of `nitro --dev`. Source: OffchainLabs/go-ethereum `params/config_arbitrum.go`.
pub const CHAIN_ID: u64 = 412_346;
