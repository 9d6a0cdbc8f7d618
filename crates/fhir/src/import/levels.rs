//! From levels of exceptions to provisions of which a deny beats every permit.
//!
//! A base deny is what the contract does by itself, so it is not written: it would beat the permits below it. What
//! remains are permits with denies below them. A deny takes away from the permit above it alone, so it is limited to
//! what that permit gives. It must not take away from another permit of the document: where it would, it is refused.

use alloy_primitives::{Address, B256, U256};

use super::Context;
use super::filters::Period;
use super::rule::{Rule, too_deep};
use crate::Provision;

/// A rule with all its limits.
#[derive(Clone, Debug)]
struct Limits {
    actors: Option<Vec<Address>>,
    classes: U256,
    purposes: u64,
    period: Period,
}

/// The provisions, without a document; and whether the document states nothing but that nothing is permitted.
pub(super) fn provisions(base: &Option<Rule<'_>>, context: &Context<'_>) -> (Vec<Provision>, bool) {
    let Some(base) = base else { return (Vec::new(), false) };
    let all = Limits { actors: None, classes: U256::MAX, purposes: u64::MAX, period: Period::default() };
    let limits = own(base, context);
    if base.permit {
        let mut permits = vec![permit(base, &all, context)];
        return (flatten(&mut permits, context), false);
    }
    if base.exceptions.is_empty() {
        if limits.actors.is_none() && limits.classes == U256::MAX && limits.purposes == u64::MAX {
            return (Vec::new(), true);
        }
        let limits = Limits { actors: limits.actors.or_else(|| unnamed(base, context)), ..limits };
        return (written(&limits, true, context), false);
    }
    let filtered = base.actors.is_some() || base.classes.is_some() || base.purposes.is_some();
    if filtered {
        base.at.caution("the base deny is not written, since it would beat what it lets through: other permits stay");
    }
    let mut permits: Vec<_> = base.exceptions.iter().map(|exception| permit(exception, &limits, context)).collect();
    (flatten(&mut permits, context), false)
}

/// A permit, and the denies that take away from it.
struct Permit<'r, 'a> {
    rule: &'r Rule<'a>,
    limits: Limits,
    denies: Vec<(&'r Rule<'a>, Limits)>,
}

fn permit<'r, 'a>(rule: &'r Rule<'a>, above: &Limits, context: &Context<'_>) -> Permit<'r, 'a> {
    let mut limits = within(rule, &own(rule, context), above);
    if let (Some(actors), Some(allowed)) = (&limits.actors, &above.actors)
        && actors.iter().any(|actor| !allowed.contains(actor))
    {
        rule.at.refuse("it names an actor whom the rule above does not name", "Name the same actors, or none");
    }
    if limits.actors.is_none() {
        limits.actors = above.actors.clone();
    }
    let mut denies = Vec::new();
    for exception in &rule.exceptions {
        exception.exceptions.iter().for_each(|below| too_deep(&below.at));
        denies.push((exception, within(exception, &own(exception, context), &limits)));
    }
    Permit { rule, limits, denies }
}

fn own(rule: &Rule<'_>, context: &Context<'_>) -> Limits {
    let tables = context.vocabulary;
    // A permit without a limit is for all that has a meaning today. A deny is for all that ever gets one.
    let (classes, purposes) =
        if rule.permit { (tables.known_classes(), tables.known_purposes()) } else { (U256::MAX, u64::MAX) };
    Limits {
        actors: rule.actors.clone(),
        classes: rule.classes.unwrap_or(classes),
        purposes: rule.purposes.unwrap_or(purposes),
        period: rule.period.unwrap_or_default(),
    }
}

/// What two rules have in common.
fn within(rule: &Rule<'_>, a: &Limits, b: &Limits) -> Limits {
    let both = common(a, b);
    let nothing = both.is_none();
    if nothing && a.classes != U256::ZERO && a.purposes != 0 && b.classes != U256::ZERO && b.purposes != 0 {
        rule.at.refuse(
            "an exception that has nothing in common with the rule above, so it never applies",
            "Correct its classes, purposes or period, or remove it",
        );
    }
    let (classes, purposes, period) = both.unwrap_or((U256::ZERO, 0, Period::default()));
    Limits { actors: a.actors.clone(), classes, purposes, period }
}

