//! Each invariant notices a breach of it: logs, answers and storage that no contract of these rules leads to.

use std::collections::{BTreeMap, BTreeSet};

use alloy::primitives::{Address, B256, Log, LogData};
use alloy::sol_types::SolEvent;
use consilium_bindings::DataPointerRegistry as D;

use super::consent::Consent;
use super::invariants::{ALL, Seen, Step};
use super::state::{Custodian, ERASED, REFUSED, REGISTERED, REPLACED, State, nothing};

const SUBJECT: Address = Address::repeat_byte(1);
const CUSTODIAN: Address = Address::repeat_byte(2);
const OTHER: Address = Address::repeat_byte(3);
const ID: B256 = B256::repeat_byte(4);
const NOW: u64 = 1_000;
const PURPOSE: u8 = 34;

fn pointer() -> D::Pointer {
    D::Pointer {
        subject: SUBJECT,
        custodian: CUSTODIAN,
        dataClass: 4,
        schema: 1,
        hashCode: 0x12,
        digest: B256::repeat_byte(0xd1),
        locatorKind: 3,
        locatorCodec: 0,
        locator: B256::repeat_byte(0xd2),
        encryption: 1,
        keyCommitment: B256::repeat_byte(0xd3),
        previous: B256::ZERO,
    }
}

fn told(state: u8) -> D::Status {
    D::Status { state, subject: SUBJECT, custodian: CUSTODIAN, dataClass: 4, schema: 1 }
}

fn registered(reason: u8, batch: u32) -> LogData {
    let (subject, custodian, previous) = (SUBJECT, CUSTODIAN, B256::ZERO);
    D::PointerRegistered { id: ID, subject, custodian, dataClass: 4, schema: 1, previous, batch, reason }
        .encode_log_data()
}

fn erased(by: Address) -> LogData {
    let (subject, custodian) = (SUBJECT, CUSTODIAN);
    D::PointerErased { id: ID, subject, custodian, dataClass: 4, schema: 1, by }.encode_log_data()
}

fn refused() -> LogData {
    D::PointerRefused { id: ID, subject: SUBJECT, custodian: CUSTODIAN, dataClass: 4, schema: 1 }.encode_log_data()
}

/// A step, as the rules allow it: nothing happens, and the custodian is admitted.
struct Case {
    logs: Vec<LogData>,
    status: D::Status,
    leaf: Option<D::Status>,
    overdue: u32,
    storage: Option<Vec<B256>>,
    permitted: Option<u8>,
    until: u64,
    by: Address,
    signers: BTreeSet<Address>,
}

impl Case {
    fn new(logs: impl Into<Vec<LogData>>, state: u8) -> Self {
        Self {
            logs: logs.into(),
            status: told(state),
            leaf: None,
            overdue: 0,
            storage: None,
            permitted: None,
            until: NOW + 1,
            by: CUSTODIAN,
            signers: BTreeSet::new(),
        }
    }

    fn holds(&self, name: &str, seen: &mut Seen) -> bool {
        let mut before = State::new();
        let until = self.until;
        before.custodians.push(Custodian { account: CUSTODIAN, until, term: 1, batches: 1, overdue: 0 });
        let logs: Vec<_> = self.logs.iter().map(|data| Log { address: OTHER, data: data.clone() }).collect();
        let (permitted, reason) = (self.permitted.is_some(), self.permitted.unwrap_or(16));
        let of = (SUBJECT, CUSTODIAN, Address::ZERO, 4, PURPOSE);
        let consent = Consent::answering([(of, (permitted, reason, Address::ZERO, 0))].into());
        let step = Step {
            before: &before,
            logs: &logs.iter().collect::<Vec<_>>(),
            statuses: &BTreeMap::from([(ID, self.status.clone())]),
            leaves: &self.leaf.iter().map(|leaf| (ID, leaf.clone())).collect(),
            overdue: &BTreeMap::from([(CUSTODIAN, self.overdue)]),
            brought: &BTreeMap::from([(ID, pointer())]),
            storage: self.storage.as_deref(),
            consent: &consent,
            purposes: [PURPOSE; 2],
            by: self.by,
            signers: self.signers.clone(),
            now: NOW,
        };
        let (_, invariant) = ALL.iter().find(|(of, _)| *of == name).expect("an invariant has this name");
        invariant(seen, &step).is_ok()
    }
}

