//! The section of the file: the council, whose power is in the manager's table.

use serde::{Deserialize, Serialize};
use toml::Spanned;

use super::allowed::{self, Allowed};
use super::{COUNCIL, Placed};
use crate::config::Refusal;
use crate::config::members::{self, Member, members};
use crate::config::moment::Moment;
use crate::config::rules::refuse;
use crate::parts::timelock;

/// A term that is shorter is most likely a mistake, in seconds.
const SHORT_TERM: u64 = 30 * 24 * 60 * 60;

/// The access manager's settings.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Settings {
    /// Who may cancel proposals. Each member may do so alone. Where there is none, the council's account is the guardian.
    pub council: Vec<Member>,
    /// Who may call what is on the allow-list.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub responders: Vec<Member>,
    /// The allow-list.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub allowed: Vec<Spanned<Allowed>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    council: Option<Spanned<Vec<members::File>>>,
    responders: Option<Spanned<Vec<members::File>>>,
    allowed: Option<Spanned<Vec<Spanned<allowed::File>>>>,
}

pub(super) fn check(file: File, timelock: &timelock::Settings) -> Result<Settings, Refusal> {
    let read = |list: Option<Spanned<Vec<members::File>>>, what: &str| {
        list.map_or_else(|| Ok(Vec::new()), |list| members(&list, what, |given| delay(given, timelock)))
    };
    allowed::both(file.responders.as_ref(), file.allowed.as_ref())?;
    Ok(Settings {
        council: read(file.council, "the council")?,
        responders: read(file.responders, "`responders`")?,
        allowed: file.allowed.map_or_else(|| Ok(Vec::new()), |list| allowed::read(list.into_inner()))?,
    })
}

/// Refuses memberships of an office that have ended before the founding, as the contract's constructor would, and notes
/// those that end soon after it: most likely the date is mistyped. `decision` is what a proposal takes at most, from
/// its making to its execution.
pub(super) fn at_founding(office: &Placed, now: Moment, decision: u64) -> Result<Vec<String>, Refusal> {
    let mut notes = Vec::new();
    for member in &office.members {
        let Some(until) = &member.until else { continue };
        let end = *until.get_ref();
        let left = end.0.saturating_sub(now.0);
        if left == 0 {
            return refuse(
                until,
                format!("the membership ends at {end}, and the chain's time is {now} already: write a later `until`"),
            );
        }
        let is_in = is_in(office);
        // The council is there to cancel what is decided; the others are not needed for that.
        if left < decision && office.name == COUNCIL {
            notes.push(format!(
                "{member} {is_in} until {end} only: a proposal that is made now may be executed {decision} seconds \
                 from now, when the membership has ended; correct `until` if this is not meant"
            ));
        } else if left < SHORT_TERM {
            notes.push(format!(
                "{member} {is_in} until {end} only, which is less than 30 days from now; correct `until` if this is \
                 not meant"
            ));
        }
    }
    Ok(notes)
}

/// What is to be known of a membership without an end.
pub(super) fn endless(office: &Placed, member: &Member) -> String {
    let is_in = is_in(office);
    let power = if office.name == COUNCIL {
        "can cancel every proposal, also the one that removes it"
    } else {
        "has its powers until a proposal removes it"
    };
    let key = if member.safe.is_some() { "enough of its owners' keys" } else { "its key" };
    format!("{member} {is_in} without an end: whoever steals {key} {power}")
}

fn is_in(office: &Placed) -> String {
    if office.name == COUNCIL { "is in the council".to_owned() } else { format!("is one of \"{}\"", office.name) }
}

/// A delay that leaves time to cancel what has been queued.
fn delay(delay: &Spanned<u64>, timelock: &timelock::Settings) -> Result<u32, Refusal> {
    if *delay.get_ref() >= timelock.min_delay {
        return refuse(
            delay,
            format!(
                "a member's delay is not shorter than the timelock's, {} seconds: a proposal that is queued would be executed \
                 before the member could cancel it",
                timelock.min_delay
            ),
        );
    }
    // The timelock's delay is a year at most.
    Ok(*delay.get_ref() as u32)
}
