//! The revenue splitter: what data earns reaches whom the DAO decided.
//!
//! It obeys the access manager, and asks the data pointer registry about requests where the DAO has one. Two
//! [offices](Office) are roles in the manager's table: who publishes epochs, and who disables a wrong one before it can
//! be claimed. All else that is restricted is for the members' decisions: the table of payees, the treasury, the
//! window, what was not claimed, another registry, another authority and another program.

mod permissions;
mod proof;
mod settings;

use alloy::primitives::{Address, Bytes, LogData, U256};
use alloy::sol_types::{SolCall, SolEvent};
use consilium_bindings::Construct;
use consilium_bindings::RevenueSplitter::{self as abi, RevenueSplitterErrors, RevenueSplitterEvents};
use eyre::Result;

use super::access_manager::{self, Watch};
use super::{data_pointer_registry, timelock};
use crate::config::members::Member;
use crate::config::{Config, Refusal, Section, Sections};
use crate::dao::Dao;
use crate::part::{self, Facts, Interface, Name, Neighbours, Office, Origin, Part, Scene, Strange};
use crate::permissions::{Permissions, View, answer};
use crate::proof::Proof;

pub use settings::{Payee, Settings, Share};

/// Its name.
pub const NAME: Name = Name::new("revenue-splitter");

/// The roles of its offices from the founding on.
pub const PUBLISHER_ROLE: u64 = 8;
/// Of those who disable a wrong epoch.
pub const GUARDIAN_ROLE: u64 = 9;

/// Who publishes epochs. The offices have the names of their keys in the file.
const PUBLISHERS: &str = "publishers";
const GUARDIANS: &str = "guardians";

/// What an account of the first table or the treasury is, as `deployer.may_be` calls it.
const PAYEE: &str = "payee";

/// The part.
#[derive(Clone, Copy, Debug)]
pub struct RevenueSplitter;

impl Config {
    /// The revenue splitter's settings, if the DAO has one.
    pub fn revenue_splitter(&self) -> Option<&Settings> {
        self.sections.get()
    }

    /// The same, to change.
    pub fn revenue_splitter_mut(&mut self) -> Option<&mut Settings> {
        self.sections.get_mut()
    }
}

/// The settings of a DAO that has the part.
fn settings<'a>(dao: &Dao<'a>) -> &'a Settings {
    dao.config.sections.expect()
}

/// Who gets what is not claimed: the timelock, unless the settings name an account.
fn treasury(dao: &Dao<'_>) -> Address {
    settings(dao).treasury.unwrap_or_else(|| dao.address(timelock::NAME))
}

/// The registry that it asks; zero where the DAO has none.
fn registry(dao: &Dao<'_>) -> Address {
    dao.find(data_pointer_registry::NAME).unwrap_or_default()
}

/// The accounts of the table and their shares, in its order.
fn table(dao: &Dao<'_>) -> Vec<(Address, u16)> {
    let account = |payee| match payee {
        Payee::Treasury => treasury(dao),
        Payee::Pool => dao.address(NAME),
        Payee::Account(account) => account,
    };
    settings(dao).table.iter().map(|share| (account(share.to), share.basis_points)).collect()
}

/// Guardians watch what publishers publish.
const fn watch(window: u32) -> Watch {
    Watch {
        contract: NAME,
        act: abi::publishEpochCall::SIGNATURE,
        answer: abi::disableEpochCall::SIGNATURE,
        time: window,
        due: "an epoch can be claimed after its `window`",
        own: "would watch its own epochs",
    }
}

