//! The section `[vault]` of the file: the heir, and the terms of the escape.

use std::ops::Range;

use alloy::primitives::Address;
use serde::{Deserialize, Serialize};
use toml::Spanned;

use super::Vault;
use crate::config::rules::{account, refuse};
use crate::config::{Config, Refusal};

/// Seconds of a day.
const DAY: u32 = 86_400;

/// The fewest days of a period: the contract's `LEAST_PERIOD`.
pub const SHORTEST_PERIOD: u16 = 14;

/// The most days of a period. A longer one would lock the funds for longer than anybody waits.
pub const LONGEST_PERIOD: u16 = 365;

/// The least gas of an attempt: the contract's `LEAST_ACTIVATION_GAS`.
pub const LEAST_GAS: u64 = 10_000_000;

/// The settings of the vault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Settings {
    /// Who becomes the owner if one of the DAO's programs is dead.
    pub heir: Address,
    /// For how many days a program has to be dead until its death is confirmed.
    pub death_days: u32,
    /// How many days the heir waits after that.
    pub escape_days: u32,
    /// How many reports confirm a death, at least.
    pub reports: u16,
    /// The gas of an attempt to activate a program.
    pub activation_gas: u64,
    /// Where the file names the heir.
    #[serde(skip)]
    place: Place,
}

/// A place in a file. Settings are the same wherever they were read from, so all places are equal.
#[derive(Clone, Copy, Debug, Default)]
struct Place(usize, usize);

impl PartialEq for Place {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Place {}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct File {
    heir: Spanned<String>,
    death_days: Option<Spanned<u64>>,
    escape_days: Option<Spanned<u64>>,
    reports: Option<Spanned<u64>>,
    activation_gas: Option<Spanned<u64>>,
}

impl Settings {
    /// The terms of the escape.
    pub(crate) const fn terms(&self) -> Vault::Terms {
        Vault::Terms {
            heir: self.heir,
            deathPeriod: self.death_days * DAY,
            escapeDelay: self.escape_days * DAY,
            minReports: self.reports,
            activationGas: self.activation_gas,
        }
    }

    /// A refusal of the heir, at its place.
    pub(super) fn refuse_heir(&self, reason: String) -> Refusal {
        let Place(start, end) = self.place;
        Refusal { span: Range { start, end }, reason }
    }

    /// What may surprise.
    pub(crate) fn notes(&self, config: &Config) -> Vec<String> {
        let offices = config.offices_of(self.heir);
        let note = || {
            format!(
                "the vault's heir {} is also {}: who can stop the DAO from saving its funds must not inherit them, so take \
                 other signers if you can",
                self.heir,
                offices.join(" and ")
            )
        };
        if offices.is_empty() { Vec::new() } else { vec![note()] }
    }
}

/// The rules are the contract's, which would refuse with `InvalidTerms`. Two are stricter: no period is longer than a year,
/// and a death has at least one report.
pub(crate) fn check(file: &File) -> Result<Settings, Refusal> {
    let heir = account(&file.heir, "the vault's heir")?;
    let days = |value: &Option<Spanned<u64>>, default: u32, what: &str| {
        let Some(value) = value else { return Ok(default) };
        match u32::try_from(*value.get_ref()) {
            Ok(days) if (u32::from(SHORTEST_PERIOD)..=u32::from(LONGEST_PERIOD)).contains(&days) => Ok(days),
            _ => refuse(value, format!("{what} are not between {SHORTEST_PERIOD} and {LONGEST_PERIOD}")),
        }
    };
    let death_days = days(&file.death_days, 30, "the days that a program has to be dead")?;
    let escape_days = days(&file.escape_days, 60, "the days that the heir waits")?;
    let reports = match &file.reports {
        None => 10,
        Some(value) => match u16::try_from(*value.get_ref()) {
            Ok(reports) if (1..=death_days).contains(&u32::from(reports)) => reports,
            _ => {
                let reason = format!(
                    "the reports that confirm a death are not between 1 and {death_days}: one counts for each day of \
                     `death_days`"
                );
                return refuse(value, reason);
            }
        },
    };
    let activation_gas = match &file.activation_gas {
        None => 20_000_000,
        Some(gas) if *gas.get_ref() < LEAST_GAS => {
            return refuse(gas, format!("the gas of an attempt is less than {LEAST_GAS}"));
        }
        Some(gas) => *gas.get_ref(),
    };
    let span = file.heir.span();
    Ok(Settings { heir, death_days, escape_days, reports, activation_gas, place: Place(span.start, span.end) })
}

#[cfg(test)]
mod tests;
