//! The section of the file: the policy by codes of HL7, and who holds the offices.

use std::collections::BTreeMap;

use alloy::primitives::{Address, U256};
use consilium_bindings::Consent as abi;
use fhir::{Table, Vocabulary};
use serde::{Deserialize, Serialize};
use toml::Spanned;

use super::{EMERGENCY, JURISDICTION_TABLE, PURPOSE_TABLE, PURPOSES, RECORDERS, REGISTRARS, REVIEWERS, tables};
use crate::config::members::{self, Member};
use crate::config::rules::{account, refuse, span};
use crate::config::{Clock, Refusal};
use crate::shown::shortened;

/// The first span that the contract does not keep.
const TOO_LONG: u64 = 1 << 24;

/// The key of the longest times.
const LONGEST: &str = "longest";

/// Its key for the purposes that it does not name. No code has small letters.
const DEFAULT: &str = "default";

/// What a code of the table of purposes is.
const PURPOSE: &str = "a purpose";

/// What an emergency opens, where the file does not say: emergency treatment, and breaking the glass.
const EMERGENCY_PURPOSES: [&str; 2] = ["ETREAT", "BTG"];

/// The most characters of a code that a refusal repeats.
const LONGEST_CODE: usize = 60;

/// The consent's settings. A mask has the bit of each number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Settings {
    /// The longest time of a permit in days by purpose: 0 for a purpose that nobody can permit, 65,535 for no limit.
    pub longest: Vec<u16>,
    /// The purposes that a consent of its own is needed for, with all that are a part of them.
    pub separate_purposes: u64,
    /// The same of the sensitive categories. Bit 0 is class 192.
    pub separate_classes: u64,
    /// What an emergency opens the data for.
    pub emergency_purposes: u64,
    /// The classes that no emergency opens, with all that are a part of them.
    pub closed_classes: U256,
    /// The jurisdictions whose codes are founded.
    pub jurisdictions: u32,
    /// Those of them whose organisations see nothing.
    pub refused_jurisdictions: u32,
    /// How long an emergency opens the data, in seconds; below 2^24.
    pub open_for: u32,
    /// In how many seconds a review is due.
    pub review_within: u32,
    /// In how many seconds an account may declare [`Settings::limit`] emergencies; below 2^24.
    pub window: u32,
    /// How many emergencies an account may declare in a window.
    pub limit: u16,
    /// Seconds in which a patient can veto that somebody moves its consents to a new key.
    pub recovery_delay: u32,
    /// Who is told of unjustified emergencies; the zero address for nobody.
    pub hook: Address,
    /// Who may break the glass.
    pub emergency: Vec<Member>,
    /// Who may review that.
    pub reviewers: Vec<Member>,
    /// Who may record accesses.
    pub recorders: Vec<Member>,
    /// Who may admit organisations and give roles.
    pub registrars: Vec<Member>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    longest: Spanned<BTreeMap<String, Spanned<u64>>>,
    #[serde(default)]
    separate_purposes: Vec<Spanned<String>>,
    #[serde(default)]
    separate_classes: Vec<Spanned<String>>,
    emergency_purposes: Option<Spanned<Vec<Spanned<String>>>>,
    #[serde(default)]
    closed_classes: Vec<Spanned<String>>,
    #[serde(default)]
    jurisdictions: Vec<Spanned<String>>,
    #[serde(default)]
    refused_jurisdictions: Vec<Spanned<String>>,
    open_for: Spanned<u64>,
    review_within: Spanned<u64>,
    window: Spanned<u64>,
    limit: Spanned<u64>,
    recovery_delay: Spanned<u64>,
    hook: Option<Spanned<String>>,
    emergency: Option<Spanned<Vec<members::File>>>,
    reviewers: Option<Spanned<Vec<members::File>>>,
    recorders: Option<Spanned<Vec<members::File>>>,
    registrars: Option<Spanned<Vec<members::File>>>,
}

impl Settings {
    /// As the contract has them.
    pub(super) fn policy(&self) -> abi::Policy {
        abi::Policy {
            separatePurposes: self.separate_purposes,
            separateClasses: self.separate_classes,
            emergencyPurposes: self.emergency_purposes,
            refusedJurisdictions: self.refused_jurisdictions,
            closedClasses: self.closed_classes,
            openFor: self.open_for,
            reviewWithin: self.review_within,
            window: self.window,
            limit: self.limit,
            recoveryDelay: self.recovery_delay,
            hook: self.hook,
        }
    }

