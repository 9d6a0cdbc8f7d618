//! Who may call what: of the targets, and of the manager itself.

use alloy_primitives::Address;
use consilium_abi::Revert;
use stylus_sdk::prelude::*;

use crate::AccessManager;
use crate::abi::AccessManagerUnauthorizedAccount;
use crate::rules::{self, ADMIN_ROLE, Delay, PUBLIC_ROLE, Restriction, SET_AUTHORITY, Selector};

/// Whether a call may be made now, and else after which delay; no delay then means: not at all.
type Answer = (bool, u32);

const REFUSED: Answer = (false, 0);

/// The answer to who has to wait this long.
fn after(delay: u32) -> Answer {
    (delay == 0, delay)
}

impl AccessManager {
    // ------------------------------------------------------------------------------------------------- guards

    /// Reverts unless the caller may make this call of the manager now. With a delay, the call must have been scheduled,
    /// and is consumed.
    pub(crate) fn authorized(&mut self, msg_data: &[u8]) -> Result<(), Revert> {
        let caller = self.vm().msg_sender();
        let (immediate, delay) = self.can_call_self(caller, msg_data)?;
        if immediate {
            return Ok(());
        }
        if delay == 0 {
            let (_, role_id, _) = self.restrictions(rules::selector_of(msg_data)?, msg_data)?;
            return Err(AccessManagerUnauthorizedAccount { msgsender: caller, role_id }.into());
        }
        self.consume(rules::operation_id(caller, self.vm().contract_address(), msg_data))?;
        Ok(())
    }

    // -------------------------------------------------------------------------------------------------- views

    pub(crate) fn can_call(&self, caller: Address, target: Address, selector: Selector) -> Result<Answer, Revert> {
        let config = self.target(target);
        if config.closed {
            return Ok(REFUSED);
        }
        if caller == self.vm().contract_address() {
            return Ok((self.is_executing(target, selector), 0));
        }
        let (role, least) = if selector == SET_AUTHORITY {
            (ADMIN_ROLE, self.admin_delay(&config, target).get(self.now()?))
        } else {
            (self.function_role(&config, target, selector), 0)
        };
        self.after_delay(role, caller, least)
    }

    pub(crate) fn has_role(&self, role: u64, account: Address) -> Result<(bool, u32), Revert> {
        if role == PUBLIC_ROLE {
            return Ok((true, 0));
        }
        let now = self.now()?;
        let access = self.access(role, account, now);
        Ok((access.since != 0 && access.since <= now, Delay::from(access.delay).get(now)))
    }

    pub(crate) fn get_access(&self, role: u64, account: Address) -> Result<(u64, u32, u32, u64), Revert> {
        let now = self.now()?;
        let access = self.access(role, account, now);
        let delay = Delay::from(access.delay).seen(now);
        Ok((access.since, delay.before, delay.after, delay.effect))
    }

    pub(crate) fn get_grant_end(&self, role: u64, account: Address) -> u64 {
        self.stored_access(role, account).until
    }

    // ------------------------------------------------------------------------------------------------ helpers

    /// As `canCall`, with the whole calldata: calls of the manager itself have rules of their own.
    pub(crate) fn can_call_extended(&self, caller: Address, target: Address, data: &[u8]) -> Result<Answer, Revert> {
        if target == self.vm().contract_address() {
            return self.can_call_self(caller, data);
        }
        match data.first_chunk() {
            Some(selector) => self.can_call(caller, target, Selector::new(*selector)),
            None => Ok(REFUSED),
        }
    }

    fn can_call_self(&self, caller: Address, data: &[u8]) -> Result<Answer, Revert> {
        let Some(selector) = data.first_chunk().copied().map(Selector::new) else { return Ok(REFUSED) };
        let this = self.vm().contract_address();
        if caller == this {
            return Ok((self.is_executing(this, selector), 0));
        }
        let (restricted, role, delay) = self.restrictions(selector, data)?;
        if !restricted && self.target(this).closed {
            return Ok(REFUSED);
        }
        self.after_delay(role, caller, delay)
    }

    /// What a function of the manager asks for: whether that is by its nature, or was set as for any target; the role;
    /// the least delay.
    pub(crate) fn restrictions(&self, selector: Selector, data: &[u8]) -> Result<(bool, u64, u32), Revert> {
        Ok(match rules::restriction(selector, data)? {
            Restriction::Admin => (true, ADMIN_ROLE, 0),
            Restriction::AdminOfTarget(target) => (true, ADMIN_ROLE, self.get_target_admin_delay(target)?),
            Restriction::AdminOfRole(role) => (true, self.role(role).admin, 0),
            Restriction::None => (false, self.get_target_function_role(self.vm().contract_address(), selector), 0),
        })
    }

    /// Lets holders of a role pass after their execution delay, or after `least` where that is longer.
    fn after_delay(&self, role: u64, account: Address, least: u32) -> Result<Answer, Revert> {
        let (is_member, delay) = self.has_role(role, account)?;
        Ok(if is_member { after(delay.max(least)) } else { REFUSED })
    }
}
