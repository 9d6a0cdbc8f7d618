//! Beyond OpenZeppelin's: grants that end by themselves. `walk` compares them with a Solidity manager that does the same.

use alloy::primitives::{Address, LogData, U256};
use alloy::sol;
use alloy::sol_types::{SolCall, SolEvent};
use eyre::Result;
use harness::answer::Answer;

use crate::roles::{granted, revoked};
use crate::setup::{
    ADMIN, CREW, Manager, PUBLIC, SETBACK, Target, WATCH, access, can_call, grant, has, member, note, renounce, revoke,
    selector, set_admin, set_grant_delay, time,
};
use crate::twins::{CREW_DELAY, Managers, Operation, Who, lacks};

sol! {
    #[sol(all_derives)]
    interface Own {
        event GrantEndChanged(uint64 indexed roleId, address indexed account, uint48 until);
        error AccessManagerEndTooEarly(uint48 until, uint48 start);
        error AccessManagerPermanentAdmin(address account);
        function grantRoleUntil(uint64 roleId, address account, uint32 executionDelay, uint48 until) external;
        function getGrantEnd(uint64 roleId, address account) external view returns (uint48 until);
    }
}

const DELAY: u64 = CREW_DELAY as u64;

pub(crate) fn until(role: u64, account: Address, executionDelay: u32, second: u64) -> Vec<u8> {
    Own::grantRoleUntilCall { roleId: role, account, executionDelay, until: time(second) }.abi_encode()
}

fn end(role: u64, account: Address) -> Vec<u8> {
    Own::getGrantEndCall { roleId: role, account }.abi_encode()
}

fn ends(roleId: u64, account: Address, until: u64) -> LogData {
    Own::GrantEndChanged { roleId, account, until: time(until) }.encode_log_data()
}

/// Makes a call on ours alone.
pub(crate) async fn ours(twins: &Managers, who: Who, call: Vec<u8>) -> Result<Answer> {
    let receipt = {
        let (targets, calls) = (vec![twins.ours.manager], vec![call.into()]);
        let each = harness::actor::Actor::eachCall { targets, calls }.abi_encode();
        twins.sender.send(twins.actor(who), each).await?
    };
    Ok(Answer::all(&receipt, twins.actor(who)).remove(0))
}

/// The same at a second.
pub(crate) async fn ours_at(twins: &Managers, second: u64, who: Who, call: Vec<u8>) -> Result<Answer> {
    twins.set_time(second).await?;
    ours(twins, who, call).await
}

#[tokio::test]
async fn a_grant_ends_to_the_second() -> Result<()> {
    let twins = Managers::with_crew().await?;
    let stranger = twins.actor(Who::Stranger);
    let second = twins.soon().await?;
    let last = second + 5_000;
    let answer = ours_at(&twins, second, Who::Admin, until(CREW, stranger, 0, last)).await?;
    answer.logged([granted(CREW, stranger, 0, second, true), ends(CREW, stranger, last)]);
    let ask = can_call(stranger, twins.ours.target, selector::<Target::noteCall>());
    for (at, holds) in [(second, true), (last - 1, true), (last, false), (last + 1, false)] {
        ours_at(&twins, at, Who::Guardian, has(CREW, stranger)).await?.returned(member(holds, 0));
        ours_at(&twins, at, Who::Guardian, ask.clone()).await?.returned((holds, 0u32));
        let since = U256::from(if holds { second } else { 0 });
        ours_at(&twins, at, Who::Guardian, access(CREW, stranger)).await?.returned((since, 0u32, 0u32, U256::ZERO));
        ours_at(&twins, at, Who::Guardian, end(CREW, stranger)).await?.returned(U256::from(last));
    }
    // Neither through the manager nor directly.
    let operation = Operation::on_target(stranger, note(1));
    let (caller, target) = (stranger, twins.ours.target);
    let refusal = Manager::AccessManagerUnauthorizedCall { caller, target, selector: selector::<Target::noteCall>() };
    ours(&twins, Who::Stranger, operation.execute(&twins.ours)).await?.refused(refusal);
    // What it has not, it does not lose.
    ours(&twins, Who::Admin, revoke(CREW, stranger)).await?.logged([]);
    ours(&twins, Who::Stranger, renounce(CREW, stranger)).await?.logged([]);
    Ok(())
}

