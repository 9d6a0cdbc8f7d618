//! The public trail: the state follows from the events alone, and a refused call leaves none.

use std::collections::BTreeMap;

use alloy::primitives::U256;

use crate::trace::steps;
use crate::view::View;

#[test]
fn the_events_tell_tokens_and_votes() {
    for step in steps() {
        let told = &step.ledger;
        assert_eq!(told.supply, step.after.supply, "{:?}", step.action);
        for (account, holder) in &step.after.accounts {
            let balance = told.balances.get(account).copied().unwrap_or_default();
            let delegatee = told.delegatees.get(account).copied().unwrap_or_default();
            let votes = told.votes.get(account).copied().unwrap_or_default();
            assert_eq!(
                (balance, delegatee, votes),
                (holder.balance, holder.delegatee, holder.votes),
                "{account}: {:?}",
                step.action
            );
        }
    }
}

#[test]
fn the_events_tell_settings_and_roles() {
    for step in steps() {
        assert_eq!(step.ledger.settings, step.after.settings, "{:?}", step.action);
        assert_eq!(step.ledger.roles, step.after.roles, "{:?}", step.action);
    }
}

#[test]
fn the_events_tell_operations() {
    let mut found = 0;
    for step in steps() {
        for (id, operation) in &step.after.operations {
            let told = step.ledger.operations.get(id).copied().unwrap_or_default();
            assert_eq!(told, operation.timestamp, "{id}: {:?}", step.action);
            found += 1;
        }
    }
    assert!(found > 0);
}

#[test]
fn the_events_tell_proposals() {
    let mut found = 0;
    for step in steps() {
        for (id, proposed) in &step.after.proposals {
            let told = &step.ledger.proposals[id];
            assert_eq!(
                (told.proposer, told.start, told.end, told.eta, told.votes),
                (proposed.proposer, proposed.snapshot, proposed.deadline, proposed.eta, proposed.votes),
                "{id}: {:?}",
                step.action
            );
            let used: BTreeMap<_, _> =
                proposed.used.iter().filter(|(_, used)| !used.is_zero()).map(|(who, used)| (*who, *used)).collect();
            let cast: BTreeMap<_, _> =
                told.used.iter().filter(|(_, used)| !used.is_zero()).map(|(who, used)| (*who, *used)).collect();
            assert_eq!(cast, used, "{id}: {:?}", step.action);
            let state = step.ledger.state(*id, step.after.time).expect("it was created");
            assert_eq!(state as u8, proposed.state, "{id} at {}: {:?}", step.after.time, step.action);
            found += 1;
        }
    }
    assert!(found > 0);
}

#[test]
fn the_events_tell_quorums() {
    let mut found = 0;
    for step in steps() {
        for (timepoint, past) in &step.after.past {
            let told = &step.ledger;
            let shares = (told.share(&told.quorums, *timepoint), told.share(&told.super_quorums, *timepoint));
            assert_eq!(shares, (past.quorum, past.super_quorum), "at {timepoint}: {:?}", step.action);
            found += usize::from(past.quorum != told.share(&told.quorums, u64::MAX));
        }
    }
    assert!(found > 0, "no quorum was changed after a snapshot");
}

/// What does not change by time alone.
fn lasting(view: &View, other: &View) -> View {
    let mut view = view.clone();
    view.time = 0;
    view.past.retain(|timepoint, _| other.past.contains_key(timepoint));
    view.operations.retain(|id, _| other.operations.contains_key(id));
    view.proposals.retain(|id, _| other.proposals.contains_key(id));
    for proposal in view.proposals.values_mut() {
        proposal.state = 0;
    }
    for operation in view.operations.values_mut() {
        (operation.state, operation.ready) = (0, false);
    }
    view
}

#[test]
fn a_refused_call_changes_nothing_and_logs_nothing() {
    let mut refused = 0;
    for step in steps().filter(|step| !step.success) {
        assert!(step.logs.is_empty(), "{:?}", step.action);
        let (before, after) = (lasting(&step.before, &step.after), lasting(&step.after, &step.before));
        assert_eq!(before, after, "{:?}", step.action);
        refused += 1;
    }
    assert!(refused > 0);
}

#[test]
fn nothing_changes_without_an_event() {
    let mut quiet = 0;
    for step in steps().filter(|step| step.logs.is_empty()) {
        let (mut before, mut after) = (lasting(&step.before, &step.after), lasting(&step.after, &step.before));
        // Allowances that are used up, and nonces, are told by no event: OpenZeppelin's are not, either.
        for holder in before.accounts.values_mut().chain(after.accounts.values_mut()) {
            holder.allowances.clear();
            (holder.nonce, holder.ballots) = (U256::ZERO, U256::ZERO);
        }
        assert_eq!(before, after, "{:?}", step.action);
        quiet += 1;
    }
    assert!(quiet > 0);
}
