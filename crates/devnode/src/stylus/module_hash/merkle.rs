//! Trees of hashes.

use std::sync::LazyLock;

use alloy_primitives::B256;

use super::value::hash;

/// What a tree is over: its nodes' prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TreeKind {
    Value,
    Function,
    Instruction,
    Memory,
    Table,
}

impl TreeKind {
    fn prefix(self) -> &'static str {
        match self {
            Self::Value => "Value merkle tree:",
            Self::Function => "Function merkle tree:",
            Self::Instruction => "Instruction merkle tree:",
            Self::Memory => "Memory merkle tree:",
            Self::Table => "Table merkle tree:",
        }
    }

    /// The leaf where there is nothing.
    pub(super) fn empty(self) -> B256 {
        static ZERO_BYTES: LazyLock<B256> = LazyLock::new(|| hash("Memory leaf:", &[&[0; 32]]));
        if self == Self::Memory { *ZERO_BYTES } else { B256::ZERO }
    }
}

/// Root of the tree over `leaves` with at least `min_layers` layers; zero if there is nothing at all.
pub(super) fn root(kind: TreeKind, leaves: Vec<B256>, min_layers: usize) -> B256 {
    let mut layer = leaves;
    let mut empty = kind.empty();
    let mut layers = 1;
    if layer.is_empty() {
        return B256::ZERO;
    }
    while layer.len() > 1 || layers < min_layers {
        let parent = |left: B256, right: B256| hash(kind.prefix(), &[left.as_slice(), right.as_slice()]);
        let empty_parent = parent(empty, empty);
        layer = layer
            .chunks(2)
            .map(|pair| match (pair[0], pair.get(1).copied().unwrap_or(empty)) {
                (left, right) if left == empty && right == empty => empty_parent,
                (left, right) => parent(left, right),
            })
            .collect();
        empty = empty_parent;
        layers += 1;
    }
    layer[0]
}
