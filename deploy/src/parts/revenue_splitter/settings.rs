//! The section of the file: the treasury, the window of an epoch, the first table of payees, and who holds the offices.

use alloy::primitives::Address;
use serde::{Deserialize, Serialize};
use toml::Spanned;

use super::{GUARDIANS, PUBLISHERS};
use crate::config::members::{self, Member};
use crate::config::rules::{account, refuse, span};
use crate::config::{Clock, Refusal};

/// The sum of a table's shares.
const WHOLE: u16 = 10_000;

/// The most payees of the first table. Each costs 75,000 gas at the founding.
const MOST_PAYEES: usize = 20;

/// The splitter's settings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Settings {
    /// Who gets what is not claimed. None for the timelock.
    pub treasury: Option<Address>,
    /// For how many seconds an epoch can be disabled before it can be claimed.
    pub window: u32,
    /// The first table.
    pub table: Vec<Share>,
    /// Who may publish epochs.
    pub publishers: Vec<Member>,
    /// Who may disable an epoch in its window.
    pub guardians: Vec<Member>,
}

/// A payee of the table and its part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Share {
    /// Who.
    pub to: Payee,
    /// Of 10,000.
    pub basis_points: u16,
}

/// Whom a share is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Payee {
    /// The treasury.
    Treasury,
    /// The contract itself, whose epochs pay it out.
    Pool,
    /// An account.
    #[serde(untagged)]
    Account(Address),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    treasury: Option<Spanned<String>>,
    window: Spanned<u64>,
    table: Spanned<Vec<FileShare>>,
    publishers: Option<Spanned<Vec<members::File>>>,
    guardians: Option<Spanned<Vec<members::File>>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileShare {
    to: Spanned<String>,
    basis_points: Spanned<u64>,
}

impl Settings {
    /// Whether the first table pays an account, or what is not claimed goes to it.
    pub(super) fn pays(&self, account: Address) -> bool {
        self.treasury == Some(account) || self.table.iter().any(|share| share.to == Payee::Account(account))
    }

    /// What may surprise. `is_watched` is whether somebody can disable an epoch.
    pub(super) fn notes(&self, is_watched: bool) -> Vec<String> {
        let mut notes = Vec::new();
        if !is_watched {
            let note = "nobody can disable a wrong epoch but by a proposal, which takes longer than most windows: name \
                        accounts in revenue-splitter.guardians";
            notes.push(note.to_owned());
        }
        if !self.table.iter().any(|share| share.to == Payee::Pool) {
            let note = "no share of the revenue is for the pool, so epochs pay out what `fundPool` brings: give \"pool\" \
                        a share in revenue-splitter.table if this is not meant";
            notes.push(note.to_owned());
        }
        notes
    }
}

pub(super) fn check(file: &File) -> Result<Settings, Refusal> {
    let treasury = file.treasury.as_ref().map(|text| account(text, "`treasury`")).transpose()?;
    Ok(Settings {
        treasury,
        // A span is at most a year, whose seconds fit 32 bits.
        window: span(&file.window, Clock::Timestamp, "`window`")? as u32,
        table: table(&file.table, treasury)?,
        publishers: members::office_or_nobody(file.publishers.as_ref(), PUBLISHERS)?,
        guardians: members::office_or_nobody(file.guardians.as_ref(), GUARDIANS)?,
    })
}

/// Different payees, whose shares are everything.
fn table(list: &Spanned<Vec<FileShare>>, treasury: Option<Address>) -> Result<Vec<Share>, Refusal> {
    if list.get_ref().len() > MOST_PAYEES {
        let reason =
            format!("`table` has more than {MOST_PAYEES} payees: let a proposal set a longer one by `setTable`");
        return refuse(list, reason);
    }
    let mut table: Vec<Share> = Vec::new();
    let mut sum = 0;
    for FileShare { to: text, basis_points } in list.get_ref() {
        let to = match text.get_ref().as_str() {
            "treasury" => Payee::Treasury,
            "pool" => Payee::Pool,
            _ => Payee::Account(account(text, "a payee of `table`, which is neither \"treasury\" nor \"pool\",")?),
        };
        let is_treasury = |to: Payee| matches!(to, Payee::Account(account) if Some(account) == treasury);
        let is_same = |other: &Share| {
            other.to == to
                || is_treasury(to) && other.to == Payee::Treasury
                || to == Payee::Treasury && is_treasury(other.to)
        };
        if table.iter().any(is_same) {
            return refuse(text, format!("`table`: {} is listed twice", text.get_ref()));
        }
        let share = *basis_points.get_ref();
        if !(1..=u64::from(WHOLE)).contains(&share) {
            return refuse(basis_points, format!("`basis_points` is not between 1 and {WHOLE}"));
        }
        sum += share;
        // At most 10,000.
        table.push(Share { to, basis_points: share as u16 });
    }
    if sum != u64::from(WHOLE) {
        return refuse(list, format!("the shares of `table` sum to {sum} basis points, and not to {WHOLE}"));
    }
    Ok(table)
}
