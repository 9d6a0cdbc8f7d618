//! An owner's signature of a transaction's hash, as a Safe takes it: 65 bytes, `r`, `s` and `v`.

use alloy::primitives::{Address, B256, Bytes, Signature, eip191_hash_message};
use alloy::signers::SignerSync;
use alloy::signers::local::PrivateKeySigner;
use eyre::Result;
use serde::{Deserialize, Serialize};

/// What a Safe adds to `v` where the key signed through `eth_sign`.
const ETH_SIGN: u8 = 4;

/// The bytes of a signature.
const LENGTH: usize = 65;

/// How a key signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// The hash itself, as wallets do that show typed data.
    TypedData,
    /// The hash with the prefix of `eth_sign`, as wallets do that know only messages.
    EthSign,
}

/// Who signed, and the signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Confirmation {
    /// The owner.
    pub owner: Address,
    /// Its 65 bytes.
    pub signature: Bytes,
}

impl Confirmation {
    /// Signs a transaction's hash by a key.
    ///
    /// # Errors
    /// If the key cannot sign.
    pub fn sign(key: &PrivateKeySigner, hash: B256, manner: Manner) -> Result<Self> {
        let mut bytes = key.sign_hash_sync(&manner.hash(hash))?.as_bytes();
        if manner == Manner::EthSign {
            bytes[LENGTH - 1] += ETH_SIGN;
        }
        Ok(Self { owner: key.address(), signature: bytes.into() })
    }

    /// What another wallet signed, as bytes: one of `owners` made it. A wallet that signs through `eth_sign` does not
    /// know what a Safe does to `v`, so that is done here.
    ///
    /// # Errors
    /// If no owner made it.
    pub fn made_elsewhere(signature: &[u8], hash: B256, owners: &[Address]) -> Result<Self, String> {
        let mut bytes = <[u8; LENGTH]>::try_from(signature).map_err(|_| length(signature.len()))?;
        if bytes[LENGTH - 1] < 2 {
            bytes[LENGTH - 1] += 27;
        }
        let as_eth_sign = |mut bytes: [u8; LENGTH]| {
            bytes[LENGTH - 1] = bytes[LENGTH - 1].saturating_add(ETH_SIGN);
            bytes
        };
        for bytes in [bytes, as_eth_sign(bytes)] {
            if let Ok((owner, _)) = recover(&bytes, hash)
                && owners.contains(&owner)
            {
                return Ok(Self { owner, signature: bytes.into() });
            }
        }
        let (signer, _) = recover(&bytes, hash)?;
        Err(format!(
            "the signature is by {signer}, if it is of this transaction, and that is no owner: sign this \
             transaction's hash by an owner's key"
        ))
    }

    /// How its owner signed.
    ///
    /// # Errors
    /// Why it is not that owner's signature of the hash.
    pub fn check(&self, hash: B256) -> Result<Manner, String> {
        let (signer, manner) = recover(&self.signature, hash)?;
        if signer != self.owner {
            return Err(format!(
                "{} did not sign this transaction: what is called its signature recovers to {signer}",
                self.owner
            ));
        }
        Ok(manner)
    }
}

impl Manner {
    /// What a key signs for this hash.
    fn hash(self, hash: B256) -> B256 {
        match self {
            Self::TypedData => hash,
            Self::EthSign => eip191_hash_message(hash),
        }
    }

    /// As people call it.
    pub const fn words(self) -> &'static str {
        match self {
            Self::TypedData => "typed data",
            Self::EthSign => "eth_sign",
        }
    }
}

fn length(bytes: usize) -> String {
    format!("a signature has {LENGTH} bytes, and this has {bytes}")
}

