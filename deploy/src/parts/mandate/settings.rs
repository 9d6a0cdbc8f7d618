//! The section of the file: who holds a mandate until when, what each may spend, and when each has to report.

use alloy::primitives::Address;
use serde::{Deserialize, Serialize};
use toml::{Spanned, Value};

use crate::config::members::{Member, who};
use crate::config::moment::{Moment, moment};
use crate::config::rules::{account, quantity, refuse, span};
use crate::config::{Clock, Refusal};

/// The most holders, and the most allowances of one. Each costs some 50,000 gas at the founding.
const MOST: usize = 20;

/// The decimals that an amount is written with at most.
const DECIMALS: u8 = 18;

/// A term that is shorter is most likely a mistake, in seconds.
const SHORT_TERM: u64 = 30 * 24 * 60 * 60;

/// A period that is shorter is most likely meant in days, in seconds.
const DAY: u32 = 24 * 60 * 60;

/// The settings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Settings {
    /// Those with a mandate.
    pub holders: Vec<Holder>,
}

/// A mandate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Holder {
    /// Who has it, and until when.
    #[serde(flatten)]
    pub who: Member,
    /// What it has to report; none for nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reports: Option<Reports>,
    /// What it may spend.
    pub allowances: Vec<Allowance>,
}

/// The calendar of reports.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Reports {
    /// Seconds between due dates.
    pub every: u32,
    /// The last second in which the first report is in time.
    pub first: Spanned<Moment>,
}

