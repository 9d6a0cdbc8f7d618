//! What holds after each step, whatever happens. docs/invariants.md lists these by their names. They look at logs,
//! views and storage, and take from the model no more than what was asked and drawn.

use std::collections::{BTreeMap, BTreeSet};

use alloy::primitives::{Address, B256, Log};
use alloy::sol_types::SolEvent;
use consilium_bindings::DataPointerRegistry as D;

use super::consent::Consent;
use super::state::{ERASED, REFUSED, REGISTERED, REPLACED, State};

/// A step: the state before it, what was logged and answered, and what is stored.
pub(super) struct Step<'a> {
    pub(super) before: &'a State,
    /// The logs of the contract and of the consent.
    pub(super) logs: &'a [&'a Log],
    /// What `status` answers after the step, for every pointer that it could have changed and all that were known.
    pub(super) statuses: &'a BTreeMap<B256, D::Status>,
    /// What a leaf's `statusOf` answered before the step, of each that was made individual in it.
    pub(super) leaves: &'a BTreeMap<B256, D::Status>,
    /// What `overdue` answers after the step.
    pub(super) overdue: &'a BTreeMap<Address, u32>,
    /// The members of pointers that were brought.
    pub(super) brought: &'a BTreeMap<B256, D::Pointer>,
    /// What is in all slots that were ever touched, where something was erased.
    pub(super) storage: Option<&'a [B256]>,
    pub(super) consent: &'a Consent,
    /// The purposes of storing before the step and after it.
    pub(super) purposes: [u8; 2],
    /// Who called.
    pub(super) by: Address,
    /// Who really signed a message of the step.
    pub(super) signers: BTreeSet<Address>,
    pub(super) now: u64,
}

impl Step<'_> {
    fn events<E: SolEvent>(&self) -> impl Iterator<Item = E> {
        self.logs.iter().filter_map(|log| E::decode_log(log).ok()).map(|log| log.data)
    }
}

/// What was seen in a script.
#[derive(Default)]
pub(super) struct Seen {
    /// The last state of each pointer that was registered or refused.
    states: BTreeMap<B256, u8>,
    /// Requests that were counted as overdue, and how many of each custodian.
    counted: BTreeSet<(B256, B256)>,
    counts: BTreeMap<Address, u32>,
    /// Digests, locators and commitments of all that was erased.
    erased: BTreeSet<B256>,
}

type Name = (&'static str, fn(&mut Seen, &Step<'_>) -> Result<(), String>);

/// All of them, by their names.
pub(super) const ALL: [Name; 7] = [
    ("what_was_registered_is_found_or_has_a_tombstone", what_was_registered_is_found_or_has_a_tombstone),
    ("what_was_refused_is_never_registered", what_was_refused_is_never_registered),
    ("nobody_registers_for_a_subject_without_right", nobody_registers_for_a_subject_without_right),
    ("custodian_and_subject_alone_erase_and_refuse", custodian_and_subject_alone_erase_and_refuse),
    ("what_was_erased_is_in_no_slot_and_nothing_in_a_log", what_was_erased_is_in_no_slot_and_nothing_in_a_log),
    ("a_pointer_answers_as_its_leaf_did", a_pointer_answers_as_its_leaf_did),
    ("each_late_answer_counts_once", each_late_answer_counts_once),
];

fn ensure(holds: bool, what: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(what()) }
}

/// States go from registered to superseded to erased, and never back.
fn what_was_registered_is_found_or_has_a_tombstone(seen: &mut Seen, step: &Step<'_>) -> Result<(), String> {
    for event in step.events::<D::PointerRegistered>() {
        let state = seen.states.insert(event.id, REGISTERED);
        ensure(state.is_none(), || format!("{} is registered again", event.id))?;
    }
    for event in step.events::<D::PointerErased>() {
        ensure(seen.states.contains_key(&event.id), || format!("{} is erased and never was there", event.id))?;
    }
    for (id, last) in &mut seen.states {
        let Some(status) = step.statuses.get(id) else { return Err(format!("nobody asked for {id}")) };
        let state = status.state;
        let goes_on = match *last {
            REGISTERED => matches!(state, REGISTERED | REPLACED | ERASED),
            REPLACED => matches!(state, REPLACED | ERASED),
            last => state == last,
        };
        let is_told = !status.subject.is_zero() || step.brought.get(id).is_some_and(|given| given.subject.is_zero());
        ensure(goes_on && is_told && !status.custodian.is_zero(), || format!("{id} was {last} and is {status:?}"))?;
        *last = state;
    }
    Ok(())
}

fn what_was_refused_is_never_registered(seen: &mut Seen, step: &Step<'_>) -> Result<(), String> {
    for event in step.events::<D::PointerRefused>() {
        let state = seen.states.insert(event.id, REFUSED);
        ensure(state.is_none(), || format!("{} is refused and was there", event.id))?;
    }
    Ok(())
}

