//! What Safe 1.5.0 does otherwise than other versions.

use alloc::vec::Vec;

use alloy_primitives::{Address, B256, U256};
use consilium_abi::{Revert, encode_call, sol};
use consilium_components::safe::{Signature, Version};
use consilium_components::signature::ecrecover;
use stylus_sdk::prelude::*;

use crate::SafeV15;
use crate::signatures::P256;

impl Version for SafeV15 {
    const NUMBER: &'static str = "1.5.0";
    /// `isValidSignature(bytes32,bytes)` (ERC-1271).
    const IS_VALID_SIGNATURE: [u8; 4] = [0x16, 0x26, 0xba, 0x7e];
    const LOGS_SETUP_FIRST: bool = true;
    /// Who executes it.
    type Context<'a> = Address;

    /// Every number.
    fn can_be_hashed(_: u8) -> Result<(), Revert> {
        Ok(())
    }

    fn context(&self, _: &[u8]) -> Address {
        self.vm().msg_sender()
    }

    fn executor(&self, executor: Address) -> Address {
        executor
    }

    fn can_be_asked(_: B256, _: Address) -> Result<(), Revert> {
        Ok(())
    }

    fn question(hash: B256, _: Address, signature: &[u8]) -> Vec<u8> {
        encode_call::<(sol::FixedBytes<32>, sol::Bytes)>(Self::IS_VALID_SIGNATURE, &(&hash, signature))
    }

    fn key_signer(&self, hash: B256, all: &[u8], length: usize, signature: &Signature) -> Result<Address, Revert> {
        if signature.v == P256 {
            return self.p256_signer(hash, all, length, signature);
        }
        ecrecover(self, hash, signature.v, signature.r, signature.s)
    }

    /// What it reverted with.
    fn failed(&self) -> Revert {
        self.vm().read_return_data(0, None).into()
    }

    /// All there is.
    fn payee_gas(_: U256) -> u64 {
        u64::MAX
    }
}
