//! Who signed.
//!
//! A signature is 65 bytes: `r`, `s`, `v`. They are in the order of their signers' addresses, so that nobody signs
//! twice.
//!
//! | `v` | who signed |
//! |---|---|
//! | 0 | the contract at the address in `r`; its own signature is behind the signatures, at `s` |
//! | 1 | the account at the address in `r`, if it is the caller or has approved the hash before |
//! | above 30 | a key, of the hash with the prefix of `eth_sign`; its own `v` is 4 less |
//! | other | a key, of the hash |

use alloy_primitives::{Address, B256, U256, keccak256};
use consilium_abi::{Chain, Revert, encode_with_prefix, ensure, sol};
use consilium_components::signature::ecrecover;
use stylus_sdk::prelude::*;

use crate::Safe;
use crate::reasons::{
    CONTRACT_SIGNATURE_WRONG, DATA_NOT_OF_HASH, HASH_NOT_APPROVED, NO_THRESHOLD, NOT_AN_OWNER, SIGNATURES_TOO_SHORT,
};
use crate::rules::{self, SIGNATURE, Signature};
use crate::storage::SENTINEL;

/// `isValidSignature(bytes,bytes)`: called, and answered, by the first version of ERC-1271.
const IS_VALID_SIGNATURE: [u8; 4] = [0x20, 0xc1, 0x3b, 0x0b];

impl Safe {
    /// Reverts unless as many owners as are needed have signed `hash`, which is that of `data`.
    pub(crate) fn check_signatures(&self, hash: B256, data: &[u8], signatures: &[u8]) -> Result<(), Revert> {
        let threshold = self.stored_threshold();
        ensure!(!threshold.is_zero(), NO_THRESHOLD);
        self.check_n_signatures(hash, data, signatures, threshold)
    }

    /// The same for a number of owners that the caller chose. For none it passes.
    pub(crate) fn check_n_signatures(
        &self,
        hash: B256,
        data: &[u8],
        signatures: &[u8],
        needed: U256,
    ) -> Result<(), Revert> {
        let length = rules::length_of(needed).ok_or_else(Revert::empty)?;
        ensure!(U256::from(signatures.len()) >= length, SIGNATURES_TOO_SHORT);
        // Not more than there are bytes.
        let length = rules::small(length);
        let mut last = Address::ZERO;
        for part in signatures.get(..length).unwrap_or_default().chunks_exact(SIGNATURE) {
            let signature = Signature::of(part);
            let signer = self.signer(hash, data, signatures, length, &signature)?;
            let is_owner = signer > last && signer != SENTINEL && !self.owner_after(signer).is_zero();
            ensure!(is_owner, NOT_AN_OWNER);
            last = signer;
        }
        Ok(())
    }

    /// Who made one of the signatures. Zero where no key did.
    fn signer(
        &self,
        hash: B256,
        data: &[u8],
        signatures: &[u8],
        length: usize,
        signature: &Signature,
    ) -> Result<Address, Revert> {
        let Signature { r, s, v } = *signature;
        match v {
            0 => {
                ensure!(keccak256(data) == hash, DATA_NOT_OF_HASH);
                let signer = Address::from_word(r);
                let own = rules::contract_signature(signatures, length, s)?;
                self.ask_contract(signer, data, own)?;
                Ok(signer)
            }
            1 => {
                let signer = Address::from_word(r);
                let is_approved = self.vm().msg_sender() == signer || !self.approved_hash(signer, hash).is_zero();
                ensure!(is_approved, HASH_NOT_APPROVED);
                Ok(signer)
            }
            31.. => ecrecover(self, rules::eth_sign_hash(hash), v - 4, r, s),
            _ => ecrecover(self, hash, v, r, s),
        }
    }

    /// Reverts unless a contract says that this is its signature of the data. Its revert is passed on; what answers
    /// less than a word is refused without data. Of the word, four bytes count.
    fn ask_contract(&self, signer: Address, data: &[u8], signature: &[u8]) -> Result<(), Revert> {
        let call = encode_with_prefix::<(sol::Bytes, sol::Bytes)>(&IS_VALID_SIGNATURE, &(data, signature));
        let answer = self.ask(signer, &call)?;
        ensure!(answer.starts_with(&IS_VALID_SIGNATURE), CONTRACT_SIGNATURE_WRONG);
        Ok(())
    }

    /// Calls a view that returns a word. As Solidity: a revert is passed on; an account without code, and an answer
    /// that is shorter, are refused without data. As Solidity before 0.8: the word is not checked, and what of it
    /// counts is for the caller of this to say.
    pub(crate) fn ask(&self, to: Address, call: &[u8]) -> Result<[u8; 32], Revert> {
        ensure!(self.has_code(to), Revert::empty());
        self.static_call(to, call)?.first_chunk().copied().ok_or_else(Revert::empty)
    }
}