#[test]
fn a_pointer_that_is_lost() {
    let name = "what_was_registered_is_found_or_has_a_tombstone";
    // Each state, and those that can follow it.
    let follow = [(REGISTERED, vec![REGISTERED, REPLACED, ERASED]), (REPLACED, vec![REPLACED, ERASED])];
    for (state, may) in follow.into_iter().chain([(ERASED, vec![ERASED])]) {
        for next in [0, REGISTERED, REPLACED, ERASED, REFUSED] {
            let mut seen = Seen::default();
            assert!(Case::new([registered(1, 0)], REGISTERED).holds(name, &mut seen));
            assert!(Case::new([], state).holds(name, &mut seen));
            assert_eq!(Case::new([], next).holds(name, &mut seen), may.contains(&next), "{state} {next}");
        }
    }
    let mut seen = Seen::default();
    assert!(Case::new([registered(1, 0)], REGISTERED).holds(name, &mut seen));
    assert!(!Case { status: nothing(), ..Case::new([], 0) }.holds(name, &mut seen));
    assert!(!Case::new([registered(1, 0)], REGISTERED).holds(name, &mut seen));
    assert!(!Case::new([erased(CUSTODIAN)], ERASED).holds(name, &mut Seen::default()));
}

#[test]
fn a_refusal_that_is_overridden() {
    let name = "what_was_refused_is_never_registered";
    let mut seen = Seen::default();
    assert!(Case::new([refused()], REFUSED).holds(name, &mut seen));
    assert!(!Case::new([refused()], REFUSED).holds(name, &mut seen));
    let lost = "what_was_registered_is_found_or_has_a_tombstone";
    assert!(Case::new([], REFUSED).holds(lost, &mut seen) && !Case::new([], REGISTERED).holds(lost, &mut seen));
    assert!(!Case::new([registered(1, 0)], REGISTERED).holds(lost, &mut seen));
}

#[test]
fn a_registration_without_right() {
    fn holds(case: &Case) -> bool {
        case.holds("nobody_registers_for_a_subject_without_right", &mut Seen::default())
    }
    let of = |reason, batch| Case::new([registered(reason, batch)], REGISTERED);
    for reason in [1, 2] {
        assert!(holds(&Case { permitted: Some(reason), ..of(reason, 0) }));
        assert!(holds(&Case { permitted: Some(reason), by: OTHER, ..of(reason, 1) }));
        assert!(!holds(&Case { permitted: Some(reason), by: OTHER, ..of(reason, 0) }));
        assert!(!holds(&Case { permitted: Some(3 - reason), ..of(reason, 0) }));
        assert!(!holds(&Case { permitted: Some(reason), until: NOW, ..of(reason, 0) }));
        assert!(!holds(&of(reason, 0)));
    }
    assert!(!holds(&Case { permitted: Some(3), ..of(3, 0) }));
    let signed = |by: Address, batch| Case { signers: BTreeSet::from([by]), ..of(0, batch) };
    assert!(holds(&signed(SUBJECT, 0)));
    assert!(!holds(&signed(OTHER, 0)) && !holds(&signed(SUBJECT, 1)) && !holds(&of(0, 0)));
}

#[test]
fn an_erasure_by_somebody_else() {
    fn holds(case: &Case) -> bool {
        case.holds("custodian_and_subject_alone_erase_and_refuse", &mut Seen::default())
    }
    let of = |by, caller| Case { by: caller, ..Case::new([erased(by)], ERASED) };
    assert!(holds(&of(CUSTODIAN, CUSTODIAN)) && holds(&of(SUBJECT, SUBJECT)));
    assert!(holds(&Case { signers: BTreeSet::from([SUBJECT]), ..of(SUBJECT, OTHER) }));
    assert!(!holds(&of(OTHER, OTHER)) && !holds(&of(SUBJECT, OTHER)) && !holds(&of(CUSTODIAN, OTHER)));
    let of = |caller| Case { by: caller, ..Case::new([refused()], REFUSED) };
    assert!(holds(&of(SUBJECT)) && !holds(&of(CUSTODIAN)));
    assert!(holds(&Case { signers: BTreeSet::from([SUBJECT]), ..of(OTHER) }));
}

