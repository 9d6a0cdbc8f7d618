//! Nodes as they are hashed.

use super::node::{Branch, Leaf, Link};
use alloy::rlp::Encodable;
use alloy_primitives::B256;
use alloy_trie::{
    Nibbles, TrieMask,
    nodes::{BranchNodeRef, ExtensionNodeRef, LeafNodeRef, RlpNode},
};
use std::{array, sync::Arc};

/// Encodes nodes, with what encodes their values. Its buffers are used again and again.
pub(super) struct Encoder<F> {
    encode: F,
    value: Vec<u8>,
    node: Vec<u8>,
}

impl<F> Encoder<F> {
    /// With what appends a value as a leaf has it.
    pub(super) fn new(encode: F) -> Self {
        Self { encode, value: Vec::new(), node: Vec::new() }
    }

    /// Gives a node and all below it their references. `from` is the first nibble that is not decided above it.
    pub(super) fn settle<V: Clone>(&mut self, link: &mut Link<V>, from: usize)
    where
        F: FnMut(&V, &mut Vec<u8>),
    {
        if !link.reference().is_empty() {
            return;
        }
        match link {
            Link::Leaf(leaf) => {
                let leaf = Arc::make_mut(leaf);
                leaf.reference = RlpNode::from_rlp(self.leaf(leaf, from));
            }
            Link::Branch(branch) => {
                let branch = Arc::make_mut(branch);
                let below = branch.at() + 1;
                branch.children.iter_mut().for_each(|child| self.settle(child, below));
                let mut reference = RlpNode::from_rlp(self.branch(branch));
                if branch.at() > from {
                    reference = RlpNode::from_rlp(self.extension(branch, from, &reference));
                }
                branch.reference = reference;
            }
        }
    }

    /// A leaf, with the path from nibble `from` on.
    pub(super) fn leaf<V>(&mut self, leaf: &Leaf<V>, from: usize) -> &[u8]
    where
        F: FnMut(&V, &mut Vec<u8>),
    {
        self.value.clear();
        (self.encode)(&leaf.value, &mut self.value);
        self.node.clear();
        LeafNodeRef::new(&nibbles(&leaf.path, from, 64), &self.value).encode(&mut self.node);
        &self.node
    }

    /// A branch without its extension, whose children are settled.
    pub(super) fn branch<V: Clone>(&mut self, branch: &Branch<V>) -> &[u8] {
        let reference = |index| branch.children.get(index).map(|child: &Link<V>| child.reference().clone());
        let stack: [RlpNode; 16] = array::from_fn(|index| reference(index).unwrap_or_default());
        self.node.clear();
        BranchNodeRef::new(&stack[..branch.children.len()], TrieMask::new(branch.mask)).encode(&mut self.node);
        &self.node
    }

    /// The extension of a branch, which begins at nibble `from`.
    pub(super) fn extension<V: Clone>(&mut self, branch: &Branch<V>, from: usize, reference: &RlpNode) -> &[u8] {
        self.node.clear();
        ExtensionNodeRef::new(&nibbles(branch.path(), from, branch.at()), reference).encode(&mut self.node);
        &self.node
    }
}

fn nibbles(path: &B256, from: usize, to: usize) -> Nibbles {
    Nibbles::unpack_array(&path.0).slice(from..to)
}
