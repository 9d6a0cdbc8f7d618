//! Who can do what by the manager's table.

use std::collections::BTreeMap;

use alloy::primitives::Address;
use alloy::sol_types::SolCall;
use consilium_bindings::AccessManager as abi;
use eyre::Result;

use super::table::{Access, Table};
use super::{ADMIN_ROLE, COUNCIL_FUNCTIONS, NAME, PUBLIC_ROLE};
use crate::config::moment::Moment;
use crate::parts::governor::{self, Governor};
use crate::parts::timelock::{self, Timelock};
use crate::permissions::{Party, Permissions, Power, View};

/// What the admins of a role may do with it.
const GRANTS: [&str; 3] =
    [abi::grantRoleCall::SIGNATURE, abi::grantRoleUntilCall::SIGNATURE, abi::revokeRoleCall::SIGNATURE];

/// What only holders of ADMIN_ROLE may do.
const ADMINISTRATION: [&str; 8] = [
    abi::labelRoleCall::SIGNATURE,
    abi::setRoleAdminCall::SIGNATURE,
    abi::setRoleGuardianCall::SIGNATURE,
    abi::setGrantDelayCall::SIGNATURE,
    abi::setTargetFunctionRoleCall::SIGNATURE,
    abi::setTargetAdminDelayCall::SIGNATURE,
    abi::setTargetClosedCall::SIGNATURE,
    abi::updateAuthorityCall::SIGNATURE,
];

/// The table, and what the powers in it depend on.
struct Reader<'a> {
    view: &'a View<'a>,
    table: Table,
    now: u64,
    /// How long the members' decisions wait, and who can stop them.
    decisions: (u64, Vec<Party>),
}

/// Adds a power for each role of each function and each holder, and the administration of the roles.
pub(super) async fn add(permissions: &mut Permissions, view: &View<'_>) -> Result<()> {
    let manager = view.address(NAME);
    let logs = view.history(Table::filter(), NAME, Table::is_first).await?;
    let table = Table::read(view.chain(), manager, view.at(), &logs).await?;
    let waits = match view.find(timelock::NAME) {
        Some(address) => Timelock::min_delay(view, address).await?,
        None => 0,
    };
    let decisions = (waits, Governor::guardian(view).await?.into_iter().collect());
    let reader = Reader { view, table, now: view.time().0, decisions };
    reader.functions(permissions);
    reader.administration(permissions);
    reader.notes(permissions);
    Ok(())
}