#[test]
fn a_locator_that_is_left() {
    let name = "what_was_erased_is_in_no_slot_and_nothing_in_a_log";
    let pointer = pointer();
    for secret in [pointer.digest, pointer.locator, pointer.keyCommitment] {
        let storage = Some(vec![B256::ZERO, secret]);
        let case = |state| Case { storage: storage.clone(), ..Case::new([erased(SUBJECT)], state) };
        assert!(!case(ERASED).holds(name, &mut Seen::default()));
        // Another pointer has the same.
        assert!(case(REGISTERED).holds(name, &mut Seen::default()));
        let told = [
            D::ManifestCleared { custodian: CUSTODIAN, batch: 1 }.encode_log_data(),
            D::KeyDelivered { id: ID, requestId: secret, custodian: CUSTODIAN, wrappedKeyHash: ID }.encode_log_data(),
            D::KeyDelivered { id: ID, requestId: ID, custodian: CUSTODIAN, wrappedKeyHash: secret }.encode_log_data(),
            // In the middle of a word.
            D::AccessSkipped { id: ID, actor: OTHER, reason: [&[1, 2, 3], &secret[..]].concat().into() }
                .encode_log_data(),
        ];
        let holds = told.map(|log| Case::new([log], REGISTERED).holds(name, &mut Seen::default()));
        assert_eq!(holds, [true, false, false, false]);
    }
    let mut seen = Seen::default();
    assert!(Case { storage: Some(vec![ID]), ..Case::new([erased(SUBJECT)], ERASED) }.holds(name, &mut seen));
    assert!(!Case { storage: Some(vec![pointer.locator]), ..Case::new([], ERASED) }.holds(name, &mut seen));
}

#[test]
fn a_pointer_that_answers_otherwise_than_its_leaf() {
    fn holds(leaf: Option<D::Status>, status: D::Status) -> bool {
        let case = Case { leaf, status, ..Case::new([registered(1, 1)], REGISTERED) };
        case.holds("a_pointer_answers_as_its_leaf_did", &mut Seen::default())
    }
    assert!(holds(Some(told(REGISTERED)), told(REGISTERED)) && holds(Some(told(REGISTERED)), told(REPLACED)));
    assert!(!holds(None, told(REGISTERED)) && !holds(Some(nothing()), told(REGISTERED)));
    for other in [
        D::Status { subject: OTHER, ..told(REGISTERED) },
        D::Status { dataClass: 5, ..told(REGISTERED) },
        D::Status { schema: 2, ..told(REGISTERED) },
    ] {
        assert!(!holds(Some(told(REGISTERED)), other));
    }
}

#[test]
fn an_answer_that_counts_twice() {
    let name = "each_late_answer_counts_once";
    let late = |request| D::AnswerOverdue { id: ID, requestId: B256::repeat_byte(request), custodian: CUSTODIAN };
    let holds = |request: u8, overdue, seen: &mut Seen| {
        Case { overdue, ..Case::new([late(request).encode_log_data()], REGISTERED) }.holds(name, seen)
    };
    let mut seen = Seen::default();
    assert!(holds(1, 1, &mut seen) && holds(2, 2, &mut seen));
    assert!(!holds(2, 3, &mut seen));
    assert!(!holds(1, 0, &mut Seen::default()) && !holds(1, 2, &mut Seen::default()));
}

/// `docs/invariants.md` names the rules that are checked, and no other.
#[test]
fn the_book_names_the_rules() {
    // Of this contract: another one's walk may have the same name for its module.
    let book = include_str!("../../../docs/invariants.md");
    let own = book.split("\n## ").find(|section| section.starts_with("Pointers to records\n")).expect("the section");
    let named: BTreeSet<_> = own.lines().filter_map(|line| line.strip_prefix("| `walk::")?.split('`').next()).collect();
    assert_eq!(named, ALL.map(|(name, _)| name).into());
}
