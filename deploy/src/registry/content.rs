//! What a record's hash is and how the record is found: CIDs and multihashes, by the multiformats project's own crates.
//!
//! A person gives a multihash, a CID, or the contract's numbers. They must agree where more than one is given.

use alloy::primitives::{B256, hex};
use cid::Cid;
use cid::multibase;
use cid::multihash::Multihash;
use consilium_bindings::DataPointerRegistry::Manifest;

/// The hashes that the contract takes, by their names in the multicodec table.
pub(super) const HASHES: [(&str, u64); 4] =
    [("sha2-256", 0x12), ("blake3", 0x1e), ("keccak-256", 0x1b), ("blake2b-256", 0xb220)];

/// The codecs that the contract takes, likewise.
pub(super) const CODECS: [(&str, u64); 3] = [("raw", 0x55), ("dag-pb", 0x70), ("dag-cbor", 0x71)];

/// A CIDv1 of the record's own digest.
pub(super) const SAME_CID: u8 = 1;
/// A CIDv1 of another sha2-256 digest.
pub(super) const OTHER_CID: u8 = 2;
/// The last kind. 3 is an Arweave id, and this one the keccak-256 of a private URL.
const LAST_KIND: u8 = 4;

/// The digest of a CID of a block is that of the record only where the block is the record.
const RAW: u64 = 0x55;
const SHA2_256: u64 = 0x12;

/// A hash by its code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Digest {
    pub(super) code: u64,
    pub(super) digest: B256,
}

/// What a person says of a record's content, as far as it is said.
#[derive(Clone, Debug, Default)]
pub(super) struct Said {
    pub(super) multihash: Option<Digest>,
    pub(super) hash_code: Option<u64>,
    pub(super) digest: Option<B256>,
    pub(super) cid: Option<Cid>,
    pub(super) kind: Option<u8>,
    pub(super) codec: Option<u64>,
    pub(super) locator: Option<B256>,
}

/// A multihash: hexadecimal digits after 0x, or multibase.
pub(super) fn multihash(text: &str) -> Result<Digest, String> {
    let bytes = match text.strip_prefix("0x") {
        Some(digits) => hex::decode(digits).ok(),
        None => multibase::decode(text).ok().map(|(_, bytes)| bytes),
    };
    let bytes = bytes.ok_or(
        "`multihash` is not a multihash: write 0x1220 and the 64 digits of a sha2-256 digest, or a multibase text",
    )?;
    // 64 bytes are the crate's own limit, and more than any hash here has.
    let hash =
        Multihash::<64>::from_bytes(&bytes).map_err(|error| format!("`multihash` is not a multihash: {error}"))?;
    digest_of(&hash, "`multihash`")
}

/// A CID, version 1.
pub(super) fn cid(text: &str) -> Result<Cid, String> {
    let found = Cid::try_from(text).map_err(|error| {
        format!("`cid` is not a CID: {error}; write one as bafkrei…, as `ipfs cid base32` prints it")
    })?;
    if found.version() == cid::Version::V0 {
        let v1 = found.into_v1().map_err(|error| format!("`cid` is not a CID: {error}"))?;
        return Err(format!("`cid` is of version 0, and the contract takes version 1: write {v1}, which is the same"));
    }
    if !CODECS.iter().any(|(_, code)| *code == found.codec()) {
        return Err(format!("`cid` has the codec 0x{:x}: the contract takes {}", found.codec(), names(&CODECS)));
    }
    digest_of(found.hash(), "`cid`").map(|_| found)
}

fn digest_of(hash: &Multihash<64>, what: &str) -> Result<Digest, String> {
    if !HASHES.iter().any(|(_, code)| *code == hash.code()) {
        return Err(format!("{what} is of the hash 0x{:x}: the contract takes {}", hash.code(), names(&HASHES)));
    }
    let digest = B256::try_from(hash.digest())
        .map_err(|_| format!("{what} has a digest of {} bytes: the contract takes 32", hash.digest().len()))?;
    Ok(Digest { code: hash.code(), digest })
}

/// The code of a hash or a codec, from its name or its number.
pub(super) fn code(text: &str, table: &[(&str, u64)], what: &str) -> Result<u64, String> {
    let named = table.iter().find(|(name, _)| name.eq_ignore_ascii_case(text)).map(|(_, code)| *code);
    let number = || match text.strip_prefix("0x") {
        Some(digits) => u64::from_str_radix(digits, 16).ok(),
        None => text.parse().ok(),
    };
    named.or_else(number).ok_or_else(|| format!("`{what}` is not in the table: write one of {}", names(table)))
}

fn names(table: &[(&str, u64)]) -> String {
    let names: Vec<_> = table.iter().map(|(name, code)| format!("{name} (0x{code:x})")).collect();
    names.join(", ")
}

