//! Merkle trees of pointers, as `@openzeppelin/merkle-tree` makes them.

use alloy::primitives::{Address, B256, keccak256};
use consilium_bindings::DataPointerRegistry::*;
use eyre::Result;
use serde::Deserialize;

use crate::world::*;

/// A tree of leaves that are hashed already.
pub(crate) struct Tree {
    pub(crate) nodes: Vec<B256>,
    /// Where each leaf is.
    places: Vec<usize>,
}

impl Tree {
    pub(crate) fn of(leaves: &[B256]) -> Self {
        let mut leaves: Vec<_> = leaves.iter().copied().enumerate().collect();
        leaves.sort_by_key(|(_, leaf)| *leaf);
        let count = leaves.len();
        let (mut nodes, mut places) = (vec![B256::ZERO; 2 * count - 1], vec![0; count]);
        for (rank, (index, leaf)) in leaves.into_iter().enumerate() {
            places[index] = 2 * count - 2 - rank;
            nodes[places[index]] = leaf;
        }
        for place in (0..count - 1).rev() {
            nodes[place] = pair(nodes[2 * place + 1], nodes[2 * place + 2]);
        }
        Self { nodes, places }
    }

    pub(crate) fn root(&self) -> B256 {
        self.nodes[0]
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

/// The node above two others.
pub(crate) fn pair(a: B256, b: B256) -> B256 {
    let (low, high) = if a < b { (a, b) } else { (b, a) };
    keccak256([low, high].concat())
}

/// A tree that the package made (`tests/merkle`).
#[derive(Deserialize)]
struct Published {
    root: B256,
    pointers: Vec<Listed>,
}

#[derive(Deserialize)]
struct Listed {
    value: (Address, Address, u8, u32, u64, B256, u8, u64, B256, u16, B256, B256),
    id: B256,
    proof: Vec<B256>,
}

impl Listed {
    fn pointer(&self) -> Pointer {
        let (subject, custodian, dataClass, schema, hashCode, digest, locatorKind, locatorCodec, ..) = self.value;
        let (.., locator, encryption, keyCommitment, previous) = self.value;
        Pointer {
            subject,
            custodian,
            dataClass,
            schema,
            hashCode,
            digest,
            locatorKind,
            locatorCodec,
            locator,
            encryption,
            keyCommitment,
            previous,
        }
    }
}

/// The contract, the package and these tests make the same ids, and the tests the same trees and proofs as the package.
#[tokio::test(flavor = "multi_thread")]
async fn ids_are_the_leaves_of_openzeppelin_s_merkle_tree() -> Result<()> {
    let world = World::bare().await?;
    let trees: Vec<Published> = serde_json::from_str(include_str!("../merkle/pointers.json"))?;
    assert_eq!(trees.len(), 6);
    for Published { root, pointers } in trees {
        let tree = Tree::of(&pointers.iter().map(|listed| listed.id).collect::<Vec<_>>());
        assert_eq!(tree.root(), root);
        for (index, listed) in pointers.iter().enumerate() {
            assert_eq!(tree.proof(index), listed.proof);
            assert_eq!(id(&listed.pointer()), listed.id);
            assert_eq!(world.read(idOfCall { pointer: listed.pointer() }).await?, listed.id);
        }
    }
    Ok(())
}
