//! What is stored, and every read and write of it. No other file sees a field.
//!
//! UNGUARDED: every method that writes. Whoever calls one has checked that the caller of the contract may.
//!
//! The key of a grant is role and account in one word, that of a function target and selector.

// The SDK's macros name these two.
use alloc::vec;
use alloc::vec::Vec;

use alloy_primitives::{Address, B256};
use consilium_abi::{Revert, ensure, entrypoint, packed};
use consilium_components::stored::Word;
use consilium_components::words::{Key, Words};
use stylus_sdk::prelude::*;

use crate::abi::SafeCastOverflowedUintDowncast;
use crate::rules::{self, ADMIN_ROLE, Delay, Functions, Selector};

packed! {
    /// A grant: of a role, to an account.
    pub(crate) struct Access {
        /// When it begins; 0 for no grant.
        uint48 since;
        /// The execution delay: a [`Delay`].
        uint112 delay;
        /// When it ends: the first second without the role; 0 for no end.
        uint48 until;
    }
    /// How a role is administered.
    pub(crate) struct Role {
        /// The role that grants and revokes it.
        uint64 admin;
        /// The role that cancels operations which need it.
        uint64 guardian;
        /// How long new grants wait: a [`Delay`].
        uint112 grant_delay;
    }
    /// What every call of a target asks for, in one word: `canCall` reads it and a grant, and no more.
    pub(crate) struct Target {
        /// Nobody may call it.
        bool closed;
        /// What else is stored of it: [`OTHER_ROLES`], [`ADMIN_DELAY`].
        uint8 elsewhere;
        /// [`Functions`].
        bytes30 functions;
    }
    /// The role of a function that has no room in [`Target`].
    pub(crate) struct FunctionRole {
        /// The role.
        uint64 role;
    }
    /// The least delay of changes that concern a target.
    pub(crate) struct AdminDelay {
        /// A [`Delay`].
        uint112 delay;
    }
    /// A scheduled operation.
    pub(crate) struct Schedule {
        /// When it is ready; 0 if it is not scheduled.
        uint48 timepoint;
        /// How often it was scheduled.
        uint32 nonce;
    }
}

/// The bit of [`Target::elsewhere`] that says: there are roles in the map of functions. It stays once it is set.
const OTHER_ROLES: u8 = 1;
/// The bit of [`Target::elsewhere`] that says: there is an admin delay. It stays once it is set. Without it, what admins do
/// with a target reads one word less.
const ADMIN_DELAY: u8 = 2;

/// No call is being executed. It is not zero, since to set a word that is zero costs 17,000 more.
const IDLE: B256 = B256::with_last_byte(1);

/// The manager's storage.
#[entrypoint]
#[storage]
pub struct AccessManager {
    /// Grants, by role and account.
    members: Words<(u64, Address), Access>,
    /// How roles are administered.
    roles: Words<u64, Role>,
    /// What is asked of calls, by target.
    targets: Words<Address, Target>,
    /// Roles of functions that have no room in [`Target`].
    functions: Words<(Address, Selector), FunctionRole>,
    /// The least delay of changes, by target.
    admin_delays: Words<Address, AdminDelay>,
    /// Operations, by their ids.
    schedules: Words<B256, Schedule>,
    /// What is being executed.
    execution: Word<B256>,
}

impl AccessManager {
    /// The time.
    pub(crate) fn now(&self) -> Result<u64, Revert> {
        let now = self.vm().block_timestamp();
        ensure!(now >> 48 == 0, SafeCastOverflowedUintDowncast { bits: 48, value: now });
        Ok(now)
    }

    /// The grant as it is at `now`: none, if it has ended.
    pub(crate) fn access(&self, role: u64, account: Address, now: u64) -> Access {
        let access = self.stored_access(role, account);
        if rules::has_ended(access.until, now) { Access { since: 0, delay: 0, until: 0 } } else { access }
    }

    /// The grant as it was made.
    pub(crate) fn stored_access(&self, role: u64, account: Address) -> Access {
        Access::unpack(self.members.get(member(role, account)))
    }

    pub(crate) fn set_access(&mut self, role: u64, account: Address, access: &Access) {
        self.members.insert(member(role, account), access.pack());
    }

    pub(crate) fn clear_access(&mut self, role: u64, account: Address) {
        self.members.insert(member(role, account), B256::ZERO);
    }

    pub(crate) fn role(&self, role: u64) -> Role {
        Role::unpack(self.roles.get(role.into()))
    }

    pub(crate) fn set_role(&mut self, role: u64, config: &Role) {
        self.roles.insert(role.into(), config.pack());
    }

    pub(crate) fn target(&self, target: Address) -> Target {
        Target::unpack(self.targets.get(target.into()))
    }

    pub(crate) fn set_target(&mut self, target: Address, config: &Target) {
        self.targets.insert(target.into(), config.pack());
    }

    /// The role of a function of a target that has been read.
    pub(crate) fn function_role(&self, config: &Target, target: Address, selector: Selector) -> u64 {
        match Functions(config.functions).get(selector) {
            Some(role) => role,
            None if config.elsewhere & OTHER_ROLES == 0 => ADMIN_ROLE,
            None => FunctionRole::unpack(self.functions.get(function(target, selector))).role,
        }
    }

    /// Gives a function a role. The target, which is changed, is still to be written.
    pub(crate) fn set_function_role(&mut self, config: &mut Target, target: Address, selector: Selector, role: u64) {
        let mut functions = Functions(config.functions);
        let has_room = functions.set(selector, role);
        config.functions = functions.0;
        if !has_room {
            config.elsewhere |= OTHER_ROLES;
        }
        if config.elsewhere & OTHER_ROLES != 0 {
            // A role is in one place only: what is found there first counts.
            self.functions.insert(
                function(target, selector),
                FunctionRole { role: if has_room { ADMIN_ROLE } else { role } }.pack(),
            );
        }
    }

    /// The admin delay of a target that has been read.
    pub(crate) fn admin_delay(&self, config: &Target, target: Address) -> Delay {
        if config.elsewhere & ADMIN_DELAY == 0 {
            return Delay::default();
        }
        AdminDelay::unpack(self.admin_delays.get(target.into())).delay.into()
    }

    pub(crate) fn set_admin_delay(&mut self, target: Address, delay: Delay) {
        let config = self.target(target);
        self.set_target(target, &Target { elsewhere: config.elsewhere | ADMIN_DELAY, ..config });
        self.admin_delays.insert(target.into(), AdminDelay { delay: delay.into() }.pack());
    }

    pub(crate) fn stored_schedule(&self, id: B256) -> Schedule {
        Schedule::unpack(self.schedules.get(id.into()))
    }

    pub(crate) fn set_schedule(&mut self, id: B256, schedule: Schedule) {
        self.schedules.insert(id.into(), schedule.pack());
    }

    /// What is being executed: an execution id, if anything.
    pub(crate) fn execution(&self) -> B256 {
        self.execution.get()
    }

    pub(crate) fn set_execution(&mut self, execution: B256) {
        self.execution.set(execution);
    }

    /// Nothing is being executed yet.
    pub(crate) fn set_idle(&mut self) {
        self.execution.set(IDLE);
    }
}

fn member(role: u64, account: Address) -> Key {
    let mut key = account.into_word();
    key[4..12].copy_from_slice(&role.to_be_bytes());
    Key(key)
}

fn function(target: Address, selector: Selector) -> Key {
    let mut key = target.into_word();
    key[8..12].copy_from_slice(&selector.0);
    Key(key)
}

#[cfg(test)]
mod tests;
