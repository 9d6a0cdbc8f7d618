//! The governor's settings and its timelock, and what it does in its own name: by executed proposals alone.

use alloy::primitives::U256;
use alloy::sol_types::SolCall;
use consilium_bindings::{Governor, Timelock, VotingToken};
use harness::dao::State;

use crate::governor::{proposals, state};
use crate::trace::{Step, steps};
use crate::view::{Settings, View};

#[test]
fn only_the_executor_changes_settings() {
    let (mut changed, mut refused) = (0, 0);
    for step in steps() {
        let governor = step.cast.dao.governor;
        // The delay is the timelock's own.
        let of = |settings: &Settings| Settings { min_delay: U256::ZERO, ..settings.clone() };
        let executed = step.events::<Timelock::CallExecuted>(step.cast.dao.timelock);
        if of(&step.before.settings) != of(&step.after.settings) {
            assert!(executed.iter().any(|call| call.target == governor), "{:?}", step.action);
            assert_eq!(step.events::<Governor::ProposalExecuted>(governor).len(), 1, "{:?}", step.action);
            changed += 1;
        }
        let setters = [
            Governor::setVotingDelayCall::SELECTOR,
            Governor::setVotingPeriodCall::SELECTOR,
            Governor::setProposalThresholdCall::SELECTOR,
            Governor::setLateQuorumVoteExtensionCall::SELECTOR,
            Governor::setProposalGuardianCall::SELECTOR,
            Governor::updateQuorumNumeratorCall::SELECTOR,
            Governor::updateSuperQuorumNumeratorCall::SELECTOR,
            Governor::updateTimelockCall::SELECTOR,
        ];
        if step.to == governor && setters.iter().any(|setter| step.input.starts_with(setter)) {
            assert!(!step.success, "{:?}", step.action);
            refused += 1;
        }
    }
    assert!(changed > 0 && refused > 0, "{changed} changed, {refused} refused");
}

#[test]
fn settings_stay_within_their_bounds() {
    for step in steps() {
        let it = &step.after.settings;
        assert!(!it.voting_period.is_zero(), "{:?}", step.action);
        assert!(it.quorum <= it.super_quorum && it.super_quorum <= U256::from(100), "{:?}", step.action);
    }
}

#[test]
fn the_timelock_changes_by_the_old_ones_execution_alone() {
    let (mut moved, mut after) = (0, 0);
    for step in steps() {
        let (governor, [first, second]) = (step.cast.dao.governor, step.cast.timelocks);
        let (from, to) = (step.before.settings.timelock, step.after.settings.timelock);
        assert_eq!(from, step.cast.dao.timelock, "the rules are asked of the governor's timelock");
        if from != to {
            assert_eq!([from, to], [first, second], "{:?}", step.action);
            let update = Governor::updateTimelockCall { newTimelock: to }.abi_encode();
            let executed = step.events::<Timelock::CallExecuted>(from);
            assert!(
                executed.iter().any(|call| call.target == governor && call.data[..] == update),
                "{:?}",
                step.action
            );
            // What waits in the old one is no longer the governor's to execute.
            for (id, before, after) in proposals(step) {
                let expected = if state(before) == State::Queued && !executed_by(step, id) {
                    State::Canceled
                } else {
                    state(after)
                };
                assert_eq!(state(after), expected, "{id}: {:?}", step.action);
            }
            moved += 1;
        }
        let executed = step.events::<Governor::ProposalExecuted>(governor).len();
        after += if from == second { executed } else { 0 };
    }
    assert!(moved > 0 && after > 0, "{moved} moved, {after} executed after it");
}

fn executed_by(step: &Step, id: U256) -> bool {
    step.events::<Governor::ProposalExecuted>(step.cast.dao.governor).iter().any(|event| event.proposalId == id)
}

#[test]
fn the_governor_acts_by_an_executed_relay_alone() {
    let (mut relayed, mut refused) = (0, 0);
    for step in steps() {
        let (governor, timelock) = (step.cast.dao.governor, step.cast.dao.timelock);
        let delegatee = |view: &View| view.accounts[&governor].delegatee;
        if delegatee(&step.before) != delegatee(&step.after) {
            let delegate = VotingToken::delegateCall { delegatee: delegatee(&step.after) }.abi_encode();
            let (target, value, data) = (step.cast.dao.token, U256::ZERO, delegate.into());
            let relay = Governor::relayCall { target, value, data }.abi_encode();
            let executed = step.events::<Timelock::CallExecuted>(timelock);
            assert!(executed.iter().any(|call| call.target == governor && call.data[..] == relay), "{:?}", step.action);
            relayed += 1;
        }
        if step.calls::<Governor::relayCall>(governor) {
            assert!(!step.success, "{:?}", step.action);
            refused += 1;
        }
    }
    assert!(relayed > 0 && refused > 0, "{relayed} relayed, {refused} refused");
}
