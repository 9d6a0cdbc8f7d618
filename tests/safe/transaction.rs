//! A Safe's transaction and its signatures, made without any Safe.

use alloy::primitives::{Address, B256, Bytes, U256, eip191_hash_message};
use alloy::signers::SignerSync;
use alloy::signers::local::PrivateKeySigner;
pub(crate) use harness::safes::{SafeTx, approval};

/// A call of `to`, which promises neither gas nor a refund.
pub(crate) fn call(to: Address, data: impl Into<Bytes>) -> SafeTx {
    SafeTx::call(to, data)
}

/// The same, of the code of `to` in the Safe's storage.
pub(crate) fn delegate(to: Address, data: impl Into<Bytes>) -> SafeTx {
    SafeTx::delegate(to, data)
}

/// How an owner signs.
#[derive(Clone, Debug)]
pub(crate) enum By {
    /// By its key.
    Key(PrivateKeySigner),
    /// By its key, through `eth_sign`.
    EthSign(PrivateKeySigner),
    /// It sends the transaction, or has approved the hash.
    Approval(Address),
    /// It is a contract, and this is its signature.
    Contract(Address, Vec<u8>),
}

impl By {
    /// Who signs.
    pub(crate) fn address(&self) -> Address {
        match self {
            Self::Key(key) | Self::EthSign(key) => key.address(),
            Self::Approval(owner) | Self::Contract(owner, _) => *owner,
        }
    }
}

/// The signatures of a hash, in the order that a Safe asks for.
pub(crate) fn signatures(hash: B256, by: &[By]) -> Vec<u8> {
    let mut by = by.to_vec();
    by.sort_by_key(By::address);
    in_given_order(hash, &by)
}

/// The signatures of a hash, in the order they are given.
pub(crate) fn in_given_order(hash: B256, by: &[By]) -> Vec<u8> {
    let (mut signatures, mut behind) = (Vec::new(), Vec::new());
    for by in by {
        match by {
            By::Key(key) => signatures.extend(key.sign_hash_sync(&hash).expect("a key signs").as_bytes()),
            By::EthSign(key) => {
                let mut bytes = key.sign_hash_sync(&eip191_hash_message(hash)).expect("a key signs").as_bytes();
                bytes[64] += 4;
                signatures.extend(bytes);
            }
            By::Approval(owner) => signatures.extend(approval(*owner)),
            By::Contract(owner, own) => {
                signatures.extend(contract(*owner, behind.len()));
                behind.extend(U256::from(own.len()).to_be_bytes::<32>());
                behind.extend(own);
            }
        }
    }
    // Now it is known where the signatures of contracts begin.
    let end = signatures.len();
    for part in signatures.chunks_exact_mut(65).filter(|part| part[64] == 0) {
        let at = U256::from_be_slice(&part[32..64]) + U256::from(end);
        part[32..64].copy_from_slice(&at.to_be_bytes::<32>());
    }
    signatures.extend(behind);
    signatures
}

/// The signature of a contract, whose own is at `at`.
pub(crate) fn contract(owner: Address, at: usize) -> Vec<u8> {
    [&owner.into_word()[..], &U256::from(at).to_be_bytes::<32>(), &[0]].concat()
}
