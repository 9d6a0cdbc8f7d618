//! Delegation, proposal and vote, whatever is decided.

use super::clock::{Clock, now};
use super::dao::{Dao, Member};
use super::interfaces::{Governor, Token};
use super::story::Story;
use alloy::primitives::{Address, Bytes, U256, keccak256};
use alloy::sol_types::SolCall;
use eyre::{Context, Result};

/// What is to be decided, and who votes how.
#[derive(Debug)]
pub(crate) struct Motion {
    /// In the words of the demo's table.
    pub(crate) title: &'static str,
    /// What voters read.
    pub(crate) description: &'static str,
    pub(crate) actions: Vec<Action>,
    pub(crate) ballots: &'static [Ballot],
    /// Part of the supply that has to take part, in percent, as it is promised.
    pub(crate) quorum_percent: u64,
    /// What is so when it was carried out, in the words of the demo's table.
    pub(crate) outcome: &'static str,
}

/// What a decision calls, with so many wei.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Action {
    pub(crate) target: Address,
    pub(crate) value: U256,
    pub(crate) data: Bytes,
}

impl Action {
    /// A call without ether.
    pub(crate) fn call(target: Address, call: &impl SolCall) -> Self {
        Self { target, value: U256::ZERO, data: call.abi_encode().into() }
    }
}