impl Reader<'_> {
    /// The functions of the targets, by their roles.
    fn functions(&self, permissions: &mut Permissions) {
        let place = |address: &Address| self.view.contracts().iter().position(|(_, contract)| contract == address);
        let mut targets: Vec<_> = self.table.targets.iter().collect();
        // The DAO's own first.
        targets.sort_by_key(|(address, _)| place(address).unwrap_or(usize::MAX));
        for (address, target) in targets {
            let mut by_role = BTreeMap::<u64, Vec<String>>::new();
            for (selector, role) in &target.functions {
                let function = self.view.function(*address, *selector);
                // The manager's own administration does not follow its table.
                let is_fixed = GRANTS.iter().chain(&ADMINISTRATION).any(|fixed| *fixed == function);
                if is_fixed && *address == self.view.address(NAME) {
                    let name = self.table.name(*role);
                    permissions
                        .notes
                        .push(format!("that {function} of the access manager is for {name} has no effect"));
                    continue;
                }
                by_role.entry(*role).or_default().push(function);
            }
            let of = self.view.holder(*address);
            for (role, functions) in by_role {
                if target.closed {
                    permissions.add(Power::new(
                        of.clone(),
                        functions,
                        Party::Whoever("nobody"),
                        "the target is closed",
                    ));
                    continue;
                }
                self.hold(
                    permissions,
                    &of,
                    &functions,
                    role,
                    &format!("{} of the access manager", self.table.name(role)),
                );
            }
        }
    }

    /// Who grants and revokes each role, and who decides all else.
    fn administration(&self, permissions: &mut Permissions) {
        let this = Party::Contract(NAME);
        for (id, role) in self.table.roles.iter().filter(|(id, _)| **id != PUBLIC_ROLE) {
            let wait = match role.grant_delay {
                0 => String::new(),
                delay => format!("; grants begin after {delay} seconds"),
            };
            let by = format!("{}: admin of {}{wait}", self.table.name(role.admin), self.table.name(*id));
            self.hold(permissions, &this, &GRANTS.map(str::to_owned), role.admin, &by);
        }
        let rest = ADMINISTRATION.iter().map(|signature| (*signature).to_owned());
        let rest: Vec<String> = rest.chain(["each restricted function without a role".to_owned()]).collect();
        self.hold(permissions, &this, &rest, ADMIN_ROLE, &self.table.name(ADMIN_ROLE));
    }

    /// Adds a power for each holder of a role.
    fn hold(&self, permissions: &mut Permissions, of: &Party, functions: &[String], role: u64, by: &str) {
        let power = |holder: Party| Power::new(of.clone(), functions, holder, by);
        if role == PUBLIC_ROLE {
            return permissions.add(power(Party::Whoever("anyone")));
        }
        let members = self.table.roles.get(&role).into_iter().flat_map(|role| &role.members);
        let mut members = members.filter(|(_, access)| !access.has_ended()).peekable();
        if members.peek().is_none() {
            permissions.add(power(Party::Whoever("nobody")));
        }
        for (account, access) in members {
            permissions.add(self.on_terms(power(self.view.holder(*account)), role, access));
        }
    }

    /// Who holds a role now.
    fn parties(&self, role: u64) -> impl Iterator<Item = Party> + '_ {
        self.table.holders(role, self.now).map(|(account, _)| self.view.holder(account))
    }

    /// A power on the terms of a grant. What the timelock does has been decided by a vote, and has waited.
    fn on_terms(&self, power: Power, role: u64, access: &Access) -> Power {
        let mut power = Power {
            since: (access.since > self.now).then_some(Moment(access.since)),
            until: (access.until != 0).then_some(Moment(access.until)),
            delay: u64::from(access.delay),
            ..power
        };
        if access.delay != 0 {
            // What is scheduled here can be cancelled by the guardians of the role, and by holders of ADMIN_ROLE.
            let guardian = self.table.roles.get(&role).map_or(ADMIN_ROLE, |role| role.guardian);
            if guardian == PUBLIC_ROLE {
                power.also_stopped_by([Party::Whoever("anyone")]);
            } else {
                power.also_stopped_by(self.parties(guardian));
            }
            power.also_stopped_by(self.parties(ADMIN_ROLE));
        }
        if power.holder == Party::Contract(timelock::NAME) {
            let (waits, stop) = &self.decisions;
            power.also_stopped_by(stop.iter().cloned());
            power.delay = power.delay.saturating_add(*waits);
            return power.by_vote();
        }
        power
    }

    /// Whether an account can cancel a proposal through the manager now. The timelock cannot in time: it needs a vote.
    fn can_cancel(&self, governor: Address) -> bool {
        let Some(target) = self.table.targets.get(&governor).filter(|target| !target.closed) else { return false };
        let roles = COUNCIL_FUNCTIONS.iter().map(|selector| target.functions.get(selector).unwrap_or(&ADMIN_ROLE));
        let is_account = |party| party != Party::Contract(timelock::NAME);
        roles.into_iter().any(|role| *role == PUBLIC_ROLE || self.parties(*role).any(is_account))
    }

    /// Powers that nobody has, grants that have ended, delays that will change, and delays of targets.
    fn notes(&self, permissions: &mut Permissions) {
        let governor = self.view.find(governor::NAME).filter(|_| self.decisions.1.contains(&Party::Contract(NAME)));
        if governor.is_some_and(|governor| !self.can_cancel(governor)) {
            permissions.notes.push("nobody can cancel a proposal through the access manager now".to_owned());
        }
        let later = |next: Option<(u32, u64)>| next.filter(|(_, from)| *from > self.now);
        for (id, role) in &self.table.roles {
            if let Some((delay, from)) = later(role.next_grant_delay) {
                let (name, from) = (self.table.name(*id), Moment(from));
                permissions.notes.push(format!("grants of {name} begin after {delay} seconds from {from} on"));
            }
            for (account, access) in &role.members {
                let (holder, name) = (self.view.holder(*account), self.table.name(*id));
                if access.has_ended() {
                    permissions.notes.push(format!("{holder} held {name} until {}", Moment(access.until)));
                }
                if let Some((delay, effect)) = access.pending {
                    permissions
                        .notes
                        .push(format!("{holder} waits {delay} seconds in {name} from {} on", Moment(effect)));
                }
            }
        }
        for (address, target) in &self.table.targets {
            let of = self.view.holder(*address);
            if target.admin_delay != 0 {
                permissions.notes.push(format!("changes that concern {of} wait {} seconds", target.admin_delay));
            }
            if let Some((delay, from)) = later(target.next_admin_delay) {
                let from = Moment(from);
                permissions.notes.push(format!("changes that concern {of} wait {delay} seconds from {from} on"));
            }
        }
    }
}
