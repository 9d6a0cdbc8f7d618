//! Lists of accounts that have a power for a time, in the settings: the council and the offices of the parts.

use std::fmt;

use alloy::primitives::Address;
use serde::{Deserialize, Serialize};
use toml::{Spanned, Value};

use super::Clock;
use super::error::Refusal;
use super::moment::{Moment, moment};
use super::rules::{account, at_most_a_year, refuse};
use super::safe_name::SafeName;

/// The most members of a list. Each costs 75,000 gas at the founding.
const MOST: usize = 20;

/// A member: one account, best a Safe.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Member {
    /// Its account. Of a Safe of the settings it is the zero address until [`resolved`](crate::Config::resolved) has
    /// worked it out.
    pub address: Address,
    /// The Safe of the settings that it is, if it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub safe: Option<Spanned<SafeName>>,
    /// Seconds between its announcement of a call and the call. Zero to call at once.
    pub delay: u32,
    /// The first second at which it is no member any more. None for a membership without an end.
    pub until: Option<Spanned<Moment>>,
    /// Where the file names it, for refusals.
    #[serde(skip)]
    pub place: Spanned<()>,
}

impl Member {
    /// An account that acts at once and has no end, of no file.
    pub fn of(address: Address) -> Self {
        Self { address, safe: None, delay: 0, until: None, place: Spanned::new(0..0, ()) }
    }

    /// Whether it is the same account or the same Safe.
    pub fn is(&self, other: &Self) -> bool {
        other.address == self.address && other.safe == self.safe
    }

    /// Whether a list has the same account or the same Safe.
    pub fn is_in(&self, members: &[Self]) -> bool {
        members.iter().any(|other| other.is(self))
    }
}

/// Its Safe's name, or its address.
impl fmt::Display for Member {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.safe {
            Some(safe) => write!(f, "the Safe \"{}\"", safe.get_ref()),
            None => write!(f, "{}", self.address),
        }
    }
}

/// A member in the file: `{ address = "0x…", delay = 60, until = 2028-01-01T00:00:00Z }`, or with `safe = "council"` in
/// place of the address.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    address: Option<Spanned<String>>,
    safe: Option<Spanned<String>>,
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
        let member_of = format!("a member of {what}");
        let (place, who) = who(list, file.address.as_ref(), file.safe.as_ref(), &member_of)?;
        let delay = file.delay.as_ref().map_or(Ok(0), &checked)?;
        let member = Member { delay, until: until(file)?, place: Spanned::new(place.span(), ()), ..who };
        if member.is_in(&members) {
            return refuse(place, format!("{member} is listed twice"));
        }
        members.push(member);
    }
    Ok(members)
}

/// Where an entry names whom: an account, or a Safe of the settings. `what` is "a member of the council"; `list` is the
/// place where neither is named.
///
/// # Errors
/// A refusal at its place.
pub fn who<'a, T>(
    list: &Spanned<T>,
    address: Option<&'a Spanned<String>>,
    safe: Option<&'a Spanned<String>>,
    what: &str,
) -> Result<(&'a Spanned<String>, Member), Refusal> {
    match (address, safe) {
        (Some(address), None) => Ok((address, Member::of(account(address, what)?))),
        (None, Some(safe)) => {
            let name = Spanned::new(safe.span(), SafeName::read(safe)?);
            Ok((safe, Member { safe: Some(name), ..Member::of(Address::ZERO) }))
        }
        (Some(_), Some(safe)) => refuse(safe, format!("{what} has an `address` or is a `safe`, not both")),
        (None, None) => {
            refuse(list, format!("{what} has no `address`: add it, or name a Safe of [safe] by `safe = \"council\"`"))
        }
    }
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
