//! The section of the file: the council, whose power is in the manager's table.

use alloy::primitives::Address;
use serde::{Deserialize, Serialize};
use toml::{Spanned, Value};

use crate::config::Refusal;
use crate::config::moment::{Moment, moment};
use crate::config::rules::{account, refuse};
use crate::parts::timelock;

/// The most members of a council. Each costs 75,000 gas at the founding.
const MOST_MEMBERS: usize = 20;

/// A term that is shorter is most likely a mistake, in seconds.
const SHORT_TERM: u64 = 30 * 24 * 60 * 60;

/// The access manager's settings.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Settings {
    /// Who may cancel proposals. Each member may do so alone. Where there is none, the council's account is the guardian.
    pub council: Vec<Member>,
}

/// A member of the council: one account, best a Safe.
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

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    council: Option<Spanned<Vec<MemberFile>>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MemberFile {
    address: Spanned<String>,
    delay: Option<Spanned<u64>>,
    until: Option<Spanned<Value>>,
}

pub(super) fn check(file: File, timelock: &timelock::Settings) -> Result<Settings, Refusal> {
    let Some(council) = file.council else { return Ok(Settings::default()) };
    let members = council.get_ref();
    if members.is_empty() {
        return refuse(&council, "the council is empty: leave it out, or name a member");
    }
    if members.len() > MOST_MEMBERS {
        return refuse(&council, format!("the council has more than {MOST_MEMBERS} members: name a Safe"));
    }
    let mut council: Vec<Member> = Vec::with_capacity(members.len());
    for file in members {
        let address = account(&file.address, "a member of the council")?;
        if council.iter().any(|other| other.address == address) {
            return refuse(&file.address, format!("{address} is listed twice"));
        }
        council.push(Member { address, delay: delay(file.delay.as_ref(), timelock)?, until: until(file)? });
    }
    Ok(Settings { council })
}

/// Refuses a membership that has ended before the founding, as the contract's constructor would, and notes one that ends
/// soon after it: most likely the date is mistyped. `decision` is what a proposal takes at most, from its making to its
/// execution.
pub(super) fn at_founding(council: &[Member], now: Moment, decision: u64) -> Result<Vec<String>, Refusal> {
    let mut notes = Vec::new();
    for member in council {
        let Some(until) = &member.until else { continue };
        let end = *until.get_ref();
        let left = end.0.saturating_sub(now.0);
        if left == 0 {
            return refuse(
                until,
                format!("the membership ends at {end}, and the chain's time is {now} already: write a later `until`"),
            );
        }
        let address = member.address;
        if left < decision {
            notes.push(format!(
                "{address} is in the council until {end} only: a proposal that is made now may be executed {decision} seconds \
                 from now, when the membership has ended; correct `until` if this is not meant"
            ));
        } else if left < SHORT_TERM {
            notes.push(format!(
                "{address} is in the council until {end} only, which is less than 30 days from now; correct `until` if this is \
                 not meant"
            ));
        }
    }
    Ok(notes)
}

/// A delay that leaves time to cancel what has been queued.
fn delay(file: Option<&Spanned<u64>>, timelock: &timelock::Settings) -> Result<u32, Refusal> {
    let Some(delay) = file else { return Ok(0) };
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

fn until(file: &MemberFile) -> Result<Option<Spanned<Moment>>, Refusal> {
    let Some(until) = &file.until else { return Ok(None) };
    Ok(Some(Spanned::new(until.span(), moment(until, "the end of a membership")?)))
}
