//! A trie of one kind of values.

use super::{
    edit::{self, Left},
    encode::Encoder,
    node::{Link, nibble, parting},
};
use alloy_primitives::{B256, Bytes, keccak256};
use alloy_trie::{EMPTY_ROOT_HASH, nodes::RlpNode};

/// Values by the hashes of their keys. How a value is encoded is said when the root is asked for.
#[derive(Debug, Clone)]
pub(super) struct Trie<V>(Option<Link<V>>);

impl<V> Default for Trie<V> {
    fn default() -> Self {
        Self(None)
    }
}

impl<V: Clone> Trie<V> {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// Sets a value. Its encoding counts as changed, whatever it was.
    pub(super) fn insert(&mut self, path: B256, value: V) {
        match &mut self.0 {
            Some(link) => edit::insert(link, 0, path, value),
            None => self.0 = Some(Link::leaf(path, value)),
        }
    }

    pub(super) fn remove(&mut self, path: &B256) {
        if let Some(link) = &mut self.0
            && edit::remove(link, path) == Left::Nothing
        {
            self.0 = None;
        }
    }

    /// The root. `encode` appends a value as its leaf has it.
    pub(super) fn root(&mut self, encode: impl FnMut(&V, &mut Vec<u8>)) -> B256 {
        if let Some(link) = &mut self.0 {
            Encoder::new(encode).settle(link, 0);
        }
        self.settled_root()
    }

    /// The root, if it was asked for since the last change.
    pub(super) fn settled_root(&self) -> B256 {
        let Some(link) = &self.0 else { return EMPTY_ROOT_HASH };
        let reference = link.reference();
        debug_assert!(!reference.is_empty(), "the root is settled");
        // A root is hashed however short it is.
        reference.as_hash().unwrap_or_else(|| keccak256(reference))
    }

    /// The nodes on the way to a path, or to where it would be, from the root on. A node that is shorter than a hash is
    /// in its parent, and has no entry of its own.
    pub(super) fn proof(&mut self, path: &B256, encode: impl FnMut(&V, &mut Vec<u8>)) -> Vec<Bytes> {
        let mut proof = Vec::new();
        let Some(root) = &mut self.0 else { return proof };
        let mut encoder = Encoder::new(encode);
        encoder.settle(root, 0);
        let mut add = |node: &[u8]| {
            if proof.is_empty() || node.len() >= B256::len_bytes() {
                proof.push(Bytes::copy_from_slice(node));
            }
        };
        let (mut next, mut from) = (Some(&*root), 0);
        while let Some(link) = next.take() {
            match link {
                Link::Leaf(leaf) => add(encoder.leaf(leaf, from)),
                Link::Branch(branch) => {
                    let node = encoder.branch(branch).to_vec();
                    if branch.at() > from {
                        add(encoder.extension(branch, from, &RlpNode::from_rlp(&node)));
                        if parting(branch.path(), path) < branch.at() {
                            break;
                        }
                    }
                    add(&node);
                    next = branch.place(nibble(path, branch.at())).ok().map(|place| &branch.children[place]);
                    from = branch.at() + 1;
                }
            }
        }
        proof
    }
}
