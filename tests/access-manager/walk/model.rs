//! What the events tell: the manager's whole state, folded from its logs alone, by the rules of `Time.Delay` and of
//! AccessManager said once more. All views must say what it says.

use std::collections::BTreeMap;

use alloy::primitives::{Address, B256, Bytes, FixedBytes, Log};
use alloy::sol_types::{SolCall, SolEvent};
use harness::walk::Done;

use super::people::People;
use crate::own::Own;
use crate::setup::{ADMIN, EXPIRATION, Manager as M, PUBLIC, SETBACK, Target, selector};

/// A delay that may be about to change.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Delay {
    before: u32,
    after: u32,
    effect: u64,
}

impl Delay {
    pub(super) fn now(self, now: u64) -> u32 {
        if self.effect <= now { self.after } else { self.before }
    }

    /// What counts, what is pending, and from when.
    pub(super) fn full(self, now: u64) -> (u32, u32, u64) {
        if self.effect <= now { (self.after, 0, 0) } else { (self.before, self.after, self.effect) }
    }

    /// The change that an event tells, which must wait for what it cuts, and for `least`.
    fn change(&mut self, delay: u32, effect: u64, least: u64, now: u64) -> Result<(), String> {
        let before = self.now(now);
        if effect < now + least.max(u64::from(before.saturating_sub(delay))) {
            return Err(format!("a delay of {before} falls to {delay} at {effect}, and now is {now}"));
        }
        *self = Self { before, after: delay, effect };
        Ok(())
    }
}

/// A grant.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Grant {
    pub(super) since: u64,
    pub(super) delay: Delay,
    pub(super) until: u64,
}

/// What is known of a role.
#[derive(Clone, Copy, Debug, Default)]
struct Role {
    admin: u64,
    guardian: u64,
    grant_delay: Delay,
}

/// What was scheduled.
#[derive(Clone, Debug)]
pub(super) struct Operation {
    pub(super) id: B256,
    pub(super) caller: Address,
    pub(super) target: Address,
    pub(super) data: Bytes,
}

/// The state.
#[derive(Clone, Debug)]
pub(super) struct Model {
    manager: Address,
    grants: BTreeMap<(u64, Address), Grant>,
    roles: BTreeMap<u64, Role>,
    closed: BTreeMap<Address, bool>,
    admin_delays: BTreeMap<Address, Delay>,
    functions: BTreeMap<(Address, FixedBytes<4>), u64>,
    /// When each operation is ready, 0 where it is not scheduled, and how often it was.
    schedules: BTreeMap<B256, (u64, u32)>,
    authorities: BTreeMap<Address, Address>,
}

impl Model {
    /// A fresh manager: the first account is its admin.
    pub(super) fn new(people: &People) -> Self {
        // When the walk begins, the grant is past: what is asked of it is compared with the answer itself.
        let grants = BTreeMap::from([((ADMIN, people.accounts[0]), Grant { since: 1, ..Grant::default() })]);
        let authorities = people.targets.map(|target| (target, people.manager)).into();
        Self {
            manager: people.manager,
            grants,
            roles: BTreeMap::new(),
            closed: BTreeMap::new(),
            admin_delays: BTreeMap::new(),
            functions: BTreeMap::new(),
            schedules: BTreeMap::new(),
            authorities,
        }
    }

    // ------------------------------------------------------------------------------------------------ views

    pub(super) fn grant(&self, role: u64, account: Address, now: u64) -> Grant {
        let grant = self.grants.get(&(role, account)).copied().unwrap_or_default();
        if grant.until != 0 && grant.until <= now { Grant::default() } else { grant }
    }

    pub(super) fn end(&self, role: u64, account: Address) -> u64 {
        self.grants.get(&(role, account)).map_or(0, |grant| grant.until)
    }

    pub(super) fn has(&self, role: u64, account: Address, now: u64) -> (bool, u32) {
        if role == PUBLIC {
            return (true, 0);
        }
        let grant = self.grant(role, account, now);
        (grant.since != 0 && grant.since <= now, grant.delay.now(now))
    }

    pub(super) fn admin(&self, role: u64) -> u64 {
        self.roles.get(&role).map_or(ADMIN, |role| role.admin)
    }

    pub(super) fn guardian(&self, role: u64) -> u64 {
        self.roles.get(&role).map_or(ADMIN, |role| role.guardian)
    }

    pub(super) fn grant_delay(&self, role: u64, now: u64) -> u32 {
        self.roles.get(&role).map_or(0, |role| role.grant_delay.now(now))
    }

    pub(super) fn is_closed(&self, target: Address) -> bool {
        self.closed.get(&target).copied().unwrap_or_default()
    }

