//! What holds after each step, whatever happens. docs/invariants.md lists these by their names.

use std::collections::{BTreeMap, BTreeSet};

use alloy::primitives::{Address, B256, Log, U256, keccak256};
use alloy::sol_types::{SolEvent, SolValue};
use consilium_bindings::Consent as C;

use super::people::role_grantee;
use super::state::{State, has_ended};

/// The state before a step and after it, the questions that are asked each time, and what was answered.
pub(super) struct Step<'a> {
    pub(super) before: &'a State,
    pub(super) after: &'a State,
    pub(super) questions: &'a [C::Question],
    /// The reasons, where time stood still.
    pub(super) answers: Option<[Vec<u8>; 2]>,
    pub(super) logs: Vec<&'a Log>,
    /// Who called, and who signed an act that was performed.
    pub(super) by: BTreeSet<Address>,
    pub(super) now: u64,
}

/// What was seen in a script.
#[derive(Default)]
pub(super) struct Seen {
    /// Provisions that are no longer in force.
    revoked: BTreeSet<(Address, Address, u32)>,
    /// Each pair's last number.
    last: BTreeMap<(Address, Address), u32>,
}

type Name = (&'static str, fn(&mut Seen, &Step<'_>) -> Result<(), String>);

/// All of them, by their names.
pub(super) const ALL: [Name; 5] = [
    ("a_revoked_provision_never_permits_again", a_revoked_provision_never_permits_again),
    ("a_deny_never_turns_a_no_into_a_yes", a_deny_never_turns_a_no_into_a_yes),
    ("a_deny_in_force_beats_every_permit", a_deny_in_force_beats_every_permit),
    ("provisions_change_by_grantor_or_representative_alone", provisions_change_by_grantor_or_representative_alone),
    ("the_log_s_head_follows_from_its_entries", the_log_s_head_follows_from_its_entries),
];

/// The head after an entry: the hash of the head before and of all its members but the head.
pub(super) fn head(before: B256, event: &C::AccessRecorded) -> B256 {
    let first = (before, event.grantor, event.number, event.actor, event.recorder, event.onBehalfOf);
    let [class, purpose, reason] = [event.dataClass, event.purpose, event.reason].map(U256::from);
    let then = (class, purpose, reason, event.grantee, event.provision, event.request, event.time);
    // Two tuples of words are the words of both.
    keccak256((first, then).abi_encode())
}

fn names(state: &State) -> BTreeSet<(Address, Address, u32)> {
    state.provisions.iter().map(|given| (given.grantor, given.grantee, given.number)).collect()
}

fn a_revoked_provision_never_permits_again(seen: &mut Seen, step: &Step<'_>) -> Result<(), String> {
    let (before, after) = (names(step.before), names(step.after));
    seen.revoked.extend(before.difference(&after));
    for log in &step.logs {
        let Ok(event) = C::ConsentGranted::decode_log(log) else { continue };
        let last = seen.last.entry((event.grantor, event.grantee)).or_default();
        if event.number <= *last {
            return Err(format!("number {} is given again", event.number));
        }
        *last = event.number;
        // One that is granted and revoked in one step was never in a state.
        if !after.contains(&(event.grantor, event.grantee, event.number)) {
            seen.revoked.insert((event.grantor, event.grantee, event.number));
        }
    }
    if let Some(again) = seen.revoked.intersection(&after).next() {
        return Err(format!("{again:?} was revoked and is in force"));
    }
    for question in step.questions {
        let found = step.after.ask(question, step.now);
        let of = (question.grantor, found.grantee(), found.number());
        if seen.revoked.contains(&of) {
            return Err(format!("{of:?} was revoked and decides"));
        }
    }
    Ok(())
}

/// Where all that a step did to provisions is to add denials, no refusal became a permission.
fn a_deny_never_turns_a_no_into_a_yes(_: &mut Seen, step: &Step<'_>) -> Result<(), String> {
    let added = step.logs.iter().map(|log| C::ConsentGranted::decode_log(log).is_ok_and(|event| event.deny));
    let only_denials = !step.logs.is_empty() && added.into_iter().all(|is_denial| is_denial);
    let (true, Some([before, after])) = (only_denials, &step.answers) else { return Ok(()) };
    let worse = before.iter().zip(after).position(|(before, after)| *before >= 16 && *after < 16);
    worse.map_or(Ok(()), |at| Err(format!("{:?} is permitted after a denial", step.questions[at])))
}

/// Whatever else there is and however it came: where a denial is in force for the actor, its organisation or a role of
/// either, the answer is no, except to the grantor's own key and in an emergency.
fn a_deny_in_force_beats_every_permit(_: &mut Seen, step: &Step<'_>) -> Result<(), String> {
    let Some([_, answers]) = &step.answers else { return Ok(()) };
    for (question, reason) in step.questions.iter().zip(answers) {
        let alone = question.onBehalfOf.is_zero();
        let accounts = if alone { vec![question.actor] } else { vec![question.actor, question.onBehalfOf] };
        let has = |role: &u8| accounts.iter().any(|account| step.now < step.after.role_until(*role, *account));
        let grantees = accounts.iter().copied().chain((0..32).filter(has).map(role_grantee));
        let denies = |given: &super::state::Given| {
            given.deny
                && given.classes.bit(question.dataClass.into())
                && given.purposes >> question.purpose & 1 == 1
                && given.begins <= step.now
                && !has_ended(given.ends, step.now)
        };
        let may = *reason == 2 || (*reason == 3 && step.after.policy.emergencyPurposes >> question.purpose & 1 == 1);
        let mut heard = grantees.flat_map(|grantee| step.after.pair(question.grantor, grantee));
        if heard.any(denies) && *reason < 16 && !may {
            return Err(format!("{question:?} is permitted (reason {reason}) against a denial"));
        }
    }
    Ok(())
}

/// A grantor's provisions changed only where its key, or a representative in time, called or signed.
fn provisions_change_by_grantor_or_representative_alone(_: &mut Seen, step: &Step<'_>) -> Result<(), String> {
    let of = |state: &State, grantor: Address| -> Vec<_> {
        state.provisions.iter().filter(|given| given.grantor == grantor).cloned().collect()
    };
    let grantors: BTreeSet<_> =
        step.before.provisions.iter().chain(&step.after.provisions).map(|given| given.grantor).collect();
    for grantor in grantors {
        if of(step.before, grantor) == of(step.after, grantor) {
            continue;
        }
        // A step may have several calls, which may also have changed who may act.
        let keys = [step.before.key(grantor), step.after.key(grantor)];
        let scopes = step.before.scopes.iter().chain(&step.after.scopes);
        let may: BTreeSet<_> = scopes
            .filter(|((of, _), scope)| *of == grantor && step.now < scope.until)
            .map(|((_, account), _)| *account)
            .chain(keys)
            .collect();
        if may.is_disjoint(&step.by) {
            return Err(format!("provisions of {grantor} changed, and only {:?} acted", step.by));
        }
    }
    Ok(())
}

fn the_log_s_head_follows_from_its_entries(_: &mut Seen, step: &Step<'_>) -> Result<(), String> {
    let mut heads = step.before.logs.clone();
    for log in &step.logs {
        let Ok(event) = C::AccessRecorded::decode_log(log) else { continue };
        let (count, before) = heads.get(&event.grantor).copied().unwrap_or_default();
        heads.insert(event.grantor, (count + 1, head(before, &event)));
    }
    if heads == step.after.logs { Ok(()) } else { Err("a head does not follow from its entries".to_owned()) }
}
