//! What is signed (EIP-712), and hashes that are approved on the chain.

use alloc::vec::Vec;

use alloy_primitives::{Address, B256, U256, keccak256};
use consilium_abi::{Revert, ensure};
use stylus_sdk::prelude::*;

use super::abi::ApproveHash;
use super::reasons::ONLY_OWNERS;
use super::rules::{self, TO_BE_SIGNED, Transaction};
use super::storage::Slots;
use super::version::Version;

impl<S: Version> Hashes for S {}

/// What is signed, and approving it on the chain.
pub trait Hashes: Version {
    /// `VERSION`.
    fn version(&self) -> &'static str {
        Self::NUMBER
    }

    /// `nonce`.
    fn nonce(&self) -> U256 {
        self.stored_nonce()
    }

    /// `signedMessages`.
    fn signed_messages(&self, hash: B256) -> U256 {
        self.signed_message(hash).into()
    }

    /// `approvedHashes`.
    fn approved_hashes(&self, owner: Address, hash: B256) -> U256 {
        self.approved_hash(owner, hash).into()
    }

    /// `getChainId`, which versions before 1.5.0 have.
    fn get_chain_id(&self) -> u64 {
        self.vm().chain_id()
    }

    /// `domainSeparator`.
    fn domain_separator(&self) -> B256 {
        rules::domain_separator(self.vm().chain_id(), self.vm().contract_address())
    }

    /// `encodeTransactionData`, which versions before 1.5.0 have.
    #[allow(clippy::too_many_arguments, reason = "the ABI's")]
    fn encode_transaction_data(
        &self,
        to: Address,
        value: U256,
        data: &[u8],
        operation: u8,
        safe_tx_gas: U256,
        base_gas: U256,
        gas_price: U256,
        gas_token: Address,
        refund_receiver: Address,
        nonce: U256,
    ) -> Result<Vec<u8>, Revert> {
        Self::can_be_hashed(operation)?;
        let transaction =
            Transaction { to, value, data, operation, safe_tx_gas, base_gas, gas_price, gas_token, refund_receiver };
        Ok(to_be_signed(self, &transaction, nonce).to_vec())
    }

    /// `getTransactionHash`.
    #[allow(clippy::too_many_arguments, reason = "the ABI's")]
    fn get_transaction_hash(
        &self,
        to: Address,
        value: U256,
        data: &[u8],
        operation: u8,
        safe_tx_gas: U256,
        base_gas: U256,
        gas_price: U256,
        gas_token: Address,
        refund_receiver: Address,
        nonce: U256,
    ) -> Result<B256, Revert> {
        let data = self.encode_transaction_data(
            to,
            value,
            data,
            operation,
            safe_tx_gas,
            base_gas,
            gas_price,
            gas_token,
            refund_receiver,
            nonce,
        )?;
        Ok(keccak256(data))
    }

    /// Approves a hash for ever, as a signature does.
    fn approve_hash(&mut self, hash: B256) -> Result<(), Revert> {
        let owner = self.vm().msg_sender();
        ensure!(!self.owner_after(owner).is_zero(), ONLY_OWNERS);
        self.set_approved_hash(owner, hash);
        ApproveHash { approved_hash: hash, owner }.log(self);
        Ok(())
    }
}

/// What is hashed and signed: the domain and the transaction with its nonce.
pub(super) fn to_be_signed<S: Version>(safe: &S, transaction: &Transaction<'_>, nonce: U256) -> [u8; TO_BE_SIGNED] {
    rules::to_be_signed(safe.domain_separator(), transaction.hash(nonce))
}
