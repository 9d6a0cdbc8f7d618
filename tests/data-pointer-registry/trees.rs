//! Merkle trees of pointers, as `@openzeppelin/merkle-tree` makes them.

use alloy::primitives::{Address, B256};
use consilium_bindings::DataPointerRegistry::*;
use eyre::Result;
pub(crate) use harness::merkle::{Tree, pair};
use serde::Deserialize;

use crate::world::*;

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