fn common(a: &Limits, b: &Limits) -> Option<(U256, u64, Period)> {
    let (classes, purposes) = (a.classes & b.classes, a.purposes & b.purposes);
    let start = a.period.start.max(b.period.start);
    let end = match (a.period.end, b.period.end) {
        (0, end) | (end, 0) => end,
        (a, b) => a.min(b),
    };
    let empty = classes.is_zero() || purposes == 0 || (end != 0 && end <= start);
    (!empty).then_some((classes, purposes, Period { start, end }))
}

fn flatten(permits: &mut [Permit<'_, '_>], context: &Context<'_>) -> Vec<Provision> {
    let mut all: Vec<Provision> = Vec::new();
    let mut add = |provisions: Vec<Provision>| {
        for provision in provisions {
            if !all.contains(&provision) {
                all.push(provision);
            }
        }
    };
    for permit in permits.iter_mut() {
        if permit.limits.actors.is_none() {
            permit.limits.actors = unnamed(permit.rule, context);
        }
        for (_, deny) in &mut permit.denies {
            deny.actors = deny.actors.take().or_else(|| permit.limits.actors.clone());
        }
    }
    for (place, permit) in permits.iter().enumerate() {
        add(written(&permit.limits, false, context));
        for (rule, deny) in &permit.denies {
            let others = permits.iter().enumerate().filter(|(other, _)| *other != place).map(|(_, other)| other);
            takes_from_others(rule, deny, &permit.limits, &others.collect::<Vec<_>>());
            add(written(deny, true, context));
        }
    }
    all
}

/// Refuses a deny that would take away from a permit other than the one above it, unless that one has it too.
fn takes_from_others(rule: &Rule<'_>, deny: &Limits, above: &Limits, others: &[&Permit<'_, '_>]) {
    for actor in deny.actors.iter().flatten() {
        // One who is denied below somebody else's permit is denied whoever they act for.
        let is_its_own = names(above, actor);
        for other in others {
            if is_its_own && !names(&other.limits, actor) {
                continue;
            }
            let Some(both) = common(deny, &other.limits) else { continue };
            if !other.denies.iter().any(|(_, also)| names(also, actor) && covers(also, both)) {
                rule.at.refuse(
                    format!("on chain it would take away from {} too: a deny beats every permit", other.rule.at.path),
                    "State the same exception there, or limit it to what the rule above alone permits",
                );
            }
        }
    }
}

fn names(limits: &Limits, actor: &Address) -> bool {
    limits.actors.as_ref().is_some_and(|actors| actors.contains(actor))
}

fn covers(limits: &Limits, (classes, purposes, period): (U256, u64, Period)) -> bool {
    let end = limits.period.end;
    limits.classes & classes == classes
        && limits.purposes & purposes == purposes
        && limits.period.start <= period.start
        && (end == 0 || (period.end != 0 && period.end <= end))
}

/// The actors of a rule that names none.
fn unnamed(rule: &Rule<'_>, context: &Context<'_>) -> Option<Vec<Address>> {
    if context.unnamed.iter().any(|address| *address == context.grantor || address.is_zero()) {
        rule.at.refuse("the address for rules that name nobody is zero or the patient's own", "Give another one");
        return None;
    }
    if !context.unnamed.is_empty() {
        return Some(context.unnamed.to_vec());
    }
    rule.at.refuse(
        "a rule that names nobody, which FHIR means for everybody",
        "Name a recipient, or say for which address such a rule is",
    );
    None
}

fn written(limits: &Limits, deny: bool, context: &Context<'_>) -> Vec<Provision> {
    let provision = |grantee: &Address| Provision {
        grantor: context.grantor,
        grantee: *grantee,
        classes: limits.classes,
        purposes: limits.purposes,
        deny,
        not_before: limits.period.start,
        expiry: limits.period.end,
        document: B256::ZERO,
    };
    limits.actors.iter().flatten().map(provision).collect()
}
