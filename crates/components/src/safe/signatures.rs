//! Who signed.
//!
//! A signature is 65 bytes: `r`, `s`, `v`. They are in the order of their signers' addresses, so that nobody signs
//! twice.
//!
//! | `v` | who signed |
//! |---|---|
//! | 0 | the contract at the address in `r`; its own signature is behind the signatures, at `s` |
//! | 1 | the account at the address in `r`, if it executes this or has approved the hash before |
//! | above 30 | a key, of the hash with the prefix of `eth_sign`; its own `v` is 4 less |
//! | other | a key, as the version says |

use alloy_primitives::{Address, B256, U256};
use consilium_abi::{Revert, ensure};

use super::calls::ask;
use super::reasons::{CONTRACT_SIGNATURE_WRONG, HASH_NOT_APPROVED, NO_THRESHOLD, NOT_AN_OWNER, SIGNATURES_TOO_SHORT};
use super::rules::{self, SIGNATURE, Signature};
use super::storage::{SENTINEL, Slots};
use super::version::Version;
use crate::signature::ecrecover;

impl<S: Version> Signatures for S {}

/// Checking signatures.
pub trait Signatures: Version {
    /// `checkSignatures(bytes32,bytes,bytes)`, for who asks.
    fn check_signatures(&self, hash: B256, data: &[u8], signatures: &[u8]) -> Result<(), Revert> {
        check_threshold(self, hash, self.context(data), signatures)
    }

    /// `checkNSignatures(bytes32,bytes,bytes,uint256)`, for who asks.
    fn check_n_signatures(&self, hash: B256, data: &[u8], signatures: &[u8], needed: U256) -> Result<(), Revert> {
        check_n(self, hash, self.context(data), signatures, needed)
    }
}

/// Reverts unless as many owners as are needed have signed.
///
/// # Errors
/// GS001 where the Safe was not set up; else as [`check_n`].
pub fn check_threshold<S: Version>(
    safe: &S,
    hash: B256,
    context: S::Context<'_>,
    signatures: &[u8],
) -> Result<(), Revert> {
    let threshold = safe.stored_threshold();
    ensure!(!threshold.is_zero(), NO_THRESHOLD);
    check_n(safe, hash, context, signatures, threshold)
}

/// The same for a number of owners that the caller chose. For none it passes.
///
/// # Errors
/// GS020 to GS026, those of the version, and what a contract that is asked reverts with.
pub fn check_n<S: Version>(
    safe: &S,
    hash: B256,
    context: S::Context<'_>,
    signatures: &[u8],
    needed: U256,
) -> Result<(), Revert> {
    let length = rules::length_of(needed).ok_or_else(Revert::empty)?;
    ensure!(U256::from(signatures.len()) >= length, SIGNATURES_TOO_SHORT);
    // Not more than there are bytes.
    let length = rules::small(length);
    let mut last = Address::ZERO;
    for part in signatures.get(..length).unwrap_or_default().chunks_exact(SIGNATURE) {
        let signer = signer(safe, hash, context, signatures, length, &Signature::of(part))?;
        let is_owner = signer > last && signer != SENTINEL && !safe.owner_after(signer).is_zero();
        ensure!(is_owner, NOT_AN_OWNER);
        last = signer;
    }
    Ok(())
}

/// Who made one of the signatures. Zero where no key did.
fn signer<S: Version>(
    safe: &S,
    hash: B256,
    context: S::Context<'_>,
    signatures: &[u8],
    length: usize,
    signature: &Signature,
) -> Result<Address, Revert> {
    let Signature { r, s, v } = *signature;
    match v {
        0 => {
            S::can_be_asked(hash, context)?;
            let signer = Address::from_word(r);
            let own = rules::contract_signature(signatures, length, s)?;
            ask_contract(safe, signer, &S::question(hash, context, own))?;
            Ok(signer)
        }
        1 => {
            let signer = Address::from_word(r);
            let is_approved = safe.executor(context) == signer || !safe.approved_hash(signer, hash).is_zero();
            ensure!(is_approved, HASH_NOT_APPROVED);
            Ok(signer)
        }
        31.. => ecrecover(safe, rules::eth_sign_hash(hash), v - 4, r, s),
        _ => safe.key_signer(hash, signatures, length, signature),
    }
}

/// Reverts unless a contract says that this is its signature. Its revert is passed on; what answers less than a word is
/// refused without data. Of the word, four bytes count.
fn ask_contract<S: Version>(safe: &S, signer: Address, question: &[u8]) -> Result<(), Revert> {
    let answer = ask(safe, signer, question)?;
    ensure!(answer.starts_with(&S::IS_VALID_SIGNATURE), CONTRACT_SIGNATURE_WRONG);
    Ok(())
}
