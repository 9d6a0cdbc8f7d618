//! The allow-list: functions of the DAO's contracts that the responders may call, and nothing else.
//!
//! Each is a row of the table, for a role of its own. The list has only functions that their part gives to an
//! [office](crate::part::Office), where nobody holds that office. All other restricted functions are for the members'
//! decisions alone: an upgrade, a treasury or a shorter window would give its holder more than the list says.

use std::collections::BTreeSet;

use alloy::primitives::keccak256;
use serde::{Deserialize, Serialize};
use toml::Spanned;

use super::{COUNCIL_FUNCTIONS, NAME, Settings};
use crate::config::members;
use crate::config::rules::refuse;
use crate::config::{Config, Refusal, Sections};
use crate::part::{Name, Office, Part};
use crate::parts::governor;
use crate::shown::shortened;

/// The most characters of a text that a refusal repeats.
const LONGEST: usize = 80;

/// What replaces the program of a contract that is made of the component `Upgradeable`.
const UPGRADE: &str = "upgradeToAndCall(address,bytes)";

/// A function on the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Allowed {
    /// The contract, by its folder's name.
    pub contract: String,
    /// The function's signature, as `disableEpoch(uint32)`.
    pub function: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    contract: String,
    function: String,
}

/// Responders without a list can do nothing, and a list without responders is for nobody.
pub(super) fn both(
    responders: Option<&Spanned<Vec<members::File>>>,
    list: Option<&Spanned<Vec<Spanned<File>>>>,
) -> Result<(), Refusal> {
    match (responders, list) {
        (Some(responders), None) => refuse(responders, "`responders` may call what `allowed` says: add it"),
        (None, Some(list)) => refuse(list, "`allowed` is for `responders`: add them"),
        (Some(_), Some(list)) if list.get_ref().is_empty() => {
            refuse(list, "`allowed` is empty: name a function, or leave out `responders`")
        }
        _ => Ok(()),
    }
}

/// Reads the list. Whether the DAO has the functions is known once all settings were read.
pub(super) fn read(list: Vec<Spanned<File>>) -> Result<Vec<Spanned<Allowed>>, Refusal> {
    let mut allowed: Vec<Spanned<Allowed>> = Vec::with_capacity(list.len());
    for entry in list {
        let span = entry.span();
        let File { contract, function } = entry.into_inner();
        let found = Spanned::new(span, Allowed { contract, function });
        if allowed.contains(&found) {
            return refuse(&found, format!("{} is listed twice", shortened(&found.get_ref().function, LONGEST)));
        }
        allowed.push(found);
    }
    Ok(allowed)
}

impl Allowed {
    /// The contract's part, if the DAO has it.
    fn part(&self, sections: &Sections) -> Option<&'static dyn Part> {
        sections.parts().find(|part| part.name().folder() == self.contract)
    }

    fn selector(&self) -> [u8; 4] {
        selector(&self.function)
    }
}

/// The functions, each with its contract.
pub(super) fn functions(settings: &Settings, sections: &Sections) -> Vec<(Name, [u8; 4])> {
    let function = |allowed: &Spanned<Allowed>| {
        let allowed = allowed.get_ref();
        Some((allowed.part(sections)?.name(), allowed.selector()))
    };
    settings.allowed.iter().filter_map(function).collect()
}

/// Each function is one that the table decides about and an office can have, and of no other office that somebody holds.
pub(super) fn check(settings: &Settings, sections: &Sections) -> Result<(), Refusal> {
    for entry in &settings.allowed {
        let allowed = entry.get_ref();
        let (contract, function) = (shortened(&allowed.contract, LONGEST), shortened(&allowed.function, LONGEST));
        let Some(part) = allowed.part(sections) else {
            return refuse(entry, format!("this DAO has no contract \"{contract}\": correct it, or add its section"));
        };
        if part.name() == NAME {
            return refuse(
                entry,
                "the access manager's own functions do not follow its table: ADMIN_ROLE alone may call them. \
                 docs/operations.md says how responders revoke a role",
            );
        }
        if part.name() == governor::NAME && COUNCIL_FUNCTIONS.contains(&allowed.selector()) {
            return refuse(entry, format!("{function} is the council's: make the responders members of `council` too"));
        }
        let offices = part.offices_in_manager(sections);
        if !part.restricted().contains(&allowed.function.as_str()) {
            return refuse(
                entry,
                format!(
                    "{function} is no function of the {} that the table decides about; these can be listed: {}",
                    part.name(),
                    listable(part, &offices)
                ),
            );
        }
        if is_upgrade(&allowed.function) {
            return refuse(entry, format!("{function} replaces all of the {}: only a vote may do that", part.name()));
        }
        if !offices.iter().any(|office| office.functions.contains(&allowed.selector())) {
            return refuse(
                entry,
                format!(
                    "{function} is always for the DAO's decisions: by it a holder could get more than the list says; these \
                     functions of the {} can be listed: {}",
                    part.name(),
                    listable(part, &offices)
                ),
            );
        }
        // A contract of the DAO can hold an office too.
        let is_held = |role| sections.parts().any(|part| part.roles_in_manager().contains(role));
        let mut taken = offices.iter().filter(|office| !office.members.is_empty() || is_held(&office.role));
        if let Some(office) = taken.find(|office| office.functions.contains(&allowed.selector())) {
            return refuse(
                entry,
                format!(
                    "{function} is for \"{}\": a function is for one office; name the responders there",
                    office.name
                ),
            );
        }
    }
    Ok(())
}

/// The selector of a signature.
pub(super) fn selector(function: &str) -> [u8; 4] {
    let hash = keccak256(function);
    [hash[0], hash[1], hash[2], hash[3]]
}

/// The functions of a part that an office can have, for people.
fn listable(part: &dyn Part, offices: &[Office]) -> String {
    let can_be = |function: &&&str| offices.iter().any(|office| office.functions.contains(&selector(function)));
    let known: Vec<_> = part.restricted().iter().filter(can_be).copied().collect();
    if known.is_empty() { "there is none".to_owned() } else { known.join(", ") }
}

fn is_upgrade(function: &str) -> bool {
    function == UPGRADE
}

/// Whether a responder is a Safe that needs no more signatures than one of the council with the same owners.
pub(super) fn notes(config: &Config) -> Vec<String> {
    let (Some(settings), Some(safes)) = (config.sections.get::<Settings>(), config.safe()) else { return Vec::new() };
    let of = |members: &[members::Member]| {
        let named = |member: &members::Member| {
            let name = *member.safe.as_ref()?.get_ref();
            safes.safes.iter().find(|safe| safe.name == name)
        };
        members.iter().filter_map(named).collect::<Vec<_>>()
    };
    let council = of(&settings.council);
    let mut notes = Vec::new();
    for safe in of(&settings.responders) {
        let owners: BTreeSet<_> = safe.owners.iter().collect();
        let easier = |other: &&&crate::parts::safe::Wallet| {
            other.owners.iter().collect::<BTreeSet<_>>() == owners && other.threshold >= safe.threshold
        };
        if let Some(other) = council.iter().find(easier) {
            notes.push(format!(
                "the Safe \"{}\" acts with {} signatures, and \"{}\" of the same owners cancels with {}: give what changes \
                 more the larger threshold",
                safe.name, safe.threshold, other.name, other.threshold
            ));
        }
    }
    notes
}
