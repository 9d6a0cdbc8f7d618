//! Those who act by signature in a walk, what they have signed, and what can be wrong with a signature.

use std::collections::BTreeMap;

use alloy::{
    primitives::{Address, B256, Bytes, FixedBytes, U256, keccak256},
    signers::{SignerSync, local::PrivateKeySigner},
};
use eyre::Result;

use crate::passkey::{Passkey, pin};

/// The order of secp256k1.
const ORDER: U256 = alloy::uint!(0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141_U256);

/// Two sites that a passkey can be used at.
pub const SITES: [&str; 2] = ["clinic.example", "phishing.example"];

/// What a passkey is pinned to.
pub type Site = FixedBytes<16>;

/// What a person signs with.
#[derive(Clone, Debug)]
pub enum Signer {
    /// An account's key.
    Key(PrivateKeySigner),
    /// A passkey.
    Passkey(Passkey),
    /// A contract that takes "yes" for a signature: `Wallet` among the peers.
    Wallet(Address),
}

/// What can be wrong with a signature itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spoilt {
    /// A bit is another.
    Flipped,
    /// The upper one of a signature's two forms.
    HighS,
    /// Its end is missing.
    Short,
}

impl Signer {
    /// Two keys, a passkey and a wallet.
    ///
    /// # Panics
    /// Never: the secrets are good.
    pub fn all(wallet: Address) -> Vec<Self> {
        let key = |secret: u64| PrivateKeySigner::from_bytes(&U256::from(secret).into()).expect("a key");
        let passkey = Passkey::new(B256::repeat_byte(7)).expect("a key");
        vec![Self::Key(key(77)), Self::Key(key(78)), Self::Passkey(passkey), Self::Wallet(wallet)]
    }

    /// The signer's bytes.
    pub fn bytes(&self) -> Bytes {
        match self {
            Self::Key(key) => Bytes::copy_from_slice(key.address().as_slice()),
            Self::Passkey(key) => key.signer(),
            Self::Wallet(wallet) => Bytes::copy_from_slice(wallet.as_slice()),
        }
    }

    /// The account that stands for it.
    pub fn account(&self) -> Address {
        account_of(&self.bytes())
    }

    /// Its signature of a hash. A passkey is used at a site.
    ///
    /// # Errors
    /// Where the key cannot sign.
    pub fn sign(&self, hash: B256, site: &str) -> Result<Bytes> {
        Ok(match self {
            Self::Key(key) => key.sign_hash_sync(&hash)?.as_bytes().into(),
            Self::Passkey(key) => key.sign(hash, site)?,
            Self::Wallet(_) => Bytes::from_static(b"yes"),
        })
    }

    /// A signature of this signer with something wrong with it.
    pub fn spoil(&self, signature: Bytes, spoilt: Spoilt) -> Bytes {
        let mut bytes = signature.to_vec();
        match (spoilt, self) {
            (Spoilt::Flipped, _) => bytes[1] ^= 1,
            (Spoilt::HighS, Self::Key(_)) => {
                let s = ORDER - U256::from_be_slice(&bytes[32..64]);
                bytes[32..64].copy_from_slice(&s.to_be_bytes::<32>());
                bytes[64] = 55 - bytes[64];
            }
            (Spoilt::HighS, _) => {}
            // The last bytes of a passkey's are padding.
            (Spoilt::Short, Self::Passkey(_)) => bytes.truncate(bytes.len() - 33),
            (Spoilt::Short, _) => bytes.truncate(bytes.len() - 1),
        }
        bytes.into()
    }
}

/// The account of a signer's bytes: 20 of them are an account, fewer are nobody, more are hashed.
pub fn account_of(signer: &[u8]) -> Address {
    match signer.len() {
        ..20 => Address::ZERO,
        20 => Address::from_slice(signer),
        _ => Address::from_word(keccak256(signer)),
    }
}

/// What was really signed.
#[derive(Clone, Debug)]
pub struct Signed {
    /// By signer, hash and signature, with the site where it is a passkey's.
    made: BTreeMap<(Bytes, B256, Bytes), Option<Site>>,
    wallet: Address,
}

impl Signed {
    /// Nothing yet. The wallet says itself what it takes.
    pub fn new(wallet: Address) -> Self {
        Self { made: BTreeMap::new(), wallet }
    }

    /// A signature of a hash, which is remembered.
    ///
    /// # Errors
    /// As [`Signer::sign`].
    pub fn make(&mut self, by: &Signer, hash: B256, site: &str) -> Result<Bytes> {
        let signature = by.sign(hash, site)?;
        let pins = matches!(by, Signer::Passkey(_)).then(|| pin(site));
        self.made.insert((by.bytes(), hash, signature.clone()), pins);
        Ok(signature)
    }

    /// Whether this is a signature of the hash, and the site where it is a passkey's.
    pub fn check(&self, signer: &Bytes, hash: B256, signature: &Bytes) -> Option<Option<Site>> {
        if signer[..] == self.wallet[..] {
            return (signature[..] == *b"yes").then_some(None);
        }
        self.made.get(&(signer.clone(), hash, signature.clone())).copied()
    }
}
