//! Keys on P-256 that sign a hash as it is: in a file, a secure element or a security module. A passkey cannot: a browser
//! signs more than its challenge (see `passkey`).

use std::path::Path;

use alloy::primitives::{Address, B256, hex, keccak256};
use eyre::{Result, WrapErr, eyre};
use p256::SecretKey;
use p256::ecdsa::signature::hazmat::{PrehashSigner, PrehashVerifier};
use p256::ecdsa::{Signature, SigningKey, VerifyingKey};
use serde_json::Value;

use super::passkey::{bytes, key};
use crate::files;

/// What stands before a P-256 key in PKCS#8, behind the length of the whole; the key's own length follows.
const PKCS8: [u8; 25] = hex!("020100301306072a8648ce3d020106082a8648ce3d03010704");

/// The name of the curve (prime256v1) in DER.
const CURVE: [u8; 10] = hex!("06082a8648ce3d030107");

/// What a key is written in.
const FORMS: &str = "give a private key on P-256 (prime256v1) in PEM, as openssl writes it, or as a JSON Web Key";

/// A private key.
#[derive(Debug)]
pub struct P256Key(SigningKey);

impl P256Key {
    /// Reads a file: PEM (PKCS#8 or SEC 1), or a JSON Web Key.
    ///
    /// # Errors
    /// If it cannot be read, or has another form.
    pub fn load(path: &Path) -> Result<Self> {
        let text = files::text(path, files::MEBIBYTE).wrap_err_with(|| format!("{} cannot be read", path.display()))?;
        Self::parse(&text).map_err(|reason| eyre!("the key {}: {reason}", path.display()))
    }

    fn parse(text: &str) -> Result<Self, String> {
        if text.contains("ENCRYPTED") {
            return Err("it is encrypted: decrypt it, or let the device sign and give --p256-signature".to_owned());
        }
        let secret = if text.trim_start().starts_with('{') { of_jwk(text)? } else { of_pem(text).ok_or(FORMS)? };
        Ok(Self(secret.into()))
    }

    /// The account that the key has as an owner: the last 20 bytes of the keccak-256 of `qx ‖ qy`.
    pub fn account(&self) -> Address {
        account(&point(self.0.verifying_key()))
    }

    /// Signs a hash.
    ///
    /// # Errors
    /// If the key cannot sign it.
    pub fn sign(&self, hash: B256) -> Result<P256Signature> {
        let signature: Signature = self.0.sign_prehash(hash.as_slice())?;
        let signature = signature.normalize_s().unwrap_or(signature);
        Ok(P256Signature { signature, key: point(self.0.verifying_key()) })
    }
}

/// A signature of a hash, and the public key that made it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct P256Signature {
    /// `r` and `s`. Of the two good values of `s` it may have either.
    signature: Signature,
    /// `qx ‖ qy`.
    key: [u8; 64],
}

impl P256Signature {
    /// Its bytes: `r`, `s`, `qx`, `qy`.
    pub const LENGTH: usize = 128;

    /// Reads a file that a device's signature was written to: JSON with `signature` and `publicKey`, as a passkey's file
    /// has them.
    ///
    /// # Errors
    /// If it cannot be read, or has another form.
    pub fn load(path: &Path) -> Result<Self> {
        let text = files::text(path, files::MEBIBYTE).wrap_err_with(|| format!("{} cannot be read", path.display()))?;
        Self::parse(&text).map_err(|reason| eyre!("the signature {}: {reason}", path.display()))
    }

    fn parse(text: &str) -> Result<Self, String> {
        let whole: Value = serde_json::from_str(text).map_err(|error| files::json(&error))?;
        let find = |name: &str| whole.get(name).ok_or_else(|| format!("it has no `{name}`"));
        let signature = bytes(find("signature")?, "signature")?;
        Ok(Self { key: key(find("publicKey")?)?, signature: der_or_numbers(&signature)? })
    }

    /// Reads what [`P256Signature::bytes`] writes; none where a number is none of the curve's.
    pub fn of_bytes(bytes: &[u8; Self::LENGTH]) -> Option<Self> {
        let (signature, point) = bytes.split_at(64);
        let signature = Signature::from_slice(signature).ok()?;
        let key = <[u8; 64]>::try_from(point).ok().filter(|key| verifying(key).is_some())?;
        Some(Self { signature, key })
    }

    /// Its bytes.
    pub fn bytes(&self) -> [u8; Self::LENGTH] {
        let mut bytes = [0; Self::LENGTH];
        bytes[..64].copy_from_slice(&self.signature.to_bytes());
        bytes[64..].copy_from_slice(&self.key);
        bytes
    }

    /// The account of its key.
    pub fn account(&self) -> Address {
        account(&self.key)
    }

    /// Whether its key signed the hash.
    pub fn is_of(&self, hash: B256) -> bool {
        verifying(&self.key).is_some_and(|key| key.verify_prehash(hash.as_slice(), &self.signature).is_ok())
    }
}

fn account(key: &[u8; 64]) -> Address {
    Address::from_word(keccak256(key))
}

fn point(key: &VerifyingKey) -> [u8; 64] {
    let mut found = [0; 64];
    found.copy_from_slice(&key.to_encoded_point(false).as_bytes()[1..]);
    found
}

fn verifying(key: &[u8; 64]) -> Option<VerifyingKey> {
    VerifyingKey::from_sec1_bytes(&[&[4][..], key].concat()).ok()
}

/// A signature in DER, or its two numbers one after the other.
pub(super) fn der_or_numbers(bytes: &[u8]) -> Result<Signature, String> {
    let found = if bytes.len() == 64 { Signature::from_slice(bytes) } else { Signature::from_der(bytes) };
    found.map_err(|_| "its `signature` is neither DER nor r and s, of 32 bytes each".to_owned())
}

/// RFC 7518, section 6.2. Where it has the public key too, that has to belong to it.
fn of_jwk(text: &str) -> Result<SecretKey, String> {
    let whole: Value = serde_json::from_str(text).map_err(|error| files::json(&error))?;
    let number = bytes(whole.get("d").unwrap_or(&Value::Null), "d").map_err(|_| FORMS)?;
    let secret = SecretKey::from_slice(&number).ok().filter(|_| number.len() == 32).ok_or(FORMS)?;
    let own = point(&VerifyingKey::from(secret.public_key()));
    let is_another = whole.get("x").is_some() && key(&whole) != Ok(own);
    if is_another || whole.get("crv").is_some_and(|curve| curve != "P-256") {
        return Err("its public key is another key's, or of another curve: take the file that was exported".to_owned());
    }
    Ok(secret)
}

fn of_pem(text: &str) -> Option<SecretKey> {
    let body = |label: &str| {
        let (_, rest) = text.split_once(&format!("-----BEGIN {label}-----"))?;
        let (body, _) = rest.split_once(&format!("-----END {label}-----"))?;
        bytes(&Value::String(body.split_whitespace().collect()), "").ok()
    };
    let sec1 = match body("PRIVATE KEY") {
        // The lengths of the whole and of the key take a byte or two, and one.
        Some(der) => der.get(2..4).and_then(|_| {
            let rest = der[2..].strip_prefix(&PKCS8).or_else(|| der[3..].strip_prefix(&PKCS8))?;
            rest.get(1..).map(<[u8]>::to_vec)
        })?,
        None => body("EC PRIVATE KEY").filter(|der| der.windows(CURVE.len()).any(|part| part == CURVE))?,
    };
    SecretKey::from_sec1_der(&sec1).ok()
}

#[cfg(test)]
mod tests;
