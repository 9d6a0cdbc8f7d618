//! Each invariant notices a breach of it: states and answers that no contract of these rules leads to.

use std::collections::BTreeSet;

use alloy::primitives::{Address, B256, Log, U256};
use alloy::sol_types::SolEvent;
use consilium_bindings::Consent as C;

use super::acts::time;
use super::invariants::{ALL, Seen, Step};
use super::people::role_grantee;
use super::state::{Given, Scope, State};

const GRANTOR: Address = Address::repeat_byte(1);
const ACTOR: Address = Address::repeat_byte(2);
const ORGANIZATION: Address = Address::repeat_byte(3);
const NOW: u64 = 1_000;

fn given(grantee: Address, deny: bool) -> Given {
    let (classes, purposes) = (U256::from(1), 1);
    Given { grantor: GRANTOR, grantee, number: 1, classes, purposes, deny, begins: 1, ends: 0, version: 1 }
}

fn with(provisions: &[Given]) -> State {
    State { provisions: provisions.to_vec(), ..State::new() }
}

fn granted(number: u32, deny: bool) -> Log {
    let event = C::ConsentGranted {
        grantor: GRANTOR,
        grantee: ACTOR,
        number,
        classes: U256::from(1),
        purposes: 1,
        deny,
        notBefore: time(1),
        expiry: time(0),
        document: B256::ZERO,
        policyVersion: 1,
        by: GRANTOR,
    };
    Log { address: Address::ZERO, data: event.encode_log_data() }
}

/// What an invariant says of a step.
struct Case<'a> {
    states: [&'a State; 2],
    logs: &'a [Log],
    /// The reasons before and after.
    reasons: [u8; 2],
    by: Address,
}

impl Case<'_> {
    fn holds(&self, name: &str, seen: &mut Seen) -> bool {
        let question =
            C::Question { grantor: GRANTOR, actor: ACTOR, onBehalfOf: ORGANIZATION, dataClass: 0, purpose: 0 };
        let step = Step {
            before: self.states[0],
            after: self.states[1],
            questions: &[question],
            answers: Some(self.reasons.map(|reason| vec![reason])),
            logs: self.logs.iter().collect(),
            by: BTreeSet::from([self.by]),
            now: NOW,
        };
        let (_, invariant) = ALL.iter().find(|(of, _)| *of == name).expect("an invariant has this name");
        invariant(seen, &step).is_ok()
    }
}

#[test]
fn a_provision_that_comes_back() {
    let (none, one) = (with(&[]), with(&[given(ACTOR, false)]));
    let holds = |states, logs: &[Log], seen: &mut Seen| {
        Case { states, logs, reasons: [16, 16], by: GRANTOR }.holds("a_revoked_provision_never_permits_again", seen)
    };
    let mut seen = Seen::default();
    assert!(holds([&none, &one], &[granted(1, false)], &mut seen) && holds([&one, &none], &[], &mut seen));
    assert!(!holds([&none, &one], &[], &mut seen));
    let mut seen = Seen::default();
    assert!(holds([&none, &one], &[granted(1, false)], &mut seen));
    assert!(!holds([&one, &one], &[granted(1, false)], &mut seen));
}

#[test]
fn a_denial_that_permits() {
    let none = with(&[]);
    let holds = |reasons, log| {
        let case = Case { states: [&none, &none], logs: &[log], reasons, by: GRANTOR };
        case.holds("a_deny_never_turns_a_no_into_a_yes", &mut Seen::default())
    };
    assert!(holds([16, 21], granted(1, true)) && holds([16, 1], granted(1, false)));
    assert!(!holds([16, 1], granted(1, true)));
}

#[test]
fn a_denial_without_effect() {
    for grantee in [ACTOR, ORGANIZATION, role_grantee(5)] {
        let mut state = with(&[given(grantee, true)]);
        state.roles.insert((5, ACTOR), NOW + 1);
        let holds = |state: &State, reason| {
            let case = Case { states: [state, state], logs: &[], reasons: [reason; 2], by: GRANTOR };
            case.holds("a_deny_in_force_beats_every_permit", &mut Seen::default())
        };
        assert!(holds(&state, 21) && !holds(&state, 1) && !holds(&state, 3), "{grantee}");
        // Before it begins it says nothing, and an emergency opens what policy says.
        let early = State { provisions: vec![Given { begins: NOW + 1, ..given(grantee, true) }], ..state.clone() };
        state.policy.emergencyPurposes = 1;
        assert!(holds(&early, 1) && holds(&state, 3), "{grantee}");
    }
}

#[test]
fn a_change_by_somebody_else() {
    let (none, one) = (with(&[]), with(&[given(ACTOR, false)]));
    fn holds(states: [&State; 2], by: Address) -> bool {
        let case = Case { states, logs: &[], reasons: [16, 16], by };
        case.holds("provisions_change_by_grantor_or_representative_alone", &mut Seen::default())
    }
    assert!(holds([&none, &one], GRANTOR) && holds([&one, &one], ACTOR));
    assert!(!holds([&none, &one], ACTOR) && !holds([&one, &none], ACTOR));
    for (until, may) in [(NOW + 1, true), (NOW, false)] {
        let mut named = one.clone();
        named.scopes.insert((GRANTOR, ACTOR), Scope { until, ..Scope::default() });
        assert_eq!(holds([&named, &none], ACTOR), may);
    }
}

#[test]
fn a_head_without_its_entry() {
    let (none, mut one) = (with(&[]), with(&[]));
    one.logs.insert(GRANTOR, (1, B256::repeat_byte(7)));
    let holds = |states| {
        let case = Case { states, logs: &[], reasons: [16, 16], by: GRANTOR };
        case.holds("the_log_s_head_follows_from_its_entries", &mut Seen::default())
    };
    assert!(holds([&one, &one]) && !holds([&none, &one]));
}

/// `docs/invariants.md` names the rules that are checked, and no other.
#[test]
fn the_book_names_the_rules() {
    let rows = include_str!("../../../docs/invariants.md").lines();
    let named: BTreeSet<_> = rows.filter_map(|line| line.strip_prefix("| `invariants::")?.split('`').next()).collect();
    assert_eq!(named, ALL.map(|(name, _)| name).into());
}
