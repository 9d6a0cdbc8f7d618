//! The tree of messages to L1: a Merkle accumulator that keeps one hash a level (Nitro `arbos/merkleAccumulator`).

use super::{layout::layout, storage::Ledger};
use alloy_primitives::{B256, U256, keccak256};

/// A node of the tree that a new leaf completed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Update {
    /// Height above the leaves.
    pub(crate) level: u64,
    /// The leaf that completed it.
    pub(crate) leaf: u64,
    /// Its hash.
    pub(crate) hash: B256,
}

fn partial(level: u64) -> U256 {
    layout().send_merkle.at(2 + level)
}

/// How many levels a tree of that size has hashes for.
fn levels(size: u64) -> u64 {
    u64::from(u64::BITS - size.leading_zeros())
}

/// How many leaves there are.
pub(crate) fn size<L: Ledger>(ledger: &mut L) -> Result<u64, L::Error> {
    ledger.get_u64(layout().send_merkle.at(0))
}

/// Adds a leaf, and answers the nodes it completed.
pub(crate) fn append<L: Ledger>(ledger: &mut L, item: B256) -> Result<Vec<Update>, L::Error> {
    let before = size(ledger)?;
    ledger.set_u64(layout().send_merkle.at(0), before + 1)?;
    let mut updates = Vec::new();
    let mut hash = keccak256(item);
    for level in 0.. {
        if level == levels(before) {
            ledger.set(partial(level), hash.into())?;
            break;
        }
        let left = ledger.get(partial(level))?;
        if left.is_zero() {
            ledger.set(partial(level), hash.into())?;
            break;
        }
        hash = ledger.keccak(&[left.to_be_bytes::<32>(), hash.0].concat())?;
        ledger.set(partial(level), U256::ZERO)?;
        updates.push(Update { level: level + 1, leaf: before, hash });
    }
    Ok(updates)
}

/// The hashes of the levels of a tree of that size, zero where a level has none.
pub(crate) fn partials<L: Ledger>(ledger: &mut L, size: u64) -> Result<Vec<B256>, L::Error> {
    (0..levels(size)).map(|level| ledger.get(partial(level)).map(B256::from)).collect()
}

/// The root, of the tree filled up with zeros; zero if it is empty.
pub(crate) fn root<L: Ledger>(ledger: &mut L) -> Result<B256, L::Error> {
    let size = size(ledger)?;
    let mut root: Option<(B256, u64)> = None;
    for level in 0..levels(size) {
        let node = B256::from(ledger.get(partial(level))?);
        if node.is_zero() {
            continue;
        }
        root = Some(match root {
            None => (node, level),
            Some((mut right, mut height)) => {
                while height < level {
                    right = ledger.keccak(&[right.0, [0; 32]].concat())?;
                    height += 1;
                }
                (ledger.keccak(&[node.0, right.0].concat())?, level + 1)
            }
        });
    }
    Ok(root.map_or(B256::ZERO, |(hash, _)| hash))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arbos::ledgers::LedgerDraft;

    fn pair(left: B256, right: B256) -> B256 {
        keccak256([left.0, right.0].concat())
    }

    /// The root of a whole tree of that height over some leaves: empty subtrees count as zero, at any height.
    fn whole(leaves: &[B256], height: u32) -> B256 {
        match (leaves, height) {
            ([], _) => B256::ZERO,
            ([leaf, ..], 0) => *leaf,
            _ => {
                let (left, right) = leaves.split_at(leaves.len().min(1 << (height - 1)));
                pair(whole(left, height - 1), whole(right, height - 1))
            }
        }
    }

    #[test]
    fn the_root_is_that_of_the_whole_tree() {
        let mut state = LedgerDraft::default();
        let Ok(empty) = root(&mut state);
        assert_eq!(empty, B256::ZERO);
        let mut leaves = Vec::new();
        for index in 0..40u64 {
            let item = keccak256(index.to_be_bytes());
            leaves.push(keccak256(item));
            let Ok(updates) = append(&mut state, item);
            assert_eq!(updates.len() as u32, (index + 1).trailing_zeros(), "nodes that leaf {index} completes");
            let height = (leaves.len() as u64).next_power_of_two().trailing_zeros();
            let Ok(root) = root(&mut state);
            assert_eq!(root, whole(&leaves, height), "{} leaves", leaves.len());
            let Ok(size) = size(&mut state);
            assert_eq!(size, index + 1);
        }
    }
}
