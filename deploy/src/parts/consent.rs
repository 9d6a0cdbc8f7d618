//! The consent: who may see which health data for which purpose. Patients decide, within the policy that the DAO sets.
//!
//! It obeys the access manager. Four [offices](Office) are roles in the manager's table: who breaks the glass, who
//! reviews that, who records accesses, and who registers organisations and roles. All else that is restricted is for
//! the members' decisions: the policy, the tables of codes, representatives, another authority and another program.

mod permissions;
mod proof;
mod settings;
mod size;

use alloy::primitives::{B256, Bytes, LogData};
use alloy::sol_types::{SolCall, SolEvent};
use consilium_bindings::Consent::{self as abi, ConsentErrors, ConsentEvents};
use consilium_bindings::Construct;
use eyre::Result;
use fhir::{Table, Vocabulary};

use super::access_manager::{self, Watch};
use crate::config::members::Member;
use crate::config::{Config, Refusal, Section, Sections};
use crate::dao::Dao;
use crate::part::{self, Facts, Interface, List, Name, Neighbours, Office, Origin, Part, Scene, Strange};
use crate::permissions::{Permissions, View, answer};
use crate::proof::Proof;

pub use settings::Settings;

/// Its name.
pub const NAME: Name = Name::new("consent");

/// The roles of its offices from the founding on.
pub const EMERGENCY_ROLE: u64 = 2;
/// Of those who review emergencies.
pub const REVIEWER_ROLE: u64 = 3;
/// Of those who record accesses.
pub const RECORDER_ROLE: u64 = 4;
/// Of those who register organisations and roles.
pub const REGISTRAR_ROLE: u64 = 5;

/// Who breaks the glass. The offices have the names of their keys in the file.
const EMERGENCY: &str = "emergency";
const REVIEWERS: &str = "reviewers";
const RECORDERS: &str = "recorders";
const REGISTRARS: &str = "registrars";

/// How many purposes there are.
const PURPOSES: usize = 64;

/// The part.
#[derive(Clone, Copy, Debug)]
pub struct Consent;

impl Config {
    /// The consent's settings, if the DAO has one.
    pub fn consent(&self) -> Option<&Settings> {
        self.sections.get()
    }

    /// The same, to change.
    pub fn consent_mut(&mut self) -> Option<&mut Settings> {
        self.sections.get_mut()
    }
}

/// The settings of a DAO that has the part.
fn settings<'a>(dao: &Dao<'a>) -> &'a Settings {
    dao.config.sections.expect()
}

/// Reviewers watch who breaks the glass.
const fn watch(review_within: u32) -> Watch {
    Watch {
        contract: NAME,
        act: abi::declareEmergencyCall::SIGNATURE,
        answer: abi::reviewEmergencyCall::SIGNATURE,
        time: review_within,
        due: "a review is due after `review_within`",
        own: "would review its own emergencies",
    }
}

/// The numbers of the tables that settings choose from.
const PURPOSE_TABLE: u8 = 1;
const JURISDICTION_TABLE: u8 = 2;

/// A table of the contract: its number, what its rows are, and the vocabulary's rows.
type Numbered = (u8, &'static str, &'static Table);

/// The tables that the vocabulary fills. Classes and categories are one table, whose number is 0. Nobody says what the
/// roles are, which is table 4.
fn tables() -> [Numbered; 5] {
    let Vocabulary { classes, categories, purposes, jurisdictions, reasons } = Vocabulary::standard();
    [
        (0, "classes", classes),
        (0, "categories", categories),
        (PURPOSE_TABLE, "purposes", purposes),
        (JURISDICTION_TABLE, "jurisdictions", jurisdictions),
        (3, "reasons", reasons),
    ]
}

/// What the numbers of the tables mean from the founding on, in runs of numbers without a gap. Each code costs 24,500
/// gas. So purposes that nobody can consent to and no emergency opens, and countries that the settings do not name, get
/// their codes when the DAO needs them.
fn codes(settings: &Settings) -> Vec<abi::Codes> {
    let mut runs: Vec<abi::Codes> = Vec::new();
    for (table, _, rows) in tables() {
        for row in rows.rows.iter().filter(|row| settings.uses(table, row.index)) {
            let code = row.bytes32();
            match runs.last_mut() {
                Some(run)
                    if run.table == table && usize::from(run.first) + run.codes.len() == usize::from(row.index) =>
                {
                    run.codes.push(code);
                }
                _ => runs.push(abi::Codes { table, first: row.index, codes: vec![code] }),
            }
        }
    }
    runs
}

/// The same, one by one: table, number and code.
fn each_code(codes: &[abi::Codes]) -> impl Iterator<Item = (u8, u8, B256)> + '_ {
    codes.iter().flat_map(|run| (run.first..=u8::MAX).zip(&run.codes).map(|(number, code)| (run.table, number, *code)))
}

impl Part for Consent {
    fn name(&self) -> Name {
        NAME
    }

