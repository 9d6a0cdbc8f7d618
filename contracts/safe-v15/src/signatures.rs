//! Signatures that are executed by somebody else than the caller, and those of keys on P-256.
//!
//! The rule of P-256 is not in Safe 1.5.0. It is that of the release after it, as it is in the repository
//! safe-fndn/safe-smart-account (`contracts/Safe.sol` and `contracts/common/EIP7951.sol`, pull request 1061):
//!
//! | bytes of the signature | what they are |
//! |---|---|
//! | 0 to 31, `r` | the owner's address; its upper 12 bytes do not count |
//! | 32 to 63, `s` | where 128 bytes begin, behind all signatures that are looked at: `r`, `s`, `qx`, `qy` |
//! | 64, `v` | 2 |
//!
//! The owner is the last 20 bytes of keccak256(qx ‖ qy). The hash is signed as it is. `s` may be in either half of the
//! order, as with other keys: the order of the signers keeps an owner from counting twice. On a chain without the
//! precompile at 0x100 nobody has signed anything.

use alloy_primitives::{Address, B256, U256};
use consilium_abi::{Revert, ensure};
use consilium_components::p256;
use consilium_components::safe::{Signature, check_n, check_threshold, fixed_part};

use crate::SafeV15;
use crate::reasons::{P256_SIGNATURE_BEYOND, P256_SIGNATURE_WRONG};

/// `v` of a signature by a key on P-256.
pub(crate) const P256: u8 = 2;

impl SafeV15 {
    pub(crate) fn check_signatures_for(&self, executor: Address, hash: B256, signatures: &[u8]) -> Result<(), Revert> {
        check_threshold(self, hash, executor, signatures)
    }

    pub(crate) fn check_n_signatures_for(
        &self,
        executor: Address,
        hash: B256,
        signatures: &[u8],
        needed: U256,
    ) -> Result<(), Revert> {
        check_n(self, hash, executor, signatures, needed)
    }

    /// The owner whose key on P-256 made a signature. `all` are all signatures with what is behind them, and the first
    /// `length` bytes of them are looked at.
    pub(crate) fn p256_signer(
        &self,
        hash: B256,
        all: &[u8],
        length: usize,
        signature: &Signature,
    ) -> Result<Address, Revert> {
        let owner = Address::from_word(signature.r);
        let part: &[u8; 128] = fixed_part(all, length, signature.s, P256_SIGNATURE_BEYOND)?;
        let (r, s, key) = p256::split(part);
        let is_own = owner == p256::address(&key) && p256::p256verify(self, hash, r, s, &key);
        ensure!(is_own, P256_SIGNATURE_WRONG);
        Ok(owner)
    }
}
