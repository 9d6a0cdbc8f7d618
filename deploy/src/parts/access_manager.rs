//! The access manager: the table of all powers that are not the voters'.
//!
//! The timelock is its only admin. Where its section names a council, it is the governor's proposal guardian, and the
//! council's role may call the governor's two `cancel` functions through it. So the council's power is a row of the table,
//! and ends by itself. Other rows are the [offices](Office) that other parts have by their settings, and the responders,
//! who may call what is on the [allow-list](allowed) of the settings. A contract of the DAO can hold an office too: its
//! part says so by [`Part::roles_in_manager`].

mod allowed;
mod permissions;
mod proof;
mod settings;
mod table;
mod watch;

use alloy::primitives::{Address, Bytes, FixedBytes, LogData, aliases::U48};
use alloy::sol_types::{SolCall, SolEvent};
use consilium_bindings::AccessManager::{self as abi, AccessManagerErrors, AccessManagerEvents};
use consilium_bindings::{Construct, Governor};
use eyre::Result;

use super::{governor, timelock};
use crate::config::moment::Moment;
use crate::config::{Config, Refusal, Section, Sections};
use crate::dao::Dao;
use crate::part::{self, Facts, Interface, Name, Office, Origin, Part, Scene, Strange};
use crate::permissions::{Permissions, View};
use crate::proof::Proof;

pub use crate::config::members::Member;
pub use allowed::Allowed;
pub use settings::Settings;
pub(crate) use table::strange;
pub(crate) use watch::{Watch, callers};

/// Its name.
pub const NAME: Name = Name::new("access-manager");

/// The role of its admins, who decide all that is in it.
pub const ADMIN_ROLE: u64 = 0;

/// The role that everybody holds.
pub const PUBLIC_ROLE: u64 = u64::MAX;

/// The council's role from the founding on.
pub const COUNCIL_ROLE: u64 = 1;

/// The role of the responders from the founding on.
pub const RESPONDER_ROLE: u64 = 10;

/// A member of the council.
const COUNCIL: &str = "council";

/// Who may call what is on the allow-list.
const RESPONDERS: &str = "responders";

/// What the council may call of the governor: both forms of `cancel`.
pub const COUNCIL_FUNCTIONS: [[u8; 4]; 2] = [Governor::cancel_0Call::SELECTOR, Governor::cancel_1Call::SELECTOR];

/// The part.
#[derive(Clone, Copy, Debug)]
pub struct AccessManager;

/// The members of the council by the settings of the parts; none without one.
fn council(sections: &Sections) -> &[Member] {
    sections.get::<Settings>().map_or(&[], |settings| &settings.council)
}

/// An office, and the functions of which contracts it may call.
#[derive(Debug)]
struct Placed {
    role: u64,
    name: &'static str,
    members: Vec<Member>,
    functions: Vec<(Name, [u8; 4])>,
}

impl Placed {
    /// An office of one contract.
    fn of(part: Name, office: Office) -> Self {
        let Office { role, name, functions, members } = office;
        Self { role, name, members, functions: functions.into_iter().map(|function| (part, function)).collect() }
    }
}

/// All offices with their accounts: the council's, the responders', and those of the parts. Some may have no members.
fn offices(sections: &Sections) -> Vec<Placed> {
    let council = Office {
        role: COUNCIL_ROLE,
        name: COUNCIL,
        functions: COUNCIL_FUNCTIONS.to_vec(),
        members: council(sections).to_vec(),
    };
    let settings = sections.get::<Settings>();
    let responders = Placed {
        role: RESPONDER_ROLE,
        name: RESPONDERS,
        members: settings.map(|settings| settings.responders.clone()).unwrap_or_default(),
        functions: settings.map(|settings| allowed::functions(settings, sections)).unwrap_or_default(),
    };
    let of_parts = sections.parts().flat_map(|part| {
        let offices = part.offices_in_manager(sections).into_iter();
        offices.map(move |office| Placed::of(part.name(), office))
    });
    [Placed::of(governor::NAME, council), responders].into_iter().chain(of_parts).collect()
}

/// The same with the contracts of the DAO that hold offices: what the founding makes of it.
fn founded(dao: &Dao<'_>) -> Vec<Placed> {
    let mut offices = offices(&dao.config.sections);
    for Placed { role, members, .. } in &mut offices {
        let holders = dao.config.parts().filter(|part| part.roles_in_manager().contains(role));
        members.extend(holders.map(|part| Member::of(dao.address(part.name()))));
    }
    offices
}

/// The functions with a role from the founding on.
fn functions(dao: &Dao<'_>) -> Vec<abi::InitialFunction> {
    let mut offices = founded(dao);
    offices.retain(|placed| !placed.members.is_empty());
    let of = |Placed { role, functions, .. }: Placed| {
        let function = move |(of, selector)| abi::InitialFunction {
            target: dao.address(of),
            selector: FixedBytes(selector),
            roleId: role,
        };
        functions.into_iter().map(function).collect::<Vec<_>>()
    };
    offices.into_iter().flat_map(of).collect()
}

