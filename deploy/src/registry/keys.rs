//! Keys of records, and how a custodian hands one over: wrapped for the key that the requester gave, by HPKE
//! (RFC 9180: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM, base mode).
//!
//! What is wrapped is the record's key and the salt of its commitment. It is bound to the chain, the registry, the
//! pointer and the request, so that an answer to one request cannot be passed off as the answer to another.
//!
//! Files with a secret are for their owner alone (mode 600).

use std::path::Path;

use alloy::primitives::{Address, B256, Bytes, U256, keccak256};
use alloy::sol_types::SolValue;
use eyre::{Result, WrapErr, ensure, eyre};
use hpke::aead::AesGcm256;
use hpke::kdf::HkdfSha256;
use hpke::kem::X25519HkdfSha256;
use hpke::{Deserializable, Kem, OpModeR, OpModeS, Serializable};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::files;

/// What the files are.
const ENCRYPTION_KEY: &str = "consilium X25519 key 1";
/// As [`ENCRYPTION_KEY`].
const RECORD_KEY: &str = "consilium record key 1";
/// As [`ENCRYPTION_KEY`].
const WRAPPED_KEY: &str = "consilium wrapped key 1";

/// HPKE's info: what the keys are for.
const INFO: &[u8] = b"consilium data pointer registry: the key of a record, 1";

/// A requester's pair of keys (X25519).
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EncryptionKey {
    format: String,
    public_key: B256,
    private_key: B256,
}

/// The key that a record is encrypted with, and the salt of the commitment to it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RecordKey {
    format: String,
    key: B256,
    salt: B256,
}

/// A record's key, wrapped for who asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WrappedKey {
    format: String,
    chain_id: u64,
    registry: Address,
    id: B256,
    request_id: B256,
    encapsulated_key: B256,
    ciphertext: Bytes,
}

/// What a wrapped key is an answer to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    /// EIP-155 chain id.
    pub chain: u64,
    /// The registry.
    pub registry: Address,
    /// The pointer.
    pub id: B256,
    /// The request.
    pub request: B256,
}

impl Asked {
    /// HPKE's associated data.
    fn bytes(&self) -> Vec<u8> {
        (U256::from(self.chain), self.registry, self.id, self.request).abi_encode()
    }
}

impl EncryptionKey {
    /// A new pair, by the system's random numbers.
    pub fn random() -> Self {
        let (private, public) = X25519HkdfSha256::gen_keypair();
        let (private_key, public_key) = (word(&private.to_bytes()), word(&public.to_bytes()));
        Self { format: ENCRYPTION_KEY.to_owned(), public_key, private_key }
    }

    /// The key to give with a request.
    pub const fn public(&self) -> B256 {
        self.public_key
    }

    /// Reads a file that [`EncryptionKey::write_new`] wrote.
    ///
    /// # Errors
    /// If it cannot be read, has another form, or its keys do not belong together.
    pub fn load(path: &Path) -> Result<Self> {
        let found: Self = load(path, "a key to be asked with", ENCRYPTION_KEY, |found: &Self| &found.format)?;
        let private = found.private().wrap_err_with(|| path.display().to_string())?;
        let public = word(&X25519HkdfSha256::sk_to_pk(&private).to_bytes());
        ensure!(public == found.public_key, "{}: its keys do not belong together: name another file", path.display());
        Ok(found)
    }

    /// Writes it to a new file for its owner alone.
    ///
    /// # Errors
    /// If the file is there already, or cannot be written.
    pub fn write_new(&self, path: &Path) -> Result<()> {
        files::write_new(path, self, 0o600)
    }

    fn private(&self) -> Result<<X25519HkdfSha256 as Kem>::PrivateKey> {
        Deserializable::from_bytes(self.private_key.as_slice()).map_err(|_| eyre!("the private key cannot be used"))
    }
}

impl RecordKey {
    /// A new key and a new salt, by the system's random numbers.
    ///
    /// # Errors
    /// If the system has none.
    pub fn random() -> Result<Self> {
        Ok(Self::new(random()?, random()?))
    }

    /// A key and a salt that are there already.
    pub fn new(key: B256, salt: B256) -> Self {
        Self { format: RECORD_KEY.to_owned(), key, salt }
    }

    /// The key of AES-256.
    pub const fn key(&self) -> B256 {
        self.key
    }

    /// The commitment that the pointer has: keccak256 of the salt and the key.
    pub fn commitment(&self) -> B256 {
        keccak256([self.salt.as_slice(), self.key.as_slice()].concat())
    }

