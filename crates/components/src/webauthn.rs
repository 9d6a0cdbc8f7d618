//! WebAuthn assertions: what a passkey signs when its user agrees to a challenge.
//!
//! The rules are those of OpenZeppelin's `WebAuthn` (`utils/cryptography/`), 5.7, with user verification required. As
//! there, origin, counter and extensions are not looked at: browser and authenticator are trusted for them. The hash of
//! the relying party's id is not checked here either; [`Assertion::rp_id_hash`] has it.
//!
//! One thing is stricter: a `typeIndex` outside of the text is refused. OpenZeppelin's runs out of gas over a large
//! one. From 2^256 - 20 on it wraps, and takes some texts that are not JSON
//! (`tests/components/passkeys/differences.rs`).
//!
//! One assertion has many encodings, so the bytes of a signature identify nothing: use nonces.

use alloc::vec::Vec;

use alloy_primitives::{Address, B256, address};
use consilium_abi::Chain;

use crate::p256;

/// The precompile that hashes by SHA-256.
const SHA256: Address = address!("0000000000000000000000000000000000000002");

/// A user is there, and has shown who they are: by a PIN, a finger, a face.
const PRESENT_AND_VERIFIED: u8 = 0x01 | 0x04;
/// The key may be copied to the user's other devices.
const MAY_BE_COPIED: u8 = 0x08;
/// The key has been copied.
const IS_COPIED: u8 = 0x10;

/// An assertion, with what its signer found in it. Its fields are those of OpenZeppelin's `WebAuthnAuth`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Assertion<'a> {
    /// The first half of the signature.
    pub r: B256,
    /// The second half of the signature.
    pub s: B256,
    /// Where `"challenge":"…"` begins in the text, in bytes. [`usize::MAX`] stands for all that are larger.
    pub challenge_index: usize,
    /// Where `"type":"…"` begins in the text, in bytes. [`usize::MAX`] stands for all that are larger.
    pub type_index: usize,
    /// What the authenticator says: hash of the relying party's id, flags, counter, extensions.
    pub authenticator_data: &'a [u8],
    /// What the browser says: type, challenge, origin. A text in JSON.
    pub client_data_json: &'a [u8],
}

impl Assertion<'_> {
    /// SHA-256 of the relying party's id: of the domain that the passkey was made for.
    pub fn rp_id_hash(&self) -> Option<B256> {
        self.authenticator_data.first_chunk().map(|hash| B256::new(*hash))
    }
}

/// The assertion in a signature, as OpenZeppelin's `tryDecodeAuth` finds it.
///
/// The signature is `abi.encode(r, s, challengeIndex, typeIndex, authenticatorData, clientDataJSON)`, so without the
/// offset of 32 that `abi.encode` writes before a whole struct. As there, the two offsets may be any that lead to a
/// length and so many bytes within the signature: they may overlap, and bytes may be left over.
pub fn decode(signature: &[u8]) -> Option<Assertion<'_>> {
    Some(Assertion {
        r: word(signature, 0)?.into(),
        s: word(signature, 32)?.into(),
        challenge_index: number(word(signature, 64)?),
        type_index: number(word(signature, 96)?),
        authenticator_data: bytes(signature, 128)?,
        client_data_json: bytes(signature, 160)?,
    })
}

/// Whether the passkey `qx ‖ qy` agreed to `challenge` in this assertion, with its user present and verified.
pub fn verify(chain: &impl Chain, challenge: &[u8], assertion: &Assertion<'_>, key: &[u8; 64]) -> bool {
    let Assertion { authenticator_data, client_data_json, .. } = *assertion;
    // 37 bytes at least: the hash, the flags, the counter.
    let Some(&[.., flags, _, _, _, _]) = authenticator_data.first_chunk::<37>() else { return false };
    let from = |index| client_data_json.get(index..);
    flags & PRESENT_AND_VERIFIED == PRESENT_AND_VERIFIED
        && flags & (MAY_BE_COPIED | IS_COPIED) != IS_COPIED
        && from(assertion.type_index).is_some_and(|text| text.starts_with(br#""type":"webauthn.get""#))
        && from(assertion.challenge_index).is_some_and(|text| has_challenge(text, challenge))
        && signed_hash(chain, authenticator_data, client_data_json)
            .is_some_and(|hash| p256::verify(chain, hash, assertion.r, assertion.s, key))
}

/// What the authenticator signs.
fn signed_hash(chain: &impl Chain, authenticator_data: &[u8], client_data_json: &[u8]) -> Option<B256> {
    let text = sha256(chain, client_data_json)?;
    sha256(chain, &[authenticator_data, text.as_slice()].concat())
}

fn sha256(chain: &impl Chain, data: &[u8]) -> Option<B256> {
    let hash: Vec<u8> = chain.static_call(SHA256, data).ok()?;
    B256::try_from(hash.as_slice()).ok()
}

/// The digits of base64url (RFC 4648, section 5).
const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Whether the text begins with the challenge, in base64url without padding.
fn has_challenge(text: &[u8], challenge: &[u8]) -> bool {
    let Some(text) = text.strip_prefix(br#""challenge":""#) else { return false };
    let mut text = text.iter();
    // Of the bits that were read, the last `count` are still to be compared.
    let (mut bits, mut count) = (0, 0);
    for byte in challenge {
        bits = bits << 8 | u32::from(*byte);
        count += 8;
        while count >= 6 {
            count -= 6;
            if text.next() != Some(digit(bits >> count)) {
                return false;
            }
        }
    }
    (count == 0 || text.next() == Some(digit(bits << (6 - count)))) && text.next() == Some(&b'"')
}

/// The digit for the last six bits.
fn digit(bits: u32) -> &'static u8 {
    &DIGITS[bits as usize & 63]
}

fn word(data: &[u8], at: usize) -> Option<[u8; 32]> {
    data.get(at..)?.first_chunk().copied()
}

/// A word as a length or a place. No place in calldata is above `u32::MAX`.
fn number(word: [u8; 32]) -> usize {
    let [high @ .., a, b, c, d] = word;
    if high == [0; 28] { u32::from_be_bytes([a, b, c, d]) as usize } else { usize::MAX }
}

/// The bytes whose offset is in the word at `at`.
fn bytes(signature: &[u8], at: usize) -> Option<&[u8]> {
    let data = signature.get(number(word(signature, at)?)..)?;
    let (length, bytes) = data.split_first_chunk()?;
    bytes.get(..number(*length))
}

#[cfg(test)]
mod tests;
