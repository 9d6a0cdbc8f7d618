//! A passkey, and the file that a browser's page would write when it signs.

use alloy::hex;
use alloy::primitives::{Address, B256, keccak256};
use p256::ecdsa::signature::hazmat::PrehashSigner;
use p256::ecdsa::{Signature, SigningKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

pub(crate) struct Passkey(SigningKey);

impl Passkey {
    pub(crate) fn new(seed: u8) -> Self {
        Self(SigningKey::from_slice(&[seed; 32]).expect("a key"))
    }

    /// The public key: its two coordinates.
    fn point(&self) -> Vec<u8> {
        self.0.verifying_key().to_encoded_point(false).as_bytes()[1..].to_vec()
    }

    /// The public key as people write it.
    pub(crate) fn public(&self) -> String {
        hex::encode_prefixed(self.point())
    }

    pub(crate) fn account(&self) -> Address {
        Address::from_word(keccak256(self.point()))
    }

    /// The private key as a file.
    pub(crate) fn jwk(&self) -> String {
        json!({ "kty": "EC", "crv": "P-256", "d": hex::encode_prefixed(self.0.to_bytes()) }).to_string()
    }

    /// What a device with this key would write when it signs a hash, with either of the two numbers `s`.
    pub(crate) fn signs(&self, hash: B256, high: bool) -> Value {
        let signature: Signature = self.0.sign_prehash(hash.as_slice()).expect("signed");
        let low = signature.normalize_s().unwrap_or(signature);
        let (r, s) = low.split_scalars();
        let twin = Signature::from_scalars(r.to_bytes(), (-*s).to_bytes()).expect("numbers");
        let signature = if high { twin } else { low };
        json!({ "publicKey": self.public(), "signature": hex::encode_prefixed(signature.to_bytes()) })
    }

    /// What it signs at a site for the challenge of an answer.
    pub(crate) fn asserts(&self, asked: &Value, site: &str) -> String {
        let challenge = asked["challenge"].as_str().expect("a challenge");
        let text = format!(r#"{{"type":"webauthn.get","challenge":"{challenge}","origin":"https://{site}"}}"#);
        // The user is there and verified.
        let data = [&Sha256::digest(site)[..], &[5, 0, 0, 0, 1]].concat();
        let hash = Sha256::new().chain_update(&data).chain_update(Sha256::digest(&text)).finalize();
        let signature: Signature = self.0.sign_prehash(&hash).expect("signed");
        json!({
            "publicKey": self.public(),
            "authenticatorData": hex::encode_prefixed(data),
            "clientDataJSON": text,
            "signature": hex::encode_prefixed(signature.to_der()),
        })
        .to_string()
    }
}
