//! The store: random blocks, changes after them, and ways back.

use super::expected;
use alloy::rlp::encode;
use alloy_primitives::{Address, U256, keccak256};
use alloy_trie::{Nibbles, TrieAccount, proof::verify_proof};
use devnode::state::{AccountState, Changes, Store};
use proptest::{collection::vec, prelude::*};
use std::sync::Arc;

/// Short and long ones, and zeros, which remove.
fn value() -> impl Strategy<Value = U256> {
    prop_oneof![
        1 => Just(U256::ZERO),
        2 => (1..200_u64).prop_map(U256::from),
        1 => any::<[u8; 32]>().prop_map(U256::from_be_bytes),
    ]
}

/// What happens to a store.
#[derive(Debug, Clone)]
enum Step {
    Block(Changes),
    Patch(Changes),
    Rewind(u64),
}

/// What a block may change.
pub(super) fn changes() -> impl Strategy<Value = Changes> {
    let address = || (0..12_u8).prop_map(Address::with_last_byte);
    let account =
        (0..3_u64, value()).prop_map(|(nonce, balance)| AccountState { nonce, balance, ..Default::default() });
    let account = account.prop_map(|account| (!account.is_empty()).then_some(account));
    let slot = ((address(), (0..40_u64).prop_map(U256::from)), value());
    (vec((address(), account), 0..6), vec(slot, 0..12), vec(address(), 0..2)).prop_map(|(accounts, slots, wiped)| {
        Changes {
            accounts: accounts.into_iter().collect(),
            slots: slots.into_iter().collect(),
            wiped: wiped.into_iter().collect(),
            ..Changes::default()
        }
    })
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        5 => changes().prop_map(Step::Block),
        2 => changes().prop_map(|changes| Step::Patch(Changes { wiped: Default::default(), ..changes })),
        1 => (0..6_u64).prop_map(Step::Rewind),
    ]
}

proptest! {
    #[test]
    fn a_store_gives_each_block_the_root_of_its_state(steps in vec(step(), 1..24)) {
        let store = Arc::new(Store::default());
        store.apply(0, Changes::default());
        let mut head = 0;
        for step in steps {
            match step {
                Step::Block(changes) => {
                    head += 1;
                    let wiped = changes.wiped.clone();
                    let kept: Vec<_> = changes.slots.keys().copied().collect();
                    let root = store.apply(head, changes);
                    prop_assert_eq!(root, expected(&store.view(head)));
                    for (address, _, slots) in store.view(head).all() {
                        let inherits = slots.iter().any(|(index, _)| !kept.contains(&(address, *index)));
                        prop_assert!(!wiped.contains(&address) || !inherits, "{} has slots from before", address);
                    }
                }
                Step::Patch(changes) => drop(store.patch(head, changes)),
                Step::Rewind(blocks) => {
                    head = head.saturating_sub(blocks);
                    store.rewind(head);
                }
            }
            for block in [head, head / 2] {
                let view = store.view(block);
                let mut trie = view.trie();
                prop_assert_eq!(trie.root(|address| view.account(address)), expected(&view));
            }
        }
    }
}

#[test]
fn accounts_and_slots_are_proven_present_and_absent() {
    let (who, other) = (Address::with_last_byte(1), Address::with_last_byte(2));
    let account = AccountState { nonce: 7, ..AccountState::default() };
    let mut changes = Changes::default();
    changes.accounts.extend([(who, Some(account)), (Address::with_last_byte(3), Some(account))]);
    changes.slots.insert((who, U256::from(5)), U256::from(55));
    let store = Arc::new(Store::default());
    let root = store.apply(0, changes);
    let view = store.view(0);
    let mut trie = view.trie();
    let storage = trie.storage_root(&who);
    let encoded = encode(TrieAccount::new(7, U256::ZERO, storage, account.code_hash));
    for (address, value) in [(who, Some(encoded)), (other, None)] {
        let proof = trie.prove_account(&address, |address| view.account(address));
        assert_eq!(verify_proof(root, Nibbles::unpack(keccak256(address)), value, &proof), Ok(()));
    }
    for (index, value) in [(5, Some(encode(U256::from(55)))), (6, None)] {
        let (index, key) = (U256::from(index), keccak256(U256::from(index).to_be_bytes::<32>()));
        assert_eq!(verify_proof(storage, Nibbles::unpack(key), value, &trie.prove_slot(&who, index)), Ok(()));
    }
    assert_eq!(trie.prove_slot(&other, U256::ONE).len(), 0);
}
