//! Roles: OpenZeppelin's `fv/specs/AccessControl.spec`, for the timelock.

use std::collections::BTreeSet;

use alloy::primitives::{Address, B256};
use alloy::sol_types::SolCall;
use consilium_bindings::Timelock;

use crate::trace::{Step, steps};

/// The pairs of role and account that changed, and whether each is held now.
fn changes(step: &Step) -> Vec<(B256, Address, bool)> {
    let pairs = step.before.roles.symmetric_difference(&step.after.roles);
    pairs.map(|pair| (pair.0, pair.1, step.after.roles.contains(pair))).collect()
}

/// The functions of the timelock that ran: called directly, or by an operation on itself.
fn ran(step: &Step) -> Vec<Vec<u8>> {
    let timelock = step.cast.dao.timelock;
    let executed = step.events::<Timelock::CallExecuted>(timelock).into_iter();
    let mut calls: Vec<Vec<u8>> =
        executed.filter(|call| call.target == timelock).map(|call| call.data.to_vec()).collect();
    if step.to == timelock && step.success {
        calls.push(step.input.clone());
    }
    calls
}

#[test]
fn roles_change_by_grant_revoke_and_renounce_alone() {
    let (mut gained, mut lost) = (0, 0);
    for step in steps() {
        for (role, account, held) in changes(step) {
            let found = ran(step).into_iter().any(|call| {
                let is = |selector: [u8; 4]| call.starts_with(&selector);
                let names = call.len() == 68 && call[4..36] == role.0 && call[48..] == account.0[..];
                names
                    && if held {
                        is(Timelock::grantRoleCall::SELECTOR)
                    } else {
                        is(Timelock::revokeRoleCall::SELECTOR) || is(Timelock::renounceRoleCall::SELECTOR)
                    }
            });
            assert!(found, "{role} of {account}: {:?}", step.action);
            *if held { &mut gained } else { &mut lost } += 1;
        }
    }
    assert!(gained > 0 && lost > 0, "{gained} gained, {lost} lost");
}

#[test]
fn roles_are_given_by_their_admin_alone() {
    let (mut granted, mut renounced, mut refused) = (0, 0, 0);
    for step in steps() {
        let timelock = step.cast.dao.timelock;
        for event in step.events::<Timelock::RoleGranted>(timelock) {
            assert!(step.before.roles.contains(&(B256::ZERO, event.sender)), "{:?}", step.action);
            granted += 1;
        }
        for event in step.events::<Timelock::RoleRevoked>(timelock) {
            let admin = step.before.roles.contains(&(B256::ZERO, event.sender));
            assert!(admin || event.sender == event.account, "{:?}", step.action);
            renounced += usize::from(!admin);
        }
        let direct =
            step.calls::<Timelock::grantRoleCall>(timelock) || step.calls::<Timelock::revokeRoleCall>(timelock);
        if direct {
            assert!(!step.success, "nobody who acts here is an admin: {:?}", step.action);
            refused += 1;
        }
    }
    assert!(granted > 0 && renounced > 0 && refused > 0, "{granted}, {renounced}, {refused}");
}

#[test]
fn a_role_change_touches_one_pair() {
    let mut changed = 0;
    for step in steps() {
        let timelock = step.cast.dao.timelock;
        let granted = step.events::<Timelock::RoleGranted>(timelock).into_iter().map(|it| (it.role, it.account, true));
        let revoked = step.events::<Timelock::RoleRevoked>(timelock).into_iter().map(|it| (it.role, it.account, false));
        // One call of the walk changes one role at most, and says so.
        let told: BTreeSet<_> = granted.chain(revoked).collect();
        assert!(told.len() <= 1, "{:?}", step.action);
        assert_eq!(told, changes(step).into_iter().collect(), "{:?}", step.action);
        changed += told.len();
    }
    assert!(changed > 0);
}

#[test]
fn the_timelock_stays_its_only_admin() {
    for step in steps() {
        let admins: Vec<_> = step.after.roles.iter().filter(|(role, _)| role.is_zero()).collect();
        assert_eq!(admins, [&(B256::ZERO, step.cast.dao.timelock)], "{:?}", step.action);
    }
}