    pub(super) fn admin_delay(&self, target: Address, now: u64) -> u32 {
        self.admin_delays.get(&target).map_or(0, |delay| delay.now(now))
    }

    pub(super) fn function_role(&self, target: Address, selector: FixedBytes<4>) -> u64 {
        self.functions.get(&(target, selector)).copied().unwrap_or(ADMIN)
    }

    pub(super) fn nonce(&self, id: B256) -> u32 {
        self.schedules.get(&id).map_or(0, |(_, nonce)| *nonce)
    }

    pub(super) fn schedule(&self, id: B256, now: u64) -> u64 {
        let ready = self.schedules.get(&id).map_or(0, |(ready, _)| *ready);
        if ready + EXPIRATION <= now { 0 } else { ready }
    }

    pub(super) fn authority(&self, target: Address) -> Address {
        self.authorities.get(&target).copied().unwrap_or_default()
    }

    /// Whether an account, which is not the manager, may call a function now, and else after how long.
    pub(super) fn can_call(&self, account: Address, target: Address, function: FixedBytes<4>, now: u64) -> (bool, u32) {
        let (may, delay) = if function == selector::<Target::setAuthorityCall>() {
            let (may, delay) = self.has(ADMIN, account, now);
            (may, delay.max(self.admin_delay(target, now)))
        } else {
            self.has(self.function_role(target, function), account, now)
        };
        if !may || account == self.manager || self.is_closed(target) { (false, 0) } else { (delay == 0, delay) }
    }

    /// Seconds ahead at which something changes by itself.
    pub(super) fn seconds_that_matter(&self, now: u64) -> Vec<u64> {
        let grants = self.grants.values().flat_map(|grant| [grant.since, grant.delay.effect, grant.until]);
        let delays = self.roles.values().map(|role| role.grant_delay.effect);
        let targets = self.admin_delays.values().map(|delay| delay.effect);
        let ready = self.schedules.values().filter(|(ready, _)| *ready != 0);
        let operations = ready.flat_map(|(ready, _)| [*ready, ready + EXPIRATION]);
        let mut all: Vec<_> = grants.chain(delays).chain(targets).chain(operations).collect();
        // Beyond, times no longer fit: the walk goes there by no step of its own.
        all.retain(|second| *second > now && *second < now + (1 << 33));
        all.sort_unstable();
        all.dedup();
        all
    }

    // ----------------------------------------------------------------------------------------------- events

