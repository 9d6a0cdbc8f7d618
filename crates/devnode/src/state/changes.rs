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
