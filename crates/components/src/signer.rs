//! Signers of every kind, as bytes: an account, a passkey, or a verifier and its key (ERC-7913).
//!
//! | bytes | the signer | its address |
//! |---|---|---|
//! | 20 | an account: a key's, or a contract's (ERC-1271) | these bytes |
//! | 64 | a passkey: `qx ‖ qy` of a point on P-256 | last 20 bytes of the keccak-256 of these bytes |
//! | other, above 20 | an ERC-7913 verifier's address, then its key | last 20 bytes of the keccak-256 of these bytes |
//!
//! So an ERC-7913 verifier cannot have keys of 44 bytes here.

use alloy_primitives::{Address, B256, keccak256};
use consilium_abi::Chain;

use crate::{signature, webauthn};

/// That a signer has signed, and what its signature also says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signed {
    /// Of a passkey: SHA-256 of the id of the relying party that its user signed for. Not compared with anything.
    pub rp_id_hash: Option<B256>,
}

/// The address that stands for a signer. Fewer than 20 bytes are nobody.
///
/// Believe it only together with [`has_signed`] of the same bytes: 64 bytes that are an account's public key on
/// secp256k1 have that account's address, and are nobody's passkey.
pub fn signer_address(signer: &[u8]) -> Option<Address> {
    match signer.len() {
        ..20 => None,
        20 => Some(Address::from_slice(signer)),
        _ => Some(Address::from_word(keccak256(signer))),
    }
}

/// What `signer` has shown by `signature` of `hash`, now; nothing where it has not signed. A passkey's challenge is
/// the hash.
///
/// Nobody has to trust a signer: its code (ERC-1271, ERC-7913) gets at most `gas` gas, cannot change anything, and one
/// word of its answer is read. Where less than `gas` is left, it gets what is left, so a no may be the sender's doing.
/// Where a no has consequences, require enough gas first.
#[inline]
pub fn has_signed(chain: &impl Chain, gas: u64, signer: &[u8], hash: B256, signature: &[u8]) -> Option<Signed> {
    if let Ok(key) = signer.try_into() {
        let assertion = webauthn::decode(signature)?;
        let signed = Signed { rp_id_hash: assertion.rp_id_hash() };
        return webauthn::verify(chain, hash.as_slice(), &assertion, key).then_some(signed);
    }
    signature::is_valid_signer_within(chain, gas, signer, hash, signature).then_some(Signed { rp_id_hash: None })
}

#[cfg(test)]
mod tests;
