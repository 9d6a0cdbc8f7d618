//! The manager's table, from the chain: events say which roles, accounts and functions there are to ask about, and views at
//! one block say how they stand.

use std::collections::{BTreeMap, BTreeSet};

use alloy::eips::BlockId;
use alloy::primitives::{Address, FixedBytes};
use alloy::rpc::types::{Filter, Log};
use alloy::sol_types::SolEvent;
use consilium_bindings::AccessManager as abi;
use eyre::Result;

use super::{ADMIN_ROLE, PUBLIC_ROLE};
use crate::chain::Chain;
use crate::explain::explain_call;
use crate::permissions::{View, answer, event};
use crate::shown::shortened;

/// The most characters of a role's label that are repeated. A label may have any length.
pub(super) const LONGEST_LABEL: usize = 40;

/// All of it.
#[derive(Debug, Default)]
pub(super) struct Table {
    pub(super) roles: BTreeMap<u64, Role>,
    pub(super) targets: BTreeMap<Address, Target>,
}

/// A role that was granted, changed, or given a function.
#[derive(Debug, Default)]
pub(super) struct Role {
    pub(super) label: Option<String>,
    pub(super) admin: u64,
    pub(super) guardian: u64,
    pub(super) grant_delay: u32,
    /// Another grant delay, and when it begins or has begun.
    pub(super) next_grant_delay: Option<(u32, u64)>,
    /// All accounts with a grant, also one that has ended or not begun.
    pub(super) members: BTreeMap<Address, Access>,
}

/// A grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Access {
    /// When it begins or has begun; 0 once it has ended.
    pub(super) since: u64,
    /// Its execution delay now.
    pub(super) delay: u32,
    /// Another execution delay, and when it begins.
    pub(super) pending: Option<(u32, u64)>,
    /// The first second at which it has ended; 0 for never.
    pub(super) until: u64,
}

/// A contract that has functions with roles, or was closed, or has an admin delay.
#[derive(Debug, Default)]
pub(super) struct Target {
    pub(super) closed: bool,
    pub(super) admin_delay: u32,
    /// Another admin delay, and when it begins or has begun.
    pub(super) next_admin_delay: Option<(u32, u64)>,
    /// The roles of those functions that have had one.
    pub(super) functions: BTreeMap<[u8; 4], u64>,
}

impl Access {
    /// Whether it has ended.
    pub(super) const fn has_ended(&self) -> bool {
        self.since == 0
    }
}

impl Table {
    /// The events that it is read from, and all that say that it was changed.
    pub(super) fn filter() -> Filter {
        Filter::new().event_signature(vec![
            abi::RoleGranted::SIGNATURE_HASH,
            abi::RoleRevoked::SIGNATURE_HASH,
            abi::RoleLabel::SIGNATURE_HASH,
            abi::RoleAdminChanged::SIGNATURE_HASH,
            abi::RoleGuardianChanged::SIGNATURE_HASH,
            abi::RoleGrantDelayChanged::SIGNATURE_HASH,
            abi::TargetFunctionRoleUpdated::SIGNATURE_HASH,
            abi::TargetClosed::SIGNATURE_HASH,
            abi::TargetAdminDelayUpdated::SIGNATURE_HASH,
        ])
    }

    /// The first event of all: the constructor makes the admin.
    pub(super) fn is_first(log: &Log) -> bool {
        event::<abi::RoleGranted>(log).is_some_and(|granted| granted.roleId == ADMIN_ROLE)
    }

    /// Reads it, where `logs` are all events since the manager's creation.
    pub(super) async fn read(chain: &Chain, manager: Address, at: BlockId, logs: &[Log]) -> Result<Self> {
        let mut table = Self::default();
        let mut accounts = BTreeSet::new();
        for log in logs {
            accounts.extend(table.note(log));
        }
        let manager = abi::new(manager, chain.provider());
        for (id, role) in &mut table.roles {
            role.admin = manager.getRoleAdmin(*id).block(at).call().await.map_err(explain_call)?;
            role.guardian = manager.getRoleGuardian(*id).block(at).call().await.map_err(explain_call)?;
            role.grant_delay = manager.getRoleGrantDelay(*id).block(at).call().await.map_err(explain_call)?;
            for (_, account) in accounts.iter().filter(|(role, _)| role == id) {
                let access = manager.getAccess(*id, *account).block(at).call().await.map_err(explain_call)?;
                let until = manager.getGrantEnd(*id, *account).block(at).call().await.map_err(explain_call)?;
                let pending = (!access.effect.is_zero()).then(|| (access.pendingDelay, access.effect.to()));
                let access =
                    Access { since: access.since.to(), delay: access.currentDelay, pending, until: until.to() };
                // What was revoked has neither.
                if access.since != 0 || access.until != 0 {
                    role.members.insert(*account, access);
                }
            }
        }
        for (address, target) in &mut table.targets {
            target.closed = manager.isTargetClosed(*address).block(at).call().await.map_err(explain_call)?;
            target.admin_delay = manager.getTargetAdminDelay(*address).block(at).call().await.map_err(explain_call)?;
            for (selector, role) in &mut target.functions {
                let found = manager.getTargetFunctionRole(*address, FixedBytes(*selector)).block(at).call().await;
                *role = found.map_err(explain_call)?;
            }
        }
        Ok(table)
    }

