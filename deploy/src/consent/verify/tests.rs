//! Logs that are whole, and logs that somebody has changed in every way.

use proptest::prelude::*;

use super::*;

const GRANTOR: Address = Address::repeat_byte(1);

/// A log of so many entries, and its end.
fn log(count: u64) -> (Vec<Access>, End) {
    let (mut entries, mut before) = (Vec::new(), B256::ZERO);
    for number in 1..=count {
        let mut entry = Access {
            grantor: GRANTOR,
            number,
            actor: Address::repeat_byte(2),
            recorder: Address::repeat_byte(3),
            on_behalf_of: Address::ZERO,
            data_class: 8,
            purpose: 0,
            reason: 16,
            grantee: Address::ZERO,
            provision: 0,
            request: B256::from(U256::from(number)),
            time: 1_000 + number,
            head: B256::ZERO,
        };
        entry.head = head(before, &entry);
        before = entry.head;
        entries.push(entry);
    }
    (entries, End { count, head: before })
}

/// Makes the hashes fit from an entry on.
fn rehash(entries: &mut [Access], from: usize) {
    for place in from..entries.len() {
        let before = if place == 0 { B256::ZERO } else { entries[place - 1].head };
        entries[place].head = head(before, &entries[place]);
    }
}

fn faults(entries: &[Access], end: End) -> Vec<Fault> {
    let verdict = verify_log(GRANTOR, entries, end);
    assert_eq!(verdict.is_complete(), verdict.faults.is_empty());
    verdict.faults
}

#[test]
fn a_whole_log_is_complete() {
    for count in [0, 1, 2, 9] {
        let (entries, end) = log(count);
        assert_eq!(faults(&entries, end), []);
        let first = verify_log(GRANTOR, &entries, end).proven_from;
        assert_eq!(first, (count > 0).then_some(1));
    }
    assert!(verify_log(GRANTOR, &log(1).0, log(1).1).to_string().starts_with("complete: 1 entry, each as"));
}

#[test]
fn what_is_hidden_is_named() {
    let (entries, end) = log(5);
    let without = |numbers: &[u64]| -> Vec<_> {
        entries.iter().filter(|entry| !numbers.contains(&entry.number)).cloned().collect()
    };
    assert_eq!(faults(&without(&[1]), end), [Fault::Missing { first: 1, last: 1 }]);
    assert_eq!(faults(&without(&[2, 3]), end), [Fault::Missing { first: 2, last: 3 }]);
    assert_eq!(faults(&without(&[5]), end), [Fault::Missing { first: 5, last: 5 }]);
    assert_eq!(faults(&[], end), [Fault::Missing { first: 1, last: 5 }]);
    let two = [Fault::Missing { first: 1, last: 1 }, Fault::Missing { first: 4, last: 4 }];
    assert_eq!(faults(&without(&[1, 4]), end), two);
    // What a gap is before is proven by what follows it.
    assert_eq!(verify_log(GRANTOR, &without(&[2]), end).proven_from, Some(4));
    assert_eq!(verify_log(GRANTOR, &without(&[5]), end).proven_from, None);
}

/// A number that nobody has counted to makes no work.
#[test]
fn an_end_that_is_far_away_is_a_gap() {
    let (entries, _) = log(2);
    let end = End { count: u64::MAX, head: B256::ZERO };
    assert_eq!(faults(&entries, end), [Fault::Missing { first: 3, last: u64::MAX }]);
    let (mut last, _) = log(1);
    last[0].number = u64::MAX;
    assert!(faults(&last, end).contains(&Fault::Missing { first: 1, last: u64::MAX - 1 }));
}

#[test]
fn what_is_forged_is_named() {
    let (entries, end) = log(5);
    for place in 0..5 {
        let number = entries[place].number;
        let mut changed = entries.clone();
        changed[place].actor = Address::repeat_byte(9);
        assert_eq!(faults(&changed, end), [Fault::Forged { number }]);
        let proven = verify_log(GRANTOR, &changed, end).proven_from;
        assert_eq!(proven, (number < 5).then_some(number + 1));
        // With its own hash it fits to what is before it, and its successor does not.
        changed[place].head = head(if place == 0 { B256::ZERO } else { entries[place - 1].head }, &changed[place]);
        let expected = if number == 5 { Fault::OtherEnd } else { Fault::Forged { number: number + 1 } };
        assert_eq!(faults(&changed, end), [expected]);
        // With all hashes after it, only the end tells.
        rehash(&mut changed, place);
        assert_eq!(faults(&changed, end), [Fault::OtherEnd]);
        assert_eq!(verify_log(GRANTOR, &changed, end).proven_from, None);
    }
}

#[test]
fn what_does_not_belong_is_named() {
    let (entries, end) = log(3);
    let with = |entry: Access| [&entries[..], &[entry]].concat();
    let again = [Fault::Misplaced { number: 2 }, Fault::Repeated { number: 2 }];
    assert_eq!(faults(&with(entries[1].clone()), end), again);
    let foreign = Access { grantor: Address::repeat_byte(7), ..entries[1].clone() };
    assert_eq!(faults(&with(foreign), end), [Fault::Foreign { number: 2 }]);
    assert_eq!(faults(&with(Access { number: 4, ..entries[2].clone() }), end), [Fault::TooMany { number: 4 }]);
    assert_eq!(faults(&with(Access { number: 0, ..entries[2].clone() }), end), [Fault::TooMany { number: 0 }]);
    let swapped = [entries[1].clone(), entries[0].clone(), entries[2].clone()];
    assert_eq!(faults(&swapped, end), [Fault::Misplaced { number: 1 }]);
    // Of two entries with the same number one may be right: it is a fault all the same.
    let twin = Access { actor: Address::ZERO, ..entries[2].clone() };
    assert!(faults(&with(twin), end).contains(&Fault::Repeated { number: 3 }));
}

proptest! {
    /// Whatever is done to one entry, or to the order of two, it is noticed.
    #[test]
    fn no_change_passes(count in 1_u64..8, place in 0_usize..8, what in 0_usize..15, other in 0_usize..8) {
        let (mut entries, end) = log(count);
        let (place, other) = (place % entries.len(), other % entries.len());
        let whole = entries.clone();
        let entry = &mut entries[place];
        match what {
            0 => entry.grantor = Address::ZERO,
            1 => entry.number += 1,
            2 => entry.actor = Address::ZERO,
            3 => entry.recorder = Address::ZERO,
            4 => entry.on_behalf_of = Address::repeat_byte(1),
            5 => entry.data_class ^= 1,
            6 => entry.purpose ^= 1,
            7 => entry.reason ^= 1,
            8 => entry.grantee = Address::repeat_byte(1),
            9 => entry.provision ^= 1,
            10 => entry.request = B256::ZERO,
            11 => entry.time += 1,
            12 => entry.head = B256::ZERO,
            13 => { entries.remove(place); }
            _ => entries.swap(place, other),
        }
        let verdict = verify_log(GRANTOR, &entries, end);
        prop_assert_eq!(verdict.is_complete(), entries == whole);
        if let Some(first) = verdict.proven_from {
            for entry in whole.iter().filter(|entry| entry.number >= first) {
                prop_assert!(entries.contains(entry));
            }
        }
    }
}