/// A member by its place in the list, OpenZeppelin's number of its vote (against, for, abstain), and why.
pub(crate) type Ballot = (usize, u8, &'static str);

/// A motion, and what the governor knows it by.
#[derive(Debug)]
pub(crate) struct Proposal {
    pub(crate) id: U256,
    pub(crate) motion: Motion,
}

/// By whom, delegating to whom: places in the list of members.
const DELEGATIONS: [(usize, usize); 5] = [(0, 0), (1, 1), (2, 2), (3, 3), (4, 3)];

/// Members delegate.
pub(crate) async fn register(dao: &Dao, story: &mut Story) -> Result<()> {
    let mut votes = vec![U256::ZERO; dao.members.len()];
    for (from, to) in DELEGATIONS {
        let [from, to] = [from, to].map(|index| (index, &dao.members[index]));
        delegate(dao, from.1, to.1, votes[to.0], story).await?;
        votes[to.0] += from.1.tokens;
    }
    let token = Token::new(dao.token, &dao.node);
    for (member, votes) in dao.members.iter().zip(votes) {
        story.same(format!("votes of the {}", member.name), token.getVotes(member.address()).call().await?, votes)?;
    }
    Ok(())
}

/// The first member proposes.
pub(crate) async fn propose(dao: &Dao, motion: Motion, clock: &impl Clock, story: &mut Story) -> Result<Proposal> {
    // A proposer's votes are counted one second before the proposal.
    clock.until(now(&dao.node).await? + 1, "delegations count").await?;
    let governor = Governor::new(dao.governor, &dao.node);
    let targets: Vec<_> = motion.actions.iter().map(|action| action.target).collect();
    let values: Vec<_> = motion.actions.iter().map(|action| action.value).collect();
    let calldatas: Vec<_> = motion.actions.iter().map(|action| action.data.clone()).collect();
    let call = Governor::proposeCall {
        targets: targets.clone(),
        values: values.clone(),
        calldatas: calldatas.clone(),
        description: motion.description.to_owned(),
    };
    let proposer = &dao.members[0];
    let receipt = proposer.sender.send(dao.governor, call.abi_encode().into(), U256::ZERO).await.context("propose")?;

    let created: Governor::ProposalCreated = story.event(&receipt, dao.governor)?;
    let id = governor
        .getProposalId(targets.clone(), values.clone(), calldatas.clone(), keccak256(motion.description))
        .call()
        .await?;
    let start = U256::from(now(&dao.node).await? + dao.config.governor().voting_delay);
    let end = start + U256::from(dao.config.governor().voting_period);
    story.same("ProposalCreated: id", created.proposalId, id)?;
    story.same("ProposalCreated: proposer", created.proposer, proposer.address())?;
    story.same("ProposalCreated: targets", &created.targets, &targets)?;
    story.same("ProposalCreated: values", &created.values, &values)?;
    story.same("ProposalCreated: calldatas", &created.calldatas, &calldatas)?;
    story.same("ProposalCreated: description", created.description.as_str(), motion.description)?;
    story.same("ProposalCreated: vote", (created.voteStart, created.voteEnd), (start, end))?;
    story.same("the proposal's snapshot", governor.proposalSnapshot(id).call().await?, start)?;
    story.same("the proposal's deadline", governor.proposalDeadline(id).call().await?, end)?;
    story.same("the proposal's proposer", governor.proposalProposer(id).call().await?, proposer.address())?;
    let state = state(dao, id, State::Pending, story).await?;
    story.told(format!("propose {}", motion.title), proposer.name, &receipt, state);
    Ok(Proposal { id, motion })
}

async fn delegate(dao: &Dao, from: &Member, to: &Member, before: U256, story: &mut Story) -> Result<()> {
    let call = Token::delegateCall { delegatee: to.address() };
    let receipt = from.sender.send(dao.token, call.abi_encode().into(), U256::ZERO).await.context("delegate")?;
    let changed: Token::DelegateChanged = story.event(&receipt, dao.token)?;
    let parties = (changed.delegator, changed.fromDelegate, changed.toDelegate);
    story.same("DelegateChanged", parties, (from.address(), Address::ZERO, to.address()))?;
    let moved: Token::DelegateVotesChanged = story.event(&receipt, dao.token)?;
    let votes = (moved.delegate, moved.previousVotes, moved.newVotes);
    story.same("DelegateVotesChanged", votes, (to.address(), before, before + from.tokens))?;
    let whom = if from.address() == to.address() { "themselves" } else { to.name };
    story.told(format!("delegate to {whom}"), from.name, &receipt, "");
    Ok(())
}

/// The motion's voters vote, and it succeeds.
pub(crate) async fn vote(dao: &Dao, proposal: &Proposal, clock: &impl Clock, story: &mut Story) -> Result<()> {
    let governor = Governor::new(dao.governor, &dao.node);
    let id = proposal.id;
    let start = governor.proposalSnapshot(id).call().await?;
    clock.until(start.to::<u64>() + 1, "the vote begins").await?;
    state(dao, id, State::Active, story).await?;

    let mut tally = [U256::ZERO; 3];
    for &(index, support, reason) in proposal.motion.ballots {
        let member = &dao.members[index];
        let weight = delegated(dao, index);
        let call = Governor::castVoteWithReasonCall { proposalId: id, support, reason: reason.to_owned() };
        let receipt = member.sender.send(dao.governor, call.abi_encode().into(), U256::ZERO).await.context("vote")?;
        let cast: Governor::VoteCast = story.event(&receipt, dao.governor)?;
        let found = (cast.voter, cast.proposalId, cast.support, cast.weight, cast.reason.as_str());
        story.same("VoteCast", found, (member.address(), id, support, weight, reason))?;
        story.same("hasVoted", governor.hasVoted(id, member.address()).call().await?, true)?;
        tally[usize::from(support)] += weight;
        let side = ["against", "for", "abstain"][usize::from(support)];
        story.told(format!("vote {side}: {reason}"), member.name, &receipt, State::Active);
    }
    let votes = governor.proposalVotes(id).call().await?;
    story.same("the tally", [votes.againstVotes, votes.forVotes, votes.abstainVotes], tally)?;
    let quorum = dao.config.token().supply * U256::from(proposal.motion.quorum_percent) / U256::from(100);
    story.same("the quorum", governor.quorum(start).call().await?, quorum)?;

    let end = governor.proposalDeadline(id).call().await?;
    clock.until(end.to::<u64>() + 1, "the vote ends").await?;
    let state = state(dao, id, State::Succeeded, story).await?;
    let [against, yes, abstain] = tally.map(|votes| votes / U256::from(10).pow(U256::from(18)));
    story.noted(format!("the vote ends: {yes} for, {against} against, {abstain} abstain"), "", state);
    Ok(())
}

/// What was delegated to a member.
fn delegated(dao: &Dao, member: usize) -> U256 {
    DELEGATIONS.iter().filter(|(_, to)| *to == member).map(|(from, _)| dao.members[*from].tokens).sum()
}

/// A proposal's states, as IGovernor numbers them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    Pending = 0,
    Active = 1,
    Canceled = 2,
    Succeeded = 4,
    Queued = 5,
    Executed = 7,
}

impl std::fmt::Display for State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{self:?}")
    }
}

/// Checks a proposal's state and gives it back for the table.
pub(crate) async fn state(dao: &Dao, id: U256, promised: State, story: &mut Story) -> Result<State> {
    let found = Governor::new(dao.governor, &dao.node).state(id).call().await?;
    story.same(format!("the state ({promised})"), found, promised as u8)?;
    Ok(promised)
}
