//! Signatures over typed data (EIP-712), good ones and flawed ones.

use alloy::{
    primitives::{Address, B256, keccak256},
    signers::{SignerSync, local::PrivateKeySigner},
    sol_types::{SolStruct, eip712_domain},
};
use eyre::Result;

use super::action::Flaw;

/// A signature in its parts.
pub(super) struct Parts {
    pub(super) v: u8,
    pub(super) r: B256,
    pub(super) s: B256,
}

/// Signs `message` for the contract `name` at `contract`, as the flaw would have it.
pub(super) fn sign(
    key: &PrivateKeySigner,
    name: &str,
    contract: Address,
    message: &impl SolStruct,
    flaw: Flaw,
) -> Result<Parts> {
    let chain_id = if flaw == Flaw::Chain { 1 } else { devnode::CHAIN_ID };
    let contract = if flaw == Flaw::Contract { Address::repeat_byte(0x42) } else { contract };
    let name = name.to_owned();
    let domain = eip712_domain! { name: name, version: "1", chain_id: chain_id, verifying_contract: contract, };
    let signature = key.sign_hash_sync(&message.eip712_signing_hash(&domain))?;
    let mut parts = Parts { v: 27 + u8::from(signature.v()), r: signature.r().into(), s: signature.s().into() };
    match flaw {
        Flaw::Recovery(v) => parts.v = v,
        Flaw::Flipped => parts.v = 55 - parts.v,
        Flaw::UpperHalf => parts.s.0[0] |= 0x80,
        Flaw::Noise(noise) => parts.r = keccak256([noise]),
        _ => {}
    }
    Ok(parts)
}

impl Parts {
    /// The 65 bytes that ballots take, or as many as the flaw says.
    pub(super) fn bytes(&self, flaw: Flaw) -> Vec<u8> {
        let mut bytes = [&self.r[..], &self.s[..], &[self.v]].concat();
        if let Flaw::Length(length) = flaw {
            bytes.resize(length.into(), 0);
        }
        bytes
    }
}
