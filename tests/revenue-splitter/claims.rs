//! Claims against an epoch.

use alloy::{
    primitives::{Address, B256, U256, keccak256},
    sol_types::SolValue,
};

/// A leaf of StandardMerkleTree, by alloy's encoder and not the contract's.
pub(crate) fn leaf(index: U256, account: Address, amount: U256) -> B256 {
    keccak256(keccak256((index, account, amount).abi_encode()))
}
