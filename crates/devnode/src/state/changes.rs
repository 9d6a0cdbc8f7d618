//! What a block or a call changes.

use super::{account::AccountState, table::KeyHasher};
use alloy_primitives::{
    Address, B256, U256,
    map::{AddressSet, HashMap},
};
use revm::state::Bytecode;

/// What a block wrote.
#[derive(Debug, Default, Clone)]
pub struct Changes {
    /// The present accounts; `None` for one that is gone.
    pub accounts: HashMap<Address, Option<AccountState>>,
    /// Accounts that were made or destroyed, or whose storage was replaced as a whole: no slot from before counts.
    pub wiped: AddressSet,
    /// The present slots.
    pub slots: HashMap<(Address, U256), U256, KeyHasher>,
    /// New code by its hash.
    pub codes: HashMap<B256, Bytecode>,
}

impl Changes {
    /// What they say of a slot.
    pub(super) fn slot(&self, address: Address, index: U256) -> Option<U256> {
        let written = self.slots.get(&(address, index)).copied();
        written.or_else(|| self.wiped.contains(&address).then_some(U256::ZERO))
    }

    /// Empties an account's storage.
    pub(super) fn wipe(&mut self, address: Address) {
        self.wiped.insert(address);
        self.clear(|owner| *owner == address);
    }

    /// Takes over later changes.
    pub(super) fn extend(&mut self, later: Self) {
        if self.is_empty() {
            *self = later;
            return;
        }
        if !later.wiped.is_empty() {
            self.clear(|owner| later.wiped.contains(owner));
        }
        self.wiped.extend(later.wiped);
        self.accounts.extend(later.accounts);
        self.slots.extend(later.slots);
        self.codes.extend(later.codes);
    }

    fn is_empty(&self) -> bool {
        self.accounts.is_empty() && self.wiped.is_empty() && self.slots.is_empty() && self.codes.is_empty()
    }

    /// Sets the slots of accounts to zero that are in here.
    fn clear(&mut self, accounts: impl Fn(&Address) -> bool) {
        self.slots.iter_mut().filter(|((owner, _), _)| accounts(owner)).for_each(|(_, value)| *value = U256::ZERO);
    }
}
