//! Targets that mean harm: they use up gas, call back, and return more than anybody asked for.

use alloy::primitives::{Bytes, U256};
use alloy::sol;
use alloy::sol_types::{SolCall, SolError, SolEvent};
use eyre::Result;
use harness::actor::Actor;
use harness::answer::Answer;

use crate::setup::{ADMIN, CREW, Manager, Target, can_call, grant, has, member, note, selector, set_function_role};
use crate::twins::{CREW_DELAY, Managers, Operation, Side, Who};

sol! {
    interface Reenterer {
        event Reentered(bool success, bytes data);
        function arm(address to, bytes data) external;
    }
}

/// What the reenterer is called with.
const GO: [u8; 4] = *b"go!!";

/// A call that anybody can let the target make of its manager.
fn relay(side: &Side, call: Vec<u8>) -> Vec<u8> {
    Target::relayCall { to: side.manager, data: call.into() }.abi_encode()
}

/// What was answered from within.
fn within(answer: &Answer) -> (bool, Bytes) {
    let Reenterer::Reentered { success, data } = answer.event();
    (success, data)
}

/// The target may call the reenterer after a delay, has scheduled it, and may do so now. The reenterer lets it make `call`
/// of its manager from within.
async fn due(call: impl Fn(&Operation, &Side) -> Vec<u8>) -> Result<(Managers, Operation)> {
    let twins = Managers::with_crew().await?;
    twins.call_each(Who::Admin, |side| set_function_role(side.reenterer, &[GO.into()], CREW)).await?.succeeded();
    twins.call_each(Who::Admin, |side| grant(CREW, side.target, CREW_DELAY)).await?.succeeded();
    let operation = Operation::by_target(|side| (side.reenterer, GO.to_vec()));
    twins.alike(&operation);
    twins.on_target(Who::Stranger, |side| relay(side, operation.schedule(side, 0))).await?.succeeded();
    twins.pass(u64::from(CREW_DELAY)).await?;
    let arm = |side: &Side| {
        let data = relay(side, call(&operation, side)).into();
        Reenterer::armCall { to: side.target, data }.abi_encode()
    };
    twins.at(Who::Stranger as usize, |side| (side.reenterer, arm(side))).await?.succeeded();
    Ok((twins, operation))
}

/// The same operation is neither executed nor cancelled while it runs: its schedule is used up before the call is made.
#[tokio::test]
async fn an_operation_is_used_up_before_its_call() -> Result<()> {
    for call in [Operation::execute, Operation::cancel] {
        let (twins, operation) = due(call).await?;
        let answer = twins.on_target(Who::Stranger, |side| relay(side, operation.execute(side))).await?;
        let unscheduled = Manager::AccessManagerNotScheduled { operationId: operation.id(&twins.ours) };
        assert_eq!(within(&answer), (false, unscheduled.abi_encode().into()));
        assert_eq!(answer.logs.first().map(|log| &log.data), Some(&operation.executed(&twins.ours, 1)));
        twins.expect_schedule(&operation, 0).await?;
        twins.expect_nonce(&operation, 1).await?;
    }
    Ok(())
}

/// Scheduled again from within, it is another operation, which waits for itself.
#[tokio::test]
async fn an_operation_that_schedules_itself_again_waits_again() -> Result<()> {
    let (twins, operation) = due(|operation, side| operation.schedule(side, 0)).await?;
    let second = twins.soon().await?;
    twins.set_time(second).await?;
    let answer = twins.on_target(Who::Stranger, |side| relay(side, operation.execute(side))).await?;
    assert!(within(&answer).0);
    twins.expect_schedule(&operation, second + u64::from(CREW_DELAY)).await?;
    twins.expect_nonce(&operation, 2).await?;
    let early = Manager::AccessManagerNotReady { operationId: operation.id(&twins.ours) };
    twins.on_target(Who::Stranger, |side| relay(side, operation.execute(side))).await?.refused(early);
    Ok(())
}

/// A target uses up schedules while it asks for leave, and not from within the call that it gave leave to.
#[tokio::test]
async fn a_target_consumes_nothing_from_within() -> Result<()> {
    let twins = Managers::with_crew().await?;
    let crew = twins.actor(Who::Crew);
    let other = Operation::on_target(crew, note(9));
    let call = move |side: &Side| {
        let data = Manager::consumeScheduledOpCall { caller: crew, data: note(9).into() }.abi_encode().into();
        Target::reenterCall { to: side.manager, data }.abi_encode()
    };
    let operation = Operation::new(crew, move |side| (side.target, call(side)));
    for operation in [&other, &operation] {
        twins.schedule(Who::Crew, operation, 0).await?.succeeded();
    }
    twins.pass(u64::from(CREW_DELAY)).await?;
    let answer = twins.on_target(Who::Crew, |side| operation.data(side)).await?;
    let refusal = Manager::AccessManagerUnauthorizedConsume { target: twins.ours.target };
    let reentered = Target::Reentered { success: false, data: refusal.abi_encode().into() }.encode_log_data();
    answer.logged([operation.executed(&twins.ours, 1), reentered]);
    twins.execute(Who::Crew, &other).await?.returned(1u32);
    Ok(())
}