/// By a provision of the subject, as the subject itself, or by a signature of the subject's key; and admitted.
fn nobody_registers_for_a_subject_without_right(_: &mut Seen, step: &Step<'_>) -> Result<(), String> {
    for event in step.events::<D::PointerRegistered>() {
        let D::PointerRegistered { id, subject, custodian, dataClass, reason, batch, .. } = event;
        let admitted = step.before.is_admitted(custodian, step.now);
        // The DAO may have admitted it, or changed the purpose, in a call of the same step.
        let lately = step.events::<D::CustodianAdmitted>().any(|event| event.account == custodian);
        ensure(admitted || lately, || format!("{custodian} registers {id} and is not admitted"))?;
        ensure(batch != 0 || step.by == custodian, || format!("{} registers for {custodian}", step.by))?;
        let of = |purpose| step.consent.ask((subject, custodian, Address::ZERO, dataClass, purpose), true);
        let may = match reason {
            0 => batch == 0 && step.signers.contains(&step.consent.key(subject)),
            1 | 2 => step.purposes.map(of).iter().any(|(permitted, by, ..)| *permitted && *by == reason),
            _ => false,
        };
        ensure(may, || format!("{custodian} registers {id} of {subject} without right (reason {reason})"))?;
    }
    Ok(())
}

fn custodian_and_subject_alone_erase_and_refuse(_: &mut Seen, step: &Step<'_>) -> Result<(), String> {
    let is_key = |by: Address, subject: Address| {
        by == step.consent.key(subject) && (by == step.by || step.signers.contains(&by))
    };
    for event in step.events::<D::PointerErased>() {
        let is_custodian = event.by == step.by && event.custodian == step.by;
        let may = is_custodian || is_key(event.by, event.subject);
        ensure(may, || format!("{} is erased by {} in a call of {}", event.id, event.by, step.by))?;
    }
    for event in step.events::<D::PointerRefused>() {
        let key = step.consent.key(event.subject);
        ensure(is_key(key, event.subject), || format!("{} is refused in a call of {}", event.id, step.by))?;
    }
    Ok(())
}

/// No log ever has a digest, a locator or a commitment, and no slot has those of an erased pointer, unless another
/// pointer has the same.
fn what_was_erased_is_in_no_slot_and_nothing_in_a_log(seen: &mut Seen, step: &Step<'_>) -> Result<(), String> {
    let secrets = |pointer: &D::Pointer| {
        [pointer.digest, pointer.locator, pointer.keyCommitment].into_iter().filter(|secret| !secret.is_zero())
    };
    let all: BTreeSet<_> = step.brought.values().flat_map(secrets).collect();
    for log in step.logs {
        let topics = log.topics().iter().copied();
        let words = log.data.data.windows(32).map(B256::from_slice);
        let told = topics.chain(words).find(|word| all.contains(word));
        ensure(told.is_none(), || format!("a log tells {told:?}: {log:?}"))?;
    }
    for event in step.events::<D::PointerErased>() {
        seen.erased.extend(step.brought.get(&event.id).into_iter().flat_map(secrets));
    }
    if let Some(storage) = step.storage {
        let lives =
            |id: &B256| step.statuses.get(id).is_some_and(|status| matches!(status.state, REGISTERED | REPLACED));
        let alive: BTreeSet<_> =
            step.brought.iter().filter(|(id, _)| lives(id)).flat_map(|(_, pointer)| secrets(pointer)).collect();
        let left = storage.iter().find(|word| seen.erased.contains(*word) && !alive.contains(*word));
        ensure(left.is_none(), || format!("{left:?} was erased and is stored"))?;
    }
    Ok(())
}

/// A pointer of a batch is told in the same way before it is made individual and after it.
fn a_pointer_answers_as_its_leaf_did(_: &mut Seen, step: &Step<'_>) -> Result<(), String> {
    for event in step.events::<D::PointerRegistered>().filter(|event| event.batch != 0) {
        let (leaf, now) = (step.leaves.get(&event.id), step.statuses.get(&event.id));
        let is_as = leaf.zip(now).is_some_and(|(leaf, now)| {
            // It can be superseded, erased or handed over in the same step.
            D::Status { state: now.state, custodian: now.custodian, ..leaf.clone() } == *now && leaf.state == REGISTERED
        });
        ensure(is_as, || format!("{} was {leaf:?} and is {now:?}", event.id))?;
    }
    Ok(())
}

fn each_late_answer_counts_once(seen: &mut Seen, step: &Step<'_>) -> Result<(), String> {
    for event in step.events::<D::AnswerOverdue>() {
        let is_new = seen.counted.insert((event.id, event.requestId));
        ensure(is_new, || format!("{} counts twice", event.requestId))?;
        *seen.counts.entry(event.custodian).or_default() += 1;
    }
    for (custodian, overdue) in step.overdue {
        let counted = seen.counts.get(custodian).copied().unwrap_or_default();
        ensure(counted == *overdue, || format!("{custodian}: {counted} were late and {overdue} count"))?;
    }
    Ok(())
}