#[tokio::test]
async fn what_was_scheduled_in_time_is_not_executed_after_the_end() -> Result<()> {
    let twins = Managers::with_crew().await?;
    let stranger = twins.actor(Who::Stranger);
    let second = twins.soon().await?;
    let last = second + 2 * DELAY;
    ours_at(&twins, second, Who::Admin, until(CREW, stranger, CREW_DELAY, last)).await?.succeeded();
    let [first, late] = [1, 2].map(|number| Operation::on_target(stranger, note(number)));
    for operation in [&first, &late] {
        ours_at(&twins, second + 1, Who::Stranger, operation.schedule(&twins.ours, 0)).await?.succeeded();
    }
    ours_at(&twins, last - 1, Who::Stranger, first.execute(&twins.ours)).await?.returned(1u32);
    let (caller, target) = (stranger, twins.ours.target);
    let refusal = Manager::AccessManagerUnauthorizedCall { caller, target, selector: selector::<Target::noteCall>() };
    ours_at(&twins, last, Who::Stranger, late.execute(&twins.ours)).await?.refused(refusal);
    // It can still be cancelled by its caller, and executed under a new grant.
    ours_at(&twins, last + 1, Who::Admin, grant(CREW, stranger, CREW_DELAY)).await?.succeeded();
    ours_at(&twins, last + 2, Who::Stranger, late.execute(&twins.ours)).await?.returned(1u32);
    Ok(())
}

#[tokio::test]
async fn a_guardian_and_an_admin_of_a_role_end_too() -> Result<()> {
    let twins = Managers::with_crew().await?;
    let [stranger, crew] = [Who::Stranger, Who::Crew].map(|who| twins.actor(who));
    let second = twins.soon().await?;
    let last = second + 100;
    ours_at(&twins, second, Who::Admin, until(WATCH, stranger, 0, last)).await?.succeeded();
    ours_at(&twins, second, Who::Admin, set_admin(CREW, WATCH)).await?.succeeded();
    let operation = Operation::on_target(crew, note(1));
    ours_at(&twins, second, Who::Crew, operation.schedule(&twins.ours, 0)).await?.succeeded();
    ours_at(&twins, last - 1, Who::Stranger, grant(CREW, stranger, 9)).await?.succeeded();
    ours_at(&twins, last, Who::Stranger, revoke(CREW, crew)).await?.refused(lacks(stranger, WATCH));
    let refusal = Manager::AccessManagerUnauthorizedCancel {
        msgsender: stranger,
        caller: crew,
        target: twins.ours.target,
        selector: selector::<Target::noteCall>(),
    };
    ours_at(&twins, last, Who::Stranger, operation.cancel(&twins.ours)).await?.refused(refusal);
    Ok(())
}

#[tokio::test]
async fn an_end_is_moved_and_taken_away() -> Result<()> {
    let twins = Managers::with_crew().await?;
    let stranger = twins.actor(Who::Stranger);
    let second = twins.soon().await?;
    ours_at(&twins, second, Who::Admin, until(CREW, stranger, 60, second + 100)).await?.succeeded();
    // Later, and sooner: the execution delay follows its own rule meanwhile.
    let answer = ours_at(&twins, second + 10, Who::Admin, until(CREW, stranger, 60, second + 500)).await?;
    answer.logged([granted(CREW, stranger, 60, second + 10, false), ends(CREW, stranger, second + 500)]);
    let answer = ours_at(&twins, second + 20, Who::Admin, until(CREW, stranger, 0, second + 90)).await?;
    answer.logged([granted(CREW, stranger, 0, second + 80, false), ends(CREW, stranger, second + 90)]);
    // A grant without an end takes it away, before it has come.
    let answer = ours_at(&twins, second + 89, Who::Admin, grant(CREW, stranger, 0)).await?;
    answer.logged([granted(CREW, stranger, 0, second + 89, false), ends(CREW, stranger, 0)]);
    ours_at(&twins, second + 90, Who::Admin, has(CREW, stranger)).await?.returned(member(true, 0));
    ours_at(&twins, second + 90, Who::Admin, end(CREW, stranger)).await?.returned(U256::ZERO);
    // A member without an end gets one, and revoked, none is left.
    ours_at(&twins, second + 91, Who::Admin, until(CREW, stranger, 0, second + 900)).await?.succeeded();
    ours_at(&twins, second + 92, Who::Admin, revoke(CREW, stranger)).await?.logged([revoked(CREW, stranger)]);
    ours_at(&twins, second + 93, Who::Admin, end(CREW, stranger)).await?.returned(U256::ZERO);
    let answer = ours_at(&twins, second + 94, Who::Admin, grant(CREW, stranger, 0)).await?;
    answer.logged([granted(CREW, stranger, 0, second + 94, true)]);
    Ok(())
}

#[tokio::test]
async fn after_its_end_a_role_is_granted_as_if_never_held() -> Result<()> {
    let twins = Managers::with_crew().await?;
    let stranger = twins.actor(Who::Stranger);
    let second = twins.soon().await?;
    ours_at(&twins, second, Who::Admin, set_grant_delay(CREW, 300)).await?.succeeded();
    ours_at(&twins, second, Who::Admin, until(CREW, stranger, 5_000, second + 10)).await?.succeeded();
    // At the very second of its end: a new member, whose old delay counts for nothing and who waits for the grant delay.
    let later = second + SETBACK + 50;
    for (at, since) in [(second + 10, second + 10), (later, later + 300)] {
        ours_at(&twins, at, Who::Admin, revoke(CREW, stranger)).await?.succeeded();
        let answer = ours_at(&twins, at, Who::Admin, until(CREW, stranger, 0, since + 1)).await?;
        answer.logged([granted(CREW, stranger, 0, since, true), ends(CREW, stranger, since + 1)]);
        ours_at(&twins, since, Who::Admin, has(CREW, stranger)).await?.returned(member(true, 0));
        ours_at(&twins, since + 1, Who::Admin, has(CREW, stranger)).await?.returned(member(false, 0));
    }
    Ok(())
}

