//! Blocks that exist only on top of a block: each has the root that it would have if it was made.

use super::{expected, store::changes};
use devnode::state::{Changes, Overlay, Store};
use proptest::{collection::vec, prelude::*};
use std::sync::Arc;

/// Makes the changes of a block, as code and cheats do.
fn change(state: &mut Overlay, changes: &Changes) {
    changes.wiped.iter().for_each(|address| state.wipe(*address));
    for (address, account) in &changes.accounts {
        let account = account.unwrap_or_default();
        state.set_nonce(*address, account.nonce);
        state.set_balance(*address, account.balance);
    }
    for ((address, index), value) in &changes.slots {
        state.set_slot(*address, *index, *value);
    }
}

proptest! {
    #[test]
    fn a_block_that_is_not_made_has_the_root_of_one_that_is(
        below in vec(changes(), 0..5),
        above in vec(changes(), 1..10),
    ) {
        let store = Arc::new(Store::default());
        store.apply(0, Changes::default());
        let mut head = 0;
        for changes in below {
            head += 1;
            store.apply(head, changes);
        }
        let view = store.view(head);
        let (mut trie, mut state) = (view.trie(), Overlay::new(view));
        let mut all = state.clone();
        for changes in above {
            change(&mut state, &changes);
            change(&mut all, &changes);
            trie.follow(state.fresh());
            state.settle();
            let root = trie.root(|address| state.account(address));
            head += 1;
            prop_assert_eq!(root, store.apply(head, changes));
            let made = store.view(head);
            prop_assert_eq!(root, expected(&made));
            // What was settled reads as what was not, and as what was made.
            for (address, account, slots) in made.all() {
                prop_assert_eq!((state.account(&address), all.account(&address)), (Some(account), Some(account)));
                for (index, value) in slots {
                    prop_assert_eq!((state.slot(address, index), all.slot(address, index)), (value, value));
                }
            }
            for (address, index) in all.fresh().slots.keys() {
                prop_assert_eq!(state.slot(*address, *index), all.slot(*address, *index));
            }
        }
        let (settled, all) = (state.into_changes(), all.into_changes());
        prop_assert_eq!((settled.accounts, settled.wiped, settled.slots), (all.accounts, all.wiped, all.slots));
    }
}
