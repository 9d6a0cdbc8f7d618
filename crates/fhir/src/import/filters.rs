//! What a rule limits: time, actors, actions, purposes and data.

use alloy_primitives::{Address, U256};

use super::Context;
use super::coded::{Code, address, coding, concept};
use crate::Version;
use crate::instant::{self, LAST};
use crate::reading::Element;
use crate::vocabulary::{Row, bit, has};

const ROLES: &str = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType";
/// Information recipients: the primary one, and any.
const RECIPIENTS: [&str; 2] = ["PRCP", "IRCP"];
const ACTIONS: &str = "http://terminology.hl7.org/CodeSystem/consentaction";
/// The actions by which somebody comes to see data.
const SEEING: [&str; 2] = ["access", "disclose"];
const OTHERS: [&str; 3] = ["collect", "use", "correct"];

/// When a rule holds: from the first second to the one after the last, of which 0 is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Period {
    pub(super) start: u64,
    pub(super) end: u64,
}

/// A Period.
pub(super) fn period(of: &Element<'_>, name: &str, context: &Context<'_>) -> Period {
    let Some(at) = of.object(name) else { return Period::default() };
    at.common();
    let zone = i64::from(context.zone);
    let read = |name: &str, outcome: Result<u64, &str>| {
        outcome.unwrap_or_else(|problem| {
            if let Some(element) = at.member(name) {
                element.refuse(problem, "Correct the time");
            }
            0
        })
    };
    let start = at.text("start").map_or(0, |text| read("start", instant::start(text, zone)));
    let end = at
        .text("end")
        .map_or(0, |text| read("end", instant::end(text, zone).and_then(|end| end.ok_or("it ended before 1970"))));
    if end != 0 && (end <= start || end <= context.now) {
        let problem = if end <= start { "it ends before it begins" } else { "it has ended" };
        at.refuse(problem, "A provision on chain begins before it ends, and ends in the future");
        return Period::default();
    }
    if end > LAST {
        at.refuse("it ends after the year 9999", "Leave the end out");
    }
    Period { start, end }
}

/// The actors, who have to be recipients. `None` where the rule names none.
pub(super) fn actors(of: &Element<'_>, context: &Context<'_>) -> Option<Vec<Address>> {
    if !of.has("actor") {
        return None;
    }
    let mut found = Vec::new();
    for actor in of.objects("actor") {
        actor.common();
        let recipient = match actor.object("role") {
            Some(role) => is_recipient(&role),
            None if actor.has("role") => false,
            None => {
                actor.lacks("role", "it is missing", "Say that the actor is a recipient: PRCP or IRCP");
                false
            }
        };
        let Some(reference) = actor.object("reference") else {
            if !actor.has("reference") {
                actor.lacks("reference", "it is missing", "Say who the actor is");
            }
            continue;
        };
        if !recipient {
            reference.used();
            continue;
        }
        let Some(address) = address(&reference, context.addresses) else { continue };
        if address == context.grantor || address == Address::ZERO {
            let whose = if address == Address::ZERO { "zero" } else { "the patient's own" };
            reference.refuse(format!("its address is {whose}"), "Name somebody else: patients see their own data");
        } else if !found.contains(&address) {
            found.push(address);
        }
    }
    Some(found)
}

/// Whether the role is a recipient's. Refuses any other.
fn is_recipient(role: &Element<'_>) -> bool {
    let codes = concept(role);
    if all_of(&codes, ROLES, &RECIPIENTS) {
        return true;
    }
    let ours = codes.iter().find(|code| code.system == ROLES && !RECIPIENTS.contains(&code.code));
    let problem = match ours.or(codes.first()) {
        None => return false,
        Some(Code { system: ROLES, code: "CST", .. }) => "a custodian limits the rule to the data that it holds",
        Some(Code { system: ROLES, code: "AUT", .. }) => "an author limits the rule to the data that it wrote",
        Some(_) => "the role is not that of a recipient",
    };
    role.refuse(problem, "Name who may see the data, as PRCP or IRCP; the contract knows nothing else of actors");
    false
}

/// The actions. A rule is about seeing data, or it cannot be said.
pub(super) fn actions(of: &Element<'_>) {
    if !of.has("action") {
        return;
    }
    let mut seeing = false;
    let mut understood = true;
    for action in of.objects("action") {
        let codes = concept(&action);
        if all_of(&codes, ACTIONS, &SEEING) {
            seeing = true;
        } else if all_of(&codes, ACTIONS, &OTHERS) {
            action.keep("an action other than seeing data, which the contract does not govern");
        } else {
            understood = false;
            if let Some(code) = codes.first() {
                code.unknown("action");
            }
        }
    }
    if let Some(action) = of.member("action").filter(|_| understood && !seeing) {
        action.refuse("the rule is not about seeing data", "Add the action access, or keep the rule off the chain");
    }
}

