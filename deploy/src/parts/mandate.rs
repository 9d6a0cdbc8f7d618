//! Mandates: what the DAO entrusts to holders from the founding on, such as a treasury's Safe for day-to-day payments, or
//! a council that has to report.
//!
//! The contract obeys the access manager. All that is restricted is for the members' decisions, so a holder of a mandate
//! holds no role by it.

mod permissions;
mod proof;
mod settings;
mod tokens;

use alloy::primitives::{Address, Bytes, LogData, U256, aliases::U48};
use alloy::sol_types::SolEvent;
use consilium_bindings::Construct;
use consilium_bindings::Mandate::{self as abi, MandateErrors, MandateEvents};
use eyre::{Result, bail};

use super::access_manager;
use crate::chain::Chain;
use crate::config::members::Member;
use crate::config::moment::Moment;
use crate::config::{Config, Refusal, Section, Sections};
use crate::dao::Dao;
use crate::part::{self, Facts, Interface, Name, Neighbours, Origin, Part, Scene, Strange};
use crate::permissions::{Permissions, View, answer};
use crate::proof::Proof;

pub use settings::{Allowance, Holder, Reports, Settings};

/// Its name.
pub const NAME: Name = Name::new("mandate");

/// What an account with a mandate is, as `deployer.may_be` calls it.
const HOLDER: &str = "mandate holder";

/// The part.
#[derive(Clone, Copy, Debug)]
pub struct Mandate;

/// The settings of a DAO that has the part.
fn settings<'a>(dao: &Dao<'a>) -> &'a Settings {
    dao.config.sections.expect()
}

/// The mandates, as the constructor takes them.
fn mandates(dao: &Dao<'_>) -> Vec<abi::InitialMandate> {
    let mandate = |holder: &Holder| abi::InitialMandate {
        holder: holder.who.address,
        until: U48::from(holder.until().0),
        reportEvery: holder.reports.as_ref().map_or(0, |reports| reports.every),
        firstReportBy: U48::from(holder.first_report()),
    };
    settings(dao).holders.iter().map(mandate).collect()
}

/// The allowances, as the constructor takes them.
fn allowances(dao: &Dao<'_>) -> Vec<abi::InitialAllowance> {
    let of = |holder: &Holder| {
        let who = holder.who.address;
        let allowance = move |allowance: &Allowance| abi::InitialAllowance {
            holder: who,
            token: allowance.token,
            limit: allowance.limit,
            period: allowance.period,
        };
        holder.allowances.iter().map(allowance).collect::<Vec<_>>()
    };
    settings(dao).holders.iter().flat_map(of).collect()
}

impl Part for Mandate {
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
        for holder in &settings(dao).holders {
            // Before the addresses are known all of them are zero.
            let account = Some(holder.who.address).filter(|account| !account.is_zero());
            let is_holder = |part: &&dyn Part| account.is_some() && dao.find(part.name()) == account;
            if let Some(own) = dao.config.founded().find(is_holder) {
                bail!("{} is the {}, and no holder of a mandate: it acts by votes", holder.who, own.name());
            }
        }
        let authority = dao.address(access_manager::NAME);
        let call =
            abi::constructorCall { initialAuthority: authority, mandates: mandates(dao), allowances: allowances(dao) };
        Ok(call.init_data())
    }

    fn logs(&self, dao: &Dao<'_>, origin: Origin) -> Vec<LogData> {
        let authority = abi::AuthorityUpdated { authority: dao.address(access_manager::NAME) };
        let mut logs = vec![authority.encode_log_data()];
        for abi::InitialMandate { holder, until, reportEvery, firstReportBy } in mandates(dao) {
            let granted = abi::MandateGranted { holder, number: 1, until, reportEvery, due: firstReportBy };
            logs.push(granted.encode_log_data());
        }
        for abi::InitialAllowance { holder, token, limit, period } in allowances(dao) {
            let limit = U256::from(limit);
            let refills = U48::saturating_from(origin.timestamp.saturating_add(period.into()));
            logs.push(
                abi::AllowanceSet { holder, token, limit, left: limit, period, refillsAt: refills }.encode_log_data(),
            );
        }
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
            function: abi::MandateCalls::signature_by_selector,
            event: part::event::<MandateEvents>,
            error: part::error::<MandateErrors>,
        }
    }

    fn restricted(&self) -> &'static [&'static str] {
        &permissions::RESTRICTED
    }

    fn strange<'a>(&'a self, view: &'a View<'a>) -> Strange<'a> {
        Box::pin(async move {
            let mandate = abi::new(view.address(NAME), view.chain().provider());
            // Nobody owes a report.
            match answer(mandate.missed(Address::ZERO).block(view.at()).call().await)? {
                Ok(due) if due.is_zero() => {}
                Ok(due) => return Ok(Some(format!("missed(address) of nobody is {due}"))),
                Err(reason) => return Ok(Some(format!("missed(address): {reason}"))),
            }
            let authority = answer(mandate.authority().block(view.at()).call().await)?;
            Ok(authority.err().map(|reason| format!("authority(): {reason}")))
        })
    }

    fn permissions<'a>(&'a self, permissions: &'a mut Permissions, view: &'a View<'a>) -> Facts<'a> {
        Box::pin(permissions::add(permissions, view))
    }

    fn neighbours<'a>(&'a self, view: &'a View<'a>) -> Neighbours<'a> {
        Box::pin(async move { Ok(vec![(access_manager::NAME, permissions::authority(view).await?)]) })
    }

    /// Before the timelock, as all that the DAO decides about.
    fn renewal(&self) -> u8 {
        38
    }

    fn offices(&self) -> &'static [&'static str] {
        &[HOLDER]
    }

    fn is_in_office(&self, config: &Config, office: &str, account: Address) -> bool {
        let holds = |settings: &Settings| settings.holders.iter().any(|holder| holder.who.address == account);
        office == HOLDER && config.sections.get().is_some_and(holds)
    }

    fn members_mut<'a>(&self, settings: &'a mut Sections) -> Vec<&'a mut Member> {
        let Some(settings) = settings.get_mut::<Settings>() else { return Vec::new() };
        settings.holders.iter_mut().map(|holder| &mut holder.who).collect()
    }

    fn expect<'a>(&'a self, config: &'a Config, chain: &'a Chain) -> Facts<'a> {
        Box::pin(tokens::expect(config, chain))
    }

    fn at_founding(&self, config: &Config, now: Moment) -> Result<Vec<String>, Refusal> {
        config.sections.get::<Settings>().map_or_else(|| Ok(Vec::new()), |settings| settings.at_founding(now))
    }
}

#[cfg(test)]
mod tests;
