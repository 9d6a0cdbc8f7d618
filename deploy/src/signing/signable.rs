//! What an act says of itself, and its digest.

use std::fmt::Debug;

use alloy::primitives::{Address, B256, Bytes, U256, keccak256};
use alloy::sol_types::{Eip712Domain, SolCall, SolValue};

use super::{Place, Terms};
use crate::consent::Names;

/// The call that calldata is, if it is one.
pub(crate) fn read<C: SolCall>(data: &[u8]) -> Option<C> {
    C::abi_decode_validate(data).ok()
}

/// The name and the version of a contract's domain (EIP-712).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Domain {
    /// Its name.
    pub name: &'static str,
    /// Its version.
    pub version: &'static str,
}

impl Domain {
    /// The domain of the contract at a place.
    pub(crate) fn at(self, place: &Place) -> Eip712Domain {
        Eip712Domain {
            name: Some(self.name.into()),
            version: Some(self.version.into()),
            chain_id: Some(U256::from(place.chain)),
            verifying_contract: Some(place.contract),
            salt: None,
        }
    }
}

/// An act of a contract that can be signed.
pub trait Signable: Clone + Debug + PartialEq + Eq {
    /// The contract's domain.
    const DOMAIN: Domain;
    /// What its files are, so that another kind of JSON is not taken for one.
    const FORMAT: &'static str;
    /// The command that makes its files.
    const COMMAND: &'static str;

    /// The act of bytes; none if they are not exactly those of one.
    fn decode(data: &[u8]) -> Option<Self>;

    /// Its bytes, as a file has them.
    fn encode(&self) -> Bytes;

    /// The name of its type, and the members of the type that come before nonce, deadline and relayer.
    fn type_members(&self) -> (&'static str, String);

    /// Those members, each in a word.
    fn members(&self) -> Vec<u8>;

    /// The account that has to sign it, if the act says that.
    fn signer(&self) -> Option<Address> {
        None
    }

    /// What it does.
    fn words(&self, names: &Names) -> String;

    /// What is signed: EIP-712's hash.
    fn digest(&self, place: &Place, terms: &Terms) -> B256 {
        let (name, members) = self.type_members();
        let text = format!("{name}({members},uint256 nonce,uint48 deadline,address relayer)");
        let tail = (terms.nonce, U256::from(terms.deadline), terms.relayer).abi_encode();
        let hash = keccak256([keccak256(text).as_slice(), &self.members(), &tail].concat());
        let separator = Self::DOMAIN.at(place).separator();
        keccak256([&[0x19, 0x01], separator.as_slice(), hash.as_slice()].concat())
    }
}
