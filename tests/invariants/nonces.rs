//! Nonces: OpenZeppelin's `fv/specs/Nonces.spec`, for those of the token and those of the governor.

use std::collections::BTreeSet;

use alloy::primitives::U256;
use consilium_bindings::{Governor, VotingToken};

use crate::actions::{Action, Flaw};
use crate::trace::{Step, steps};
use crate::view::Holder;

/// Both counters of an account.
fn counters(holder: &Holder) -> [U256; 2] {
    [holder.nonce, holder.ballots]
}

#[test]
fn a_nonce_only_increments() {
    let mut used = 0;
    for step in steps() {
        for (account, after) in &step.after.accounts {
            for (before, after) in counters(&step.before.accounts[account]).into_iter().zip(counters(after)) {
                assert!(after == before || after == before + U256::ONE, "{:?}", step.action);
                used += usize::from(after != before);
            }
        }
    }
    assert!(used > 0);
}

#[test]
fn a_nonce_is_used_by_its_owners_signature_alone() {
    let mut used = [0, 0];
    for step in steps() {
        for (account, after) in &step.after.accounts {
            let (before, after) = (counters(&step.before.accounts[account]), counters(after));
            let brought = |step: &Step| {
                [
                    step.calls::<VotingToken::delegateBySigCall>(step.cast.dao.token)
                        || step.calls::<VotingToken::permitCall>(step.cast.dao.token),
                    step.calls::<Governor::castVoteBySigCall>(step.cast.dao.governor),
                ]
            };
            for kind in [0, 1] {
                if before[kind] != after[kind] {
                    assert!(brought(step)[kind] && step.success, "{:?}", step.action);
                    assert_eq!(step.signer, Some(*account), "{:?}", step.action);
                    used[kind] += 1;
                }
            }
        }
    }
    assert!(used.iter().all(|count| *count > 0), "{used:?}");
}

#[test]
fn a_signature_needs_the_next_nonce() {
    let (mut accepted, mut ahead_of_time) = (0, 0);
    for step in steps() {
        let ahead = match step.action {
            Action::DelegateBySig { ahead, .. } | Action::Ballot { ahead, .. } => ahead,
            Action::Permit { flaw, .. } => u64::from(flaw == Flaw::Ahead),
            _ => continue,
        };
        if step.success && step.signer.is_some() {
            assert_eq!(ahead, 0, "{:?}", step.action);
            accepted += 1;
        } else if ahead > 0 {
            ahead_of_time += 1;
        }
    }
    assert!(accepted > 0 && ahead_of_time > 0, "{accepted} accepted, {ahead_of_time} ahead of time");
}

#[test]
fn a_permit_is_taken_from_its_owner_in_time_and_once() {
    let (mut taken, mut refused) = (0, BTreeSet::new());
    for step in steps().filter(|step| step.calls::<VotingToken::permitCall>(step.cast.dao.token)) {
        let Action::Permit { flaw, .. } = step.action else { panic!("only permits call it: {:?}", step.action) };
        assert_eq!(step.success, flaw == Flaw::None, "{:?}", step.action);
        taken += usize::from(step.success);
        refused.extend((!step.success).then_some(flaw));
    }
    assert!(taken > 0 && refused.len() == 4, "{taken} taken, refused: {refused:?}");
}
