//! The governor: what its members rely on. OpenZeppelin states nothing formally about its own; these are ours.

use alloy::primitives::{Address, U256};
use consilium_bindings::Governor;
use harness::dao::State;

use crate::trace::{Step, steps};
use crate::view::Proposed;

const TERMINAL: [State; 3] = [State::Canceled, State::Expired, State::Executed];

pub(crate) fn state(proposed: &Proposed) -> State {
    State::try_from(proposed.state).expect("one of eight")
}

/// Each proposal that was looked at before and after.
pub(crate) fn proposals(step: &Step) -> impl Iterator<Item = (U256, &Proposed, &Proposed)> {
    step.after.proposals.iter().filter_map(|(id, after)| Some((*id, step.before.proposals.get(id)?, after)))
}

#[test]
fn no_vote_counts_twice() {
    let mut parts = 0;
    for step in steps() {
        for (id, proposed) in &step.after.proposals {
            let sum: U256 = proposed.votes.iter().sum();
            assert_eq!(sum, proposed.used.values().sum::<U256>(), "{:?}", step.action);
            let Some(past) = step.after.past.get(&proposed.snapshot) else { continue };
            for (account, used) in &proposed.used {
                assert!(*used <= past.votes[account], "{id} {account}: {:?}", step.action);
                let before = step.before.proposals.get(id).map_or(U256::ZERO, |before| before.used[account]);
                assert!(before <= *used, "a vote is never taken back: {:?}", step.action);
                parts += usize::from(!before.is_zero() && before < *used);
            }
        }
    }
    assert!(parts > 0, "votes are cast in parts, too");
}

#[test]
fn weight_is_fixed_at_the_snapshot() {
    let mut whole = 0;
    for step in steps() {
        let governor = step.cast.dao.governor;
        for cast in step.events::<Governor::VoteCast>(governor) {
            let proposed = &step.after.proposals[&cast.proposalId];
            let then = step.after.past[&proposed.snapshot].votes[&cast.voter];
            let before = step.before.proposals[&cast.proposalId].used[&cast.voter];
            assert_eq!(cast.weight, then - before, "a plain vote casts all that is left: {:?}", step.action);
            whole += usize::from(then != step.after.accounts[&cast.voter].votes);
        }
    }
    assert!(whole > 0, "some voted whose votes had changed since");
}

#[test]
fn votes_cast_never_exceed_the_past_supply() {
    let mut cast = 0;
    for step in steps() {
        for proposed in step.after.proposals.values() {
            let sum: U256 = proposed.votes.iter().sum();
            match step.after.past.get(&proposed.snapshot) {
                Some(past) => assert!(sum <= past.supply, "{:?}", step.action),
                None => assert_eq!(sum, U256::ZERO, "votes before the snapshot: {:?}", step.action),
            }
            cast += usize::from(!sum.is_zero());
        }
    }
    assert!(cast > 0);
}

#[test]
fn only_active_proposals_are_voted_on() {
    let (mut voted, mut late) = (0, 0);
    for step in steps() {
        for (id, before, after) in proposals(step) {
            if before.votes == after.votes {
                continue;
            }
            // It was open when the vote was mined, which is the time that the view is of.
            let time = step.after.time;
            assert!(time > before.snapshot && time <= before.deadline, "{id}: {:?}", step.action);
            voted += 1;
        }
        if step.calls::<Governor::castVoteCall>(step.cast.dao.governor) {
            late += usize::from(!step.success);
        }
    }
    assert!(voted > 0 && late > 0, "{voted} voted, {late} refused");
}

#[test]
fn an_executed_proposal_had_quorum_majority_and_the_full_delay() {
    let mut executed = 0;
    for step in steps() {
        for (id, before, after) in proposals(step) {
            if state(after) != State::Executed || state(before) == State::Executed {
                continue;
            }
            assert_eq!(state(before), State::Queued, "{id}: {:?}", step.action);
            let [against, ayes, abstain] = after.votes;
            let past = &step.after.past[&after.snapshot];
            assert!(ayes + abstain >= past.quorum, "quorum: {:?}", step.action);
            assert!(ayes > against, "majority: {:?}", step.action);
            let queued_at = step.ledger.proposals[&id].queued_at;
            assert!(queued_at > after.deadline || ayes >= past.super_quorum, "the vote was over: {:?}", step.action);
            let delay = step.ledger.proposals[&id].eta - queued_at;
            assert!(step.after.time >= queued_at + delay, "the delay: {:?}", step.action);
            executed += 1;
        }
    }
    assert!(executed > 0);
}

#[test]
fn a_queued_proposal_waits_the_delay_in_force() {
    let mut queued = 0;
    for step in steps() {
        for event in step.events::<Governor::ProposalQueued>(step.cast.dao.governor) {
            let due = U256::from(step.after.time) + step.before.settings.min_delay;
            assert_eq!(event.etaSeconds, due, "{:?}", step.action);
            assert_eq!(U256::from(step.after.proposals[&event.proposalId].eta), due, "{:?}", step.action);
            queued += 1;
        }
    }
    assert!(queued > 0);
}

