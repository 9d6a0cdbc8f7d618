//! The state of everything, told by the events alone: no view is asked. What is not in an event is not here: nonces and
//! allowances, of which no standard logs the use.

use std::collections::{BTreeMap, BTreeSet};

use alloy::{
    primitives::{Address, B256, Log, U256},
    sol_types::SolEvent,
};
use consilium_bindings::{Governor, Timelock, VotingToken};
use eyre::{OptionExt, Result};
use harness::dao::{Dao, Proposal, State};

use crate::view::Settings;

/// A proposal, by its events.
#[derive(Clone, Debug, Default)]
pub(crate) struct Recorded {
    pub(crate) proposer: Address,
    pub(crate) start: u64,
    pub(crate) end: u64,
    pub(crate) votes: [U256; 3],
    pub(crate) used: BTreeMap<Address, U256>,
    pub(crate) eta: u64,
    /// The timelock's id, which follows from the content.
    pub(crate) operation: B256,
    pub(crate) executed: bool,
    pub(crate) canceled: bool,
    /// The time of `ProposalQueued`.
    pub(crate) queued_at: u64,
}

/// What the events have told so far.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ledger {
    /// Whose operations and roles these are.
    pub(crate) timelock: Address,
    pub(crate) supply: U256,
    pub(crate) balances: BTreeMap<Address, U256>,
    pub(crate) delegatees: BTreeMap<Address, Address>,
    pub(crate) votes: BTreeMap<Address, U256>,
    pub(crate) settings: Settings,
    /// Quorums in percent, and since when.
    pub(crate) quorums: Vec<(u64, U256)>,
    pub(crate) super_quorums: Vec<(u64, U256)>,
    pub(crate) roles: BTreeSet<(B256, Address)>,
    /// When each operation is ready; one where it is done.
    pub(crate) operations: BTreeMap<B256, U256>,
    pub(crate) proposals: BTreeMap<U256, Recorded>,
}

/// The event, if the log is one.
fn event<E: SolEvent>(log: &Log) -> Option<E> {
    (log.topics().first() == Some(&E::SIGNATURE_HASH)).then(|| E::decode_log_data(&log.data).ok()).flatten()
}

impl Ledger {
    /// Takes in a log of one of the DAO's contracts, of a block at `time`.
    pub(crate) fn take(&mut self, dao: &Dao, log: &Log, time: u64) -> Result<()> {
        if log.address == dao.token {
            self.take_tokens(log);
        } else if log.address == dao.timelock {
            self.take_operations(log, time);
        } else if log.address == dao.governor {
            self.take_settings(log, time);
            self.take_proposals(dao, log, time)?;
        }
        Ok(())
    }

    fn take_tokens(&mut self, log: &Log) {
        if let Some(VotingToken::Transfer { from, to, value }) = event(log) {
            if from.is_zero() {
                self.supply += value;
            } else {
                *self.balances.entry(from).or_default() -= value;
            }
            *self.balances.entry(to).or_default() += value;
        } else if let Some(VotingToken::DelegateChanged { delegator, toDelegate, .. }) = event(log) {
            self.delegatees.insert(delegator, toDelegate);
        } else if let Some(VotingToken::DelegateVotesChanged { delegate, newVotes, .. }) = event(log) {
            self.votes.insert(delegate, newVotes);
        }
    }

    fn take_operations(&mut self, log: &Log, time: u64) {
        if let Some(Timelock::CallScheduled { id, delay, .. }) = event(log) {
            self.operations.insert(id, U256::from(time) + delay);
        } else if let Some(Timelock::CallExecuted { id, .. }) = event(log) {
            self.operations.insert(id, U256::ONE);
        } else if let Some(Timelock::Cancelled { id }) = event(log) {
            self.operations.remove(&id);
        } else if let Some(Timelock::RoleGranted { role, account, .. }) = event(log) {
            self.roles.insert((role, account));
        } else if let Some(Timelock::RoleRevoked { role, account, .. }) = event(log) {
            self.roles.remove(&(role, account));
        } else if let Some(Timelock::MinDelayChange { newDuration, .. }) = event(log) {
            self.settings.min_delay = newDuration;
        }
    }

