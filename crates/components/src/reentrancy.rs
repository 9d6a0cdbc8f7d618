//! A guard against re-entrance, without storage: the chain itself knows whether a call of this contract is already running.
//!
//! Nitro counts the open calls of each contract and tells a program (`msg_reentrant`). So the guard costs one read of the
//! host, less than one unit of gas. A storage slot, as OpenZeppelin's `ReentrancyGuard` has it, costs thousands. Transient
//! storage costs hundreds, and the SDK does not offer it.
//!
//! It is stricter than OpenZeppelin's: a guarded function refuses whenever another call of this contract is running,
//! guarded or not. A function that must be called back stays without the guard, and says so by `reentrant`.
//! A delegated call does not count: behind a proxy, the proxy's calls are counted.

use consilium_abi::{Chain, Revert, ensure, sol_abi};
use stylus_sdk::prelude::*;

sol_abi! {
    /// A guard against re-entrance.
    fragment ReentrancyGuard {
        /// Everybody, while no other call of the contract is running.
        guard non_reentrant reverts ReentrancyGuardReentrantCall => non_reentrant;
        /// The contract was called while another call of it was running.
        error ReentrancyGuardReentrantCall();
    }
}

/// The guard's method. Nothing is stored.
pub trait GuardsReentrance: HostAccess + Chain + Sized {
    /// Reverts if another call of this contract is running.
    fn non_reentrant(&self) -> Result<(), Revert> {
        ensure!(!self.vm().msg_reentrant(), ReentrancyGuardReentrantCall {});
        Ok(())
    }
}
