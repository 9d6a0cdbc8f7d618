//! Merkle trees as `@openzeppelin/merkle-tree` makes them of leaves that are hashed already.

use alloy::primitives::{B256, keccak256};

/// A tree.
#[derive(Clone, Debug)]
pub struct Tree {
    /// The root, and below the node at `i` those at `2 i + 1` and `2 i + 2`.
    pub nodes: Vec<B256>,
    /// Where each leaf is.
    places: Vec<usize>,
}

impl Tree {
    /// The tree of at least one leaf.
    pub fn of(leaves: &[B256]) -> Self {
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

    /// Its root.
    pub fn root(&self) -> B256 {
        self.nodes[0]
    }

    /// The proof of a leaf, by its index among the leaves that were given.
    pub fn proof(&self, index: usize) -> Vec<B256> {
        let (mut place, mut proof) = (self.places[index], Vec::new());
        while place > 0 {
            proof.push(self.nodes[if place % 2 == 1 { place + 1 } else { place - 1 }]);
            place = (place - 1) / 2;
        }
        proof
    }
}

/// The node above two others.
pub fn pair(a: B256, b: B256) -> B256 {
    let (low, high) = if a < b { (a, b) } else { (b, a) };
    keccak256([low, high].concat())
}
