//! The data pointer registry: where encrypted records are, who keeps them, and who asked for their keys.
//!
//! It obeys the access manager and asks the consent. From the founding on it holds the role of the consent's recorders:
//! each request for a key is recorded in the access log. Two [offices](Office) are roles in the manager's table: who
//! admits custodians, and who decides about schemas. All else that is restricted is for the members' decisions: the
//! purpose of storing, the time to answer, encryptions, another authority and another program.

mod permissions;
mod proof;
mod settings;

use alloy::primitives::{Bytes, LogData};
use alloy::sol_types::{SolCall, SolEvent};
use consilium_bindings::Construct;
use consilium_bindings::DataPointerRegistry::{self as abi, DataPointerRegistryErrors, DataPointerRegistryEvents};
use eyre::Result;

use super::{access_manager, consent};
use crate::config::members::Member;
use crate::config::{Config, Refusal, Section, Sections};
use crate::dao::Dao;
use crate::part::{self, Facts, Interface, Name, Neighbours, Office, Origin, Part, Scene, Strange};
use crate::permissions::{Permissions, View, answer};
use crate::proof::Proof;

pub use settings::Settings;

/// Its name.
pub const NAME: Name = Name::new("data-pointer-registry");

/// The roles of its offices from the founding on.
pub const ADMITTER_ROLE: u64 = 6;
/// Of those who decide about schemas.
pub const CURATOR_ROLE: u64 = 7;

/// Who admits custodians. The offices have the names of their keys in the file.
const ADMITTERS: &str = "admitters";
const CURATORS: &str = "curators";

/// The part.
#[derive(Clone, Copy, Debug)]
pub struct DataPointerRegistry;

impl Config {
    /// The data pointer registry's settings, if the DAO has one.
    pub fn data_pointer_registry(&self) -> Option<&Settings> {
        self.sections.get()
    }

    /// The same, to change.
    pub fn data_pointer_registry_mut(&mut self) -> Option<&mut Settings> {
        self.sections.get_mut()
    }
}

/// The settings of a DAO that has the part.
fn settings<'a>(dao: &Dao<'a>) -> &'a Settings {
    dao.config.sections.expect()
}

impl Part for DataPointerRegistry {
    fn name(&self) -> Name {
        NAME
    }

    fn needs(&self) -> &'static [Name] {
        &[access_manager::NAME, consent::NAME]
    }

    fn settings(&self, section: Section<'_>, others: &Sections) -> Result<Box<dyn crate::config::Settings>, Refusal> {
        Ok(Box::new(settings::check(&section.read()?, others.get())?))
    }

    fn constructor(&self, dao: &Dao<'_>) -> Result<Bytes> {
        let settings = settings(dao);
        Ok(abi::constructorCall {
            initialAuthority: dao.address(access_manager::NAME),
            consent: dao.address(consent::NAME),
            storePurpose: settings.store_purpose,
            answerWithin: settings.answer_within,
            encryptions: settings.codes(),
        }
        .init_data())
    }

    fn logs(&self, dao: &Dao<'_>, _: Origin) -> Vec<LogData> {
        let settings = settings(dao);
        let mut logs = vec![
            abi::AuthorityUpdated { authority: dao.address(access_manager::NAME) }.encode_log_data(),
            abi::ConsentSet { consent: dao.address(consent::NAME) }.encode_log_data(),
            abi::StorePurposeSet { purpose: settings.store_purpose }.encode_log_data(),
            abi::AnswerWithinSet { period: settings.answer_within }.encode_log_data(),
        ];
        let codes = (1..).zip(settings.codes());
        logs.extend(codes.map(|(number, code)| abi::EncryptionSet { number, code }.encode_log_data()));
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
            function: abi::DataPointerRegistryCalls::signature_by_selector,
            event: part::event::<DataPointerRegistryEvents>,
            error: part::error::<DataPointerRegistryErrors>,
        }
    }

    fn restricted(&self) -> &'static [&'static str] {
        &permissions::RESTRICTED
    }

    fn strange<'a>(&'a self, view: &'a View<'a>) -> Strange<'a> {
        Box::pin(async move {
            let registry = abi::new(view.address(NAME), view.chain().provider());
            if let Err(reason) = answer(registry.schema(0).block(view.at()).call().await)? {
                return Ok(Some(format!("schema(uint32): {reason}")));
            }
            let consent = answer(registry.consent().block(view.at()).call().await)?;
            Ok(consent.err().map(|reason| format!("consent(): {reason}")))
        })
    }

    fn permissions<'a>(&'a self, permissions: &'a mut Permissions, view: &'a View<'a>) -> Facts<'a> {
        Box::pin(permissions::add(permissions, view))
    }

    fn neighbours<'a>(&'a self, view: &'a View<'a>) -> Neighbours<'a> {
        Box::pin(permissions::neighbours(view))
    }

    /// It records each request in the consent.
    fn roles_in_manager(&self) -> &'static [u64] {
        &[consent::RECORDER_ROLE]
    }

    /// After the consent, which it asks, and before the timelock, as all that the DAO decides about.
    fn renewal(&self) -> u8 {
        36
    }

    fn offices(&self) -> &'static [&'static str] {
        &[ADMITTERS, CURATORS]
    }

    fn members_mut<'a>(&self, settings: &'a mut Sections) -> Vec<&'a mut Member> {
        let Some(settings) = settings.get_mut::<Settings>() else { return Vec::new() };
        let offices = [&mut settings.admitters, &mut settings.curators];
        offices.into_iter().flatten().collect()
    }

    fn offices_in_manager(&self, settings: &Sections) -> Vec<Office> {
        let Some(settings) = settings.get::<Settings>() else { return Vec::new() };
        let schemas =
            [abi::activateSchemaCall::SELECTOR, abi::deprecateSchemaCall::SELECTOR, abi::supersedeSchemaCall::SELECTOR];
        vec![
            Office {
                role: ADMITTER_ROLE,
                name: ADMITTERS,
                functions: vec![abi::admitCustodianCall::SELECTOR],
                members: settings.admitters.clone(),
            },
            Office {
                role: CURATOR_ROLE,
                name: CURATORS,
                functions: schemas.to_vec(),
                members: settings.curators.clone(),
            },
        ]
    }
}

#[cfg(test)]
mod tests;