impl Part for RevenueSplitter {
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
        let (recipients, shares) = table(dao).into_iter().unzip();
        Ok(abi::constructorCall {
            initialAuthority: dao.address(access_manager::NAME),
            registry: registry(dao),
            treasury: treasury(dao),
            window: settings(dao).window,
            recipients,
            basisPoints: shares,
        }
        .init_data())
    }

    fn logs(&self, dao: &Dao<'_>, _: Origin) -> Vec<LogData> {
        let table = table(dao);
        let mut logs = vec![
            abi::AuthorityUpdated { authority: dao.address(access_manager::NAME) }.encode_log_data(),
            abi::RegistrySet { registry: registry(dao) }.encode_log_data(),
            abi::TreasurySet { treasury: treasury(dao) }.encode_log_data(),
            abi::WindowSet { window: settings(dao).window }.encode_log_data(),
            abi::TableSet { version: 1, payees: U256::from(table.len()) }.encode_log_data(),
        ];
        let added = table.into_iter().map(|(account, share)| abi::PayeeAdded { account, shares: U256::from(share) });
        logs.extend(added.map(|added| added.encode_log_data()));
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
            function: abi::RevenueSplitterCalls::signature_by_selector,
            event: part::event::<RevenueSplitterEvents>,
            error: part::error::<RevenueSplitterErrors>,
        }
    }

    fn restricted(&self) -> &'static [&'static str] {
        &permissions::RESTRICTED
    }

    fn strange<'a>(&'a self, view: &'a View<'a>) -> Strange<'a> {
        Box::pin(async move {
            let splitter = abi::new(view.address(NAME), view.chain().provider());
            if let Err(reason) = answer(splitter.epoch(0).block(view.at()).call().await)? {
                return Ok(Some(format!("epoch(uint32): {reason}")));
            }
            let authority = answer(splitter.authority().block(view.at()).call().await)?;
            Ok(authority.err().map(|reason| format!("authority(): {reason}")))
        })
    }

    fn permissions<'a>(&'a self, permissions: &'a mut Permissions, view: &'a View<'a>) -> Facts<'a> {
        Box::pin(permissions::add(permissions, view))
    }

    fn neighbours<'a>(&'a self, view: &'a View<'a>) -> Neighbours<'a> {
        Box::pin(permissions::neighbours(view))
    }

    /// After the registry, which it asks, and before the timelock, as all that the DAO decides about.
    fn renewal(&self) -> u8 {
        37
    }

    fn offices(&self) -> &'static [&'static str] {
        &[PUBLISHERS, GUARDIANS, PAYEE]
    }

    fn is_in_office(&self, config: &Config, office: &str, account: Address) -> bool {
        match office {
            PAYEE => config.revenue_splitter().is_some_and(|settings| settings.pays(account)),
            _ => part::is_member(&self.offices_in_manager(&config.sections), office, account),
        }
    }

    fn offices_in_manager(&self, settings: &Sections) -> Vec<Office> {
        let Some(settings) = settings.get::<Settings>() else { return Vec::new() };
        vec![
            Office {
                role: PUBLISHER_ROLE,
                name: PUBLISHERS,
                functions: vec![abi::publishEpochCall::SELECTOR],
                members: settings.publishers.clone(),
            },
            Office {
                role: GUARDIAN_ROLE,
                name: GUARDIANS,
                functions: vec![abi::disableEpochCall::SELECTOR],
                members: settings.guardians.clone(),
            },
        ]
    }

    fn check(&self, settings: &Sections) -> Result<(), Refusal> {
        settings.get::<Settings>().map_or(Ok(()), |own| watch(own.window).check(settings))
    }

    fn members_mut<'a>(&self, settings: &'a mut Sections) -> Vec<&'a mut Member> {
        let Some(settings) = settings.get_mut::<Settings>() else { return Vec::new() };
        let offices = [&mut settings.publishers, &mut settings.guardians];
        offices.into_iter().flatten().collect()
    }

    fn notes(&self, config: &Config) -> Vec<String> {
        let is_watched = !access_manager::callers(&config.sections, NAME, abi::disableEpochCall::SIGNATURE).is_empty();
        config.revenue_splitter().map(|settings| settings.notes(is_watched)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests;
