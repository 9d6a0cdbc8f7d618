//! A passkey: a P-256 key that signs assertions (WebAuthn), as an authenticator and a browser make them.

use alloy::primitives::{Address, B256, Bytes, FixedBytes, U256, keccak256};
use alloy::sol_types::SolValue;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use eyre::Result;
use p256::ecdsa::signature::hazmat::PrehashSigner;
use p256::ecdsa::{Signature, SigningKey};
use sha2::{Digest, Sha256};

/// The flags of an assertion whose user is present and verified.
pub const VERIFIED: u8 = 0x05;

/// The key.
#[derive(Clone, Debug)]
pub struct Passkey(SigningKey);

impl Passkey {
    /// A key from a seed.
    ///
    /// # Errors
    /// Where the seed, as a number, is zero or not below the curve's order.
    pub fn new(seed: B256) -> Result<Self> {
        Ok(Self(SigningKey::from_slice(seed.as_slice())?))
    }

    /// The public key, which contracts take as a signer: its two coordinates.
    pub fn signer(&self) -> Bytes {
        // What is before them says that they are not compressed.
        Bytes::copy_from_slice(&self.0.verifying_key().to_encoded_point(false).as_bytes()[1..])
    }

    /// The account by which contracts know it.
    pub fn account(&self) -> Address {
        Address::from_word(keccak256(self.signer()))
    }

    /// What a browser hands over for a challenge at a site, as OpenZeppelin's `WebAuthnAuth`.
    ///
    /// # Errors
    /// Where the key cannot sign.
    pub fn sign(&self, challenge: B256, site: &str) -> Result<Bytes> {
        self.assertion(challenge, site, VERIFIED)
    }

    /// The same with any flags.
    ///
    /// # Errors
    /// As [`Self::sign`].
    pub fn assertion(&self, challenge: B256, site: &str, flags: u8) -> Result<Bytes> {
        let (before, challenge) = (r#"{"type":"webauthn.get","#, URL_SAFE_NO_PAD.encode(challenge));
        let text = format!(r#"{before}"challenge":"{challenge}","origin":"https://{site}"}}"#);
        // The last four bytes count the assertions.
        let data = [sha256(site.as_bytes()).as_slice(), &[flags, 0, 0, 0, 9]].concat();
        let hash = sha256(&[data.as_slice(), sha256(text.as_bytes()).as_slice()].concat());
        let signature: Signature = self.0.sign_prehash(hash.as_slice())?;
        // Of the two signatures for a hash contracts take the one with the low `s`.
        let (r, s) = signature.normalize_s().unwrap_or(signature).split_bytes();
        let (r, s) = (B256::from_slice(&r), B256::from_slice(&s));
        let (challenge_index, type_index) = (U256::from(before.len()), U256::ONE);
        let auth = (r, s, challenge_index, type_index, Bytes::from(data), Bytes::from(text.into_bytes()));
        Ok(auth.abi_encode_params().into())
    }
}

/// What the consent pins a passkey to: the first bytes of a site's hash.
pub fn pin(site: &str) -> FixedBytes<16> {
    FixedBytes::from_slice(&sha256(site.as_bytes())[..16])
}

fn sha256(data: &[u8]) -> B256 {
    B256::from_slice(&Sha256::digest(data))
}
