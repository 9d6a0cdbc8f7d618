//! A proposal's life in a DAO: each step, and the time between them.

use alloy::{
    primitives::{B256, U256},
    rpc::types::TransactionReceipt,
};
use consilium_bindings::{Governor, Timelock};
use consilium_deploy::Clock;
use eyre::Result;

use super::{Dao, Proposal};
use crate::chain::Account;

alloy::sol! {
    /// The states of a proposal, in IGovernor's order.
    #[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
    #[allow(missing_docs)]
    enum State { Pending, Active, Canceled, Defeated, Succeeded, Queued, Expired, Executed }
}

/// `castVote`'s support: against.
pub const AGAINST: u8 = 0;
/// `castVote`'s support: for.
pub const FOR: u8 = 1;

impl Dao {
    /// Proposes, and returns the id.
    ///
    /// # Errors
    /// Where the governor refuses.
    pub async fn propose(&self, by: &Account, proposal: &Proposal) -> Result<U256> {
        self.does(by, self.governor, proposal.propose()).await?;
        Ok(proposal.id())
    }

    /// Votes with all that one has.
    ///
    /// # Errors
    /// Where the governor refuses.
    pub async fn vote(&self, by: &Account, id: U256, support: u8) -> Result<TransactionReceipt> {
        self.does(by, self.governor, Governor::castVoteCall { proposalId: id, support }).await
    }

    /// The state of a proposal at the head.
    ///
    /// # Errors
    /// Where there is no such proposal.
    pub async fn state(&self, id: U256) -> Result<State> {
        Ok(State::try_from(self.read(self.governor, Governor::stateCall { proposalId: id }).await?)?)
    }

    /// The snapshot of a proposal.
    ///
    /// # Errors
    /// Where the node does not answer.
    pub async fn snapshot(&self, id: U256) -> Result<u64> {
        Ok(self.read(self.governor, Governor::proposalSnapshotCall { proposalId: id }).await?.to())
    }

    /// The last timepoint of voting.
    ///
    /// # Errors
    /// Where the node does not answer.
    pub async fn deadline(&self, id: U256) -> Result<u64> {
        Ok(self.read(self.governor, Governor::proposalDeadlineCall { proposalId: id }).await?.to())
    }

    /// The votes against, for and abstaining.
    ///
    /// # Errors
    /// Where the node does not answer.
    pub async fn tally(&self, id: U256) -> Result<[U256; 3]> {
        let votes = self.read(self.governor, Governor::proposalVotesCall { proposalId: id }).await?;
        Ok([votes.againstVotes, votes.forVotes, votes.abstainVotes])
    }

    /// Lets time pass, by the token's clock.
    ///
    /// # Errors
    /// Where the node cannot move time.
    pub async fn pass(&self, time: u64) -> Result<()> {
        let now: u64 = self.read(self.governor, Governor::clockCall {}).await?.to();
        self.reach(now + time).await
    }

    /// Waits for a timepoint of the token's clock.
    ///
    /// # Errors
    /// Where the node cannot move time.
    pub async fn reach(&self, timepoint: u64) -> Result<()> {
        match self.config.token().clock {
            Clock::Timestamp => self.chain.advance_to(timepoint).await,
            Clock::BlockNumber => self.chain.set_block_number(timepoint).await,
        }
    }

    /// Waits until voting is open.
    ///
    /// # Errors
    /// Where the node cannot move time.
    pub async fn open(&self, id: U256) -> Result<()> {
        self.reach(self.snapshot(id).await? + 1).await
    }

    /// Waits until voting is over.
    ///
    /// # Errors
    /// Where the node cannot move time.
    pub async fn close(&self, id: U256) -> Result<()> {
        self.reach(self.deadline(id).await? + 1).await
    }

    /// Queues a proposal, as anyone may.
    ///
    /// # Errors
    /// Where it has not succeeded.
    pub async fn queue(&self, id: U256) -> Result<()> {
        self.does(&self.deployer, self.governor, Governor::queue_1Call { proposalId: id }).await?;
        Ok(())
    }

    /// Waits until a queued proposal's delay is over. The timelock counts seconds, whatever the token does.
    ///
    /// # Errors
    /// Where the node cannot move time.
    pub async fn wait(&self, id: U256) -> Result<()> {
        let eta = self.read(self.governor, Governor::proposalEtaCall { proposalId: id }).await?;
        self.chain.advance_to(eta.to()).await
    }

    /// Executes a proposal, as anyone may.
    ///
    /// # Errors
    /// Where it is not ready, or a call of it fails.
    pub async fn execute(&self, id: U256) -> Result<TransactionReceipt> {
        self.does(&self.deployer, self.governor, Governor::execute_1Call { proposalId: id }).await
    }

    /// Carries a proposal of the first member to the end of its vote, with the votes for of all members.
    ///
    /// # Errors
    /// Where a step is refused.
    pub async fn pass_vote(&self, proposal: &Proposal) -> Result<U256> {
        let id = self.propose(&self.members[0], proposal).await?;
        self.open(id).await?;
        // Two thirds of the votes, and still less than the super-quorum: the vote lasts to its end.
        for member in &self.members[..3] {
            self.vote(member, id, FOR).await?;
        }
        self.close(id).await?;
        Ok(id)
    }

    /// Carries a proposal to the end of the timelock's delay.
    ///
    /// # Errors
    /// Where a step is refused.
    pub async fn ripen(&self, proposal: &Proposal) -> Result<U256> {
        let id = self.pass_vote(proposal).await?;
        self.queue(id).await?;
        self.wait(id).await?;
        Ok(id)
    }

    /// Carries a proposal from beginning to end.
    ///
    /// # Errors
    /// Where a step is refused.
    pub async fn enact(&self, proposal: &Proposal) -> Result<U256> {
        let id = self.ripen(proposal).await?;
        self.execute(id).await?;
        Ok(id)
    }

    /// The state of the timelock's operation: 0 unset, 1 waiting, 2 ready, 3 done.
    ///
    /// # Errors
    /// Where the node does not answer.
    pub async fn operation_state(&self, operation: B256) -> Result<u8> {
        self.read(self.timelock, Timelock::getOperationStateCall { id: operation }).await
    }
}
