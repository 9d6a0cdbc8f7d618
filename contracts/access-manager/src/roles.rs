//! Roles: who holds them, and how they are administered.

use alloy_primitives::Address;
use consilium_abi::{Revert, ensure};
use stylus_sdk::prelude::*;

use crate::AccessManager;
use crate::abi::*;
use crate::rules::{self, ADMIN_ROLE, Delay, MIN_SETBACK, PUBLIC_ROLE};
use crate::storage::{Access, Role};

impl AccessManager {
    // -------------------------------------------------------------------------------------------------- views

    pub(crate) fn admin_role(&self) -> u64 {
        ADMIN_ROLE
    }

    pub(crate) fn public_role(&self) -> u64 {
        PUBLIC_ROLE
    }

    pub(crate) fn min_setback(&self) -> u32 {
        MIN_SETBACK
    }

    pub(crate) fn get_role_admin(&self, role: u64) -> u64 {
        self.role(role).admin
    }

    pub(crate) fn get_role_guardian(&self, role: u64) -> u64 {
        self.role(role).guardian
    }

    pub(crate) fn get_role_grant_delay(&self, role: u64) -> Result<u32, Revert> {
        Ok(Delay::from(self.role(role).grant_delay).get(self.now()?))
    }

    // ------------------------------------------------------- changing; the guards are part of the declaration

    pub(crate) fn label_role(&mut self, role_id: u64, label: &[u8]) -> Result<(), Revert> {
        changeable(role_id)?;
        RoleLabel { role_id, label }.log(self);
        Ok(())
    }

    pub(crate) fn grant_role(&mut self, role: u64, account: Address, execution_delay: u32) -> Result<(), Revert> {
        let grant_delay = self.get_role_grant_delay(role)?;
        self.grant(role, account, grant_delay, execution_delay, None)
    }

    pub(crate) fn grant_role_until(
        &mut self,
        role: u64,
        account: Address,
        execution_delay: u32,
        until: u64,
    ) -> Result<(), Revert> {
        let grant_delay = self.get_role_grant_delay(role)?;
        self.grant(role, account, grant_delay, execution_delay, Some(until))
    }

    pub(crate) fn revoke_role(&mut self, role: u64, account: Address) -> Result<(), Revert> {
        self.revoke(role, account)
    }

    pub(crate) fn renounce_role(&mut self, role: u64, caller_confirmation: Address) -> Result<(), Revert> {
        ensure!(caller_confirmation == self.vm().msg_sender(), AccessManagerBadConfirmation {});
        self.revoke(role, caller_confirmation)
    }

    pub(crate) fn set_role_admin(&mut self, role_id: u64, admin: u64) -> Result<(), Revert> {
        changeable(role_id)?;
        let role = Role { admin, ..self.role(role_id) };
        self.set_role(role_id, &role);
        RoleAdminChanged { role_id, admin }.log(self);
        Ok(())
    }

    pub(crate) fn set_role_guardian(&mut self, role_id: u64, guardian: u64) -> Result<(), Revert> {
        changeable(role_id)?;
        let role = Role { guardian, ..self.role(role_id) };
        self.set_role(role_id, &role);
        RoleGuardianChanged { role_id, guardian }.log(self);
        Ok(())
    }

    pub(crate) fn set_grant_delay(&mut self, role_id: u64, new_delay: u32) -> Result<(), Revert> {
        held(role_id)?;
        let role = self.role(role_id);
        let delay = Delay::from(role.grant_delay).update(new_delay, MIN_SETBACK, self.now()?)?;
        self.set_role(role_id, &Role { grant_delay: delay.into(), ..role });
        RoleGrantDelayChanged { role_id, delay: new_delay, since: delay.effect }.log(self);
        Ok(())
    }

    // ---------------------------------------------------------------------------------------------- unguarded

    /// Grants a role, or changes a grant. UNGUARDED: the caller of this has checked that the sender may.
    pub(crate) fn grant(
        &mut self,
        role_id: u64,
        account: Address,
        grant_delay: u32,
        execution_delay: u32,
        until: Option<u64>,
    ) -> Result<(), Revert> {
        held(role_id)?;
        let now = self.now()?;
        let before = self.access(role_id, account, now);
        let new_member = before.since == 0;
        let (since, delay, logged) = if new_member {
            let since = rules::after(now, grant_delay)?;
            (since, Delay::of(execution_delay), since)
        } else {
            let delay = Delay::from(before.delay).update(execution_delay, 0, now)?;
            (before.since, delay, delay.effect)
        };
        if let Some(until) = until {
            let start = since.max(now);
            ensure!(until > start, AccessManagerEndTooEarly { until, start });
            let is_permanent = !new_member && before.until == 0;
            ensure!(role_id != ADMIN_ROLE || !is_permanent, AccessManagerPermanentAdmin { account });
        }
        let until = until.unwrap_or(0);
        self.set_access(role_id, account, &Access { since, delay: delay.into(), until });
        RoleGranted { role_id, account, delay: execution_delay, since: logged, new_member }.log(self);
        if until != 0 || before.until != 0 {
            GrantEndChanged { role_id, account, until }.log(self);
        }
        Ok(())
    }

    /// Revokes a role. UNGUARDED: the caller of this has checked that the sender may.
    fn revoke(&mut self, role_id: u64, account: Address) -> Result<(), Revert> {
        held(role_id)?;
        if self.access(role_id, account, self.now()?).since != 0 {
            self.clear_access(role_id, account);
            RoleRevoked { role_id, account }.log(self);
        }
        Ok(())
    }
}

/// Refuses the role that everybody holds.
fn held(role_id: u64) -> Result<(), Revert> {
    ensure!(role_id != PUBLIC_ROLE, AccessManagerLockedRole { role_id });
    Ok(())
}

/// Refuses the two roles whose administration is fixed.
fn changeable(role_id: u64) -> Result<(), Revert> {
    ensure!(role_id != ADMIN_ROLE && role_id != PUBLIC_ROLE, AccessManagerLockedRole { role_id });
    Ok(())
}