    fn take_settings(&mut self, log: &Log, time: u64) {
        let settings = &mut self.settings;
        if let Some(Governor::VotingDelaySet { newVotingDelay, .. }) = event(log) {
            settings.voting_delay = newVotingDelay;
        } else if let Some(Governor::VotingPeriodSet { newVotingPeriod, .. }) = event(log) {
            settings.voting_period = newVotingPeriod;
        } else if let Some(Governor::ProposalThresholdSet { newProposalThreshold, .. }) = event(log) {
            settings.threshold = newProposalThreshold;
        } else if let Some(Governor::LateQuorumVoteExtensionSet { newVoteExtension, .. }) = event(log) {
            settings.extension = newVoteExtension;
        } else if let Some(Governor::ProposalGuardianSet { newProposalGuardian, .. }) = event(log) {
            settings.guardian = newProposalGuardian;
        } else if let Some(Governor::TimelockChange { newTimelock, .. }) = event(log) {
            settings.timelock = newTimelock;
        } else if let Some(Governor::QuorumNumeratorUpdated { newQuorumNumerator, .. }) = event(log) {
            settings.quorum = newQuorumNumerator;
            self.quorums.push((time, newQuorumNumerator));
        } else if let Some(Governor::SuperQuorumNumeratorUpdated { newSuperQuorumNumerator, .. }) = event(log) {
            settings.super_quorum = newSuperQuorumNumerator;
            self.super_quorums.push((time, newSuperQuorumNumerator));
        }
    }

    fn take_proposals(&mut self, dao: &Dao, log: &Log, time: u64) -> Result<()> {
        if let Some(created) = event::<Governor::ProposalCreated>(log) {
            let Governor::ProposalCreated { targets, values, calldatas, description, .. } = created;
            let content = Proposal { targets, values, calldatas, description };
            let recorded = Recorded {
                proposer: created.proposer,
                start: created.voteStart.to(),
                end: created.voteEnd.to(),
                operation: content.operation(dao.governor),
                ..Recorded::default()
            };
            self.proposals.insert(created.proposalId, recorded);
        } else if let Some(Governor::VoteCast { voter, proposalId, support, weight, .. }) = event(log) {
            let mut split = [U256::ZERO; 3];
            *split.get_mut(usize::from(support)).ok_or_eyre("a plain vote is one of three")? = weight;
            self.count(proposalId, voter, split)?;
        } else if let Some(cast) = event::<Governor::VoteCastWithParams>(log) {
            let mut split = [U256::ZERO; 3];
            for (votes, part) in split.iter_mut().zip(cast.params.chunks(16)) {
                *votes = U256::from_be_slice(part);
            }
            self.count(cast.proposalId, cast.voter, split)?;
        } else if let Some(Governor::ProposalExtended { proposalId, extendedDeadline }) = event(log) {
            self.recorded(proposalId)?.end = extendedDeadline;
        } else if let Some(Governor::ProposalQueued { proposalId, etaSeconds }) = event(log) {
            let recorded = self.recorded(proposalId)?;
            (recorded.eta, recorded.queued_at) = (etaSeconds.to(), time);
        } else if let Some(Governor::ProposalExecuted { proposalId }) = event(log) {
            self.recorded(proposalId)?.executed = true;
        } else if let Some(Governor::ProposalCanceled { proposalId }) = event(log) {
            self.recorded(proposalId)?.canceled = true;
        }
        Ok(())
    }

    fn recorded(&mut self, id: U256) -> Result<&mut Recorded> {
        self.proposals.get_mut(&id).ok_or_eyre("a proposal is created before anything happens to it")
    }

    fn count(&mut self, id: U256, voter: Address, split: [U256; 3]) -> Result<()> {
        let recorded = self.recorded(id)?;
        for (votes, part) in recorded.votes.iter_mut().zip(split) {
            *votes += part;
        }
        *recorded.used.entry(voter).or_default() += split.iter().sum::<U256>();
        Ok(())
    }

    /// A share of the supply, by the percentage in force at a timepoint. The supply never changes.
    pub(crate) fn share(&self, history: &[(u64, U256)], timepoint: u64) -> U256 {
        let percent = history.iter().rev().find(|(since, _)| *since <= timepoint).map_or(U256::ZERO, |(_, it)| *it);
        self.supply * percent / U256::from(100)
    }

    /// The state of a proposal at `now`, by the definition of OpenZeppelin's Governor and its extensions: the votes are
    /// compared with the quorum each time.
    pub(crate) fn state(&self, id: U256, now: u64) -> Option<State> {
        let it = self.proposals.get(&id)?;
        let [against, ayes, abstain] = it.votes;
        let reached = ayes + abstain >= self.share(&self.quorums, it.start);
        let decided = ayes >= self.share(&self.super_quorums, it.start);
        let carried = reached && ayes > against;
        Some(if it.executed {
            State::Executed
        } else if it.canceled {
            State::Canceled
        } else if it.start >= now {
            State::Pending
        } else if it.end >= now && !(carried && decided) {
            State::Active
        } else if !carried {
            State::Defeated
        } else if it.eta == 0 {
            State::Succeeded
        } else {
            // The governor asks the timelock that it has now: another has never heard of what is queued.
            let operations = (self.settings.timelock == self.timelock).then_some(&self.operations);
            match operations.and_then(|operations| operations.get(&it.operation)) {
                None => State::Canceled,
                Some(time) if *time == U256::ONE => State::Executed,
                Some(_) => State::Queued,
            }
        })
    }
}