/// Who signed the hash, and how.
fn recover(signature: &[u8], hash: B256) -> Result<(Address, Manner), String> {
    let mut bytes = <[u8; LENGTH]>::try_from(signature).map_err(|_| length(signature.len()))?;
    let manner = match bytes[LENGTH - 1] {
        27 | 28 => Manner::TypedData,
        31 | 32 => {
            bytes[LENGTH - 1] -= ETH_SIGN;
            Manner::EthSign
        }
        0 => return Err("a contract's signature cannot be kept in a file: let it approve the hash".to_owned()),
        1 => return Err("an approval is on the chain and not in a file".to_owned()),
        2 => {
            return Err(
                "a signature that ends with 2 is by a key on P-256, and these commands do not take it: send it by \
                        the Safe's own execTransaction"
                    .to_owned(),
            );
        }
        other => return Err(format!("a signature ends with 27, 28, 31 or 32, and this with {other}")),
    };
    let recovered = Signature::from_raw_array(&bytes).ok();
    let recovered = recovered.and_then(|signature| signature.recover_address_from_prehash(&manner.hash(hash)).ok());
    recovered.map(|signer| (signer, manner)).ok_or_else(|| "no key made this signature".to_owned())
}

/// A signature that stands for an approval on the chain, or for the account that sends.
pub(super) fn approval(owner: Address) -> [u8; LENGTH] {
    let mut bytes = [0; LENGTH];
    bytes[12..32].copy_from_slice(owner.as_slice());
    bytes[LENGTH - 1] = 1;
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> PrivateKeySigner {
        PrivateKeySigner::from_bytes(&B256::repeat_byte(7)).expect("a key")
    }

    #[test]
    fn a_key_signs_in_two_manners() {
        let hash = B256::repeat_byte(1);
        for (manner, ends) in [(Manner::TypedData, [27, 28]), (Manner::EthSign, [31, 32])] {
            let made = Confirmation::sign(&key(), hash, manner).expect("signed");
            assert!(ends.contains(&made.signature[64]) && made.owner == key().address());
            assert_eq!(made.check(hash), Ok(manner));
            assert!(made.check(B256::repeat_byte(2)).expect_err("another hash").contains("did not sign"));
        }
    }

    #[test]
    fn what_another_wallet_signed_is_made_fit() {
        let (hash, key) = (B256::repeat_byte(1), key());
        let owners = [key.address()];
        for manner in [Manner::TypedData, Manner::EthSign] {
            let bytes = key.sign_hash_sync(&manner.hash(hash)).expect("signed").as_bytes();
            let mut plain = bytes;
            plain[64] -= 27;
            for bytes in [bytes, plain] {
                let made = Confirmation::made_elsewhere(&bytes, hash, &owners).expect("an owner's");
                assert_eq!(made, Confirmation::sign(&key, hash, manner).expect("signed"));
            }
        }
        let stranger = [Address::repeat_byte(3)];
        let bytes = Confirmation::sign(&key, hash, Manner::TypedData).expect("signed").signature;
        let refused = Confirmation::made_elsewhere(&bytes, hash, &stranger).expect_err("no owner's");
        assert!(refused.contains("is no owner"), "{refused}");
    }

    #[test]
    fn what_is_no_keys_signature_is_refused() {
        let hash = B256::repeat_byte(1);
        let mut bytes = Confirmation::sign(&key(), hash, Manner::TypedData).expect("signed").signature.to_vec();
        for (end, reason) in [(0, "a contract's"), (1, "an approval"), (2, "a key on P-256"), (200, "ends with 27")] {
            bytes[64] = end;
            let made = Confirmation { owner: key().address(), signature: bytes.clone().into() };
            assert!(made.check(hash).expect_err("refused").contains(reason));
        }
        let short = Confirmation { owner: key().address(), signature: vec![1; 64].into() };
        assert_eq!(short.check(hash), Err("a signature has 65 bytes, and this has 64".to_owned()));
        let nothing = Confirmation { owner: key().address(), signature: [vec![0; 64], vec![27]].concat().into() };
        assert_eq!(nothing.check(hash), Err("no key made this signature".to_owned()));
    }
}
