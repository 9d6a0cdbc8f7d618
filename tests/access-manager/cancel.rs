//! Cancelling: by who scheduled, by the role's guardians, by admins, and by a role's admin what concerns that role.

use eyre::Result;

use crate::setup::{
    ADMIN, CREW, EXPIRATION, Manager, Target, WATCH, grant, note, selector, set_admin, set_function_role, set_guardian,
};
use crate::twins::{CREW_DELAY, Managers, Operation, Who};

fn refusal(twins: &Managers, who: Who, operation: &Operation) -> Manager::AccessManagerUnauthorizedCancel {
    let data = operation.data(&twins.ours);
    Manager::AccessManagerUnauthorizedCancel {
        msgsender: twins.actor(who),
        caller: twins.actor(Who::Crew),
        target: operation.target(&twins.ours),
        selector: [data[0], data[1], data[2], data[3]].into(),
    }
}

#[tokio::test]
async fn the_caller_a_guardian_and_an_admin_cancel() -> Result<()> {
    let twins = Managers::with_crew().await?;
    let operation = Operation::on_target(twins.actor(Who::Crew), note(1));
    for (index, who) in [Who::Crew, Who::Guardian, Who::Admin].into_iter().enumerate() {
        let nonce = index as u32 + 1;
        twins.schedule(Who::Crew, &operation, 0).await?.succeeded();
        for stranger in [Who::Quick, Who::Stranger] {
            twins.cancel(stranger, &operation).await?.refused(refusal(&twins, stranger, &operation));
        }
        let answer = twins.cancel(who, &operation).await?;
        answer.logged([operation.canceled(&twins.ours, nonce)]);
        answer.returned(nonce);
        twins.expect_schedule(&operation, 0).await?;
        twins.expect_nonce(&operation, nonce).await?;
    }
    Ok(())
}

#[tokio::test]
async fn what_is_not_scheduled_is_not_cancelled() -> Result<()> {
    let twins = Managers::with_crew().await?;
    let operation = Operation::on_target(twins.actor(Who::Crew), note(1));
    twins.alike(&operation);
    let unscheduled = || Manager::AccessManagerNotScheduled { operationId: operation.id(&twins.ours) };
    // Whoever asks is told so first.
    for who in [Who::Crew, Who::Guardian, Who::Admin, Who::Stranger] {
        twins.cancel(who, &operation).await?.refused(unscheduled());
    }
    twins.schedule(Who::Crew, &operation, 0).await?.succeeded();
    twins.pass(u64::from(CREW_DELAY)).await?;
    twins.execute(Who::Crew, &operation).await?.succeeded();
    twins.cancel(Who::Crew, &operation).await?.refused(unscheduled());
    Ok(())
}

/// Expired is not gone: it can be cancelled, and then it is.
#[tokio::test]
async fn an_expired_operation_is_cancelled_like_any_other() -> Result<()> {
    let twins = Managers::with_crew().await?;
    let operation = Operation::on_target(twins.actor(Who::Crew), note(1));
    twins.schedule(Who::Crew, &operation, 0).await?.succeeded();
    twins.pass(u64::from(CREW_DELAY) + EXPIRATION + 1).await?;
    twins.cancel(Who::Stranger, &operation).await?.refused(refusal(&twins, Who::Stranger, &operation));
    twins.cancel(Who::Guardian, &operation).await?.logged([operation.canceled(&twins.ours, 1)]);
    Ok(())
}

/// The guardian is that of the role which the function asks for now.
#[tokio::test]
async fn guardians_follow_the_table() -> Result<()> {
    let twins = Managers::with_crew().await?;
    let operation = Operation::on_target(twins.actor(Who::Crew), note(1));
    twins.schedule(Who::Crew, &operation, 0).await?.succeeded();
    let other = 9;
    let selectors = [selector::<Target::noteCall>()];
    twins.call_each(Who::Admin, |side| set_function_role(side.target, &selectors, other)).await?.succeeded();
    // The guardian of a role for which none was set is ADMIN_ROLE.
    twins.cancel(Who::Guardian, &operation).await?.refused(refusal(&twins, Who::Guardian, &operation));
    twins.call(Who::Admin, set_guardian(other, u64::MAX)).await?.succeeded();
    twins.cancel(Who::Stranger, &operation).await?.logged([operation.canceled(&twins.ours, 1)]);
    Ok(())
}

/// A grant or a revocation that waits is cancelled by the admins of the role it is about, since OpenZeppelin 5.7.
#[tokio::test]
async fn the_admin_of_a_role_cancels_what_concerns_it() -> Result<()> {
    let twins = Managers::with_crew().await?;
    let (crew, other) = (twins.actor(Who::Crew), 30);
    twins.call(Who::Admin, set_admin(other, WATCH)).await?.succeeded();
    twins.call(Who::Admin, grant(WATCH, crew, CREW_DELAY)).await?.succeeded();
    let operation = Operation::on_manager(crew, grant(other, crew, 0));
    for who in [Who::Guardian, Who::Admin, Who::Crew] {
        twins.schedule(Who::Crew, &operation, 0).await?.succeeded();
        twins.cancel(Who::Stranger, &operation).await?.refused(refusal(&twins, Who::Stranger, &operation));
        twins.cancel(who, &operation).await?.succeeded();
    }
    // Where an admin of all roles waits with the same, the admin of the role has no say in what is no grant.
    twins.call(Who::Admin, grant(ADMIN, crew, CREW_DELAY)).await?.succeeded();
    let operation = Operation::on_manager(crew, crate::setup::label(other, "x"));
    twins.schedule(Who::Crew, &operation, 0).await?.succeeded();
    twins.cancel(Who::Guardian, &operation).await?.refused(refusal(&twins, Who::Guardian, &operation));
    Ok(())
}

/// The guardian of the role that the manager's own table has for a function of its own.
#[tokio::test]
async fn the_table_of_the_manager_itself_counts() -> Result<()> {
    let twins = Managers::with_crew().await?;
    let crew = twins.actor(Who::Crew);
    let ask = selector::<Manager::expirationCall>();
    twins.call_each(Who::Admin, |side| set_function_role(side.manager, &[ask], CREW)).await?.succeeded();
    let operation = Operation::on_manager(crew, ask.to_vec());
    twins.schedule(Who::Crew, &operation, 0).await?.succeeded();
    twins.cancel(Who::Stranger, &operation).await?.refused(refusal(&twins, Who::Stranger, &operation));
    twins.cancel(Who::Guardian, &operation).await?.logged([operation.canceled(&twins.ours, 1)]);
    Ok(())
}

#[tokio::test]
async fn a_call_without_a_selector_is_no_operation() -> Result<()> {
    let twins = Managers::with_crew().await?;
    for length in 0..4 {
        let operation = Operation::on_target(twins.actor(Who::Crew), vec![1; length]);
        twins.cancel(Who::Crew, &operation).await?.refused_with(&[]);
        let operation = Operation::on_manager(twins.actor(Who::Crew), vec![1; length]);
        twins.cancel(Who::Admin, &operation).await?.refused_with(&[]);
    }
    Ok(())
}