    fn needs(&self) -> &'static [Name] {
        &[access_manager::NAME]
    }

    fn settings(&self, section: Section<'_>, _: &Sections) -> Result<Box<dyn crate::config::Settings>, Refusal> {
        Ok(Box::new(settings::check(&section.read()?)?))
    }

    fn constructor(&self, dao: &Dao<'_>) -> Result<Bytes> {
        let settings = settings(dao);
        Ok(abi::constructorCall {
            initialAuthority: dao.address(access_manager::NAME),
            policy: settings.policy(),
            longest: settings.longest(),
            codes: codes(settings),
        }
        .init_data())
    }

    /// The authority, the policy, each code.
    fn logs(&self, dao: &Dao<'_>, _: Origin) -> Vec<LogData> {
        let settings = settings(dao);
        let mut logs = vec![
            abi::AuthorityUpdated { authority: dao.address(access_manager::NAME) }.encode_log_data(),
            abi::PolicySet { version: 1, policy: settings.policy(), longest: settings.longest() }.encode_log_data(),
        ];
        let codes = codes(settings);
        let set = each_code(&codes).map(|(table, number, code)| abi::CodeSet { table, number, code });
        logs.extend(set.map(|set| set.encode_log_data()));
        logs
    }

    fn is_upgradeable(&self) -> bool {
        true
    }

    fn prove<'a>(&'a self, proof: &'a mut Proof, scene: &'a Scene<'a>) -> Facts<'a> {
        Box::pin(proof::prove(proof, scene))
    }

    fn interface(&self) -> Interface {
        Interface {
            function: abi::ConsentCalls::signature_by_selector,
            event: part::event::<ConsentEvents>,
            error: part::error::<ConsentErrors>,
        }
    }

    fn restricted(&self) -> &'static [&'static str] {
        &permissions::RESTRICTED
    }

    fn strange<'a>(&'a self, view: &'a View<'a>) -> Strange<'a> {
        Box::pin(async move {
            let consent = abi::new(view.address(NAME), view.chain().provider());
            if let Err(reason) = answer(consent.policy().block(view.at()).call().await)? {
                return Ok(Some(format!("policy(): {reason}")));
            }
            let authority = answer(consent.authority().block(view.at()).call().await)?;
            Ok(authority.err().map(|reason| format!("authority(): {reason}")))
        })
    }

    fn permissions<'a>(&'a self, permissions: &'a mut Permissions, view: &'a View<'a>) -> Facts<'a> {
        Box::pin(permissions::add(permissions, view))
    }

    fn neighbours<'a>(&'a self, view: &'a View<'a>) -> Neighbours<'a> {
        Box::pin(permissions::neighbours(view))
    }

    /// Before the timelock, as all that the DAO decides about.
    fn renewal(&self) -> u8 {
        35
    }

    fn offices(&self) -> &'static [&'static str] {
        &[EMERGENCY, REVIEWERS, RECORDERS, REGISTRARS]
    }

    fn offices_in_manager(&self, settings: &Sections) -> Vec<Office> {
        let Some(settings) = settings.get::<Settings>() else { return Vec::new() };
        let office = |role, name, functions: &[[u8; 4]], members: &[access_manager::Member]| Office {
            role,
            name,
            functions: functions.to_vec(),
            members: members.to_vec(),
        };
        vec![
            office(EMERGENCY_ROLE, EMERGENCY, &[abi::declareEmergencyCall::SELECTOR], &settings.emergency),
            office(REVIEWER_ROLE, REVIEWERS, &[abi::reviewEmergencyCall::SELECTOR], &settings.reviewers),
            office(RECORDER_ROLE, RECORDERS, &[abi::recordCall::SELECTOR], &settings.recorders),
            office(
                REGISTRAR_ROLE,
                REGISTRARS,
                &[abi::setOrganizationCall::SELECTOR, abi::setRoleCall::SELECTOR],
                &settings.registrars,
            ),
        ]
    }

    fn check(&self, settings: &Sections) -> Result<(), Refusal> {
        settings.get::<Settings>().map_or(Ok(()), |own| watch(own.review_within).check(settings))
    }

    fn members_mut<'a>(&self, settings: &'a mut Sections) -> Vec<&'a mut Member> {
        let Some(settings) = settings.get_mut::<Settings>() else { return Vec::new() };
        let offices =
            [&mut settings.emergency, &mut settings.reviewers, &mut settings.recorders, &mut settings.registrars];
        offices.into_iter().flatten().collect()
    }

    fn notes(&self, config: &Config) -> Vec<String> {
        // Also a contract of the DAO can record.
        let records = config.parts().any(|part| part.roles_in_manager().contains(&RECORDER_ROLE));
        let [emergency, reviewers, recorders] =
            [abi::declareEmergencyCall::SIGNATURE, abi::reviewEmergencyCall::SIGNATURE, abi::recordCall::SIGNATURE]
                .map(|function| -> Vec<Member> {
                    access_manager::callers(&config.sections, NAME, function)
                        .into_iter()
                        .map(|(_, member)| member)
                        .collect()
                });
        settings::notes(&emergency, !reviewers.is_empty(), records || !recorders.is_empty())
    }

    fn lists(&self) -> Vec<List> {
        vec![size::COUNTRIES, size::PURPOSES]
    }
}
#[cfg(test)]
mod tests;