/// Whether a concept has codes of a system, and all are of a list. Codes of other systems mean the same, by FHIR.
pub(super) fn all_of(codes: &[Code<'_>], system: &str, list: &[&str]) -> bool {
    let mut ours = codes.iter().filter(|code| code.system == system).peekable();
    let is = ours.peek().is_some() && ours.all(|code| list.contains(&code.code));
    if is {
        let others = codes.iter().filter(|code| code.system != system);
        others.for_each(|code| code.at.keep("another code that means the same"));
    }
    is
}

/// The mask of purposes. `None` where the rule names none.
pub(super) fn purposes(of: &Element<'_>, permit: bool, context: &Context<'_>) -> Option<u64> {
    if !of.has("purpose") {
        return None;
    }
    let table = &context.vocabulary.purposes;
    let mut mask = U256::ZERO;
    for code in of.objects("purpose").into_iter().filter_map(coding) {
        match table.find(code.system, code.code) {
            Some(row) => mask |= bit(row.index),
            None => code.unknown("purpose"),
        }
    }
    let wide = table.with_narrower(mask);
    narrower(of, "purpose", permit, mask, wide, &table.rows);
    Some((if permit { mask } else { wide }).as_limbs()[0])
}

/// A permit is for the codes that it names, a deny for the narrower ones too: so each errs on the side of privacy.
fn narrower(of: &Element<'_>, name: &str, permit: bool, mask: U256, wide: U256, rows: &[Row]) {
    let more = rows.iter().filter(|row| has(wide, row.index) && !has(mask, row.index));
    let more = more.map(|row| row.code.as_str()).collect::<Vec<_>>().join(", ");
    if let Some(element) = of.member(name).filter(|_| !more.is_empty()) {
        element.caution(if permit {
            format!("narrower codes are not permitted with it: {more}")
        } else {
            format!("narrower codes are denied with it: {more}")
        });
    }
}

/// The mask of classes and categories. `None` where the rule names none.
pub(super) fn classes(of: &Element<'_>, version: Version, permit: bool, context: &Context<'_>) -> Option<U256> {
    let names: &[&str] = match version {
        Version::R4 => &["class"],
        Version::R5 => &["resourceType", "documentType"],
    };
    let present: Vec<&str> = names.iter().copied().chain(["securityLabel"]).filter(|name| of.has(name)).collect();
    let mask = match present.as_slice() {
        [] => return None,
        ["securityLabel"] => labels(of, permit, context),
        [name] => groups(of, name, version, permit, context),
        [_, more @ ..] => {
            let remedy = "Limit the rule by one of them: data has one class on chain, its label's if it has one";
            for name in more {
                if let Some(element) = of.member(name) {
                    element.refuse("a second limit of the kind of data, which both must be met", remedy);
                }
            }
            if let Some(element) = present.first().and_then(|name| of.member(name)) {
                element.used();
            }
            U256::ZERO
        }
    };
    Some(mask)
}

fn labels(of: &Element<'_>, permit: bool, context: &Context<'_>) -> U256 {
    let table = &context.vocabulary.categories;
    let mut mask = U256::ZERO;
    for code in of.objects("securityLabel").into_iter().filter_map(coding) {
        match table.find(code.system, code.code) {
            Some(row) => mask |= bit(row.index),
            None => code.unknown("sensitive category"),
        }
    }
    let wide = table.with_narrower(mask);
    narrower(of, "securityLabel", permit, mask, wide, &table.rows);
    if permit { mask } else { wide }
}

fn groups(of: &Element<'_>, name: &str, version: Version, permit: bool, context: &Context<'_>) -> U256 {
    let table = &context.vocabulary.classes;
    let mut mask = U256::ZERO;
    let mut types: Vec<Code<'_>> = Vec::new();
    for code in of.objects(name).into_iter().filter_map(coding) {
        let whole = format!("{}|{}", code.system, code.code);
        if let Some(row) = table.rows.iter().find(|row| row.codes.contains(&whole)) {
            mask |= bit(row.index);
        } else if table.systems.iter().any(|system| system == code.system)
            && group(&table.rows, &code, version).is_some()
        {
            types.push(code);
        } else {
            code.unknown("class of data");
        }
    }
    for code in &types {
        let Some(row) = group(&table.rows, code, version) else { continue };
        let missing = row.types(version).filter(|of_row| !types.iter().any(|code| code.code == *of_row));
        let missing = missing.collect::<Vec<_>>().join(", ");
        if missing.is_empty() {
            mask |= bit(row.index);
        } else {
            code.at.refuse(
                format!("{} is a part of the class {}, and the contract knows whole classes", code.code, row.code),
                format!("Name the others too ({missing}), or use a vocabulary with a class for it"),
            );
        }
    }
    let wide = table.with_narrower(mask);
    narrower(of, name, permit, mask, wide, &table.rows);
    if let Some(element) = of.member(name) {
        element.caution("data with a sensitive label is of its category on chain, and this rule is not about it");
    }
    if permit { mask } else { wide }
}

fn group<'r>(rows: &'r [Row], code: &Code<'_>, version: Version) -> Option<&'r Row> {
    rows.iter().find(|row| row.types(version).any(|of_row| of_row == code.code))
}
