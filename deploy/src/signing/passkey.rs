//! What a passkey signs: a WebAuthn assertion whose challenge is the act's digest.
//!
//! The assertion is made elsewhere, by a browser, and comes in a file of JSON with the names that `PublicKeyCredential`
//! has: `authenticatorData`, `clientDataJSON`, `signature`, by themselves or in `response`; and `publicKey` besides.
//! The contract takes OpenZeppelin's `WebAuthnAuth`, and everything that it would refuse is refused here with its
//! reason.

use std::path::Path;

use alloy::primitives::{B256, Bytes, U256, hex};
use alloy::sol_types::{SolValue, sol_data};
use base64::Engine;
use base64::alphabet::URL_SAFE;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use eyre::{Result, WrapErr, eyre};
use p256::ecdsa::signature::hazmat::PrehashVerifier;
use p256::ecdsa::{Signature, VerifyingKey};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::p256_key::der_or_numbers;
use crate::files;

/// What stands before the point in a P-256 key as browsers export it (SubjectPublicKeyInfo in DER).
const SPKI: [u8; 26] = hex!("3059301306072a8648ce3d020106082a8648ce3d030107034200");

/// A user is there, and has shown who they are.
const PRESENT_AND_VERIFIED: u8 = 0x01 | 0x04;
/// The key may be copied to other devices of the user.
const MAY_BE_COPIED: u8 = 0x08;
/// The key has been copied.
const IS_COPIED: u8 = 0x10;
/// Where the flags are, behind the hash of the site; the counter of four bytes follows.
const FLAGS: usize = 32;
const SHORTEST: usize = 37;

const BASE64URL: GeneralPurpose = GeneralPurpose::new(
    &URL_SAFE,
    GeneralPurposeConfig::new()
        .with_encode_padding(false)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(false),
);

/// A digest as WebAuthn's challenge.
pub(crate) fn challenge(digest: B256) -> String {
    BASE64URL.encode(digest)
}

/// An assertion, and the key that made it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assertion {
    /// The public key: `qx ‖ qy`.
    key: [u8; 64],
    r: B256,
    /// The lower of the two that are good.
    s: B256,
    authenticator_data: Vec<u8>,
    client_data: String,
}

impl Assertion {
    /// Reads a file.
    ///
    /// # Errors
    /// If it cannot be read, or has another form.
    pub fn load(path: &Path) -> Result<Self> {
        let text = files::text(path, files::MEBIBYTE).wrap_err_with(|| format!("{} cannot be read", path.display()))?;
        Self::parse(&text).map_err(|reason| eyre!("the passkey's assertion {}: {reason}", path.display()))
    }

    fn parse(text: &str) -> Result<Self, String> {
        let whole: Value = serde_json::from_str(text).map_err(|error| files::json(&error))?;
        let find = |name: &str| {
            let found = whole.get(name).or_else(|| whole.get("response")?.get(name));
            found.ok_or_else(|| format!("it has no `{name}`: give what the browser handed over, and the public key"))
        };
        let key = key(find("publicKey")?)?;
        let client_data = match find("clientDataJSON")? {
            Value::String(text) if text.starts_with('{') => text.clone(),
            value => String::from_utf8(bytes(value, "clientDataJSON")?)
                .map_err(|_| "its `clientDataJSON` is not text in UTF-8".to_owned())?,
        };
        let signature = der_or_numbers(&bytes(find("signature")?, "signature")?)?;
        let signature = signature.normalize_s().unwrap_or(signature);
        let (r, s) = signature.split_bytes();
        let authenticator_data = bytes(find("authenticatorData")?, "authenticatorData")?;
        Ok(Self { key, r: B256::from_slice(&r), s: B256::from_slice(&s), authenticator_data, client_data })
    }

    /// The signer's bytes: those of the public key.
    pub fn signer(&self) -> Bytes {
        self.key.into()
    }

    /// What the contract takes: OpenZeppelin's `WebAuthnAuth`. Where the text lacks something the index is 0, and
    /// [`Assertion::check`] says so.
    pub fn signature(&self) -> Bytes {
        let find = |what: &str| U256::from(self.client_data.find(what).unwrap_or(0));
        let (challenge, kind) = (find("\"challenge\":\""), find("\"type\":\"webauthn.get\""));
        (self.r, self.s, challenge, kind, Bytes::from(self.authenticator_data.clone()), self.client_data.clone())
            .abi_encode_params()
            .into()
    }