    /// Takes in an event, which must be one that can happen.
    pub(super) fn fold(
        &mut self,
        log: &Log,
        now: u64,
        people: &People,
        operations: &mut Vec<Operation>,
    ) -> Result<(), String> {
        if let Ok(event) = Target::AuthorityUpdated::decode_log(log) {
            self.authorities.insert(event.address, event.authority);
        }
        if log.address != people.manager {
            return Ok(());
        }
        let topic = log.topics().first().copied().unwrap_or_default();
        let wrong = |what: &str| Err(format!("{what}: {log:?}"));
        match topic {
            M::RoleGranted::SIGNATURE_HASH => {
                let event = M::RoleGranted::decode_log(log).map_err(|error| error.to_string())?.data;
                let (key, since) = ((event.roleId, event.account), event.since.to::<u64>());
                let before = self.grant(event.roleId, event.account, now);
                if event.newMember != (before.since == 0) {
                    return wrong("a member is not new");
                }
                if event.newMember {
                    if since != now + u64::from(self.grant_delay(event.roleId, now)) {
                        return wrong("a grant does not begin after the grant delay");
                    }
                    let delay = Delay { before: 0, after: event.delay, effect: 0 };
                    self.grants.insert(key, Grant { since, delay, until: 0 });
                } else {
                    let grant = self.grants.entry(key).or_default();
                    grant.delay.change(event.delay, since, 0, now)?;
                }
            }
            Own::GrantEndChanged::SIGNATURE_HASH => {
                let event = Own::GrantEndChanged::decode_log(log).map_err(|error| error.to_string())?.data;
                let until = event.until.to::<u64>();
                if until != 0 && until <= now {
                    return wrong("a grant ends before it began");
                }
                self.grants.entry((event.roleId, event.account)).or_default().until = until;
            }
            M::RoleRevoked::SIGNATURE_HASH => {
                let event = M::RoleRevoked::decode_log(log).map_err(|error| error.to_string())?.data;
                if self.grant(event.roleId, event.account, now).since == 0 {
                    return wrong("a role is lost that nobody held");
                }
                self.grants.remove(&(event.roleId, event.account));
            }
            M::RoleAdminChanged::SIGNATURE_HASH => {
                let event = M::RoleAdminChanged::decode_log(log).map_err(|error| error.to_string())?.data;
                self.changeable(event.roleId)?.admin = event.admin;
            }
            M::RoleGuardianChanged::SIGNATURE_HASH => {
                let event = M::RoleGuardianChanged::decode_log(log).map_err(|error| error.to_string())?.data;
                self.changeable(event.roleId)?.guardian = event.guardian;
            }
            M::RoleGrantDelayChanged::SIGNATURE_HASH => {
                let event = M::RoleGrantDelayChanged::decode_log(log).map_err(|error| error.to_string())?.data;
                let role = self.roles.entry(event.roleId).or_default();
                role.grant_delay.change(event.delay, event.since.to(), SETBACK, now)?;
            }
            M::TargetAdminDelayUpdated::SIGNATURE_HASH => {
                let event = M::TargetAdminDelayUpdated::decode_log(log).map_err(|error| error.to_string())?.data;
                let delay = self.admin_delays.entry(event.target).or_default();
                delay.change(event.delay, event.since.to(), SETBACK, now)?;
            }
            M::TargetClosed::SIGNATURE_HASH => {
                let event = M::TargetClosed::decode_log(log).map_err(|error| error.to_string())?.data;
                self.closed.insert(event.target, event.closed);
            }
            M::TargetFunctionRoleUpdated::SIGNATURE_HASH => {
                let event = M::TargetFunctionRoleUpdated::decode_log(log).map_err(|error| error.to_string())?.data;
                self.functions.insert((event.target, event.selector), event.roleId);
            }
            M::OperationScheduled::SIGNATURE_HASH => {
                let event = M::OperationScheduled::decode_log(log).map_err(|error| error.to_string())?.data;
                let (id, ready) = (event.operationId, event.schedule.to::<u64>());
                if self.schedule(id, now) != 0 || event.nonce != self.nonce(id) + 1 || ready <= now {
                    return wrong("an operation is scheduled that is scheduled already");
                }
                self.schedules.insert(id, (ready, event.nonce));
                operations.retain(|operation| operation.id != id);
                let (caller, target, data) = (event.caller, event.target, event.data);
                operations.push(Operation { id, caller, target, data });
            }
            M::OperationExecuted::SIGNATURE_HASH => {
                let event = M::OperationExecuted::decode_log(log).map_err(|error| error.to_string())?.data;
                let ready = self.schedule(event.operationId, now);
                if ready == 0 || ready > now || event.nonce != self.nonce(event.operationId) {
                    return wrong("an operation is executed that is not ready, or a second time");
                }
                self.schedules.insert(event.operationId, (0, event.nonce));
            }
            M::OperationCanceled::SIGNATURE_HASH => {
                let event = M::OperationCanceled::decode_log(log).map_err(|error| error.to_string())?.data;
                let (ready, nonce) = self.schedules.get(&event.operationId).copied().unwrap_or_default();
                if ready == 0 || event.nonce != nonce {
                    return wrong("an operation is cancelled that is not scheduled");
                }
                self.schedules.insert(event.operationId, (0, nonce));
            }
            _ => {}
        }
        Ok(())
    }

    fn changeable(&mut self, role: u64) -> Result<&mut Role, String> {
        if role == ADMIN || role == PUBLIC {
            return Err(format!("role {role} is locked, and was changed"));
        }
        Ok(self.roles.entry(role).or_default())
    }

    /// No restricted call passes without a role: where one of a target's functions ran, who called it was allowed to
    /// before, and where it had to wait, an operation was executed.
    pub(super) fn may_pass(&self, people: &People, done: &Done<'_>) -> Result<(), String> {
        let (Some(call), Some(answer)) = (done.call, done.answer) else { return Ok(()) };
        let executed = done.logs.iter().any(|log| {
            log.address == people.manager && log.topics().first() == Some(&M::OperationExecuted::SIGNATURE_HASH)
        });
        let execute = (call.to == people.manager).then(|| M::executeCall::abi_decode(&call.data).ok()).flatten();
        let (target, data) = match execute {
            Some(execute) => (execute.target, execute.data),
            None => (call.to, call.data.clone()),
        };
        let is_ours = people.targets.contains(&target) && self.authority(target) == people.manager;
        let Some(head) = data.first_chunk::<4>().filter(|_| answer.success && is_ours) else { return Ok(()) };
        let function = FixedBytes(*head);
        if ![selector::<Target::noteCall>(), selector::<Target::markCall>(), selector::<Target::reenterCall>()]
            .contains(&function)
        {
            return Ok(());
        }
        let caller = people.accounts[call.by];
        let (immediate, delay) = self.can_call(caller, target, function, done.now);
        if immediate || (delay != 0 && executed) {
            return Ok(());
        }
        Err(format!(
            "{caller} may not call {function} of {target}, or has to wait for {delay} seconds, and did call it"
        ))
    }
}
