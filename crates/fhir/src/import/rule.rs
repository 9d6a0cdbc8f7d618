//! The rules of a Consent as a tree. Each level is an exception to the one above.

use alloy_primitives::{Address, U256};

use super::Context;
use super::filters::{self, Period};
use crate::Version;
use crate::reading::Element;

/// A rule. What it does not limit is `None`.
#[derive(Clone, Debug)]
pub(super) struct Rule<'a> {
    pub(super) at: Element<'a>,
    pub(super) permit: bool,
    pub(super) actors: Option<Vec<Address>>,
    pub(super) classes: Option<U256>,
    pub(super) purposes: Option<u64>,
    pub(super) period: Option<Period>,
    pub(super) exceptions: Vec<Self>,
}

/// How many levels of rules are read: more are refused, and the deepest one is for the message.
const DEEPEST: usize = 3;

/// The rules, of which the first one is the base: what holds where no other rule does.
pub(super) fn read<'a>(
    root: &Element<'a>,
    version: Version,
    effective: Period,
    context: &Context<'_>,
) -> Option<Rule<'a>> {
    match version {
        Version::R4 => {
            let Some(at) = root.object("provision") else {
                if !root.has("provision") {
                    root.lacks("provision", "it is missing", "State what is permitted or denied, to whom");
                }
                return None;
            };
            // Where the kind is missing, the rest is read all the same, to find all that is wrong.
            let stated = kind(&at);
            let below = at.objects("provision").iter().find_map(|below| stated_kind(below)).map(|permit| !permit);
            Some(rule(at, version, stated.or(below).unwrap_or(true), 0, context))
        }
        Version::R5 => {
            let decision = root.text("decision");
            if decision.is_none() && !root.has("decision") {
                root.lacks("decision", "it is missing", "State the base decision: deny, or permit");
            }
            let permit = decision.and_then(|decision| decided(root, "decision", decision)).unwrap_or(false);
            let effective = Some(effective).filter(|period| *period != Period::default());
            let exceptions = root.objects("provision").into_iter().map(|at| {
                let mut rule = rule(at, version, !permit, 1, context);
                // The consent's period is that of all rules that have none of their own.
                rule.period = rule.period.or(effective);
                rule
            });
            let exceptions = exceptions.collect();
            let at = root.member("decision").unwrap_or_else(|| root.clone());
            let period = effective.filter(|_| permit);
            Some(Rule { at, permit, actors: None, classes: None, purposes: None, period, exceptions })
        }
    }
}

/// R4: whether a rule permits, if it says so.
fn stated_kind(at: &Element<'_>) -> Option<bool> {
    match at.text("type")? {
        "permit" => Some(true),
        "deny" => Some(false),
        _ => None,
    }
}

/// R4: whether a rule permits. Refuses it where it does not say so.
fn kind(at: &Element<'_>) -> Option<bool> {
    match at.text("type") {
        Some(kind) => decided(at, "type", kind),
        None => {
            if !at.has("type") {
                at.lacks(
                    "type",
                    "it is missing, so nobody can tell a permission from a refusal",
                    "State permit or deny; a policy's code is not enough",
                );
            }
            None
        }
    }
}

fn decided(at: &Element<'_>, name: &str, value: &str) -> Option<bool> {
    match value {
        "permit" => Some(true),
        "deny" => Some(false),
        _ => {
            if let Some(element) = at.member(name) {
                element.refuse(format!("{value} is neither permit nor deny"), "State permit or deny");
            }
            None
        }
    }
}

fn rule<'a>(at: Element<'a>, version: Version, permit: bool, depth: usize, context: &Context<'_>) -> Rule<'a> {
    at.common();
    unsupported(&at);
    filters::actions(&at);
    let period = at.has("period").then(|| filters::period(&at, "period", context));
    let mut rule = Rule {
        permit,
        actors: filters::actors(&at, context),
        classes: filters::classes(&at, version, permit, context),
        purposes: filters::purposes(&at, permit, context),
        period,
        exceptions: Vec::new(),
        at,
    };
    for below in rule.at.objects("provision") {
        if depth == DEEPEST {
            too_deep(&below);
            continue;
        }
        let negated = match version {
            Version::R5 => Some(!permit),
            Version::R4 => kind(&below).or(Some(!permit)),
        };
        if negated == Some(permit) {
            let word = if permit { "permit" } else { "deny" };
            below.refuse(
                format!("a {word} below a {word}, which is no exception to it"),
                "State it as a rule of its own, below a base decision that is deny",
            );
        } else if negated.is_some() {
            rule.exceptions.push(self::rule(below, version, !permit, depth + 1, context));
        }
    }
    rule
}

pub(super) fn too_deep(at: &Element<'_>) {
    at.refuse(
        "an exception to an exception: on chain a deny beats every permit",
        "State what is permitted without the inner exception",
    );
}

/// What no provision on chain can say.
fn unsupported(at: &Element<'_>) {
    let parts = [
        ("code", "a limit to data with a code", "Limit the rule by a class of data that the tables have"),
        ("dataPeriod", "a limit to data of some time", "Leave it out: the contract does not know when data was made"),
        ("data", "a limit to single resources", "Leave it out, or mark these resources with a sensitive label"),
        ("expression", "a limit that is computed", "State it with actors, classes and purposes"),
    ];
    for (name, problem, remedy) in parts {
        if let Some(element) = at.member(name) {
            element.refuse(problem, remedy);
        }
    }
}
