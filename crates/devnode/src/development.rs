//! What everyone knows of a chain for development, and Nitro does not have.

/// Of the accounts that have ether where the node behaves as Hardhat's network. Everyone knows it.
pub const MNEMONIC: &str = "test test test test test test test test test test test junk";