    /// The longest times as the contract has them.
    pub(super) fn longest(&self) -> [u16; PURPOSES] {
        std::array::from_fn(|purpose| self.longest.get(purpose).copied().unwrap_or_default())
    }

    /// Whether the founding gives a number of a table its code.
    pub(super) fn uses(&self, table: u8, number: u8) -> bool {
        let has = |mask: u64| mask >> number & 1 == 1;
        match table {
            PURPOSE_TABLE => self.longest.get(usize::from(number)) > Some(&0) || has(self.emergency_purposes),
            JURISDICTION_TABLE => has(self.jurisdictions.into()),
            _ => true,
        }
    }
}

/// What may surprise, by who has the functions: who breaks the glass, and whether anybody reviews that and records
/// accesses.
pub(super) fn notes(emergency: &[Member], is_reviewed: bool, is_recorded: bool) -> Vec<String> {
    let mut notes = Vec::new();
    if emergency.is_empty() {
        let note = "nobody can break the glass: name accounts in consent.emergency if this is not meant";
        notes.push(note.to_owned());
    } else if !is_reviewed {
        notes.push("only a proposal can review an emergency: name accounts in consent.reviewers".to_owned());
    }
    for member in emergency.iter().filter(|member| member.delay != 0) {
        let delay = member.delay;
        notes.push(format!("{member} breaks the glass {delay} seconds after it announces it, and not at once"));
    }
    if !is_recorded {
        let note = "nobody can record accesses: name accounts in consent.recorders if this is not meant";
        notes.push(note.to_owned());
    }
    notes
}

pub(super) fn check(file: &File) -> Result<Settings, Refusal> {
    let vocabulary = Vocabulary::standard();
    let (purposes, categories) = (&vocabulary.purposes, &vocabulary.categories);
    let separate = mask(&file.separate_purposes, "separate_purposes", PURPOSE, &[purposes])?;
    let sensitive = mask(&file.separate_classes, "separate_classes", "a sensitive category", &[categories])?;
    let closed = mask(&file.closed_classes, "closed_classes", "a class", &[&vocabulary.classes, categories])?;
    // Their numbers are below 32.
    let of_jurisdictions = |list: &[Spanned<String>], key: &str| {
        mask(list, key, "a jurisdiction", &[&vocabulary.jurisdictions]).map(|mask| low(mask) as u32)
    };
    let refused = of_jurisdictions(&file.refused_jurisdictions, "refused_jurisdictions")?;
    let seconds = |value: &Spanned<u64>, key: &str| span(value, Clock::Timestamp, key).map(|span| span as u32);
    Ok(Settings {
        longest: longest(&file.longest, purposes)?,
        separate_purposes: vocabulary.with_narrower_purposes(low(separate)),
        separate_classes: low(vocabulary.with_narrower_classes(sensitive) >> usize::from(fhir::FIRST_CATEGORY)),
        emergency_purposes: emergency_purposes(file, purposes)?,
        closed_classes: vocabulary.with_narrower_classes(closed),
        jurisdictions: of_jurisdictions(&file.jurisdictions, "jurisdictions")? | refused,
        refused_jurisdictions: refused,
        open_for: short(&file.open_for, "`open_for`")?,
        review_within: seconds(&file.review_within, "`review_within`")?,
        window: short(&file.window, "`window`")?,
        limit: limit(&file.limit)?,
        recovery_delay: seconds(&file.recovery_delay, "`recovery_delay`")?,
        hook: file.hook.as_ref().map_or(Ok(Address::ZERO), |hook| account(hook, "`hook`"))?,
        emergency: members::office_or_nobody(file.emergency.as_ref(), EMERGENCY)?,
        reviewers: members::office_or_nobody(file.reviewers.as_ref(), REVIEWERS)?,
        recorders: members::office_or_nobody(file.recorders.as_ref(), RECORDERS)?,
        registrars: members::office_or_nobody(file.registrars.as_ref(), REGISTRARS)?,
    })
}

