//! Whose signature is added, and by what.

use std::path::PathBuf;

use alloy::primitives::{Address, Bytes};
use clap::Args;
use consilium_deploy::safe::{Confirmation, Manner, Proposal};
use consilium_deploy::signing::{P256Key, P256Signature, address};
use eyre::{Result, eyre};

use crate::Key;

/// Without another option, the key signs typed data.
#[derive(Args)]
pub(super) struct By {
    /// Sign the hash with the prefix of eth_sign, as wallets do that know only messages.
    #[arg(long)]
    eth_sign: bool,
    /// What another wallet signed, as a hardware wallet: 65 bytes, typed data or eth_sign.
    #[arg(long, value_name = "HEX", value_parser = signature, conflicts_with_all = ["keystore", "eth_sign"])]
    signature: Option<Bytes>,
    /// Sign by an owner's key on P-256, in PEM or as a JSON Web Key.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["keystore", "eth_sign", "signature"])]
    p256_key: Option<PathBuf>,
    /// What a device with a key on P-256 signed: a file with publicKey and signature.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["keystore", "eth_sign", "signature", "p256_key"])]
    p256_signature: Option<PathBuf>,
    /// An owner that is a contract, with its signature.
    #[arg(long, value_name = "ADDRESS", value_parser = address, requires = "contract_signature")]
    contract: Option<Address>,
    /// What the contract takes as its signature (ERC-1271): a file with 0x and hexadecimal digits.
    #[arg(
        long,
        value_name = "FILE",
        requires = "contract",
        conflicts_with_all = ["keystore", "eth_sign", "signature", "p256_key", "p256_signature"],
    )]
    contract_signature: Option<PathBuf>,
    #[command(flatten)]
    pub(super) key: Key,
}

impl By {
    /// The account of the key on P-256 that signs or has signed, if one does.
    pub(super) fn p256_account(&self) -> Result<Option<Address>> {
        let key = self.p256_key.as_ref().map(|file| Ok(P256Key::load(file)?.account()));
        let signed = || self.p256_signature.as_ref().map(|file| Ok(P256Signature::load(file)?.account()));
        key.or_else(signed).transpose()
    }

    /// The signature of one of `owners`.
    pub(super) fn confirmation(self, proposal: &Proposal, owners: &[Address]) -> Result<Confirmation> {
        let hash = proposal.hashes().transaction;
        if let Some(signature) = &self.signature {
            return Confirmation::made_elsewhere(signature, hash, owners).map_err(|reason| eyre!(reason));
        }
        if let Some(file) = &self.p256_key {
            let key = P256Key::load(file)?;
            proposal.expect_owner(key.account(), owners)?;
            return Ok(Confirmation::of_p256(&key.sign(hash)?));
        }
        if let Some(file) = &self.p256_signature {
            return Ok(Confirmation::of_p256(&P256Signature::load(file)?));
        }
        if let (Some(owner), Some(file)) = (self.contract, &self.contract_signature) {
            return Confirmation::load_contract(owner, file);
        }
        let key = self.key.key(proposal.place().chain)?;
        proposal.expect_owner(key.address(), owners)?;
        Confirmation::sign(&key, hash, if self.eth_sign { Manner::EthSign } else { Manner::TypedData })
    }
}

/// A signature.
fn signature(text: &str) -> Result<Bytes, &'static str> {
    let bytes = text.strip_prefix("0x").and_then(|digits| alloy::hex::decode(digits).ok());
    bytes.map(Bytes::from).ok_or("this is not a signature: write 0x and 130 hexadecimal digits")
}