impl Said {
    /// The contract's five members, which are a manifest's too.
    pub(super) fn members(self) -> Result<Manifest, String> {
        let located = self.cid.as_ref().map(|cid| (cid.codec(), cid.hash()));
        let content = self.content(located)?;
        let manifest = match located {
            None => Manifest {
                hashCode: content.code,
                digest: content.digest,
                locatorKind: self.kind.ok_or("it lacks `cid`: give it, or `locatorKind` and `locator`")?,
                locatorCodec: self.codec.unwrap_or(0),
                locator: self.locator.unwrap_or(B256::ZERO),
            },
            Some((codec, hash)) => {
                let found = by_cid(content, codec, digest_of(hash, "`cid`")?)?;
                let differs = self.kind.is_some_and(|kind| kind != found.locatorKind)
                    || self.codec.is_some_and(|codec| codec != found.locatorCodec)
                    || self.locator.is_some_and(|locator| locator != found.locator);
                if differs {
                    return Err("`cid` is another locator than the members beside it say: give one of them".to_owned());
                }
                found
            }
        };
        well_formed(&manifest)?;
        Ok(manifest)
    }

    /// The hash of the record itself.
    fn content(&self, located: Option<(u64, &Multihash<64>)>) -> Result<Digest, String> {
        let by_members = match (self.hash_code, self.digest) {
            (Some(code), Some(digest)) => Some(Digest { code, digest }),
            (None, None) => None,
            (Some(_), None) => return Err("it has `hashCode` and lacks `digest`: give both".to_owned()),
            (None, Some(_)) => return Err("it has `digest` and lacks `hashCode`: give both".to_owned()),
        };
        match (self.multihash, by_members, located) {
            (Some(hash), Some(members), _) if hash != members => {
                Err("`multihash` is another hash than `hashCode` and `digest` say: correct one of them".to_owned())
            }
            (Some(hash), _, _) | (None, Some(hash), _) => Ok(hash),
            (None, None, Some((RAW, hash))) => digest_of(hash, "`cid`"),
            (None, None, Some(_)) => {
                Err("its CID is that of a tree of blocks, so it says no hash of the record: give `multihash` too"
                    .to_owned())
            }
            (None, None, None) => Err("it says no hash of the record: give `multihash`, or a `cid` of raw".to_owned()),
        }
    }
}

/// The locator that a CID is, for a record of this hash.
fn by_cid(content: Digest, codec: u64, hash: Digest) -> Result<Manifest, String> {
    let (kind, locator) = match hash {
        same if same == content => (SAME_CID, B256::ZERO),
        Digest { code: SHA2_256, digest } => (OTHER_CID, digest),
        _ => {
            return Err("its CID has another digest than the record, and not by sha2-256: take the CID of the record"
                .to_owned());
        }
    };
    let Digest { code, digest } = content;
    Ok(Manifest { hashCode: code, digest, locatorKind: kind, locatorCodec: codec, locator })
}

/// Refuses what the contract refuses, with what to do.
fn well_formed(found: &Manifest) -> Result<(), String> {
    if !HASHES.iter().any(|(_, code)| *code == found.hashCode) {
        return Err(format!("`hashCode` is 0x{:x}: the contract takes {}", found.hashCode, names(&HASHES)));
    }
    if found.digest.is_zero() {
        return Err("`digest` is zero: give the hash of the encrypted record".to_owned());
    }
    let is_cid = matches!(found.locatorKind, SAME_CID | OTHER_CID);
    if !is_cid && !(OTHER_CID..=LAST_KIND).contains(&found.locatorKind) {
        return Err(format!(
            "`locatorKind` is {}: write 1 or 2 for a CID, 3 for an Arweave id, 4 for the \
                            keccak-256 of a private URL",
            found.locatorKind
        ));
    }
    if is_cid && !CODECS.iter().any(|(_, code)| *code == found.locatorCodec) {
        return Err(format!("`locatorCodec` is 0x{:x}: a CID's is {}", found.locatorCodec, names(&CODECS)));
    }
    if !is_cid && found.locatorCodec != 0 {
        return Err("`locatorCodec` belongs to a CID alone: leave it out".to_owned());
    }
    match (found.locatorKind, found.locator.is_zero()) {
        (SAME_CID, false) => Err("`locator` is zero where the CID has the record's digest: leave it out".to_owned()),
        (SAME_CID, true) | (_, false) => Ok(()),
        (_, true) => Err("it lacks `locator`: 32 bytes, not all zero".to_owned()),
    }
}

/// The CID that a locator is; none where it is another kind.
pub(super) fn located(found: &Manifest) -> Option<Cid> {
    let (code, digest) = match found.locatorKind {
        SAME_CID => (found.hashCode, found.digest),
        OTHER_CID => (SHA2_256, found.locator),
        _ => return None,
    };
    // 32 bytes always fit.
    let hash = Multihash::wrap(code, digest.as_slice()).ok()?;
    Some(Cid::new_v1(found.locatorCodec, hash))
}

/// The members of a manifest from the CID of the file that it is, or from a multihash and a CID.
///
/// # Errors
/// In words, if they are none that the contract takes.
pub fn located_by(cid: &str, hash: Option<&str>) -> Result<Manifest, String> {
    Said { cid: Some(self::cid(cid)?), multihash: hash.map(multihash).transpose()?, ..Said::default() }.members()
}

/// The CID of a record or a manifest; none where it is found otherwise.
pub fn cid_of(found: &Manifest) -> Option<String> {
    located(found).map(|cid| cid.to_string())
}

/// The members of a record or a manifest that is found by the CID of its own bytes, from their sha2-256.
pub fn of_bytes(sha2_256: B256) -> Manifest {
    Manifest { hashCode: SHA2_256, digest: sha2_256, locatorKind: SAME_CID, locatorCodec: RAW, locator: B256::ZERO }
}

#[cfg(test)]
mod tests;
