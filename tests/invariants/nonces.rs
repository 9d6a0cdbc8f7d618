//! Nonces: OpenZeppelin's `fv/specs/Nonces.spec`, for those of the token and those of the governor.

use alloy::primitives::U256;
use consilium_bindings::{Governor, VotingToken};

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
                    step.calls::<VotingToken::delegateBySigCall>(step.cast.dao.token),
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
            crate::actions::Action::DelegateBySig { ahead, .. } | crate::actions::Action::Ballot { ahead, .. } => ahead,
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
