//! OpenZeppelin's TimelockController as a Stylus program: the treasury, and the executor of what the DAO decides.
//!
//! | module | what it holds |
//! |---|---|
//! | [`abi`] | the interface, with every function, event and error |
//! | [`roles`] | who may do what, and the constructor's grants |
//! | [`schedule`] | scheduling and cancelling |
//! | [`execute`] | executing, and changing the delay |
//! | [`views`] | the state of operations, and their ids |
//! | [`receive`] | ether and tokens coming in, ERC-165 |
//! | [`rules`] | the rules as pure functions |
//!
//! The program may be re-entered: an operation that changes the timelock's own roles or delay is a call of the timelock
//! to itself, and a governor queues from within its own execution. What guards it is the state of the operation, looked
//! at before the calls and after them.

#![cfg_attr(not(test), no_std)]
#![allow(missing_docs, reason = "`#[entrypoint]` writes a public function without any")]
extern crate alloc;

mod abi;
mod execute;
mod receive;
mod roles;
mod rules;
mod schedule;
mod views;

// The SDK's macros name these two.
use alloc::vec;
use alloc::vec::Vec;

use alloy_primitives::{Address, B256, U256};
use consilium_abi::{List, Revert, entrypoint};
use consilium_components::access_control::{DEFAULT_ADMIN_ROLE, HasRoles, Roles};
use stylus_sdk::prelude::*;
use stylus_sdk::storage::{StorageMap, StorageU256};

use abi::MinDelayChange;

/// The timelock's storage.
#[entrypoint]
#[storage]
pub struct Timelock {
    /// Who holds which role.
    roles: Roles,
    /// When an operation is ready, by its id: see [`rules::State::of`].
    timestamps: StorageMap<B256, StorageU256>,
    /// The least that an operation waits, in seconds.
    min_delay: StorageU256,
}

impl Timelock {
    /// The constructor.
    fn init(
        &mut self,
        min_delay: U256,
        proposers: List<'_, Address>,
        executors: List<'_, Address>,
        admin: Address,
    ) -> Result<(), Revert> {
        self.grant(DEFAULT_ADMIN_ROLE, self.vm().contract_address());
        if !admin.is_zero() {
            self.grant(DEFAULT_ADMIN_ROLE, admin);
        }
        for proposer in proposers.iter() {
            self.grant(rules::PROPOSER_ROLE, proposer);
            self.grant(rules::CANCELLER_ROLE, proposer);
        }
        for executor in executors.iter() {
            self.grant(rules::EXECUTOR_ROLE, executor);
        }
        self.min_delay.set(min_delay);
        MinDelayChange { old_duration: U256::ZERO, new_duration: min_delay }.log(self);
        Ok(())
    }
}
