//! A passkey whose owner signs anything, so that each part of an assertion can be wrong by itself.

use alloy::{
    hex,
    primitives::{B256, Bytes, U256, keccak256},
    sol_types::SolValue,
};
use p256::ecdsa::{Signature, SigningKey, signature::hazmat::PrehashSigner};
use sha2::{Digest, Sha256};

use crate::twins::Parts::{hasSignedCall, verifyP256Call, verifyWebAuthnCall};

/// The order of P-256.
pub(crate) const ORDER: U256 =
    U256::from_be_bytes(hex!("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"));

/// What is asked in these tests.
pub(crate) const CHALLENGE: B256 = B256::new(hex!("00108310518720928b30d38f41149351559761969b71d79f8218a39259a7a29a"));
/// That in base64url.
pub(crate) const ENCODED: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopo";

pub(crate) fn word(number: U256) -> B256 {
    number.into()
}

pub(crate) fn sha256(data: impl AsRef<[u8]>) -> B256 {
    B256::from_slice(&Sha256::digest(data))
}

/// The other signature of the same key and hash.
pub(crate) fn twin(s: B256) -> B256 {
    word(ORDER - U256::from_be_bytes(s.0))
}

pub(crate) struct Key(SigningKey);

impl Key {
    pub(crate) fn new(name: &str) -> Self {
        Self(SigningKey::from_slice(keccak256(name).as_slice()).expect("below the order"))
    }

    /// `qx ‖ qy`.
    pub(crate) fn public(&self) -> Vec<u8> {
        self.0.verifying_key().to_encoded_point(false).as_bytes()[1..].to_vec()
    }

    /// `r` and the low `s`.
    pub(crate) fn sign(&self, hash: B256) -> [B256; 2] {
        let signature: Signature = self.0.sign_prehash(hash.as_slice()).expect("signs");
        halves(signature.normalize_s().unwrap_or(signature))
    }
}

pub(crate) fn halves(signature: Signature) -> [B256; 2] {
    let (r, s) = signature.split_bytes();
    [B256::from_slice(&r), B256::from_slice(&s)]
}

pub(crate) fn verify_p256(hash: B256, r: B256, s: B256, key: &[u8]) -> verifyP256Call {
    verifyP256Call { hash, r, s, qx: B256::from_slice(&key[..32]), qy: B256::from_slice(&key[32..]) }
}

/// An assertion, each part of which a test may change.
#[derive(Clone)]
pub(crate) struct Assertion {
    pub(crate) r: B256,
    pub(crate) s: B256,
    pub(crate) challenge_index: U256,
    pub(crate) type_index: U256,
    pub(crate) data: Vec<u8>,
    pub(crate) text: Vec<u8>,
    pub(crate) key: Vec<u8>,
}

impl Assertion {
    /// What a key says to [`CHALLENGE`], changed by `change` before it is signed.
    pub(crate) fn of(key: &Key, change: impl FnOnce(&mut Self)) -> Self {
        let text = format!(r#"{{"type":"webauthn.get","challenge":"{ENCODED}","origin":"https://dao.example"}}"#);
        let mut assertion = Self {
            r: B256::ZERO,
            s: B256::ZERO,
            challenge_index: U256::from(23),
            type_index: U256::ONE,
            data: [sha256("dao.example").as_slice(), &[0x05, 0, 0, 0, 7]].concat(),
            text: text.into_bytes(),
            key: key.public(),
        };
        change(&mut assertion);
        [assertion.r, assertion.s] = key.sign(assertion.hash());
        assertion
    }

    /// What is signed.
    pub(crate) fn hash(&self) -> B256 {
        sha256([self.data.as_slice(), sha256(&self.text).as_slice()].concat())
    }

    /// As `WebAuthn.tryDecodeAuth` takes it.
    pub(crate) fn encode(&self) -> Vec<u8> {
        let (data, text) = (Bytes::from(self.data.clone()), Bytes::from(self.text.clone()));
        (self.r, self.s, self.challenge_index, self.type_index, data, text).abi_encode_params()
    }

    pub(crate) fn rp_id_hash(&self) -> B256 {
        B256::from_slice(&self.data[..32])
    }

    pub(crate) fn verify(&self) -> verifyWebAuthnCall {
        self.verify_encoded(self.encode())
    }

    pub(crate) fn verify_encoded(&self, signature: Vec<u8>) -> verifyWebAuthnCall {
        let (qx, qy) = (B256::from_slice(&self.key[..32]), B256::from_slice(&self.key[32..]));
        verifyWebAuthnCall { challenge: CHALLENGE.to_vec().into(), signature: signature.into(), qx, qy }
    }
}

/// Whether a signer of any kind has signed [`CHALLENGE`], with much gas.
pub(crate) fn has_signed(signer: &[u8], signature: Vec<u8>) -> hasSignedCall {
    hasSignedCall {
        gasLimit: 1_000_000,
        signer: Bytes::copy_from_slice(signer),
        hash: CHALLENGE,
        signature: signature.into(),
    }
}
