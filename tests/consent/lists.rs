//! Lists of members, as `@openzeppelin/merkle-tree` makes trees of them.

use alloy::{
    primitives::{Address, B256, keccak256},
    sol_types::SolValue,
};
use consilium_bindings::Consent::proveMemberCall;
use eyre::Result;
use harness::chain::Account;
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
pub(crate) struct Tree {
    pub(crate) nodes: Vec<B256>,
    /// Where each member's leaf is.
    places: Vec<usize>,
}

impl Tree {
    pub(crate) fn of(list: &[(Address, u64)]) -> Self {
        let leaf = |(member, until): &(Address, u64)| keccak256(keccak256((*member, time(*until)).abi_encode()));
        let mut leaves: Vec<_> = list.iter().map(leaf).enumerate().collect();
        leaves.sort_by_key(|(_, leaf)| *leaf);
        let count = leaves.len();
        let (mut nodes, mut places) = (vec![B256::ZERO; 2 * count - 1], vec![0; count]);
        for (rank, (index, leaf)) in leaves.into_iter().enumerate() {
            places[index] = 2 * count - 2 - rank;
            nodes[places[index]] = leaf;
        }
        for place in (0..count - 1).rev() {
            let (a, b) = (nodes[2 * place + 1], nodes[2 * place + 2]);
            let (low, high) = if a < b { (a, b) } else { (b, a) };
            nodes[place] = keccak256([low, high].concat());
        }
        Self { nodes, places }
    }

    pub(crate) fn proof(&self, index: usize) -> Vec<B256> {
        let (mut place, mut proof) = (self.places[index], Vec::new());
        while place > 0 {
            proof.push(self.nodes[if place % 2 == 1 { place + 1 } else { place - 1 }]);
            place = (place - 1) / 2;
        }
        proof
    }
}
