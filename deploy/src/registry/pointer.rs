//! A pointer as a person writes it, and all that can be checked of it without a chain.

use alloy::primitives::{Address, B256, keccak256};
use alloy::sol_types::SolValue;
use consilium_bindings::DataPointerRegistry::{Manifest, Pointer};
use serde_json::{Value, json};

use super::content::{self, CODECS, HASHES, Said};
use crate::consent::Names;
use crate::rows::{self, Kind, lacks};

/// The contract's members, in its order, and then the two that say several of them at once.
const FIELDS: [&str; 14] = [
    "subject",
    "custodian",
    "dataClass",
    "schema",
    "hashCode",
    "digest",
    "locatorKind",
    "locatorCodec",
    "locator",
    "encryption",
    "keyCommitment",
    "previous",
    "multihash",
    "cid",
];

/// How many of them the contract has.
const MEMBERS: usize = 12;

/// What the rows of a list of pointers are.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pointers;

impl Kind for Pointers {
    const NAME: &'static str = "pointer";
    const FIELDS: &'static [&'static str] = &FIELDS;
    const MEMBERS: usize = MEMBERS;
    const NEEDED: &'static [&'static str] =
        &["subject", "custodian", "dataClass", "schema", "encryption", "keyCommitment"];
}

/// A pointer of which nothing was checked.
pub(super) type Draft<'a> = rows::Draft<'a, Pointers>;

/// The pointer's id, the leaf of `@openzeppelin/merkle-tree`.
pub fn pointer_id(pointer: &Pointer) -> B256 {
    keccak256(keccak256(pointer.abi_encode()))
}

impl rows::Draft<'_, Pointers> {
    /// Names the custodian, where nobody is named.
    pub(super) fn default_custodian(&mut self, custodian: Option<Address>) {
        if let (None, Some(account)) = (self.get("custodian"), custodian) {
            self.name("custodian", account.to_string());
        }
    }

    /// The pointer.
    ///
    /// # Errors
    /// In words: which member is missing or cannot be, and what to write.
    pub(crate) fn pointer(&self, names: &Names) -> Result<Pointer, String> {
        let said = Said {
            multihash: self.get("multihash").map(content::multihash).transpose()?,
            hash_code: self.get("hashCode").map(|text| content::code(text, &HASHES, "hashCode")).transpose()?,
            digest: self.word("digest")?,
            cid: self.get("cid").map(content::cid).transpose()?,
            kind: self.number("locatorKind")?,
            codec: self.codec()?,
            locator: self.word("locator")?,
        };
        let Manifest { hashCode, digest, locatorKind, locatorCodec, locator } = said.members()?;
        let class = self.needed("dataClass")?;
        let encryption = self.number("encryption")?.ok_or_else(|| lacks("encryption"))?;
        let key_commitment = self.word("keyCommitment")?.ok_or_else(|| lacks("keyCommitment"))?;
        if encryption == 0 {
            return Err("`encryption` is 0: the contract's numbers count from 1".to_owned());
        }
        if key_commitment.is_zero() {
            return Err("`keyCommitment` is zero: give the salted hash of the record's key".to_owned());
        }
        let pointer = Pointer {
            subject: self.account("subject")?,
            custodian: self.account("custodian")?,
            dataClass: names.class(class).map_err(|reason| format!("`dataClass`: {reason}"))?,
            schema: self.number("schema")?.ok_or_else(|| lacks("schema"))?,
            hashCode,
            digest,
            locatorKind,
            locatorCodec,
            locator,
            encryption,
            keyCommitment: key_commitment,
            previous: self.word("previous")?.unwrap_or(B256::ZERO),
        };
        if pointer.schema == 0 {
            return Err("`schema` is 0: the contract's numbers count from 1".to_owned());
        }
        Ok(pointer)
    }

    /// The codec; 0 where a list of members has it so, as a locator that is not a CID does.
    fn codec(&self) -> Result<Option<u64>, String> {
        self.get("locatorCodec").map(|text| content::code(text, &CODECS, "locatorCodec")).transpose()
    }
}

/// A pointer for programs: the contract's members by their names, and the CID where it is found by one.
pub fn pointer_json(pointer: &Pointer) -> Value {
    let mut value = json!({
        "subject": pointer.subject,
        "custodian": pointer.custodian,
        "dataClass": pointer.dataClass,
        "schema": pointer.schema,
        "hashCode": pointer.hashCode,
        "digest": pointer.digest,
        "locatorKind": pointer.locatorKind,
        "locatorCodec": pointer.locatorCodec,
        "locator": pointer.locator,
        "encryption": pointer.encryption,
        "keyCommitment": pointer.keyCommitment,
        "previous": pointer.previous,
    });
    if let (Some(members), Some(cid)) = (value.as_object_mut(), content::located(&found_by(pointer))) {
        members.insert("cid".to_owned(), cid.to_string().into());
    }
    value
}

/// The contract's members of a pointer as a list in their order, as `StandardMerkleTree.of` takes it.
pub(super) fn listed(pointer: &Pointer) -> String {
    let Pointer {
        subject,
        custodian,
        dataClass,
        schema,
        hashCode,
        digest,
        locatorKind,
        locatorCodec,
        locator,
        encryption,
        keyCommitment,
        previous,
    } = pointer;
    format!(
        "[\"{subject:#x}\",\"{custodian:#x}\",{dataClass},{schema},{hashCode},\"{digest}\",{locatorKind},\
         {locatorCodec},\"{locator}\",{encryption},\"{keyCommitment}\",\"{previous}\"]"
    )
}

/// What a pointer points to, as the members of a manifest.
pub(super) const fn found_by(pointer: &Pointer) -> Manifest {
    let &Pointer { hashCode, digest, locatorKind, locatorCodec, locator, .. } = pointer;
    Manifest { hashCode, digest, locatorKind, locatorCodec, locator }
}

#[cfg(test)]
mod tests;
