//! Against alloy-trie, which makes a trie from all of its values at once, and verifies proofs.

use super::secure::Trie;
use alloy::rlp::{Encodable, encode};
use alloy_primitives::{B256, U256};
use alloy_trie::{Nibbles, proof::verify_proof, root::storage_root_unsorted};
use proptest::{collection::vec, prelude::*};
use std::collections::BTreeMap;

/// Hashes that share their first or their last nibbles: extensions of all lengths, and leaves that fit into branches.
fn path() -> impl Strategy<Value = B256> {
    (0..31_usize, any::<[u8; 2]>(), any::<bool>()).prop_map(|(at, bytes, few)| {
        let mut path = B256::ZERO;
        let mask = if few { 0x11 } else { 0xff };
        (path[at], path[at + 1]) = (bytes[0] & mask, bytes[1] & mask);
        path
    })
}

/// Short and long ones, and zeros, which remove.
fn value() -> impl Strategy<Value = U256> {
    prop_oneof![
        1 => Just(U256::ZERO),
        2 => (1..200_u64).prop_map(U256::from),
        1 => any::<[u8; 32]>().prop_map(U256::from_be_bytes),
    ]
}

fn root(trie: &mut Trie<U256>) -> B256 {
    trie.root(|value, out| value.encode(out))
}

proptest! {
    #[test]
    fn a_trie_that_was_changed_has_the_root_of_its_values(
        rounds in vec(vec((path(), value()), 1..20), 1..12),
        absent in vec(path(), 8),
    ) {
        let (mut trie, mut values) = (Trie::default(), BTreeMap::new());
        for round in rounds {
            let (mut before, root_before) = (trie.clone(), root(&mut trie));
            for (path, value) in round {
                if value.is_zero() {
                    values.remove(&path);
                    trie.remove(&path);
                } else {
                    values.insert(path, value);
                    trie.insert(path, value);
                }
            }
            prop_assert_eq!(root(&mut trie), storage_root_unsorted(values.iter().map(|(path, value)| (*path, *value))));
            prop_assert_eq!(root(&mut before), root_before, "a copy stays what it was");
        }
        let root = root(&mut trie);
        for path in values.keys().copied().chain(absent).collect::<Vec<_>>() {
            let proof = trie.proof(&path, |value, out| value.encode(out));
            let value = values.get(&path).map(encode);
            prop_assert_eq!(verify_proof(root, Nibbles::unpack(path), value, &proof), Ok(()));
        }
    }
}
