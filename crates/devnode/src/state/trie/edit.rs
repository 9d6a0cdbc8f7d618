//! Changes of a trie below a node. What changed forgets its reference, and so does everything above it.

use super::node::{Branch, Link, nibble, parting};
use alloy_primitives::B256;
use alloy_trie::nodes::RlpNode;
use std::{mem, sync::Arc};

/// Sets the value of a path. `from` is the first nibble that the branches above have not decided.
pub(super) fn insert<V: Clone>(link: &mut Link<V>, from: usize, path: B256, value: V) {
    let split = match link {
        Link::Leaf(leaf) if leaf.path == path => {
            let leaf = Arc::make_mut(leaf);
            (leaf.value, leaf.reference) = (value, RlpNode::default());
            return;
        }
        Link::Leaf(_) => true,
        // Only an extension can be left before the branch.
        Link::Branch(branch) => branch.at() > from && parting(branch.path(), &path) < branch.at(),
    };
    if split {
        let new = Link::leaf(path, value);
        let mut old = mem::replace(link, new.clone());
        old.forget();
        *link = Branch::of(old, new);
    } else if let Link::Branch(branch) = link {
        let branch = Arc::make_mut(branch);
        branch.reference = RlpNode::default();
        let (at, nibble) = (branch.at(), nibble(&path, branch.at()));
        match branch.place(nibble) {
            Ok(place) => insert(&mut branch.children[place], at + 1, path, value),
            Err(place) => branch.add(nibble, place, Link::leaf(path, value)),
        }
    }
}

/// What a removal leaves of a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Left {
    /// The node as it was: the path is not there.
    Same,
    /// Another node.
    Other,
    /// Nothing.
    Nothing,
}

/// Removes a path. If that leaves nothing, the link is to be dropped.
pub(super) fn remove<V: Clone>(link: &mut Link<V>, path: &B256) -> Left {
    let branch = match link {
        Link::Leaf(leaf) if leaf.path == *path => return Left::Nothing,
        Link::Leaf(_) => return Left::Same,
        Link::Branch(branch) => Arc::make_mut(branch),
    };
    let nibble = nibble(path, branch.at());
    let Ok(place) = branch.place(nibble) else { return Left::Same };
    match remove(&mut branch.children[place], path) {
        Left::Same => return Left::Same,
        Left::Other => branch.reference = RlpNode::default(),
        Left::Nothing if branch.children.len() > 2 => branch.cut(nibble, place),
        Left::Nothing => {
            // A branch with one child is none: the child takes its place, with a longer part of the path.
            let mut last = mem::take(&mut branch.children).into_vec().swap_remove(1 - place);
            last.forget();
            *link = last;
        }
    }
    Left::Other
}

impl<V: Clone> Branch<V> {
    fn add(&mut self, nibble: u8, place: usize, child: Link<V>) {
        let mut children = Vec::with_capacity(self.children.len() + 1);
        let mut old = mem::take(&mut self.children).into_vec().into_iter();
        children.extend(old.by_ref().take(place));
        children.push(child);
        children.extend(old);
        (self.children, self.mask) = (children.into(), self.mask | 1 << nibble);
    }

    fn cut(&mut self, nibble: u8, place: usize) {
        let mut children = mem::take(&mut self.children).into_vec();
        children.remove(place);
        (self.children, self.mask) = (children.into(), self.mask & !(1 << nibble));
        self.reference = RlpNode::default();
    }
}
