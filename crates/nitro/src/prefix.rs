//! How the code of a Stylus program begins. Source: OffchainLabs/go-ethereum `core/state/statedb_arbitrum.go`.

/// What the code of a program begins with; EIP-3541 keeps other contracts from doing so. After it comes the dictionary.
pub const PROGRAM: [u8; 3] = [0xef, 0xf0, 0x00];

/// What a fragment begins with (ArbOS 60); after it comes its part of the compressed WASM.
pub const FRAGMENT: [u8; 3] = [0xef, 0xf0, 0x01];

/// What a root begins with (ArbOS 60); after it come the dictionary, the size of the WASM and the fragments' addresses.
pub const ROOT: [u8; 3] = [0xef, 0xf0, 0x02];

/// What the code of a program begins with that is compressed by brotli without a dictionary: [`PROGRAM`] and a zero byte.
pub const PROGRAM_WITHOUT_DICTIONARY: [u8; 4] = [PROGRAM[0], PROGRAM[1], PROGRAM[2], 0];
