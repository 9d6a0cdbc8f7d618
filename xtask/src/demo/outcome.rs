//! A decision is queued, waits, and is executed.

use super::clock::{Clock, now};
use super::dao::Dao;
use super::election::{Action, Proposal, State, state};
use super::interfaces::{Governor, Timelock};
use super::story::{Story, events};
use alloy::primitives::U256;
use alloy::sol_types::{SolCall, SolError};
use eyre::{Context, Result};

/// Queues; whoever pays the gas may. Gives the second from which on it can be executed.
pub(crate) async fn queue(dao: &Dao, proposal: &Proposal, story: &mut Story) -> Result<u64> {
    let governor = Governor::new(dao.governor, &dao.node);
    let Proposal { id, motion } = proposal;
    let id = *id;
    let anyone = &dao.members[4];

    let queue = Governor::queueCall { proposalId: id }.abi_encode();
    let receipt = anyone.sender.send(dao.governor, queue.into(), U256::ZERO).await.context("queue")?;
    let eta = now(&dao.node).await? + dao.config.timelock().min_delay;
    let queued: Governor::ProposalQueued = story.event(&receipt, dao.governor)?;
    story.same("ProposalQueued", (queued.proposalId, queued.etaSeconds), (id, U256::from(eta)))?;
    let scheduled: Vec<Timelock::CallScheduled> = events(&receipt, dao.timelock);
    let found: Vec<_> = scheduled
        .into_iter()
        .map(|Timelock::CallScheduled { target, value, data, .. }| Action { target, value, data })
        .collect();
    story.same("CallScheduled", &found, &motion.actions)?;
    story.same("proposalEta", governor.proposalEta(id).call().await?, U256::from(eta))?;
    let queued_state = state(dao, id, State::Queued, story).await?;
    story.told("queue", anyone.name, &receipt, queued_state);
    Ok(eta)
}

/// Queues and executes; whoever pays the gas may do either.
pub(crate) async fn carry_out(dao: &Dao, proposal: &Proposal, clock: &impl Clock, story: &mut Story) -> Result<()> {
    let eta = queue(dao, proposal, story).await?;
    let governor = Governor::new(dao.governor, &dao.node);
    let Proposal { id, motion } = proposal;
    let id = *id;
    let anyone = &dao.members[4];

    let early = governor.execute(id).from(anyone.address()).call().await;
    story.refused("execution before the delay is over", early, Timelock::TimelockUnexpectedOperationState::SELECTOR)?;
    story.noted("execute too early: refused", anyone.name, State::Queued);
    clock.until(eta, "the timelock's delay").await?;

    let execute = Governor::executeCall { proposalId: id }.abi_encode();
    let receipt = anyone.sender.send(dao.governor, execute.into(), U256::ZERO).await.context("execute")?;
    let executed: Governor::ProposalExecuted = story.event(&receipt, dao.governor)?;
    story.same("ProposalExecuted", executed.proposalId, id)?;
    let called: Vec<Timelock::CallExecuted> = events(&receipt, dao.timelock);
    let found: Vec<_> = called
        .into_iter()
        .map(|Timelock::CallExecuted { target, value, data, .. }| Action { target, value, data })
        .collect();
    story.same("CallExecuted", &found, &motion.actions)?;
    let done = state(dao, id, State::Executed, story).await?;
    story.told(format!("execute: {}", motion.outcome), anyone.name, &receipt, done);
    Ok(())
}
