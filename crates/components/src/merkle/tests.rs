//! Properties of proofs, by a tree that is built here. `tests/components` has the trees of `@openzeppelin/merkle-tree`.

use alloc::{vec, vec::Vec};

use consilium_abi::{decode, encode};
use proptest::prelude::*;

use super::*;

/// A full tree, the root first, the children of `i` at `2i + 1` and `2i + 2`.
fn tree(leaves: &[B256]) -> Vec<B256> {
    let inner = leaves.len() - 1;
    let mut nodes = vec![B256::ZERO; inner];
    nodes.extend(leaves.iter().rev());
    for i in (0..inner).rev() {
        nodes[i] = pair(nodes[2 * i + 1], nodes[2 * i + 2]);
    }
    nodes
}

/// The sibling of each node from `at` up.
fn proof(tree: &[B256], mut at: usize) -> Vec<B256> {
    let mut proof = vec![];
    while at > 0 {
        proof.push(tree[if at.is_multiple_of(2) { at - 1 } else { at + 1 }]);
        at = (at - 1) / 2;
    }
    proof
}

fn processed(proof: &[B256], leaf: B256) -> B256 {
    let encoded = encode!((bytes32[]) => proof);
    process(decode!(&encoded => (bytes32[])).unwrap(), leaf)
}

proptest! {
    #[test]
    fn each_leaf_leads_to_the_root(values in proptest::collection::vec(any::<[u8; 32]>(), 1..40)) {
        let leaves: Vec<_> = values.iter().map(|value| leaf(value)).collect();
        let tree = tree(&leaves);
        for (index, leaf) in leaves.iter().enumerate() {
            prop_assert_eq!(processed(&proof(&tree, tree.len() - 1 - index), *leaf), tree[0]);
        }
    }

    /// Another leaf, or a proof with one bit changed, leads elsewhere.
    #[test]
    fn nothing_else_does(
        values in proptest::collection::hash_set(any::<[u8; 32]>(), 2..20), at: prop::sample::Index, bit in 0..256usize,
    ) {
        let leaves: Vec<_> = values.iter().map(|value| leaf(value)).collect();
        let tree = tree(&leaves);
        let index = at.index(leaves.len());
        let mut proof = proof(&tree, tree.len() - 1 - index);
        prop_assert_ne!(processed(&proof, leaf(b"another")), tree[0]);
        let place = at.index(proof.len());
        proof[place].0[bit / 8] ^= 1 << (bit % 8);
        prop_assert_ne!(processed(&proof, leaves[index]), tree[0]);
    }

    #[test]
    fn a_pair_has_no_order(a: [u8; 32], b: [u8; 32]) {
        let (a, b) = (B256::from(a), B256::from(b));
        let sorted = if a < b { [a, b] } else { [b, a] };
        prop_assert_eq!(pair(a, b), keccak256(sorted.concat()));
        prop_assert_eq!(pair(a, b), pair(b, a));
    }
}
