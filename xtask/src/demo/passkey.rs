//! A patient's passkey: a P-256 key that signs assertions for one site, as an authenticator and a browser make them.

use alloy::primitives::{Address, B256, Bytes, U256, keccak256};
use alloy::sol_types::SolValue;
use eyre::Result;
use p256::ecdsa::signature::hazmat::PrehashSigner;
use p256::ecdsa::{Signature, SigningKey};
use sha2::{Digest, Sha256};

/// Where the patient uses it.
const SITE: &str = "health.example";

/// The user is present and verified, and no assertion was counted.
const FLAGS_AND_COUNTER: [u8; 5] = [5, 0, 0, 0, 0];

const BASE64URL: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// The key.
#[derive(Debug)]
pub(crate) struct Passkey(SigningKey);

impl Passkey {
    /// A key from a seed.
    pub(crate) fn new(seed: B256) -> Result<Self> {
        Ok(Self(SigningKey::from_slice(seed.as_slice())?))
    }

    /// The public key, which contracts take as a signer: its two coordinates.
    pub(crate) fn signer(&self) -> Bytes {
        // What is before them says that they are not compressed.
        Bytes::copy_from_slice(&self.0.verifying_key().to_encoded_point(false).as_bytes()[1..])
    }

    /// The account by which contracts know it.
    pub(crate) fn account(&self) -> Address {
        Address::from_slice(&keccak256(self.signer())[12..])
    }

    /// What the patient's browser hands over for a challenge, as OpenZeppelin's `WebAuthnAuth`.
    pub(crate) fn sign(&self, challenge: B256) -> Result<Bytes> {
        let (before, challenge) = (r#"{"type":"webauthn.get","#, base64url(challenge.as_slice()));
        let text = format!(r#"{before}"challenge":"{challenge}","origin":"https://{SITE}"}}"#);
        let data = [sha256(SITE.as_bytes()).as_slice(), &FLAGS_AND_COUNTER].concat();
        let hash = sha256(&[data.as_slice(), sha256(text.as_bytes()).as_slice()].concat());
        let signature: Signature = self.0.sign_prehash(hash.as_slice())?;
        // Of the two signatures for a hash contracts take the one with the low `s`.
        let (r, s) = signature.normalize_s().unwrap_or(signature).split_bytes();
        let (r, s) = (B256::from_slice(&r), B256::from_slice(&s));
        let (challenge_index, type_index) = (U256::from(before.len()), U256::ONE);
        Ok((r, s, challenge_index, type_index, Bytes::from(data), Bytes::from(text.into_bytes()))
            .abi_encode_params()
            .into())
    }
}

fn sha256(data: &[u8]) -> B256 {
    B256::from_slice(&Sha256::digest(data))
}

/// RFC 4648, section 5, without padding.
fn base64url(data: &[u8]) -> String {
    let letters = |group: &[u8]| {
        let bits =
            group.iter().enumerate().fold(0_u32, |bits, (place, byte)| bits | u32::from(*byte) << (16 - 8 * place));
        (0..=group.len()).map(move |place| char::from(BASE64URL[(bits >> (18 - 6 * place)) as usize & 63]))
    };
    data.chunks(3).flat_map(letters).collect()
}

#[cfg(test)]
mod tests {
    use super::base64url;

    /// RFC 4648, section 10.
    #[test]
    fn base64url_is_that_of_the_standard() {
        for (data, text) in [("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")] {
            assert_eq!(base64url(data.as_bytes()), text);
        }
        assert_eq!(base64url(&[0xfb, 0xff]), "-_8");
    }
}
