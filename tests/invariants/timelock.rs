//! The timelock: OpenZeppelin's `fv/specs/TimelockController.spec`, for single operations and for the batches of proposals,
//! which the prover there leaves out.

use alloy::primitives::{Address, B256, U256};
use alloy::sol_types::{SolCall, SolValue};
use consilium_bindings::Timelock;

use crate::cast::role;
use crate::trace::{Step, steps};
use crate::view::Operation;

/// The state as the accessors answer it: 0 unset, 1 pending, 2 done.
fn state(operation: &Operation) -> u8 {
    match (operation.pending, operation.done) {
        (false, false) => 0,
        (true, false) => 1,
        (_, true) => 2,
    }
}

/// Each operation that was looked at before and after; one that is new was unset before.
fn moves(step: &Step) -> impl Iterator<Item = (B256, Operation, Operation)> + '_ {
    step.after.operations.iter().map(|(id, after)| {
        let before = step.before.operations.get(id).cloned();
        (*id, before.unwrap_or_else(|| earlier(step, *id)), after.clone())
    })
}

/// What an operation was that came into sight by this step: all that is looked at for the first time is new.
fn earlier(step: &Step, id: B256) -> Operation {
    let scheduled = step.events::<Timelock::CallScheduled>(step.cast.dao.timelock);
    let unset = scheduled.iter().any(|event| event.id == id) || step.after.operations[&id].timestamp.is_zero();
    assert!(unset, "{id} was there before it was scheduled: {:?}", step.action);
    Operation::default()
}

/// Who called the timelock's own function: the sender, or the governor on somebody's behalf.
fn caller(step: &Step) -> Address {
    if step.to == step.cast.dao.governor { step.to } else { step.by }
}

#[test]
fn an_operation_is_unset_pending_or_done() {
    let mut found = [0; 4];
    for step in steps() {
        for it in step.after.operations.values() {
            let (time, now) = (it.timestamp, U256::from(step.after.time));
            assert_eq!(it.known, !time.is_zero());
            assert_eq!(it.done, time == U256::ONE);
            assert_eq!(it.pending, time > U256::ONE);
            assert_eq!(it.ready, it.pending && time <= now);
            let expected = if it.done { 3 } else { u8::from(it.pending) + u8::from(it.ready) };
            assert_eq!(it.state, expected, "{:?}", step.action);
            found[usize::from(it.state)] += 1;
        }
    }
    assert!(found.iter().all(|count| *count > 0), "{found:?}");
}

#[test]
fn an_operation_moves_by_its_functions_alone() {
    let mut found = [0; 3];
    for step in steps() {
        let timelock = step.cast.dao.timelock;
        let scheduled = step.events::<Timelock::CallScheduled>(timelock);
        let executed = step.events::<Timelock::CallExecuted>(timelock);
        let cancelled = step.events::<Timelock::Cancelled>(timelock);
        for (id, before, after) in moves(step) {
            match (state(&before), state(&after)) {
                (0, 0) | (1, 1) | (2, 2) => {}
                (0, 1) => {
                    assert!(scheduled.iter().any(|event| event.id == id), "{:?}", step.action);
                    found[0] += 1;
                }
                (1, 2) => {
                    assert!(executed.iter().any(|event| event.id == id), "{:?}", step.action);
                    found[1] += 1;
                }
                (1, 0) => {
                    assert!(cancelled.iter().any(|event| event.id == id), "{:?}", step.action);
                    found[2] += 1;
                }
                other => panic!("{id} went {other:?}: {:?}", step.action),
            }
        }
    }
    assert!(found.iter().all(|count| *count > 0), "{found:?}");
}

#[test]
fn done_is_final() {
    let mut later = 0;
    for step in steps() {
        for (_, before, after) in moves(step) {
            if before.done {
                assert!(after.done, "{:?}", step.action);
                later += 1;
            }
        }
    }
    assert!(later > 0);
}

#[test]
fn an_operation_leaves_the_others_alone() {
    for step in steps() {
        let changed = moves(step).filter(|(_, before, after)| before.timestamp != after.timestamp).count();
        assert!(changed <= 1, "{changed} operations moved: {:?}", step.action);
    }
}

