//! A pointer as a person writes it, and all that can be checked of it without a chain.

use std::borrow::Cow;

use alloy::primitives::{Address, B256, keccak256};
use alloy::sol_types::SolValue;
use consilium_bindings::DataPointerRegistry::{Manifest, Pointer};
use serde_json::{Value, json};

use super::content::{self, CODECS, HASHES, Said};
use crate::consent::Names;
use crate::signing::address;

/// The contract's members, in its order, and then the two that say several of them at once.
pub(super) const FIELDS: [&str; 14] = [
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

/// A pointer of which nothing was checked: a text for each of [`FIELDS`] that it has.
#[derive(Clone, Debug, Default)]
pub(super) struct Draft<'a>([Option<Cow<'a, str>>; FIELDS.len()]);

/// The place of a field, however its words are joined: `dataClass`, `data-class`, `data_class`, `DataClass`.
pub(super) fn field(name: &str) -> Option<usize> {
    let plain = |name: &str| name.replace(['-', '_', ' '], "").to_ascii_lowercase();
    let name = plain(name);
    FIELDS.iter().position(|field| plain(field) == name)
}

/// What to write where a name is not a field's.
pub(super) fn unknown(name: &str) -> String {
    let name = crate::shown::shortened(name, 40);
    format!("`{name}` is not a member of a pointer: write {}", FIELDS.join(", "))
}

/// The pointer's id, the leaf of `@openzeppelin/merkle-tree`.
pub fn pointer_id(pointer: &Pointer) -> B256 {
    keccak256(keccak256(pointer.abi_encode()))
}

impl<'a> Draft<'a> {
    /// Adds a text; an empty one says nothing. Refuses a second one.
    pub(super) fn set(&mut self, place: usize, text: impl Into<Cow<'a, str>>) -> Result<(), String> {
        let text = text.into();
        let Some(slot) = self.0.get_mut(place) else { return Err("it has too many members".to_owned()) };
        if text.is_empty() {
            return Ok(());
        }
        match slot.replace(text) {
            None => Ok(()),
            Some(_) => Err(format!("`{}` is there twice: delete one", FIELDS.get(place).unwrap_or(&""))),
        }
    }

    /// Names the custodian, where nobody is named.
    pub(super) fn default_custodian(&mut self, custodian: Option<Address>) {
        if let Some(slot) = field("custodian").and_then(|place| self.0.get_mut(place)) {
            *slot = slot.take().or(custodian.map(|account| account.to_string().into()));
        }
    }

    /// A pointer of JSON: an object of members, or the contract's members as a list in its order.
    pub(super) fn of_json(value: Value) -> Result<Draft<'static>, String> {
        let mut draft = Draft::default();
        match value {
            Value::Object(members) => {
                for (name, value) in members {
                    let place = field(&name).ok_or_else(|| unknown(&name))?;
                    draft.set(place, word(place, value)?)?;
                }
            }
            Value::Array(values) if values.len() == MEMBERS => {
                for (place, value) in values.into_iter().enumerate() {
                    draft.set(place, word(place, value)?)?;
                }
            }
            Value::Array(values) => {
                return Err(format!(
                    "a list of {} values is not a pointer: write its {MEMBERS} members in their order, or an object",
                    values.len()
                ));
            }
            _ => return Err("it is not a pointer: write an object with its members".to_owned()),
        }
        Ok(draft)
    }

    /// The pointer.
    ///
    /// # Errors
    /// In words: which member is missing or cannot be, and what to write.
    pub(super) fn pointer(&self, names: &Names) -> Result<Pointer, String> {
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

    fn get(&self, name: &str) -> Option<&str> {
        let place = FIELDS.iter().position(|field| *field == name)?;
        self.0.get(place)?.as_deref()
    }

    fn needed(&self, name: &str) -> Result<&str, String> {
        self.get(name).ok_or_else(|| lacks(name))
    }

    fn account(&self, name: &str) -> Result<Address, String> {
        let found = address(self.needed(name)?).map_err(|reason| format!("`{name}`: {reason}"))?;
        if found.is_zero() { Err(format!("`{name}` is the zero address, which is nobody's")) } else { Ok(found) }
    }

    fn word(&self, name: &str) -> Result<Option<B256>, String> {
        let Some(text) = self.get(name) else { return Ok(None) };
        let word = text.strip_prefix("0x").and_then(|digits| digits.parse().ok());
        Ok(Some(word.ok_or_else(|| format!("`{name}` is not 32 bytes: write 0x and 64 hexadecimal digits"))?))
    }

    fn number<N: std::str::FromStr>(&self, name: &str) -> Result<Option<N>, String> {
        let Some(text) = self.get(name) else { return Ok(None) };
        let number = text.parse().ok().filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()));
        Ok(Some(number.ok_or_else(|| format!("`{name}` is not a number that fits: write it in digits"))?))
    }
}

fn lacks(name: &str) -> String {
    format!("it lacks `{name}`")
}

fn word(place: usize, value: Value) -> Result<String, String> {
    match value {
        Value::String(text) => Ok(text),
        Value::Number(number) => Ok(number.to_string()),
        Value::Null => Ok(String::new()),
        _ => Err(format!("`{}` is neither a text nor a number", FIELDS.get(place).unwrap_or(&""))),
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