/// What a holder may spend of a token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Allowance {
    /// The token; zero for ether.
    pub token: Address,
    /// The decimals that the limit was written with.
    pub decimals: Spanned<u8>,
    /// In the smallest unit.
    pub limit: u128,
    /// In seconds.
    pub period: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    holders: Spanned<Vec<Spanned<FileHolder>>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileHolder {
    address: Option<Spanned<String>>,
    safe: Option<Spanned<String>>,
    until: Spanned<Value>,
    report_every: Option<Spanned<u64>>,
    first_report: Option<Spanned<Value>>,
    #[serde(default)]
    allowances: Vec<Spanned<FileAllowance>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileAllowance {
    token: Option<Spanned<String>>,
    decimals: Option<Spanned<u64>>,
    limit: Spanned<String>,
    period: Spanned<u64>,
}

impl Holder {
    /// The first second in which the mandate has ended.
    pub(super) fn until(&self) -> Moment {
        // Every holder of the file has an end.
        self.who.until.as_ref().map_or(Moment(0), |until| *until.get_ref())
    }

    /// The last second in which the first report is in time; 0 for no reports.
    pub(super) fn first_report(&self) -> u64 {
        self.reports.as_ref().map_or(0, |reports| reports.first.get_ref().0)
    }
}

impl Settings {
    /// Refuses what the constructor would refuse at this time, and notes what is most likely mistyped.
    pub(super) fn at_founding(&self, now: Moment) -> Result<Vec<String>, Refusal> {
        let mut notes = Vec::new();
        for holder in &self.holders {
            let Some(until) = &holder.who.until else { continue };
            let (who, end) = (&holder.who, until.get_ref());
            if *end <= now {
                let reason = format!(
                    "the mandate of {who} ends at {end}, and the chain's time is {now} already: write a later `until`"
                );
                return refuse(until, reason);
            }
            if let Some(Reports { first, .. }) = holder.reports.as_ref().filter(|found| *found.first.get_ref() <= now) {
                let reason = format!(
                    "the first report of {who} is due by {}, and the chain's time is {now} already: write a later \
                     `first_report`",
                    first.get_ref()
                );
                return refuse(first, reason);
            }
            if let Some(Reports { every, .. }) = holder.reports.as_ref().filter(|found| found.every < DAY) {
                notes.push(format!(
                    "{who} owes a report each {every} seconds; correct `report_every` if days are meant"
                ));
            }
            for Allowance { period, .. } in holder.allowances.iter().filter(|found| found.period < DAY) {
                notes.push(format!(
                    "an allowance of {who} is full again each {period} seconds; correct `period` if days are meant"
                ));
            }
            if end.0 - now.0 < SHORT_TERM {
                notes.push(format!(
                    "{who} has a mandate until {end} only, which is less than 30 days from now; correct `until` if this \
                     is not meant"
                ));
            }
        }
        Ok(notes)
    }
}

pub(super) fn check(file: &File) -> Result<Settings, Refusal> {
    let list = file.holders.get_ref();
    if list.is_empty() || list.len() > MOST {
        return refuse(&file.holders, format!("[mandate] has 1 to {MOST} holders, and this are {}", list.len()));
    }
    let mut holders: Vec<Holder> = Vec::with_capacity(list.len());
    for found in list {
        let (place, holder) = holder(found)?;
        if holders.iter().any(|other| (other.who.address, &other.who.safe) == (holder.who.address, &holder.who.safe)) {
            return refuse(place, format!("{} is listed twice: a holder has one mandate", holder.who));
        }
        holders.push(holder);
    }
    Ok(Settings { holders })
}

fn holder(found: &Spanned<FileHolder>) -> Result<(&Spanned<String>, Holder), Refusal> {
    let file = found.get_ref();
    let (place, who) = who(found, file.address.as_ref(), file.safe.as_ref(), "a holder of a mandate")?;
    let until = Spanned::new(file.until.span(), moment(&file.until, "the end of a mandate")?);
    let reports = reports(file, &until)?;
    if file.allowances.is_empty() && reports.is_none() {
        let reason =
            format!("the mandate of {who} has neither `allowances` nor `report_every`, and says nothing: add one");
        return refuse(place, reason);
    }
    if file.allowances.len() > MOST {
        return refuse(place, format!("{who} has more than {MOST} allowances: let a proposal set the others"));
    }
    let mut allowances: Vec<Allowance> = Vec::with_capacity(file.allowances.len());
    for found in &file.allowances {
        let allowance = allowance(found)?;
        if allowances.iter().any(|other| other.token == allowance.token) {
            let token = if allowance.token.is_zero() { "ether".to_owned() } else { allowance.token.to_string() };
            return refuse(found, format!("{who} has two allowances of {token}: leave one out"));
        }
        allowances.push(allowance);
    }
    Ok((place, Holder { who: Member { until: Some(until), ..who }, reports, allowances }))
}

fn reports(file: &FileHolder, until: &Spanned<Moment>) -> Result<Option<Reports>, Refusal> {
    let (every, first) = match (&file.report_every, &file.first_report) {
        (None, None) => return Ok(None),
        (Some(every), None) => {
            return refuse(every, "`report_every` needs a `first_report`: the date of the first one");
        }
        (None, Some(first)) => {
            return refuse(first, "`first_report` needs `report_every`: the seconds to the next one");
        }
        (Some(every), Some(first)) => (every, first),
    };
    let reports = Reports {
        // A span is at most a year, whose seconds fit 32 bits.
        every: span(every, Clock::Timestamp, "`report_every`")? as u32,
        first: Spanned::new(first.span(), moment(first, "the date of the first report")?),
    };
    let (date, end) = (reports.first.get_ref(), until.get_ref());
    if date > end {
        return refuse(first, format!("the first report is due by {date}, after the mandate has ended at {end}"));
    }
    Ok(Some(reports))
}

fn allowance(found: &Spanned<FileAllowance>) -> Result<Allowance, Refusal> {
    let FileAllowance { token, decimals, limit: text, period } = found.get_ref();
    let (token, decimals) = match (token, decimals) {
        (None, None) => (Address::ZERO, Spanned::new(text.span(), DECIMALS)),
        (Some(token), Some(decimals)) => {
            let number = u8::try_from(*decimals.get_ref()).ok().filter(|number| *number <= DECIMALS);
            let Some(number) = number else {
                let reason =
                    format!("`decimals` is more than {DECIMALS}: let a proposal set this limit by `setAllowance`");
                return refuse(decimals, reason);
            };
            (account(token, "the token of an allowance")?, Spanned::new(decimals.span(), number))
        }
        (Some(token), None) => {
            return refuse(token, "the allowance of a token has `decimals`, as the token answers: add it");
        }
        (None, Some(decimals)) => {
            return refuse(decimals, "`decimals` is for a `token`: add it, or leave it out for ether");
        }
    };
    let wide = quantity(text, "a limit")?;
    let unit = alloy::primitives::U256::from(10).pow(alloy::primitives::U256::from(DECIMALS - decimals.get_ref()));
    if !(wide % unit).is_zero() {
        return refuse(text, format!("a limit has more than {} decimals", decimals.get_ref()));
    }
    match u128::try_from(wide / unit) {
        Ok(0) => refuse(text, "a limit is zero: leave the allowance out"),
        Ok(limit) => {
            let period = span(period, Clock::Timestamp, "`period`")? as u32;
            Ok(Allowance { token, decimals, limit, period })
        }
        Err(_) => refuse(text, "a limit does not fit 128 bits"),
    }
}
