//! The authority of a walk, `ConsentAuthority` among the peers: what it is told, and what the model says of it.

use std::collections::BTreeMap;

use alloy::{
    primitives::{Address, FixedBytes},
    sol,
    sol_types::{SolCall, SolError},
};

sol! {
    /// `tests/consent/solidity/ConsentWalk.sol`, which says what each function does.
    #[allow(missing_docs)]
    interface Authority {
        error NothingScheduled();
        error AccessManagedUnauthorized(address caller);
        function allow(address caller, bytes4 selector, uint8 kind) external;
        function callAs(address target, bytes data) external returns (bytes);
    }
}

/// What the authority says of a caller and a function: 0 never, 1 at once, 2 and 3 after a delay, scheduled or not.
#[derive(Clone, Debug, Default)]
pub struct Kinds(BTreeMap<(Address, FixedBytes<4>), u8>);

impl Kinds {
    /// Takes in a call of `allow`, if it is one.
    pub fn told(&mut self, data: &[u8]) {
        if let Ok(allowed) = Authority::allowCall::abi_decode(data) {
            self.0.insert((allowed.caller, allowed.selector), allowed.kind);
        }
    }

    /// Whether a caller passes.
    ///
    /// # Errors
    /// With what the contract reverts with.
    pub fn pass(&self, caller: Address, selector: FixedBytes<4>) -> Result<(), Vec<u8>> {
        match self.0.get(&(caller, selector)).copied().unwrap_or_default() {
            1 | 2 => Ok(()),
            3 => Err(Authority::NothingScheduled {}.abi_encode()),
            _ => Err(Authority::AccessManagedUnauthorized { caller }.abi_encode()),
        }
    }
}