    /// Reads a file that [`RecordKey::write_new`] wrote.
    ///
    /// # Errors
    /// If it cannot be read or has another form.
    pub fn load(path: &Path) -> Result<Self> {
        load(path, "a record's key", RECORD_KEY, |found: &Self| &found.format)
    }

    /// Writes it to a new file for its owner alone.
    ///
    /// # Errors
    /// If the file is there already, or cannot be written.
    pub fn write_new(&self, path: &Path) -> Result<()> {
        files::write_new(path, self, 0o600)
    }

    /// Wraps it for whoever has the private key of `public`.
    ///
    /// # Errors
    /// If `public` is no key of X25519 that can be used.
    pub fn wrap(&self, public: B256, asked: &Asked) -> Result<WrappedKey> {
        let unusable = || eyre!("{public} is not a public key of X25519: the request cannot be answered");
        let to = <X25519HkdfSha256 as Kem>::PublicKey::from_bytes(public.as_slice()).map_err(|_| unusable())?;
        let secret = [self.key.as_slice(), self.salt.as_slice()].concat();
        let (encapsulated, ciphertext) = hpke::single_shot_seal::<AesGcm256, HkdfSha256, X25519HkdfSha256>(
            &OpModeS::Base,
            &to,
            INFO,
            &secret,
            &asked.bytes(),
        )
        .map_err(|_| unusable())?;
        Ok(WrappedKey {
            format: WRAPPED_KEY.to_owned(),
            chain_id: asked.chain,
            registry: asked.registry,
            id: asked.id,
            request_id: asked.request,
            encapsulated_key: word(&encapsulated.to_bytes()),
            ciphertext: ciphertext.into(),
        })
    }
}

impl WrappedKey {
    /// What it is an answer to.
    pub const fn asked(&self) -> Asked {
        Asked { chain: self.chain_id, registry: self.registry, id: self.id, request: self.request_id }
    }

    /// What the registry records of it: keccak256 of the encapsulated key and the ciphertext.
    pub fn hash(&self) -> B256 {
        keccak256([self.encapsulated_key.as_slice(), &self.ciphertext].concat())
    }

    /// The record's key.
    ///
    /// # Errors
    /// If it was wrapped for another key or another request, or was changed.
    pub fn open(&self, key: &EncryptionKey) -> Result<RecordKey> {
        let wrong = || eyre!("the wrapped key does not open: it is for another key or another request, or was changed");
        let from = Deserializable::from_bytes(self.encapsulated_key.as_slice()).map_err(|_| wrong())?;
        let opened = hpke::single_shot_open::<AesGcm256, HkdfSha256, X25519HkdfSha256>(
            &OpModeR::Base,
            &key.private()?,
            &from,
            INFO,
            &self.ciphertext,
            &self.asked().bytes(),
        );
        let opened = opened.map_err(|_| wrong())?;
        match opened.split_at_checked(32) {
            Some((key, salt)) if salt.len() == 32 => Ok(RecordKey::new(word(key), word(salt))),
            _ => Err(wrong()),
        }
    }

    /// Reads a file that [`WrappedKey::write_new`] wrote.
    ///
    /// # Errors
    /// If it cannot be read or has another form.
    pub fn load(path: &Path) -> Result<Self> {
        load(path, "a wrapped key", WRAPPED_KEY, |found: &Self| &found.format)
    }

    /// Writes it to a new file.
    ///
    /// # Errors
    /// If the file is there already, or cannot be written.
    pub fn write_new(&self, path: &Path) -> Result<()> {
        files::write_new(path, self, 0o644)
    }
}

fn word(bytes: &[u8]) -> B256 {
    B256::right_padding_from(bytes)
}

/// Random bytes, by the system.
fn random() -> Result<B256> {
    let mut word = B256::ZERO;
    getrandom::fill(word.as_mut_slice()).map_err(|error| eyre!("the system gives no random numbers: {error}"))?;
    Ok(word)
}

fn load<T: DeserializeOwned>(path: &Path, what: &str, format: &str, of: impl Fn(&T) -> &String) -> Result<T> {
    let shown = path.display();
    let text = files::text(path, files::MEBIBYTE).wrap_err_with(|| format!("{shown} cannot be read"))?;
    let found: T = serde_json::from_str(&text)
        .map_err(|error| eyre!("{shown} is not {what}: {}: name the right file", files::json(&error)))?;
    ensure!(of(&found) == format, "{shown} is not {what}: its format is not \"{format}\": name the right file");
    Ok(found)
}

#[cfg(test)]
mod tests;
