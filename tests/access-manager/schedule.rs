//! Scheduling: who may, for when, and under which number.

use alloy::primitives::{U256, aliases::U48};
use alloy::sol_types::SolCall;
use eyre::Result;

use crate::setup::{CREW, EXPIRATION, Manager, Target, grant, note, selector, set_function_role};
use crate::twins::{CREW_DELAY, Managers, Operation, Who};

const DELAY: u64 = CREW_DELAY as u64;

fn unauthorized(twins: &Managers, who: Who, selector: [u8; 4]) -> Manager::AccessManagerUnauthorizedCall {
    let (caller, target) = (twins.actor(who), twins.ours.target);
    Manager::AccessManagerUnauthorizedCall { caller, target, selector: selector.into() }
}

#[tokio::test]
async fn an_operation_waits_as_long_as_its_caller_must() -> Result<()> {
    let twins = Managers::with_crew().await?;
    let crew = twins.actor(Who::Crew);
    // Not said when, as early as may be, later, and as late as there is.
    for (number, later) in [(1, None), (2, Some(0)), (3, Some(5))] {
        let operation = Operation::on_target(crew, note(number));
        twins.expect_nonce(&operation, 0).await?;
        twins.expect_schedule(&operation, 0).await?;
        let now = twins.soon().await?;
        let due = now + DELAY + later.unwrap_or_default();
        twins.set_time(now).await?;
        let answer = twins.schedule(Who::Crew, &operation, later.map_or(0, |_| due)).await?;
        answer.logged([operation.scheduled(&twins.ours, 1, due)]);
        answer.returned((operation.id(&twins.ours), 1u32));
        twins.expect_schedule(&operation, due).await?;
        twins.expect_nonce(&operation, 1).await?;
    }
    let latest = (1 << 48) - 1;
    let operation = Operation::on_target(crew, note(4));
    twins.schedule(Who::Crew, &operation, latest).await?.logged([operation.scheduled(&twins.ours, 1, latest)]);
    Ok(())
}

#[tokio::test]
async fn a_second_too_early_is_refused() -> Result<()> {
    let twins = Managers::with_crew().await?;
    let operation = Operation::on_target(twins.actor(Who::Crew), note(1));
    let now = twins.soon().await?;
    for when in [1, now, now + DELAY - 1] {
        twins.set_time(now).await?;
        let refusal = unauthorized(&twins, Who::Crew, Target::noteCall::SELECTOR);
        twins.schedule(Who::Crew, &operation, when).await?.refused(refusal);
    }
    twins.set_time(now).await?;
    twins.schedule(Who::Crew, &operation, now + DELAY).await?.succeeded();
    Ok(())
}

/// Who may call at once has nothing to schedule, and who may not call has nothing either.
#[tokio::test]
async fn only_who_has_to_wait_schedules() -> Result<()> {
    let twins = Managers::with_crew().await?;
    for who in [Who::Quick, Who::Guardian, Who::Admin, Who::Stranger] {
        let operation = Operation::on_target(twins.actor(who), note(1));
        let refusal = unauthorized(&twins, who, Target::noteCall::SELECTOR);
        twins.schedule(who, &operation, 0).await?.refused(refusal);
    }
    // What everybody may call is immediate for all.
    let mark = selector::<Target::markCall>();
    twins.call_each(Who::Admin, |side| set_function_role(side.target, &[mark], u64::MAX)).await?.succeeded();
    let operation =
        Operation::on_target(twins.actor(Who::Stranger), Target::markCall { number: U256::ZERO }.abi_encode());
    twins.schedule(Who::Stranger, &operation, 0).await?.refused(unauthorized(&twins, Who::Stranger, *mark));
    Ok(())
}

/// Less than a selector is no call of anything: Solidity's slice has no reason to tell, and neither has ours.
#[tokio::test]
async fn a_call_without_a_selector_is_refused() -> Result<()> {
    let twins = Managers::with_crew().await?;
    for length in 0..4 {
        let operation = Operation::on_target(twins.actor(Who::Crew), vec![1; length]);
        twins.schedule(Who::Crew, &operation, 0).await?.refused_with(&[]);
        let operation = Operation::on_manager(twins.actor(Who::Crew), vec![1; length]);
        twins.schedule(Who::Crew, &operation, 0).await?.refused_with(&[]);
    }
    Ok(())
}

#[tokio::test]
async fn what_waits_is_not_scheduled_again_before_it_expires() -> Result<()> {
    let twins = Managers::with_crew().await?;
    let operation = Operation::on_target(twins.actor(Who::Crew), note(1));
    let begin = twins.soon().await?;
    twins.set_time(begin).await?;
    twins.schedule(Who::Crew, &operation, 0).await?.succeeded();
    let due = begin + DELAY;
    for at in [begin, due - 1, due, due + EXPIRATION - 1] {
        twins.set_time(at).await?;
        let refusal = Manager::AccessManagerAlreadyScheduled { operationId: operation.id(&twins.ours) };
        twins.schedule(Who::Crew, &operation, 0).await?.refused(refusal);
        twins.set_time(at).await?;
        twins.expect_schedule(&operation, due).await?;
    }
    let expired = due + EXPIRATION;
    twins.set_time(expired).await?;
    twins.expect_schedule(&operation, 0).await?;
    twins.set_time(expired).await?;
    let answer = twins.schedule(Who::Crew, &operation, 0).await?;
    answer.logged([operation.scheduled(&twins.ours, 2, expired + DELAY)]);
    twins.expect_nonce(&operation, 2).await?;
    Ok(())
}

/// The id is of caller, target and calldata: each alone makes another.
#[tokio::test]
async fn operations_are_told_apart_by_all_that_they_are() -> Result<()> {
    let twins = Managers::with_crew().await?;
    let crew = twins.actor(Who::Crew);
    let second = twins.actor(Who::Stranger);
    twins.call(Who::Admin, grant(CREW, second, CREW_DELAY)).await?.succeeded();
    let operations = [
        (Who::Crew, Operation::on_target(crew, note(1))),
        (Who::Crew, Operation::on_target(crew, note(2))),
        (Who::Crew, Operation::on_target(crew, [note(1), vec![0]].concat())),
        (Who::Stranger, Operation::on_target(second, note(1))),
    ];
    for (who, operation) in &operations {
        twins.schedule(*who, operation, 0).await?.succeeded();
        twins.expect_nonce(operation, 1).await?;
        let hash = |side: &crate::twins::Side| {
            let (caller, target, data) = (twins.actor(*who), operation.target(side), operation.data(side).into());
            Manager::hashOperationCall { caller, target, data }.abi_encode()
        };
        twins.call_each(Who::Stranger, hash).await?.returned(operation.id(&twins.ours));
    }
    Ok(())
}

/// A time of 2^48 seconds or more is no time.
#[tokio::test]
async fn a_time_beyond_all_times_is_no_time() -> Result<()> {
    let twins = Managers::with_crew().await?;
    let operation = Operation::on_target(twins.actor(Who::Crew), note(1));
    let dirty = |side: &crate::twins::Side| {
        let mut call = operation.schedule(side, 0);
        // The third word, one bit above the 48.
        call[4 + 64 + 25] = 1;
        call
    };
    twins.call_each(Who::Crew, dirty).await?.refused_with(&[]);
    assert_eq!(U48::MAX, crate::setup::time((1 << 48) - 1));
    Ok(())
}
