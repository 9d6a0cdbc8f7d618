//! consumeScheduledOp: only a contract that says it is consuming right now uses up a schedule, and only one of its own.

use alloy::primitives::{Address, Bytes};
use alloy::sol_types::SolCall;
use eyre::Result;
use harness::answer::Answer;

use crate::own::{ours, ours_at, until};
use crate::setup::{CREW, Consumer, EXPIRATION, Manager, Target, can_call, revoke, set_function_role};
use crate::twins::{CREW_DELAY, Managers, Operation, Who};

/// Any function of the consumer.
const CALL: [u8; 5] = [0xaa, 0xbb, 0xcc, 0xdd, 1];

/// The crew may call the consumer after its delay, and has scheduled it.
async fn scheduled() -> Result<(Managers, Operation, u64)> {
    let twins = Managers::with_crew().await?;
    let selector = [0xaa, 0xbb, 0xcc, 0xdd].into();
    twins.call_each(Who::Admin, |side| set_function_role(side.consumer, &[selector], CREW)).await?.succeeded();
    let operation = Operation::new(twins.actor(Who::Crew), |side| (side.consumer, CALL.to_vec()));
    let begin = twins.soon().await?;
    twins.set_time(begin).await?;
    twins.schedule(Who::Crew, &operation, 0).await?.succeeded();
    Ok((twins, operation, begin + u64::from(CREW_DELAY)))
}

/// Sets what the consumers answer.
async fn arm(twins: &Managers, data: &[u8], reverts: bool) -> Result<()> {
    let data = Bytes::copy_from_slice(data);
    let arm = Consumer::armCall { data, reverts }.abi_encode();
    twins.at(Who::Stranger as usize, |side| (side.consumer, arm.clone())).await?.succeeded();
    Ok(())
}

/// Lets the consumers consume, at a second.
async fn consume(twins: &Managers, caller: Address, second: u64) -> Result<Answer> {
    let data = Bytes::from_static(&CALL);
    twins.set_time(second).await?;
    let call = |manager| Consumer::consumeCall { manager, caller, data: data.clone() }.abi_encode();
    twins.at(Who::Stranger as usize, |side| (side.consumer, call(side.manager))).await
}

/// What isConsumingScheduledOp answers while it is.
fn magic() -> [u8; 32] {
    let mut word = [0; 32];
    word[..4].copy_from_slice(&Target::isConsumingScheduledOpCall::SELECTOR);
    word
}

#[tokio::test]
async fn a_target_that_says_so_uses_up_the_schedule() -> Result<()> {
    let (twins, operation, due) = scheduled().await?;
    let crew = twins.actor(Who::Crew);
    arm(&twins, &magic(), false).await?;
    let early = Manager::AccessManagerNotReady { operationId: operation.id(&twins.ours) };
    consume(&twins, crew, due - 1).await?.refused(early);
    consume(&twins, crew, due).await?.logged([operation.executed(&twins.ours, 1)]);
    twins.expect_schedule(&operation, 0).await?;
    let used = Manager::AccessManagerNotScheduled { operationId: operation.id(&twins.ours) };
    consume(&twins, crew, due).await?.refused(used);
    // Of another caller nothing is scheduled.
    let other = Operation::new(twins.actor(Who::Quick), |side| (side.consumer, CALL.to_vec()));
    twins.alike(&other);
    let unscheduled = Manager::AccessManagerNotScheduled { operationId: other.id(&twins.ours) };
    consume(&twins, twins.actor(Who::Quick), due).await?.refused(unscheduled);
    Ok(())
}

/// The manager does not ask whether the caller still may: that is what the target asks `canCall` for. So the schedule of
/// one who lost the role is used up where a target does not ask, on both; and of one whose grant has ended on ours.
#[tokio::test]
async fn whether_the_caller_still_may_is_for_the_target_to_ask() -> Result<()> {
    let (twins, operation, due) = scheduled().await?;
    let crew = twins.actor(Who::Crew);
    arm(&twins, &magic(), false).await?;
    twins.call(Who::Admin, revoke(CREW, crew)).await?.succeeded();
    consume(&twins, crew, due).await?.logged([operation.executed(&twins.ours, 1)]);

    let (twins, operation, due) = scheduled().await?;
    let crew = twins.actor(Who::Crew);
    arm(&twins, &magic(), false).await?;
    ours(&twins, Who::Admin, until(CREW, crew, CREW_DELAY, due)).await?.succeeded();
    let ask = can_call(crew, twins.ours.consumer, [0xaa, 0xbb, 0xcc, 0xdd].into());
    ours_at(&twins, due, Who::Stranger, ask).await?.returned((false, 0u32));
    consume(&twins, crew, due).await?.logged([operation.executed(&twins.ours, 1)]);
    Ok(())
}

#[tokio::test]
async fn too_late_is_too_late() -> Result<()> {
    for (offset, expired) in [(EXPIRATION - 1, false), (EXPIRATION, true)] {
        let (twins, operation, due) = scheduled().await?;
        arm(&twins, &magic(), false).await?;
        let answer = consume(&twins, twins.actor(Who::Crew), due + offset).await?;
        if expired {
            answer.refused(Manager::AccessManagerExpired { operationId: operation.id(&twins.ours) });
        } else {
            answer.logged([operation.executed(&twins.ours, 1)]);
        }
    }
    Ok(())
}

/// An answer that is no `bytes4`, too short, or none: refused without a reason, as Solidity's decoder refuses it. Another
/// `bytes4` is refused with one.
#[tokio::test]
async fn what_a_target_says_otherwise_is_no_leave() -> Result<()> {
    let (twins, _, due) = scheduled().await?;
    let crew = twins.actor(Who::Crew);
    let mut other = magic();
    other[3] ^= 1;
    for word in [[0; 32], other] {
        arm(&twins, &word, false).await?;
        let refusal = Manager::AccessManagerUnauthorizedConsume { target: twins.ours.consumer };
        consume(&twins, crew, due).await?.refused(refusal);
    }
    let mut dirty = magic();
    dirty[31] = 1;
    let magic = magic();
    for answer in [&dirty[..], &magic[..31], &magic[..4], &[]] {
        arm(&twins, answer, false).await?;
        consume(&twins, crew, due).await?.refused_with(&[]);
    }
    for reason in [&[][..], &[1, 2, 3], &magic] {
        arm(&twins, reason, true).await?;
        consume(&twins, crew, due).await?.refused_with(reason);
    }
    // More than a word is read as its first.
    arm(&twins, &[&magic[..], &[9; 300]].concat(), false).await?;
    consume(&twins, crew, due).await?.succeeded();
    Ok(())
}

/// A caller that has no such function, and one without code.
#[tokio::test]
async fn who_is_no_target_is_refused_without_a_reason() -> Result<()> {
    let (twins, _, _) = scheduled().await?;
    let data = Bytes::from_static(&CALL);
    let call = Manager::consumeScheduledOpCall { caller: twins.actor(Who::Crew), data }.abi_encode();
    twins.call(Who::Crew, call.clone()).await?.refused_with(&[]);
    for side in [twins.ours, twins.peer] {
        assert!(!twins.sender.send(side.manager, call.clone()).await?.status());
    }
    // A managed target says no while it is not consuming.
    let refusal = Manager::AccessManagerUnauthorizedConsume { target: twins.ours.target };
    let relay =
        |side: &crate::twins::Side| Target::relayCall { to: side.manager, data: call.clone().into() }.abi_encode();
    twins.on_target(Who::Crew, relay).await?.refused(refusal);
    Ok(())
}
