//! The rules as pure functions.

use core::ops::Range;

use alloy_primitives::{B256, U256, b256};
use consilium_abi::Constant;

use crate::storage::SchemaWord;

/// States of a pointer. 0 is one that was never registered.
pub(crate) const REGISTERED: u8 = 1;
/// Another one superseded it.
pub(crate) const REPLACED: u8 = 2;
/// It was erased.
pub(crate) const ERASED: u8 = 3;
/// Its subject refused it before it was registered.
pub(crate) const REFUSED: u8 = 4;

/// States of a schema. 0 is one that was never proposed.
pub(crate) const PROPOSED: u8 = 1;
/// Pointers can be registered under it.
pub(crate) const ACTIVE: u8 = 2;
/// The same until its sunset.
pub(crate) const DEPRECATED: u8 = 3;
/// Another one replaces it.
pub(crate) const SUPERSEDED: u8 = 4;

/// The number of purposes in the consent.
pub(crate) const PURPOSES: u8 = 64;

/// How many entries a page of a list has at most.
const LONGEST_PAGE: u64 = 1_000;

/// A CIDv1 whose hash and digest are the content's.
const SAME_CID: u8 = 1;
/// A CIDv1 with another digest, of sha2-256.
const OTHER_CID: u8 = 2;
/// An Arweave id.
const ARWEAVE: u8 = 3;
/// The keccak-256 of a private URL.
const URL: u8 = 4;

/// sha2-256, blake3, keccak-256, blake2b-256.
const HASHES: [u64; 4] = [0x12, 0x1e, 0x1b, 0xb220];
/// raw, dag-pb, dag-cbor.
const CODECS: [u64; 3] = [0x55, 0x70, 0x71];

/// The two keys of order 8.
const ORDER_8: [Constant; 2] = [
    Constant::new(b256!("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800")),
    Constant::new(b256!("5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157")),
];

/// What is hashed how, and found how, in the numbers that are stored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Codes {
    /// The place among [`HASHES`].
    pub(crate) hash: u8,
    /// The kind of the locator.
    pub(crate) kind: u8,
    /// The place among [`CODECS`].
    pub(crate) codec: u8,
}

impl Codes {
    /// The code of the hash in the multicodec table. Zero where nothing is stored.
    pub(crate) fn hash_code(self) -> u64 {
        let is_stored = self.kind != 0;
        HASHES.get(usize::from(self.hash)).copied().filter(|_| is_stored).unwrap_or_default()
    }

    /// The code of the CID's codec. Zero for what is no CID.
    pub(crate) fn codec_code(self) -> u64 {
        let is_cid = matches!(self.kind, SAME_CID | OTHER_CID);
        CODECS.get(usize::from(self.codec)).copied().filter(|_| is_cid).unwrap_or_default()
    }
}

/// What is wrong with a digest and a locator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Malformed {
    /// No digest, or of a hash that cannot be used.
    Digest,
    /// The locator is not one of its kind.
    Locator,
}

/// The codes of a digest and a locator that belong together.
pub(crate) fn codes(hash_code: u64, digest: B256, kind: u8, codec: u64, locator: B256) -> Result<Codes, Malformed> {
    let hash = place(&HASHES, hash_code).filter(|_| !digest.is_zero()).ok_or(Malformed::Digest)?;
    let has_locator = !locator.is_zero();
    let codec = match kind {
        SAME_CID if !has_locator => place(&CODECS, codec),
        OTHER_CID if has_locator => place(&CODECS, codec),
        // No CID, so no codec.
        ARWEAVE | URL if has_locator && codec == 0 => Some(0),
        _ => None,
    };
    Ok(Codes { hash, kind, codec: codec.ok_or(Malformed::Locator)? })
}

fn place(of: &[u64], code: u64) -> Option<u8> {
    (0..).zip(of).find(|(_, known)| **known == code).map(|(place, _)| place)
}

/// Whether a reason of the consent lets a custodian register: a provision permits it (1), or it is the subject (2). An
/// emergency (3) does not.
pub(crate) fn gives_right(reason: u8) -> bool {
    matches!(reason, 1 | 2)
}

/// Whether a shared secret can be made with an X25519 public key. Who has a key of small order shares the same secret with
/// everybody, so nobody wraps anything for it: <https://cr.yp.to/ecdh.html#validate>.
pub(crate) fn is_usable(encryption_key: B256) -> bool {
    let mut key = encryption_key.0;
    // X25519 does not read the highest bit.
    key[31] &= 0x7f;
    let is_filled = |byte| key[1..31].iter().all(|found| *found == byte);
    // 0 and 1; p - 1, p and p + 1, where p is 2^255 - 19.
    let is_near_zero = key[0] <= 1 && is_filled(0) && key[31] == 0;
    let is_near_p = matches!(key[0], 0xec..=0xee) && is_filled(0xff) && key[31] == 0x7f;
    !is_near_zero && !is_near_p && key != ORDER_8[0].word() && key != ORDER_8[1].word()
}

/// The places of a page of a list: at most `limit` from `start` on.
pub(crate) fn page(count: u64, start: U256, limit: U256) -> Range<u64> {
    let start = start.saturating_to::<u64>().min(count);
    let limit = limit.saturating_to::<u64>().min(LONGEST_PAGE);
    start..count.min(start.saturating_add(limit))
}

/// Whether the DAO has activated a schema and not superseded it.
pub(crate) fn is_governed(state: u8) -> bool {
    matches!(state, ACTIVE | DEPRECATED)
}

/// Whether pointers are registered under a schema at `now`.
pub(crate) fn is_in_use(schema: &SchemaWord, now: u64) -> bool {
    schema.state == ACTIVE || schema.state == DEPRECATED && now < schema.sunset
}

#[cfg(test)]
mod tests;
