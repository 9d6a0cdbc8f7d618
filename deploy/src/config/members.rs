//! Lists of accounts that have a power for a time, in the settings: the council and the offices of the parts.

use alloy::primitives::Address;
use serde::{Deserialize, Serialize};
use toml::{Spanned, Value};

use super::Clock;
use super::error::Refusal;
use super::moment::{Moment, moment};
use super::rules::{account, at_most_a_year, refuse};

/// The most members of a list. Each costs 75,000 gas at the founding.
const MOST: usize = 20;

/// A member: one account, best a Safe.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Member {
    /// Its account.
    pub address: Address,
    /// Seconds between its announcement of a call and the call. Zero to call at once.
    pub delay: u32,
    /// The first second at which it is no member any more. None for a membership without an end.
    pub until: Option<Spanned<Moment>>,
}

/// A member in the file: `{ address = "0x…", delay = 60, until = 2028-01-01T00:00:00Z }`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    address: Spanned<String>,
    delay: Option<Spanned<u64>>,
    until: Option<Spanned<Value>>,
}

/// Reads a list. `what` names it in a refusal, as "the council"; `checked` refuses a delay, or gives its seconds.
///
/// # Errors
/// A refusal at its place.
pub fn members(
    list: &Spanned<Vec<File>>,
    what: &str,
    checked: impl Fn(&Spanned<u64>) -> Result<u32, Refusal>,
) -> Result<Vec<Member>, Refusal> {
    let files = list.get_ref();
    if files.is_empty() {
        return refuse(list, format!("{what} is empty: leave it out, or name a member"));
    }
    if files.len() > MOST {
        return refuse(list, format!("{what} has more than {MOST} members: name a Safe"));
    }
    let mut members: Vec<Member> = Vec::with_capacity(files.len());
    for file in files {
        let address = account(&file.address, &format!("a member of {what}"))?;
        if members.iter().any(|other| other.address == address) {
            return refuse(&file.address, format!("{address} is listed twice"));
        }
        let delay = file.delay.as_ref().map_or(Ok(0), &checked)?;
        members.push(Member { address, delay, until: until(file)? });
    }
    Ok(members)
}

/// Reads the members of a part's office, which is the key of the list. A delay is at most a year.
///
/// # Errors
/// A refusal at its place.
pub fn office(list: &Spanned<Vec<File>>, key: &str) -> Result<Vec<Member>, Refusal> {
    members(list, &format!("`{key}`"), |given| {
        // A year of seconds fits 32 bits.
        at_most_a_year(given, Clock::Timestamp, &format!("a delay in `{key}`")).map(|delay| delay as u32)
    })
}

/// The members of an office; none where the file does not name it.
///
/// # Errors
/// As [`office`].
pub fn office_or_nobody(list: Option<&Spanned<Vec<File>>>, key: &str) -> Result<Vec<Member>, Refusal> {
    list.map_or_else(|| Ok(Vec::new()), |list| office(list, key))
}

fn until(file: &File) -> Result<Option<Spanned<Moment>>, Refusal> {
    let Some(until) = &file.until else { return Ok(None) };
    Ok(Some(Spanned::new(until.span(), moment(until, "the end of a membership")?)))
}
