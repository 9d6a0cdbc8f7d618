//! The account that has ether on `nitro --dev`. Source: OffchainLabs/nitro-devnode `run-dev-node.sh`.

use alloy::primitives::{Address, B256, address, b256};

/// The account.
pub const DEV_ACCOUNT: Address = address!("0x3f1Eae7D46d88F08fc2F8ed27FCb2AB183EB2d0E");

/// Private key of [`DEV_ACCOUNT`]. Everyone knows it: never use it where ether is worth something.
pub const DEV_KEY: B256 = b256!("0xb6b15c8cb491557369f3c7d2c287b053eb229daa9c22138887752191c9520659");
