//! What differs from version to version.

use alloc::vec::Vec;

use alloy_primitives::{Address, B256, U256};
use consilium_abi::Revert;

use super::rules::Signature;
use super::storage::Stored;

/// A version of Safe.
pub trait Version: Stored {
    /// As `VERSION()` answers.
    const NUMBER: &'static str;
    /// Whether SafeSetup is logged before all that the setup's code logs, or behind it.
    const LOGS_SETUP_FIRST: bool;
    /// The function that asks a contract whether a signature is its own, and the answer if it is.
    const IS_VALID_SIGNATURE: [u8; 4];
    /// What is known of a hash that owners are said to have signed.
    type Context<'a>: Copy;

    /// Reverts if a transaction with such an operation has no hash. None with a number above 1 is executed.
    fn can_be_hashed(operation: u8) -> Result<(), Revert>;
    /// What is known of the hash of this data, which the caller executes.
    fn context<'a>(&self, data: &'a [u8]) -> Self::Context<'a>;
    /// Who executes it: an owner that does so needs no other approval.
    fn executor(&self, context: Self::Context<'_>) -> Address;
    /// Reverts if no contract can be asked about the hash.
    fn can_be_asked(hash: B256, context: Self::Context<'_>) -> Result<(), Revert>;
    /// The calldata that asks a contract whether this is its signature.
    fn question(hash: B256, context: Self::Context<'_>, signature: &[u8]) -> Vec<u8>;
    /// Whose key made a signature; zero where none did. `all` are all signatures with what is behind them, and the
    /// first `length` bytes of them are looked at.
    fn key_signer(&self, hash: B256, all: &[u8], length: usize, signature: &Signature) -> Result<Address, Revert>;
    /// Why a transaction that promises neither gas nor a refund is undone. Its return data is there to be read.
    fn failed(&self) -> Revert;
    /// The gas for who is paid this much ether. With ether, the chain gives 2,300 more.
    fn payee_gas(payment: U256) -> u64;
}
