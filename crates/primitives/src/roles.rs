//! Who holds which role, and which role may grant it.
//!
//! The rules are those of OpenZeppelin's `AccessControl` (`access/AccessControl.sol`). This is the storage alone: **no function
//! here asks who calls.** The contract authorizes first, and logs `RoleGranted` or `RoleRevoked` where `true` comes back.

use alloc::{vec, vec::Vec};

use alloy_primitives::{Address, B256};
use stylus_sdk::prelude::*;
use stylus_sdk::storage::{StorageB256, StorageBool, StorageMap};

/// The role that administers every role which names no other: zero.
pub const DEFAULT_ADMIN_ROLE: B256 = B256::ZERO;

/// Members and administrators by role.
#[storage]
pub struct Roles {
    members: StorageMap<B256, StorageMap<Address, StorageBool>>,
    admins: StorageMap<B256, StorageB256>,
}

impl Roles {
    /// Whether `account` holds `role`.
    pub fn has(&self, role: B256, account: Address) -> bool {
        self.members.getter(role).get(account)
    }

    /// The role whose holders may grant and revoke `role`.
    pub fn admin(&self, role: B256) -> B256 {
        self.admins.get(role)
    }

    /// Unguarded: gives `role` to `account`. Whether it is new.
    pub fn grant(&mut self, role: B256, account: Address) -> bool {
        self.set(role, account, true)
    }

    /// Unguarded: takes `role` from `account`. Whether it was there.
    pub fn revoke(&mut self, role: B256, account: Address) -> bool {
        self.set(role, account, false)
    }

    /// Unguarded: makes `admin` the role that grants `role`. Returns the one before.
    pub fn set_admin(&mut self, role: B256, admin: B256) -> B256 {
        let before = self.admin(role);
        self.admins.insert(role, admin);
        before
    }

    fn set(&mut self, role: B256, account: Address, holds: bool) -> bool {
        let mut of_role = self.members.setter(role);
        let mut member = of_role.setter(account);
        let changes = member.get() != holds;
        if changes {
            member.set(holds);
        }
        changes
    }
}

#[cfg(test)]
mod tests {
    use stylus_sdk::testing::TestVM;

    use super::*;

    #[test]
    fn granting_and_revoking_tell_what_changed() {
        let mut roles = Roles::from(&TestVM::default());
        let (role, other) = (B256::repeat_byte(1), B256::repeat_byte(2));
        let account = Address::repeat_byte(3);
        assert!(!roles.has(role, account));
        assert!(roles.grant(role, account));
        assert!(!roles.grant(role, account));
        assert_eq!((roles.has(role, account), roles.has(other, account)), (true, false));
        assert!(roles.revoke(role, account));
        assert!(!roles.revoke(role, account));
        assert!(!roles.has(role, account));
    }

    #[test]
    fn a_role_without_an_administrator_belongs_to_the_default_one() {
        let mut roles = Roles::from(&TestVM::default());
        let (role, admin) = (B256::repeat_byte(1), B256::repeat_byte(2));
        assert_eq!(roles.admin(role), DEFAULT_ADMIN_ROLE);
        assert_eq!(roles.set_admin(role, admin), DEFAULT_ADMIN_ROLE);
        assert_eq!(roles.set_admin(role, DEFAULT_ADMIN_ROLE), admin);
    }
}