#[test]
fn terminal_states_are_terminal() {
    let mut over = [0; 2];
    for step in steps() {
        for (id, before, after) in proposals(step) {
            if TERMINAL.contains(&state(before)) {
                assert_eq!(state(after), state(before), "{id}: {:?}", step.action);
                over[usize::from(state(before) == State::Executed)] += 1;
            }
        }
    }
    assert!(over.iter().all(|count| *count > 0), "{over:?}");
}

#[test]
fn states_follow_the_lifecycle() {
    use State::{Active, Canceled, Defeated, Executed, Pending, Queued, Succeeded};
    let mut seen = std::collections::BTreeSet::new();
    for step in steps() {
        for (id, before, after) in proposals(step) {
            let (from, to) = (state(before), state(after));
            if from == to {
                continue;
            }
            let allowed: &[State] = match from {
                Pending => &[Active, Defeated, Canceled],
                Active => &[Succeeded, Defeated, Canceled],
                Succeeded => &[Queued, Canceled],
                Queued => &[Executed, Canceled],
                Defeated => &[Canceled],
                _ => &[],
            };
            assert!(allowed.contains(&to), "{id} went from {from:?} to {to:?}: {:?}", step.action);
            seen.insert((from as u8, to as u8));
        }
    }
    for (from, to) in [
        (Pending, Active),
        (Active, Succeeded),
        (Active, Defeated),
        (Succeeded, Queued),
        (Queued, Executed),
        (Queued, Canceled),
    ] {
        assert!(seen.contains(&(from as u8, to as u8)), "no walk went from {from:?} to {to:?}");
    }
}

#[test]
fn what_was_proposed_never_changes() {
    let mut extended = 0;
    for step in steps() {
        let extensions = step.events::<Governor::ProposalExtended>(step.cast.dao.governor);
        for (id, before, after) in proposals(step) {
            let content = |it: &Proposed| (it.snapshot, it.proposer, it.details);
            assert_eq!(content(before), content(after), "{id}: {:?}", step.action);
            assert_eq!(U256::from_be_bytes(after.details.0), id, "the id is the hash of the content");
            if before.deadline != after.deadline {
                // Later, and once: at the vote that reached quorum.
                assert!(before.deadline < after.deadline, "{id}: {:?}", step.action);
                assert!(extensions.iter().any(|event| event.proposalId == id), "{id}: {:?}", step.action);
                let quorum = step.after.past[&after.snapshot].quorum;
                let counted = |it: &Proposed| it.votes[1] + it.votes[2];
                assert!(counted(before) < quorum || before.votes.iter().sum::<U256>().is_zero(), "{:?}", step.action);
                assert!(counted(after) >= quorum, "{:?}", step.action);
                assert_eq!(after.deadline, step.after.time + step.before.settings.extension, "{:?}", step.action);
                extended += 1;
            }
        }
    }
    assert!(extended > 0);
}

#[test]
fn a_proposer_had_the_votes_before() {
    let (mut proposed, mut refused) = (0, 0);
    for step in steps() {
        let governor = step.cast.dao.governor;
        for event in step.events::<Governor::ProposalCreated>(governor) {
            assert_eq!(event.proposer, step.by, "{:?}", step.action);
            let threshold = step.before.settings.threshold;
            // Nothing moves between the step before and this one.
            let votes = step.before.accounts.get(&step.by).map_or(U256::ZERO, |holder| holder.votes);
            assert!(votes >= threshold, "{:?}", step.action);
            let start = U256::from(step.after.time) + step.before.settings.voting_delay;
            assert_eq!((event.voteStart, event.voteEnd), (start, start + step.before.settings.voting_period));
            proposed += 1;
        }
        if step.calls::<Governor::proposeCall>(governor) {
            refused += usize::from(!step.success);
        }
    }
    assert!(proposed > 0 && refused > 0, "{proposed} proposed, {refused} refused");
}

#[test]
fn only_guardian_and_proposer_cancel() {
    let (mut canceled, mut refused) = (0, 0);
    for step in steps() {
        let governor = step.cast.dao.governor;
        for event in step.events::<Governor::ProposalCanceled>(governor) {
            let before = &step.before.proposals[&event.proposalId];
            let guardian = step.before.settings.guardian;
            let pending = step.after.time <= before.snapshot;
            let proposer = step.by == before.proposer && (pending || guardian == Address::ZERO);
            assert!(step.by == guardian || proposer, "{:?}", step.action);
            canceled += 1;
        }
        if step.calls::<Governor::cancel_1Call>(governor) {
            refused += usize::from(!step.success);
        }
    }
    assert!(canceled > 0 && refused > 0, "{canceled} canceled, {refused} refused");
}
