//! The decision is queued, waits, and is executed.

use super::clock::{Clock, now};
use super::dao::Dao;
use super::election::{GRANTEE, NEW_QUORUM, Proposal, State, grant, state};
use super::interfaces::{Governor, Timelock};
use super::story::{Story, events};
use alloy::primitives::U256;
use alloy::providers::Provider;
use alloy::sol_types::{SolCall, SolError};
use eyre::{Context, Result};

/// Queues and executes; whoever pays the gas may do either.
pub(crate) async fn carry_out(dao: &Dao, proposal: &Proposal, clock: &impl Clock, story: &mut Story) -> Result<()> {
    let governor = Governor::new(dao.governor, &dao.node);
    let id = proposal.id;
    let anyone = &dao.members[4];
    let actions: Vec<_> = proposal
        .targets
        .iter()
        .zip(&proposal.values)
        .zip(&proposal.calldatas)
        .map(|((to, value), data)| (*to, *value, data.clone()))
        .collect();

    let queue = Governor::queueCall { proposalId: id }.abi_encode();
    let receipt = anyone.sender.send(dao.governor, queue.into(), U256::ZERO).await.context("queue")?;
    let eta = now(&dao.node).await? + dao.config.timelock().min_delay;
    let queued: Governor::ProposalQueued = story.event(&receipt, dao.governor)?;
    story.same("ProposalQueued", (queued.proposalId, queued.etaSeconds), (id, U256::from(eta)))?;
    let scheduled: Vec<Timelock::CallScheduled> = events(&receipt, dao.timelock);
    let found: Vec<_> = scheduled.into_iter().map(|call| (call.target, call.value, call.data)).collect();
    story.same("CallScheduled", &found, &actions)?;
    story.same("proposalEta", governor.proposalEta(id).call().await?, U256::from(eta))?;
    let queued_state = state(dao, id, State::Queued, story).await?;
    story.told("queue", anyone.name, &receipt, queued_state);

    let early = governor.execute(id).from(anyone.address()).call().await;
    story.refused("execution before the delay is over", early, Timelock::TimelockUnexpectedOperationState::SELECTOR)?;
    story.noted("execute too early: refused", anyone.name, queued_state);
    clock.until(eta, "the timelock's delay").await?;

    let before = balances(dao).await?;
    let old_quorum = U256::from(dao.config.governor().quorum_percent);
    story.same("the quorum before", governor.quorumNumerator().call().await?, old_quorum)?;
    let execute = Governor::executeCall { proposalId: id }.abi_encode();
    let receipt = anyone.sender.send(dao.governor, execute.into(), U256::ZERO).await.context("execute")?;
    let executed: Governor::ProposalExecuted = story.event(&receipt, dao.governor)?;
    story.same("ProposalExecuted", executed.proposalId, id)?;
    let called: Vec<Timelock::CallExecuted> = events(&receipt, dao.timelock);
    let found: Vec<_> = called.into_iter().map(|call| (call.target, call.value, call.data)).collect();
    story.same("CallExecuted", &found, &actions)?;
    let raised: Governor::QuorumNumeratorUpdated = story.event(&receipt, dao.governor)?;
    let quorums = (raised.oldQuorumNumerator, raised.newQuorumNumerator);
    story.same("QuorumNumeratorUpdated", quorums, (old_quorum, U256::from(NEW_QUORUM)))?;
    story.same("the quorum after", governor.quorumNumerator().call().await?, U256::from(NEW_QUORUM))?;
    let after = balances(dao).await?;
    story.same("the treasury's ether", after.0, before.0 - grant())?;
    story.same("the grantee's ether", after.1, before.1 + grant())?;
    story.same("the governor's ether", after.2, U256::ZERO)?;
    let done = state(dao, id, State::Executed, story).await?;
    story.told("execute: paid, the quorum is 6 %, the policy is set", anyone.name, &receipt, done);
    Ok(())
}

/// The ether of treasury, grantee and governor, in wei.
async fn balances(dao: &Dao) -> Result<(U256, U256, U256)> {
    let balance = async |account| dao.node.get_balance(account).await;
    Ok((balance(dao.timelock).await?, balance(GRANTEE).await?, balance(dao.governor).await?))
}
