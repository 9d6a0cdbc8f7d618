//! What everyone knows of a chain for development.

use alloy_primitives::{Address, B256, address, b256};

/// Chain id of Nitro's development chain.
pub const CHAIN_ID: u64 = 412_346;

/// The account that has ether at the start: Nitro's development account.
pub const DEV_ACCOUNT: Address = address!("0x3f1Eae7D46d88F08fc2F8ed27FCb2AB183EB2d0E");

/// Private key of [`DEV_ACCOUNT`]. Everyone knows it: never use it where ether is worth something.
pub const DEV_KEY: B256 = b256!("0xb6b15c8cb491557369f3c7d2c287b053eb229daa9c22138887752191c9520659");

/// Of the accounts that have ether where the node behaves as Hardhat's network. Everyone knows it.
pub const MNEMONIC: &str = "test test test test test test test test test test test junk";
