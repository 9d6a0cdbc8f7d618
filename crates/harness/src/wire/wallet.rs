//! Signing for the development account and others.

use alloy::{
    consensus::{SignableTransaction, TxEip1559, TxEnvelope},
    eips::eip2718::Encodable2718,
    hex,
    primitives::{Address, B256, TxKind, U256},
    signers::{SignerSync, local::PrivateKeySigner},
};

/// An account with its key.
#[derive(Debug)]
pub struct Wallet(PrivateKeySigner);

impl Wallet {
    /// The account that has ether.
    pub fn dev() -> Self {
        Self(PrivateKeySigner::from_bytes(&nitro::DEV_KEY).unwrap())
    }

    /// One of many others.
    pub fn number(index: u64) -> Self {
        Self(PrivateKeySigner::from_bytes(&B256::from(U256::from(0xc0ffee + index))).unwrap())
    }

    /// Its address.
    pub fn address(&self) -> Address {
        self.0.address()
    }

    /// A signed transaction in hexadecimal, with fees that are always enough.
    pub fn sign(&self, nonce: u64, to: TxKind, value: u128, input: &[u8], gas: u64) -> String {
        let transaction = TxEip1559 {
            chain_id: nitro::CHAIN_ID,
            nonce,
            gas_limit: gas,
            max_fee_per_gas: 10_000_000_000,
            max_priority_fee_per_gas: 0,
            to,
            value: U256::from(value),
            access_list: Default::default(),
            input: input.to_vec().into(),
        };
        let signature = self.0.sign_hash_sync(&transaction.signature_hash()).unwrap();
        hex::encode_prefixed(TxEnvelope::from(transaction.into_signed(signature)).encoded_2718())
    }

    /// A transfer.
    pub fn transfer(&self, nonce: u64, to: Address, value: u128) -> String {
        self.sign(nonce, TxKind::Call(to), value, &[], 21_000)
    }
}
