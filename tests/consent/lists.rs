//! Lists of members, as `@openzeppelin/merkle-tree` makes trees of them.

use alloy::{
    primitives::{Address, B256, keccak256},
    sol_types::SolValue,
};
use consilium_bindings::Consent::proveMemberCall;
use eyre::Result;
use harness::{chain::Account, merkle::Tree};
use serde::Deserialize;

use crate::world::time;

/// A list that `@openzeppelin/merkle-tree` made (`tests/merkle`).
#[derive(Deserialize)]
pub(crate) struct Published {
    pub(crate) root: B256,
    pub(crate) members: Vec<Listed>,
}

#[derive(Clone, Deserialize)]
pub(crate) struct Listed {
    pub(crate) member: Address,
    pub(crate) until: u64,
    pub(crate) proof: Vec<B256>,
}

impl Listed {
    pub(crate) fn prove(&self, organization: &Account) -> proveMemberCall {
        let Self { member, until, proof } = self.clone();
        proveMemberCall { organization: organization.address(), member, until: time(until), proof }
    }
}

pub(crate) fn lists() -> Result<Vec<Published>> {
    Ok(serde_json::from_str(include_str!("../merkle/members.json"))?)
}

/// The tree that `@openzeppelin/merkle-tree` makes of a list.
pub(crate) fn tree(list: &[(Address, u64)]) -> Tree {
    let leaf = |(member, until): &(Address, u64)| keccak256(keccak256((*member, time(*until)).abi_encode()));
    Tree::of(&list.iter().map(leaf).collect::<Vec<_>>())
}