/// The mask of a key's list of codes of these tables. `what` is one of them.
fn mask(list: &[Spanned<String>], key: &str, what: &str, tables: &[&Table]) -> Result<U256, Refusal> {
    let mut mask = U256::ZERO;
    for code in list {
        let mut rows = tables.iter().flat_map(|table| &table.rows);
        let Some(row) = rows.find(|row| row.code == *code.get_ref()) else {
            return refuse(code, unknown(code.get_ref(), key, what));
        };
        let bit = U256::from(1) << usize::from(row.index);
        if !(mask & bit).is_zero() {
            return refuse(code, format!("`{key}`: {} is listed twice", row.code));
        }
        mask |= bit;
    }
    Ok(mask)
}

/// Why a key's code is refused. It says so where the code is of another kind.
fn unknown(code: &str, key: &str, what: &str) -> String {
    let kind = tables().into_iter().find(|(_, _, table)| table.rows.iter().any(|row| row.code == code));
    let code = shortened(code, LONGEST_CODE);
    match kind {
        Some((_, kind, _)) => format!("`{key}`: {code} is not {what}, but one of the {kind}"),
        None => format!("`{key}`: \"{code}\" is no code of {what}; crates/fhir/src/vocabulary.toml has all codes"),
    }
}

/// The days by purpose.
fn longest(file: &Spanned<BTreeMap<String, Spanned<u64>>>, purposes: &Table) -> Result<Vec<u16>, Refusal> {
    let mut of_code = BTreeMap::new();
    for (code, days) in file.get_ref() {
        if code != DEFAULT && !purposes.rows.iter().any(|row| row.code == *code) {
            return refuse(days, unknown(code, LONGEST, PURPOSE));
        }
        let Ok(given) = u16::try_from(*days.get_ref()) else {
            return refuse(days, format!("`{LONGEST}`: {code} is above {} days, which are no limit", u16::MAX));
        };
        of_code.insert(code.as_str(), given);
    }
    let rest = of_code.get(DEFAULT).copied().unwrap_or_default();
    let mut longest = vec![0; PURPOSES];
    for row in &purposes.rows {
        // A purpose without a code stays closed: nobody could say what it is.
        if let Some(days) = longest.get_mut(usize::from(row.index)) {
            *days = of_code.get(row.code.as_str()).copied().unwrap_or(rest);
        }
    }
    if longest.iter().all(|days| *days == 0) {
        return refuse(file, format!("`{LONGEST}`: no purpose has a day, so nobody could consent to anything"));
    }
    Ok(longest)
}

/// What an emergency opens data for. One that opens nothing helps nobody.
fn emergency_purposes(file: &File, purposes: &Table) -> Result<u64, Refusal> {
    let key = "emergency_purposes";
    let Some(list) = &file.emergency_purposes else {
        let rows = purposes.rows.iter().filter(|row| EMERGENCY_PURPOSES.contains(&row.code.as_str()));
        return Ok(rows.fold(0, |mask, row| mask | 1 << row.index));
    };
    if list.get_ref().is_empty() {
        let reason = format!("`{key}` is empty: leave it out for ETREAT and BTG, or name a purpose");
        return refuse(list, reason);
    }
    mask(list.get_ref(), key, PURPOSE, &[purposes]).map(low)
}

/// A span that the contract keeps in 24 bits.
fn short(value: &Spanned<u64>, key: &str) -> Result<u32, Refusal> {
    let seconds = span(value, Clock::Timestamp, key)?;
    if seconds >= TOO_LONG {
        let most = TOO_LONG - 1;
        return refuse(value, format!("{key} is longer than {most} seconds, the most that the contract keeps"));
    }
    Ok(seconds as u32)
}

fn limit(value: &Spanned<u64>) -> Result<u16, Refusal> {
    match u16::try_from(*value.get_ref()) {
        Ok(0) => refuse(value, "`limit` is zero: nobody could break the glass"),
        Ok(limit) => Ok(limit),
        Err(_) => refuse(value, format!("`limit` is above {}", u16::MAX)),
    }
}

/// The first 64 bits of a mask.
fn low(mask: U256) -> u64 {
    mask.as_limbs()[0]
}
