//! Beanstalk, April 2022: 182 million dollars. The attacker borrowed most of the votes for one transaction, and in it
//! voted for, and executed, a proposal that gave everything to the attacker.
//!
//! Safe because votes are those of the snapshot, which is past when voting opens, and counted at the end of its second:
//! what was borrowed and returned within a transaction was never there. Proposing reads the votes of a second before,
//! and whatever is decided waits in the timelock.

use alloy::primitives::{Address, U256};
use alloy::sol_types::{SolCall, SolError};
use consilium_bindings::{Governor, VotingToken};
use eyre::Result;
use harness::{
    actor::Actor,
    answer::Answer,
    dao::{Dao, Proposal, State, whole},
};

use crate::contracts::{FlashLender, create};

/// The tokens of the hospital and the clinic, more than all others together.
const LENT: u64 = 350_000;

/// A flash-loan pool, and the attacker's contract with what it needs to propose.
struct Raid {
    dao: Dao,
    lender: Address,
    raider: Address,
}

impl Raid {
    async fn start() -> Result<Self> {
        let dao = Dao::start().await?;
        let (lender, raider) = (create(&dao, "FlashLender").await?, create(&dao, "Actor").await?);
        dao.give(&dao.members[0], lender, whole(200_000)).await?;
        dao.give(&dao.members[1], lender, whole(150_000)).await?;
        // Bought, and held for long: the threshold for proposing is not what protects.
        dao.give(&dao.members[4], raider, whole(1_000)).await?;
        let delegate = VotingToken::delegateCall { delegatee: raider };
        let raid = Self { dao, lender, raider };
        raid.run(vec![(raid.dao.token, delegate.abi_encode())]).await?;
        raid.dao.pass(1).await?;
        Ok(raid)
    }

    fn all_to_the_raider(&self) -> Proposal {
        Proposal::new("Emergency: secure the funds")
            .paying(self.raider, whole(100))
            .calling(self.dao.token, VotingToken::transferCall { to: self.raider, value: self.dao.config.treasury() })
    }

    /// The attacker's contract makes these calls in one transaction; what each did.
    async fn run(&self, calls: Vec<(Address, Vec<u8>)>) -> Result<Vec<Answer>> {
        let (targets, calls) = calls.into_iter().map(|(target, call)| (target, call.into())).unzip();
        let receipt = self.dao.does(&self.dao.deployer, self.raider, Actor::eachCall { targets, calls }).await?;
        Ok(Answer::all(&receipt, self.raider))
    }

    /// The same with the borrowed tokens, which go back at the end.
    async fn run_with_loan(&self, mut calls: Vec<(Address, Vec<u8>)>) -> Result<Vec<Answer>> {
        calls.push((self.dao.token, VotingToken::transferCall { to: self.lender, value: whole(LENT) }.abi_encode()));
        let (targets, calls) = calls.into_iter().map(|(target, call)| (target, call.into())).unzip();
        let flash = FlashLender::flashCall {
            token: self.dao.token,
            amount: whole(LENT),
            borrower: self.raider,
            call: Actor::eachCall { targets, calls }.abi_encode().into(),
        };
        Ok(Answer::all(&self.dao.does(&self.dao.deployer, self.lender, flash).await?, self.raider))
    }
}

/// Everything in one transaction, as it was done.
#[tokio::test]
async fn borrowed_proposed_voted_and_executed_at_once() -> Result<()> {
    let raid = Raid::start().await?;
    let before = raid.dao.treasury().await?;
    let (proposal, governor) = (raid.all_to_the_raider(), raid.dao.governor);
    let id = proposal.id();
    let done = raid
        .run_with_loan(vec![
            (raid.dao.token, VotingToken::getVotesCall { account: raid.raider }.abi_encode()),
            (governor, proposal.propose().abi_encode()),
            (governor, Governor::castVoteCall { proposalId: id, support: 1 }.abi_encode()),
            (governor, Governor::queue_1Call { proposalId: id }.abi_encode()),
            (governor, Governor::execute_1Call { proposalId: id }.abi_encode()),
        ])
        .await?;
    // The loan is real: for the length of the transaction the raider has more votes than anybody else.
    done[0].returned(whole(LENT) + whole(1_000));
    assert_eq!(done.iter().map(|answer| answer.success).collect::<Vec<_>>(), [true, true, false, false, false, true]);
    for (answer, wanted) in [(&done[2], State::Active), (&done[3], State::Succeeded), (&done[4], State::Queued)] {
        let error = Governor::GovernorUnexpectedProposalState::abi_decode(&answer.data)?;
        assert_eq!((error.current, error.expectedStates.0[31]), (State::Pending as u8, 1 << wanted as u8));
    }
    assert_eq!(raid.dao.treasury().await?, before);
    Ok(())
}

/// With a proposal made long before, borrowed votes are tried in the only two moments that could matter: while voting is
/// open, and in the second of the snapshot.
#[tokio::test]
async fn borrowed_in_the_second_of_the_snapshot_and_while_voting() -> Result<()> {
    let raid = Raid::start().await?;
    let before = raid.dao.treasury().await?;
    let proposal = raid.all_to_the_raider();
    let id = proposal.id();
    raid.run(vec![(raid.dao.governor, proposal.propose().abi_encode())]).await?[0].succeeded();
    let snapshot = raid.dao.snapshot(id).await?;

    raid.dao.chain.set_time(snapshot).await?;
    raid.run_with_loan(vec![]).await?[0].succeeded();
    assert_eq!(raid.dao.chain.now().await?, snapshot, "borrowed in the second of the snapshot");

    raid.dao.open(id).await?;
    let vote = Governor::castVoteCall { proposalId: id, support: 1 }.abi_encode();
    let voted = raid.run_with_loan(vec![(raid.dao.governor, vote)]).await?;
    // The bought tokens count, the borrowed ones do not.
    voted[0].returned(whole(1_000));

    raid.dao.close(id).await?;
    assert_eq!(raid.dao.state(id).await?, State::Defeated);
    assert_eq!(raid.dao.treasury().await?, before);
    Ok(())
}

/// Without votes of one's own a second before, not even a proposal can be made by them.
#[tokio::test]
async fn borrowed_to_propose() -> Result<()> {
    let raid = Raid::start().await?;
    let before = raid.dao.treasury().await?;
    let away = VotingToken::transferCall { to: raid.lender, value: whole(1_000) };
    raid.run(vec![(raid.dao.token, away.abi_encode())]).await?[0].succeeded();
    raid.dao.pass(1).await?;
    let done = raid.run_with_loan(vec![(raid.dao.governor, raid.all_to_the_raider().propose().abi_encode())]).await?;
    let refused = Governor::GovernorInsufficientProposerVotes {
        proposer: raid.raider,
        votes: U256::ZERO,
        threshold: whole(1_000),
    };
    // The loan itself has logged before this call, so that only the refusal is compared.
    assert_eq!((done[0].success, &done[0].data), (false, &refused.abi_encode().into()));
    assert_eq!(raid.dao.treasury().await?, before);
    Ok(())
}
