//! An owner's signature of a transaction's hash, as a Safe takes it where it is the only one.
//!
//! | how the 65 bytes end | whose it is | what is behind them |
//! |---|---|---|
//! | 27, 28 | a key's | nothing |
//! | 31, 32 | a key's, through `eth_sign` | nothing |
//! | 2 | a key's on P-256, of a Safe that takes these | `r`, `s`, `qx`, `qy` |
//! | 0 | a contract's (ERC-1271) | a length, and so many bytes |

mod dynamic;

use std::path::Path;

use alloy::primitives::{Address, B256, Bytes, Signature, eip191_hash_message, hex};
use alloy::signers::SignerSync;
use alloy::signers::local::PrivateKeySigner;
use eyre::{Result, WrapErr as _, eyre};
use serde::{Deserialize, Serialize};

pub(super) use self::dynamic::packed;
use crate::files;
use crate::signing::P256Signature;

/// What a Safe adds to `v` where the key signed through `eth_sign`.
const ETH_SIGN: u8 = 4;

/// The bytes of a signature, without what is behind it.
const LENGTH: usize = 65;

/// The end of a contract's signature.
const CONTRACT: u8 = 0;

/// The end of an approval.
const APPROVAL: u8 = 1;

/// The end of a signature by a key on P-256.
const P256: u8 = 2;

/// How a key signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// The hash itself, as wallets do that show typed data.
    TypedData,
    /// The hash with the prefix of `eth_sign`, as wallets do that know only messages.
    EthSign,
}

/// Whose signature it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A key's.
    Key(Manner),
    /// A key's on P-256. Not every Safe takes these.
    P256,
    /// A contract's. It is good as long as the contract says so.
    Contract,
}

/// Who signed, and the signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Confirmation {
    /// The owner.
    pub owner: Address,
    /// Its 65 bytes, and what belongs to them.
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

    /// What a key on P-256 signed.
    pub fn of_p256(signed: &P256Signature) -> Self {
        let owner = signed.account();
        Self { owner, signature: dynamic::alone(owner, P256, &signed.bytes()) }
    }

    /// Nobody's signature by a key on P-256, with what belongs to it in a place where none can be: a Safe that takes such
    /// keys says so, and to another one it is a key's that is no owner.
    pub(super) fn misplaced_p256() -> Bytes {
        let mut bytes = [0; LENGTH];
        bytes[LENGTH - 1] = P256;
        Bytes::copy_from_slice(&bytes)
    }

    /// What a contract takes as its signature.
    pub fn of_contract(owner: Address, signature: &[u8]) -> Self {
        Self { owner, signature: dynamic::alone(owner, CONTRACT, &dynamic::with_length(signature)) }
    }

    /// The same, from a file with hexadecimal digits.
    ///
    /// # Errors
    /// If it cannot be read, or has something else.
    pub fn load_contract(owner: Address, path: &Path) -> Result<Self> {
        let text = files::text(path, files::MEBIBYTE).wrap_err_with(|| format!("{} cannot be read", path.display()))?;
        let bytes = text.trim().strip_prefix("0x").and_then(|digits| hex::decode(digits).ok());
        let no_digits = "is not a contract's signature: write 0x and an even number of hexadecimal digits";
        Ok(Self::of_contract(owner, &bytes.ok_or_else(|| eyre!("{} {no_digits}", path.display()))?))
    }

    /// What another wallet signed, as bytes: one of `owners` made it. A wallet that signs through `eth_sign` does not
    /// know what a Safe does to `v`, so that is done here.
    ///
    /// # Errors
    /// If no owner made it.
    pub fn made_elsewhere(signature: &[u8], hash: B256, owners: &[Address]) -> Result<Self, String> {
        let mut bytes = <[u8; LENGTH]>::try_from(signature).map_err(|_| length(LENGTH, signature.len()))?;
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

    /// Whose signature it is. What a contract takes as its own is not known here: the Safe asks it.
    ///
    /// # Errors
    /// Why it is not that owner's signature of the hash.
    pub fn check(&self, hash: B256) -> Result<Kind, String> {
        match self.signature.get(LENGTH - 1) {
            Some(&P256) => {
                let signed = self.p256()?;
                if !signed.is_of(hash) {
                    return Err(format!("the key on P-256 of {} did not sign this transaction", self.owner));
                }
                Ok(Kind::P256)
            }
            Some(&CONTRACT) => dynamic::contract(self.owner, &self.signature).map(|()| Kind::Contract),
            _ => {
                let (signer, manner) = recover(&self.signature, hash)?;
                if signer != self.owner {
                    return Err(format!(
                        "{} did not sign this transaction: what is called its signature recovers to {signer}",
                        self.owner
                    ));
                }
                Ok(Kind::Key(manner))
            }
        }
    }

    /// What a key on P-256 signed, if it is the owner's.
    fn p256(&self) -> Result<P256Signature, String> {
        const WHOLE: usize = LENGTH + P256Signature::LENGTH;
        let own = self.signature.get(LENGTH..).and_then(|own| <&[u8; P256Signature::LENGTH]>::try_from(own).ok());
        let own = own.ok_or_else(|| format!("by a key on P-256, {}", length(WHOLE, self.signature.len())))?;
        let signed = P256Signature::of_bytes(own).ok_or("what belongs to a signature by a key on P-256 is none")?;
        if signed.account() != self.owner || *Self::of_p256(&signed).signature != *self.signature {
            return Err(format!(
                "the key on P-256 that signed has the address {}, and not {}",
                signed.account(),
                self.owner
            ));
        }
        Ok(signed)
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
}

impl Kind {
    /// As people call it.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Key(Manner::TypedData) => "typed data",
            Self::Key(Manner::EthSign) => "eth_sign",
            Self::P256 => "key on P-256",
            Self::Contract => "contract",
        }
    }
}

fn length(wanted: usize, bytes: usize) -> String {
    format!("a signature has {wanted} bytes, and this has {bytes}")
}

/// Whose key signed the hash, and how.
fn recover(signature: &[u8], hash: B256) -> Result<(Address, Manner), String> {
    let mut bytes = <[u8; LENGTH]>::try_from(signature).map_err(|_| length(LENGTH, signature.len()))?;
    let manner = match bytes[LENGTH - 1] {
        27 | 28 => Manner::TypedData,
        31 | 32 => {
            bytes[LENGTH - 1] -= ETH_SIGN;
            Manner::EthSign
        }
        APPROVAL => return Err("an approval is on the chain and not in a file".to_owned()),
        P256 => return Err("it is by a key on P-256: give it by --p256-signature, with the public key".to_owned()),
        other => return Err(format!("a signature ends with 27, 28, 31 or 32, and this with {other}")),
    };
    let recovered = Signature::from_raw_array(&bytes).ok();
    let recovered = recovered.and_then(|signature| signature.recover_address_from_prehash(&manner.hash(hash)).ok());
    recovered.map(|signer| (signer, manner)).ok_or_else(|| "no key made this signature".to_owned())
}

/// A signature that stands for an approval on the chain, or for the account that sends.
pub(super) fn approval(owner: Address) -> Bytes {
    dynamic::head(owner, 0, APPROVAL).to_vec().into()
}

#[cfg(test)]
mod tests;