/// The first second at which a grant has ended, as the contract has it: 0 for none. It is before the year 2100.
fn end(member: &Member) -> U48 {
    U48::from(member.until.as_ref().map_or(0, |until| until.get_ref().0))
}

impl Part for AccessManager {
    fn name(&self) -> Name {
        NAME
    }

    fn section(&self) -> &'static str {
        "access"
    }

    fn needs(&self) -> &'static [Name] {
        &[timelock::NAME, governor::NAME]
    }

    fn settings(&self, section: Section<'_>, others: &Sections) -> Result<Box<dyn crate::config::Settings>, Refusal> {
        Ok(Box::new(settings::check(section.read()?, others.expect())?))
    }

    fn constructor(&self, dao: &Dao<'_>) -> Result<Bytes> {
        let grant = |role, member: &Member| abi::InitialGrant {
            roleId: role,
            account: member.address,
            executionDelay: member.delay,
            until: end(member),
        };
        let offices = founded(dao);
        let grants =
            offices.iter().flat_map(|Placed { role, members, .. }| members.iter().map(|member| grant(*role, member)));
        Ok(abi::constructorCall {
            initialAdmin: dao.address(timelock::NAME),
            grants: grants.collect(),
            functions: functions(dao),
        }
        .init_data())
    }

    /// The admin, the offices' members with their ends, the functions.
    fn logs(&self, dao: &Dao<'_>, origin: Origin) -> Vec<LogData> {
        let granted = |role, account, delay| {
            let since = U48::saturating_from(origin.timestamp);
            abi::RoleGranted { roleId: role, account, delay, since, newMember: true }.encode_log_data()
        };
        let mut logs = vec![granted(ADMIN_ROLE, dao.address(timelock::NAME), 0)];
        for Placed { role, members, .. } in founded(dao) {
            for member in &members {
                logs.push(granted(role, member.address, member.delay));
                if member.until.is_some() {
                    let (account, until) = (member.address, end(member));
                    logs.push(abi::GrantEndChanged { roleId: role, account, until }.encode_log_data());
                }
            }
        }
        logs.extend(functions(dao).into_iter().map(|abi::InitialFunction { target, selector, roleId }| {
            abi::TargetFunctionRoleUpdated { target, selector, roleId }.encode_log_data()
        }));
        logs
    }

    fn prove<'a>(&'a self, proof: &'a mut Proof, scene: &'a Scene<'a>) -> Facts<'a> {
        Box::pin(proof::prove(proof, scene))
    }

    fn strange<'a>(&'a self, view: &'a View<'a>) -> Strange<'a> {
        Box::pin(strange(view, view.address(NAME)))
    }

    fn permissions<'a>(&'a self, permissions: &'a mut Permissions, view: &'a View<'a>) -> Facts<'a> {
        Box::pin(permissions::add(permissions, view))
    }

    fn interface(&self) -> Interface {
        Interface {
            function: abi::AccessManagerCalls::signature_by_selector,
            event: part::event::<AccessManagerEvents>,
            error: part::error::<AccessManagerErrors>,
        }
    }

    /// With a council. Without one the council's account is the guardian.
    fn is_guardian(&self, settings: &Sections) -> bool {
        !council(settings).is_empty()
    }

    /// Before the timelock, as the governor, through which the council cancels.
    fn renewal(&self) -> u8 {
        30
    }

    fn offices(&self) -> &'static [&'static str] {
        &[COUNCIL, RESPONDERS]
    }

    fn is_in_office(&self, config: &Config, office: &str, account: Address) -> bool {
        let members = match office {
            COUNCIL => council(&config.sections),
            RESPONDERS => config.sections.get::<Settings>().map_or(&[][..], |settings| &settings.responders),
            _ => &[],
        };
        members.iter().any(|member| member.address == account)
    }

    fn check(&self, settings: &Sections) -> Result<(), Refusal> {
        settings.get::<Settings>().map_or(Ok(()), |own| allowed::check(own, settings))
    }

    fn at_founding(&self, config: &Config, now: Moment) -> Result<Vec<String>, Refusal> {
        let (governor, token) = (config.governor(), config.token());
        let votes = governor.voting_delay + u64::from(governor.voting_period) + governor.late_quorum_extension;
        let decision = token.clock.seconds(votes).saturating_add(config.timelock().min_delay);
        let mut notes = Vec::new();
        for office in offices(&config.sections) {
            notes.extend(settings::at_founding(&office, now, decision)?);
        }
        Ok(notes)
    }

    fn members_mut<'a>(&self, settings: &'a mut Sections) -> Vec<&'a mut Member> {
        let Some(settings) = settings.get_mut::<Settings>() else { return Vec::new() };
        settings.council.iter_mut().chain(&mut settings.responders).collect()
    }

    fn notes(&self, config: &Config) -> Vec<String> {
        let offices = offices(&config.sections);
        let notes = |office: &Placed| {
            let endless = office.members.iter().filter(|member| member.until.is_none());
            endless.map(|member| settings::endless(office, member)).collect::<Vec<_>>()
        };
        offices.iter().flat_map(notes).chain(allowed::notes(config)).collect()
    }
}

#[cfg(test)]
mod tests;
