//! Nodes of a trie.

use alloy_primitives::B256;
use alloy_trie::nodes::RlpNode;
use std::sync::Arc;

/// A node below the root or a branch, shared by the copies of a trie that have it.
#[derive(Debug, Clone)]
pub(super) enum Link<V> {
    Leaf(Arc<Leaf<V>>),
    Branch(Arc<Branch<V>>),
}

/// The end of a path.
#[derive(Debug, Clone)]
pub(super) struct Leaf<V> {
    /// The whole path from the root.
    pub(super) path: B256,
    pub(super) value: V,
    /// What its parent has of it. Empty if it is not known.
    pub(super) reference: RlpNode,
}

/// A place where paths part, with the nibbles that all of them share since the branch above: Ethereum's extension is
/// part of it.
#[derive(Debug, Clone)]
pub(super) struct Branch<V> {
    /// The nibble by which the paths part.
    pub(super) at: u8,
    /// Which values that nibble has, a bit each.
    pub(super) mask: u16,
    /// The child of each value, in their order. As many as there are: most branches have two to four.
    pub(super) children: Box<[Link<V>]>,
    /// What its parent has of it, or of its extension. Empty if it is not known.
    pub(super) reference: RlpNode,
}

/// A nibble of a path.
pub(super) fn nibble(path: &B256, at: usize) -> u8 {
    // The high half of a byte comes first.
    path[at / 2] >> (4 * (1 - at % 2)) & 15
}

/// The first nibble in which two paths differ; 64 if they are the same.
pub(super) fn parting(one: &B256, other: &B256) -> usize {
    let differs = |(a, b): (&u8, &u8)| a != b;
    let byte = one.iter().zip(other).position(differs).unwrap_or(32);
    2 * byte + usize::from(byte < 32 && one[byte] >> 4 == other[byte] >> 4)
}

impl<V: Clone> Link<V> {
    pub(super) fn leaf(path: B256, value: V) -> Self {
        Self::Leaf(Arc::new(Leaf { path, value, reference: RlpNode::default() }))
    }

    /// A path that leads through it. It shares with all others what they share.
    pub(super) fn path(&self) -> &B256 {
        match self {
            Self::Leaf(leaf) => &leaf.path,
            Self::Branch(branch) => branch.path(),
        }
    }

    /// What its parent has of it. Empty if it is not known.
    pub(super) fn reference(&self) -> &RlpNode {
        match self {
            Self::Leaf(leaf) => &leaf.reference,
            Self::Branch(branch) => &branch.reference,
        }
    }

    /// It changed, or its place did.
    pub(super) fn forget(&mut self) {
        match self {
            Self::Leaf(leaf) => Arc::make_mut(leaf).reference = RlpNode::default(),
            Self::Branch(branch) => Arc::make_mut(branch).reference = RlpNode::default(),
        }
    }
}

impl<V: Clone> Branch<V> {
    /// The place where two paths part.
    pub(super) fn of(one: Link<V>, other: Link<V>) -> Link<V> {
        let at = parting(one.path(), other.path());
        let (low, high) = (nibble(one.path(), at), nibble(other.path(), at));
        let children = if low < high { [one, other] } else { [other, one] };
        let mask = 1 << low | 1 << high;
        Link::Branch(Arc::new(Self { at: at as u8, mask, children: children.into(), reference: RlpNode::default() }))
    }

    pub(super) fn at(&self) -> usize {
        self.at.into()
    }

    /// A path that leads through it.
    pub(super) fn path(&self) -> &B256 {
        self.children[0].path()
    }

    /// Where the child of a nibble is, or where it would be.
    pub(super) fn place(&self, nibble: u8) -> Result<usize, usize> {
        let bit = 1 << nibble;
        let before = (self.mask & (bit - 1)).count_ones() as usize;
        if self.mask & bit == 0 { Err(before) } else { Ok(before) }
    }
}