/// From within an execution another may be made; afterwards the outer one is what runs again.
#[tokio::test]
async fn executions_within_executions_end_as_they_began() -> Result<()> {
    let twins = Managers::with_crew().await?;
    // The target may execute by itself, as a member.
    twins.call_each(Who::Admin, |side| grant(CREW, side.target, 0)).await?.succeeded();
    let inner = |side: &Side| Manager::executeCall { target: side.target, data: note(5).into() }.abi_encode();
    let operation = Operation::new(twins.actor(Who::Quick), move |side| {
        let call = Target::reenterCall { to: side.manager, data: inner(side).into() };
        (side.target, call.abi_encode())
    });
    let answer = twins.execute(Who::Quick, &operation).await?;
    let caller = twins.ours.manager;
    let noted = Target::Noted { caller, number: U256::from(5), value: U256::ZERO }.encode_log_data();
    let data = alloy::sol_types::SolValue::abi_encode(&0u32).into();
    answer.logged([noted, Target::Reentered { success: true, data }.encode_log_data()]);
    // Nothing runs any more: the manager itself may call nothing.
    let ask = |side: &Side| can_call(side.manager, side.target, selector::<Target::noteCall>());
    twins.call_each(Who::Stranger, ask).await?.returned((false, 0u32));
    Ok(())
}

/// While an execution runs, the manager may make just that call, and says so.
#[tokio::test]
async fn only_what_is_executed_is_allowed_meanwhile() -> Result<()> {
    let twins = Managers::with_crew().await?;
    let quick = twins.actor(Who::Quick);
    for (function, allowed) in [(selector::<Target::reenterCall>(), true), (selector::<Target::noteCall>(), false)] {
        let operation = Operation::new(quick, move |side| {
            let data = can_call(side.manager, side.target, function).into();
            (side.target, Target::reenterCall { to: side.manager, data }.abi_encode())
        });
        let answer = twins.execute(Who::Quick, &operation).await?;
        let data = alloy::sol_types::SolValue::abi_encode(&(allowed, 0u32)).into();
        answer.logged([Target::Reentered { success: true, data }.encode_log_data()]);
    }
    Ok(())
}

/// A target that changes the roles from within, as an admin, changes nothing about the call that runs.
#[tokio::test]
async fn a_target_that_is_an_admin_may_close_itself() -> Result<()> {
    let twins = Managers::with_crew().await?;
    twins.call_each(Who::Admin, |side| grant(ADMIN, side.target, 0)).await?.succeeded();
    let operation = Operation::new(twins.actor(Who::Quick), |side| {
        let data = crate::setup::close(side.target, true).into();
        (side.target, Target::reenterCall { to: side.manager, data }.abi_encode())
    });
    twins.execute(Who::Quick, &operation).await?.succeeded();
    let again = Operation::on_target(twins.actor(Who::Quick), note(1));
    let (caller, target) = (twins.actor(Who::Quick), twins.ours.target);
    let refusal = Manager::AccessManagerUnauthorizedCall { caller, target, selector: selector::<Target::noteCall>() };
    twins.execute(Who::Quick, &again).await?.refused(refusal);
    Ok(())
}

/// What a target returns is dropped, however much it is.
#[tokio::test]
async fn huge_answers_are_dropped() -> Result<()> {
    let twins = Managers::with_crew().await?;
    for length in [0, 1, 100_000] {
        let call = Target::hugeCall { length: U256::from(length) }.abi_encode();
        let operation = Operation::on_target(twins.actor(Who::Quick), call);
        twins.execute(Who::Quick, &operation).await?.returned(0u32);
    }
    // As a reason it is passed on whole.
    let reason = Bytes::from(vec![7; 20_000]);
    let call = Target::failCall { reason: reason.clone() }.abi_encode();
    let operation = Operation::on_target(twins.actor(Who::Quick), call);
    twins.execute(Who::Quick, &operation).await?.refused_with(&reason);
    Ok(())
}

/// A target that uses up its gas fails the execution with a reason, and the schedule is as before.
#[tokio::test]
async fn a_target_that_burns_its_gas_fails_alone() -> Result<()> {
    let twins = Managers::with_crew().await?;
    let operation = Operation::on_target(twins.actor(Who::Crew), Target::burnCall {}.abi_encode());
    let begin = twins.soon().await?;
    twins.set_time(begin).await?;
    twins.schedule(Who::Crew, &operation, 0).await?.succeeded();
    let due = begin + u64::from(CREW_DELAY);
    for (index, side) in [twins.ours, twins.peer].into_iter().enumerate() {
        let data = operation.execute(&side).into();
        let (target, value, allowance) = (side.manager, U256::ZERO, U256::from(5_000_000));
        let spare = Actor::spareCall { target, value, data, allowance }.abi_encode();
        twins.set_time(due + index as u64).await?;
        let receipt = twins.sender.send(twins.actor(Who::Crew), spare).await?;
        let answers = Answer::all(&receipt, twins.actor(Who::Crew));
        answers.last().expect("an answer").refused(Manager::FailedCall {});
    }
    twins.expect_schedule(&operation, due).await?;
    twins.cancel(Who::Guardian, &operation).await?.succeeded();
    Ok(())
}

/// What a manager is asked while it is starved is no answer: the question fails, and is not taken for a no that lasts.
#[tokio::test]
async fn roles_are_what_they_were_after_failures() -> Result<()> {
    let twins = Managers::with_crew().await?;
    let quick = twins.actor(Who::Quick);
    let operation = Operation::on_target(quick, Target::failCall { reason: Bytes::new() }.abi_encode());
    twins.execute(Who::Quick, &operation).await?.refused(Manager::FailedCall {});
    let ask = |side: &Side| can_call(side.manager, side.target, selector::<Target::failCall>());
    twins.call_each(Who::Stranger, ask).await?.returned((false, 0u32));
    twins.call(Who::Stranger, has(CREW, quick)).await?.returned(member(true, 0));
    Ok(())
}
