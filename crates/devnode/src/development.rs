//! What everyone knows of a chain for development.

pub use nitro::{CHAIN_ID, DEV_ACCOUNT, DEV_KEY};

/// Of the accounts that have ether where the node behaves as Hardhat's network. Everyone knows it.
pub const MNEMONIC: &str = "test test test test test test test test test test test junk";