mod refusals {
    use super::*;

    #[tokio::test]
    async fn no_grant_ends_before_it_begins() -> Result<()> {
        let twins = Managers::with_crew().await?;
        let stranger = twins.actor(Who::Stranger);
        let second = twins.soon().await?;
        ours_at(&twins, second, Who::Admin, set_grant_delay(CREW, 300)).await?.succeeded();
        for last in [0, 1, second - 1, second] {
            let refusal = Own::AccessManagerEndTooEarly { until: time(last), start: time(second) };
            ours_at(&twins, second, Who::Admin, until(CREW, stranger, 0, last)).await?.refused(refusal);
        }
        let later = second + SETBACK;
        let refusal = Own::AccessManagerEndTooEarly { until: time(later + 300), start: time(later + 300) };
        ours_at(&twins, later, Who::Admin, until(CREW, stranger, 0, later + 300)).await?.refused(refusal);
        ours_at(&twins, later, Who::Admin, until(CREW, stranger, 0, later + 301)).await?.succeeded();
        // The latest time there is.
        ours_at(&twins, later, Who::Admin, until(CREW, stranger, 0, (1 << 48) - 1)).await?.succeeded();
        Ok(())
    }

    #[tokio::test]
    async fn only_the_admin_of_the_role_grants() -> Result<()> {
        let twins = Managers::with_crew().await?;
        let second = twins.soon().await?;
        for who in [Who::Crew, Who::Quick, Who::Guardian, Who::Stranger] {
            let call = until(CREW, twins.actor(who), 0, second + 9_999);
            ours(&twins, who, call).await?.refused(lacks(twins.actor(who), ADMIN));
        }
        let refusal = Manager::AccessManagerLockedRole { roleId: PUBLIC };
        ours(&twins, Who::Admin, until(PUBLIC, twins.actor(Who::Crew), 0, second + 9_999)).await?.refused(refusal);
        Ok(())
    }

    /// An admin without an end gets none, or nobody might be left; one that ends may end at another time.
    #[tokio::test]
    async fn the_admin_does_not_end_by_a_date() -> Result<()> {
        let twins = Managers::with_crew().await?;
        let [admin, crew] = [Who::Admin, Who::Crew].map(|who| twins.actor(who));
        let second = twins.soon().await?;
        let refusal = Own::AccessManagerPermanentAdmin { account: admin };
        ours_at(&twins, second, Who::Admin, until(ADMIN, admin, 0, second + 100)).await?.refused(refusal);
        for last in [second + 100, second + 50] {
            ours_at(&twins, second, Who::Admin, until(ADMIN, crew, 0, last)).await?.succeeded();
        }
        ours_at(&twins, second + 49, Who::Crew, grant(CREW, crew, 0)).await?.succeeded();
        ours_at(&twins, second + 50, Who::Crew, grant(CREW, crew, 0)).await?.refused(lacks(crew, ADMIN));
        Ok(())
    }

    /// An admin with a delay schedules it as it schedules grantRole, under its own calldata.
    #[tokio::test]
    async fn who_has_to_wait_schedules_it() -> Result<()> {
        let twins = Managers::with_crew().await?;
        let [crew, stranger] = [Who::Crew, Who::Stranger].map(|who| twins.actor(who));
        ours(&twins, Who::Admin, grant(ADMIN, crew, 600)).await?.succeeded();
        let second = twins.soon().await?;
        let call = until(CREW, stranger, 0, second + 700);
        let operation = Operation::on_manager(crew, call.clone());
        let id = operation.id(&twins.ours);
        let refusal = Manager::AccessManagerNotScheduled { operationId: id };
        ours_at(&twins, second, Who::Crew, call.clone()).await?.refused(refusal);
        ours_at(&twins, second, Who::Crew, operation.schedule(&twins.ours, 0)).await?.succeeded();
        // The guardians of a role's admin cancel it as they cancel a grant.
        ours_at(&twins, second, Who::Admin, operation.cancel(&twins.ours)).await?.succeeded();
        ours_at(&twins, second, Who::Crew, operation.schedule(&twins.ours, 0)).await?.succeeded();
        let answer = ours_at(&twins, second + 600, Who::Crew, call).await?;
        let (since, last) = (second + 600, second + 700);
        let executed = operation.executed(&twins.ours, 2);
        answer.logged([executed, granted(CREW, stranger, 0, since, true), ends(CREW, stranger, last)]);
        Ok(())
    }
}