    /// Reads what [`Assertion::signature`] writes.
    pub(super) fn of_signature(key: [u8; 64], signature: &[u8]) -> Option<Self> {
        type Auth = (
            sol_data::FixedBytes<32>,
            sol_data::FixedBytes<32>,
            sol_data::Uint<256>,
            sol_data::Uint<256>,
            sol_data::Bytes,
            sol_data::String,
        );
        let (r, s, .., data, client_data) =
            <Auth as alloy::sol_types::SolType>::abi_decode_params_validate(signature).ok()?;
        let assertion = Self { key, r, s, authenticator_data: data.to_vec(), client_data };
        (*assertion.signature() == *signature).then_some(assertion)
    }

    /// Whether the contract would take it for an act with this digest.
    ///
    /// # Errors
    /// Why not.
    pub fn check(&self, digest: B256) -> Result<(), String> {
        let Some(flags) = self.authenticator_data.get(FLAGS).filter(|_| self.authenticator_data.len() >= SHORTEST)
        else {
            return Err("its authenticator data is cut short: give all of it".to_owned());
        };
        if flags & PRESENT_AND_VERIFIED != PRESENT_AND_VERIFIED {
            return Err("its user was not verified: ask for it with userVerification \"required\"".to_owned());
        }
        if flags & (MAY_BE_COPIED | IS_COPIED) == IS_COPIED {
            return Err("its authenticator data contradicts itself: take another authenticator".to_owned());
        }
        if !self.client_data.contains("\"type\":\"webauthn.get\"") {
            return Err("it is not an assertion: ask by navigator.credentials.get".to_owned());
        }
        let first = self.client_data.find("\"challenge\":\"").and_then(|at| self.client_data.get(at..));
        let wanted = format!("\"challenge\":\"{}\"", challenge(digest));
        if !first.is_some_and(|text| text.starts_with(&wanted)) {
            return Err(format!(
                "it is for another challenge than this act's, {}: let the passkey sign that one",
                challenge(digest)
            ));
        }
        let hash = Sha256::digest(self.client_data.as_bytes());
        let hash = Sha256::new().chain_update(&self.authenticator_data).chain_update(hash).finalize();
        let key = VerifyingKey::from_sec1_bytes(&[&[4][..], &self.key].concat());
        let signature = Signature::from_scalars(self.r.0, self.s.0);
        // The contract refuses the higher of two signatures; verification alone does not.
        let is_low = signature.as_ref().is_ok_and(|signature| signature.normalize_s().is_none());
        match (key, signature) {
            (Ok(key), Ok(signature)) if is_low && key.verify_prehash(&hash, &signature).is_ok() => Ok(()),
            _ => {
                Err("the passkey with this public key did not sign it: give the key of the passkey that did".to_owned())
            }
        }
    }
}

/// Bytes in hexadecimal digits with 0x, or in base64url or base64.
pub(super) fn bytes(value: &Value, name: &str) -> Result<Vec<u8>, String> {
    let no_bytes = || format!("its `{name}` is not base64url, nor 0x and hexadecimal digits");
    let text = value.as_str().ok_or_else(no_bytes)?;
    if text.starts_with("0x") {
        return hex::decode(text).map_err(|_| no_bytes());
    }
    let url_safe = text.replace('+', "-").replace('/', "_");
    BASE64URL.decode(url_safe).map_err(|_| no_bytes())
}

/// A public key: its two coordinates, by themselves, as a point, as browsers export it, or as a JSON Web Key.
pub(super) fn key(value: &Value) -> Result<[u8; 64], String> {
    let found = if let (Some(x), Some(y)) = (value.get("x"), value.get("y")) {
        [bytes(x, "publicKey.x")?, bytes(y, "publicKey.y")?].concat()
    } else {
        bytes(value, "publicKey")?
    };
    let point = found.strip_prefix(&SPKI).unwrap_or(&found);
    let point = if point.len() == 65 { point.strip_prefix(&[4]).unwrap_or(point) } else { point };
    let key = <[u8; 64]>::try_from(point).ok();
    let is_on_curve = |key: &[u8; 64]| VerifyingKey::from_sec1_bytes(&[&[4][..], key].concat()).is_ok();
    key.filter(is_on_curve).ok_or_else(|| {
        "its `publicKey` is not of a P-256 key: give what getPublicKey() returns, or both coordinates".to_owned()
    })
}

#[cfg(test)]
mod tests;
