//! Who may do what: OpenZeppelin's AccessControl, with DEFAULT_ADMIN_ROLE as the admin of every role.

use alloy_primitives::{Address, B256};
use consilium_abi::{Revert, ensure};
use stylus_sdk::prelude::*;

use crate::Timelock;
use crate::abi::{
    AccessControlBadConfirmation, AccessControlUnauthorizedAccount, RoleGranted, RoleRevoked,
    TimelockUnauthorizedCaller,
};
use crate::rules::{CANCELLER_ROLE, DEFAULT_ADMIN_ROLE, EXECUTOR_ROLE, PROPOSER_ROLE};

// ------------------------------------------------------------------------------------------------------ views

impl Timelock {
    pub(crate) fn proposer_role(&self) -> B256 {
        PROPOSER_ROLE
    }

    pub(crate) fn executor_role(&self) -> B256 {
        EXECUTOR_ROLE
    }

    pub(crate) fn canceller_role(&self) -> B256 {
        CANCELLER_ROLE
    }

    pub(crate) fn default_admin_role(&self) -> B256 {
        DEFAULT_ADMIN_ROLE
    }

    pub(crate) fn has_role(&self, role: B256, account: Address) -> bool {
        self.holders.get(role).get(account)
    }

    pub(crate) fn get_role_admin(&self, _role: B256) -> B256 {
        DEFAULT_ADMIN_ROLE
    }
}

// --------------------------------------------------------------- changing; the guards are part of the declaration

impl Timelock {
    pub(crate) fn grant_role(&mut self, role: B256, account: Address) -> Result<(), Revert> {
        self.grant(role, account);
        Ok(())
    }

    pub(crate) fn revoke_role(&mut self, role: B256, account: Address) -> Result<(), Revert> {
        self.revoke(role, account);
        Ok(())
    }

    pub(crate) fn renounce_role(&mut self, role: B256, caller_confirmation: Address) -> Result<(), Revert> {
        ensure!(caller_confirmation == self.vm().msg_sender(), AccessControlBadConfirmation {});
        self.revoke(role, caller_confirmation);
        Ok(())
    }
}

// ----------------------------------------------------------- guards: `abi.rs` says which functions they are before

impl Timelock {
    /// Reverts unless the caller holds the role.
    pub(crate) fn only(&self, role: B256) -> Result<(), Revert> {
        let account = self.vm().msg_sender();
        ensure!(self.has_role(role, account), AccessControlUnauthorizedAccount { account, needed_role: role });
        Ok(())
    }

    /// The same, and lets everybody pass while the zero address holds the role.
    pub(crate) fn only_or_open(&self, role: B256) -> Result<(), Revert> {
        if self.has_role(role, Address::ZERO) { Ok(()) } else { self.only(role) }
    }

    /// Reverts unless the caller is the timelock itself.
    pub(crate) fn only_self(&self) -> Result<(), Revert> {
        let caller = self.vm().msg_sender();
        ensure!(caller == self.vm().contract_address(), TimelockUnauthorizedCaller { caller });
        Ok(())
    }
}

// ------------------------------------------------------------------------------------------------- unguarded

impl Timelock {
    /// Grants a role. UNGUARDED: whoever calls this has checked that the caller may.
    pub(crate) fn grant(&mut self, role: B256, account: Address) {
        if !self.has_role(role, account) {
            self.holders.setter(role).insert(account, true);
            let sender = self.vm().msg_sender();
            RoleGranted { role, account, sender }.log(self);
        }
    }

    /// Revokes a role. UNGUARDED: whoever calls this has checked that the caller may.
    fn revoke(&mut self, role: B256, account: Address) {
        if self.has_role(role, account) {
            self.holders.setter(role).insert(account, false);
            let sender = self.vm().msg_sender();
            RoleRevoked { role, account, sender }.log(self);
        }
    }
}