    /// Notes what an event says there is to ask about, and gives the account that was granted a role.
    fn note(&mut self, log: &Log) -> Option<(u64, Address)> {
        if let Some(granted) = event::<abi::RoleGranted>(log) {
            self.roles.entry(granted.roleId).or_default();
            return Some((granted.roleId, granted.account));
        }
        if let Some(label) = event::<abi::RoleLabel>(log) {
            self.roles.entry(label.roleId).or_default().label = Some(label.label);
        } else if let Some(changed) = event::<abi::RoleAdminChanged>(log) {
            self.roles.entry(changed.roleId).or_default();
            self.roles.entry(changed.admin).or_default();
        } else if let Some(changed) = event::<abi::RoleGuardianChanged>(log) {
            self.roles.entry(changed.roleId).or_default();
            self.roles.entry(changed.guardian).or_default();
        } else if let Some(changed) = event::<abi::RoleGrantDelayChanged>(log) {
            let next = Some((changed.delay, changed.since.to()));
            self.roles.entry(changed.roleId).or_default().next_grant_delay = next;
        } else if let Some(updated) = event::<abi::TargetFunctionRoleUpdated>(log) {
            self.roles.entry(updated.roleId).or_default();
            self.targets.entry(updated.target).or_default().functions.insert(updated.selector.0, ADMIN_ROLE);
        } else if let Some(closed) = event::<abi::TargetClosed>(log) {
            self.targets.entry(closed.target).or_default();
        } else if let Some(updated) = event::<abi::TargetAdminDelayUpdated>(log) {
            let next = Some((updated.delay, updated.since.to()));
            self.targets.entry(updated.target).or_default().next_admin_delay = next;
        }
        None
    }

    /// A role as people call it. A label is what an admin made it, so nothing that moves a terminal's cursor is repeated.
    pub(super) fn name(&self, role: u64) -> String {
        match role {
            ADMIN_ROLE => "ADMIN_ROLE".to_owned(),
            PUBLIC_ROLE => "PUBLIC_ROLE".to_owned(),
            _ => match self.roles.get(&role).and_then(|role| role.label.as_deref()).filter(|label| !label.is_empty()) {
                Some(label) => {
                    format!("role {role}, \"{}\"", shortened(&label.escape_debug().to_string(), LONGEST_LABEL))
                }
                None => format!("role {role}"),
            },
        }
    }

    /// The accounts that hold a role at a time.
    pub(super) fn holders(&self, role: u64, now: u64) -> impl Iterator<Item = (Address, Access)> + '_ {
        let members = self.roles.get(&role).into_iter().flat_map(|role| &role.members);
        members
            .map(|(account, access)| (*account, *access))
            .filter(move |(_, access)| (1..=now).contains(&access.since))
    }
}

/// Why no manager of access with grants that end answers at an address; none if one does.
pub(crate) async fn strange(view: &View<'_>, address: Address) -> Result<Option<String>> {
    if view.chain().code(address).await?.is_empty() {
        return Ok(Some("it has no code".to_owned()));
    }
    let manager = abi::new(address, view.chain().provider());
    match answer(manager.PUBLIC_ROLE().block(view.at()).call().await)? {
        Ok(PUBLIC_ROLE) => {}
        Ok(other) => return Ok(Some(format!("its PUBLIC_ROLE is {other}"))),
        Err(reason) => return Ok(Some(format!("PUBLIC_ROLE(): {reason}"))),
    }
    match answer(manager.ADMIN_ROLE().block(view.at()).call().await)? {
        Ok(ADMIN_ROLE) => {}
        Ok(other) => return Ok(Some(format!("its ADMIN_ROLE is {other}"))),
        Err(reason) => return Ok(Some(format!("ADMIN_ROLE(): {reason}"))),
    }
    // OpenZeppelin's has no ends.
    let end = manager.getGrantEnd(ADMIN_ROLE, Address::ZERO).block(view.at()).call().await;
    Ok(answer(end)?.err().map(|reason| format!("getGrantEnd(uint64,address): {reason}")))
}
