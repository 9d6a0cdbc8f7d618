//! What Safe 1.4.1 does otherwise than other versions.

use alloc::vec::Vec;

use alloy_primitives::{Address, B256, U256, keccak256};
use consilium_abi::{Revert, encode_call, ensure, sol};
use consilium_components::safe::{Operation, Signature, Version};
use consilium_components::signature::ecrecover;
use stylus_sdk::prelude::*;

use crate::Safe;
use crate::reasons::{DATA_NOT_OF_HASH, TRANSACTION_FAILED};

/// The gas that Solidity's `send` gives along with no ether. With ether, the chain itself gives it.
const STIPEND: u64 = 2_300;

impl Version for Safe {
    const NUMBER: &'static str = "1.4.1";
    /// `isValidSignature(bytes,bytes)`, of the first version of ERC-1271.
    const IS_VALID_SIGNATURE: [u8; 4] = [0x20, 0xc1, 0x3b, 0x0b];
    const LOGS_SETUP_FIRST: bool = false;
    /// What it is the hash of.
    type Context<'a> = &'a [u8];

    fn can_be_hashed(operation: u8) -> Result<(), Revert> {
        Operation::of(operation).map(drop)
    }

    fn context<'a>(&self, data: &'a [u8]) -> &'a [u8] {
        data
    }

    fn executor(&self, _: &[u8]) -> Address {
        self.vm().msg_sender()
    }

    /// Contracts are asked about the data, so that has to have the hash.
    fn can_be_asked(hash: B256, data: &[u8]) -> Result<(), Revert> {
        ensure!(keccak256(data) == hash, DATA_NOT_OF_HASH);
        Ok(())
    }

    fn question(_: B256, data: &[u8], signature: &[u8]) -> Vec<u8> {
        encode_call::<(sol::Bytes, sol::Bytes)>(Self::IS_VALID_SIGNATURE, &(data, signature))
    }

    fn key_signer(&self, hash: B256, _: &[u8], _: usize, signature: &Signature) -> Result<Address, Revert> {
        ecrecover(self, hash, signature.v, signature.r, signature.s)
    }

    /// What it reverted with is lost.
    fn failed(&self) -> Revert {
        TRANSACTION_FAILED.into()
    }

    fn payee_gas(payment: U256) -> u64 {
        if payment.is_zero() { STIPEND } else { 0 }
    }
}