#[test]
fn scheduling_needs_role_and_delay() {
    let (mut done, mut refused) = (0, 0);
    for step in steps() {
        let timelock = step.cast.dao.timelock;
        let proposer = step.before.roles.contains(&(role(1), caller(step)));
        for event in step.events::<Timelock::CallScheduled>(timelock) {
            assert!(proposer, "{:?}", step.action);
            assert!(event.delay >= step.before.settings.min_delay, "{:?}", step.action);
            let expected = U256::from(step.after.time) + event.delay;
            assert_eq!(step.after.operations[&event.id].timestamp, expected, "{:?}", step.action);
            done += 1;
        }
        if step.calls::<Timelock::scheduleCall>(timelock) {
            let call = Timelock::scheduleCall::abi_decode(&step.input).expect("the walk's own call");
            // Every salt is new, so the operation is unset.
            let may = proposer && call.delay >= step.before.settings.min_delay;
            assert_eq!(step.success, may, "{:?}", step.action);
            refused += usize::from(!may);
        }
    }
    assert!(done > 0 && refused > 0, "{done} done, {refused} refused");
}

#[test]
fn executing_needs_role_readiness_and_predecessor() {
    let (mut done, mut refused, mut dependent) = (0, 0, 0);
    for step in steps() {
        let timelock = step.cast.dao.timelock;
        let may = |account| step.before.roles.contains(&(role(2), account));
        for event in step.events::<Timelock::CallExecuted>(timelock) {
            assert!(may(caller(step)) || may(Address::ZERO), "{:?}", step.action);
            assert!(step.after.operations[&event.id].done, "{:?}", step.action);
            let due = step.before.operations[&event.id].timestamp;
            assert!(due > U256::ONE && due <= U256::from(step.after.time), "{:?}", step.action);
            done += 1;
        }
        if step.calls::<Timelock::executeCall>(timelock) {
            refused += usize::from(!step.success);
            let call = Timelock::executeCall::abi_decode(&step.input).expect("the walk's own call");
            if step.success && !call.predecessor.is_zero() {
                assert!(
                    step.before.operations.get(&call.predecessor).is_none_or(|predecessor| predecessor.done),
                    "{:?}",
                    step.action
                );
                dependent += 1;
            }
        }
    }
    assert!(done > 0 && refused > 0 && dependent > 0, "{done} done, {refused} refused, {dependent} dependent");
}

#[test]
fn cancelling_needs_role_and_a_pending_operation() {
    let (mut done, mut refused) = (0, 0);
    for step in steps() {
        let timelock = step.cast.dao.timelock;
        let canceller = step.before.roles.contains(&(role(3), caller(step)));
        for event in step.events::<Timelock::Cancelled>(timelock) {
            assert!(canceller && step.before.operations[&event.id].pending, "{:?}", step.action);
            done += 1;
        }
        if step.calls::<Timelock::cancelCall>(timelock) {
            let id = B256::abi_decode(&step.input[4..]).expect("the walk's own call");
            let pending = step.before.operations.get(&id).is_some_and(|operation| operation.pending);
            assert_eq!(step.success, canceller && pending, "{:?}", step.action);
            refused += usize::from(!step.success);
        }
    }
    assert!(done > 0 && refused > 0, "{done} done, {refused} refused");
}

#[test]
fn the_delay_changes_by_an_executed_operation_alone() {
    let (mut changed, mut refused) = (0, 0);
    for step in steps() {
        let timelock = step.cast.dao.timelock;
        if step.before.settings.min_delay != step.after.settings.min_delay {
            let executed = step.events::<Timelock::CallExecuted>(timelock);
            let update = Timelock::updateDelayCall { newDelay: step.after.settings.min_delay }.abi_encode();
            let found = executed.iter().any(|call| call.target == timelock && call.data[..] == update);
            assert!(found, "{:?}", step.action);
            changed += 1;
        }
        if step.calls::<Timelock::updateDelayCall>(timelock) {
            assert!(!step.success, "{:?}", step.action);
            refused += 1;
        }
    }
    assert!(changed > 0 && refused > 0, "{changed} changed, {refused} refused");
}

#[test]
fn the_treasury_pays_by_an_executed_operation_alone() {
    let mut paid = U256::ZERO;
    for step in steps() {
        if step.before.ether == step.after.ether {
            continue;
        }
        let executed = step.events::<Timelock::CallExecuted>(step.cast.dao.timelock);
        let sent: U256 = executed.iter().map(|call| call.value).sum();
        assert_eq!(step.before.ether - step.after.ether, sent, "{:?}", step.action);
        paid += sent;
    }
    assert!(!paid.is_zero());
}
