//! Deciding while nobody looks. Build Finance, February 2022: one holder passed a proposal that hardly anybody saw, took
//! the minting key and emptied the pools. Compound 289, July 2024: on a weekend a few voters passed 24 million dollars
//! into a vault of their own.
//!
//! Safe because of four things, each of them tried here: too few votes are no quorum; votes that reach quorum at the last
//! moment give the others time (the late-quorum extension); what was decided waits in the timelock; and until it is
//! executed the guardian can cancel it.

use alloy::primitives::U256;
use consilium_bindings::{Governor, Timelock, VotingToken};
use eyre::Result;
use harness::chain::Account;
use harness::dao::{Dao, Proposal, State, life::AGAINST, life::FOR, whole};

/// A DAO, and mallory with so many tokens that vote.
async fn with_votes(tokens: u64) -> Result<(Dao, Account)> {
    let dao = Dao::start().await?;
    let mallory = dao.stranger_with_votes("mallory", &dao.members[0], whole(tokens)).await?;
    Ok((dao, mallory))
}

/// Everything, under a harmless name: the ether, the tokens, and the keys.
fn raid(dao: &Dao, mallory: &Account) -> Proposal {
    let to = mallory.address();
    Proposal::new("Housekeeping")
        .paying(to, whole(100))
        .calling(dao.token, VotingToken::transferCall { to, value: dao.config.treasury() })
        .calling(dao.timelock, Timelock::grantRoleCall { role: Default::default(), account: to })
}

/// One token short of 4 percent of the supply.
#[tokio::test]
async fn too_few_votes_decide_nothing() -> Result<()> {
    let (dao, mallory) = with_votes(39_999).await?;
    let before = dao.treasury().await?;
    let id = dao.propose(&mallory, &raid(&dao, &mallory)).await?;
    dao.open(id).await?;
    dao.vote(&mallory, id, FOR).await?;
    dao.close(id).await?;
    assert_eq!(dao.state(id).await?, State::Defeated);
    let queue = dao.attempt(&mallory, dao.governor, &Governor::queue_1Call { proposalId: id }).await?;
    assert!(queue.is_err());
    assert_eq!(dao.treasury().await?, before);
    Ok(())
}

/// All votes at once, in the last second, when nobody has time to answer. They get the time.
#[tokio::test]
async fn votes_of_the_last_second_give_the_others_time() -> Result<()> {
    let (dao, mallory) = with_votes(60_000).await?;
    let before = dao.treasury().await?;
    let id = dao.propose(&mallory, &raid(&dao, &mallory)).await?;
    let deadline = dao.deadline(id).await?;
    dao.chain.set_time(deadline).await?;
    dao.vote(&mallory, id, FOR).await?;
    let extended = dao.deadline(id).await?;
    assert_eq!(extended, deadline + dao.config.governor().late_quorum_extension);

    // Voting would be over, and is not.
    dao.chain.advance_to(deadline + 1).await?;
    assert_eq!(dao.state(id).await?, State::Active);
    dao.chain.set_time(extended).await?;
    dao.vote(&dao.members[2], id, AGAINST).await?;
    dao.close(id).await?;
    assert_eq!(dao.state(id).await?, State::Defeated);
    assert_eq!(dao.treasury().await?, before);
    Ok(())
}

/// Nobody answers at all: the raid is decided, queued, and canceled in its delay, in the governor and in the timelock.
#[tokio::test]
async fn what_nobody_voted_down_the_guardian_cancels() -> Result<()> {
    let (dao, mallory) = with_votes(60_000).await?;
    let before = dao.treasury().await?;
    let proposal = raid(&dao, &mallory);
    let id = dao.propose(&mallory, &proposal).await?;
    dao.open(id).await?;
    dao.vote(&mallory, id, FOR).await?;
    dao.close(id).await?;
    assert_eq!(dao.state(id).await?, State::Succeeded);
    dao.does(&mallory, dao.governor, Governor::queue_1Call { proposalId: id }).await?;
    let operation = proposal.operation(dao.governor);
    assert_eq!(dao.operation_state(operation).await?, 1);

    // A minute before it is due.
    let eta = dao.read(dao.governor, Governor::proposalEtaCall { proposalId: id }).await?.to::<u64>();
    dao.chain.advance_to(eta - 60).await?;
    dao.does(&dao.guardian, dao.governor, Governor::cancel_1Call { proposalId: id }).await?;
    assert_eq!(dao.operation_state(operation).await?, 0);
    dao.chain.advance_to(eta + 1).await?;

    let canceled = Governor::GovernorUnexpectedProposalState {
        proposalId: id,
        current: State::Canceled as u8,
        expectedStates: U256::from(1 << State::Queued as u8).into(),
    };
    dao.refuses(&mallory, dao.governor, Governor::execute_1Call { proposalId: id }, canceled).await?;
    // Nor can it be proposed again under the same name, or be queued again.
    assert!(dao.attempt(&mallory, dao.governor, &Governor::queue_1Call { proposalId: id }).await?.is_err());
    assert!(dao.attempt(&mallory, dao.governor, &proposal.propose()).await?.is_err());
    assert_eq!(dao.treasury().await?, before);
    Ok(())
}

/// The guardian is no second ruler: it can stop, and nothing else.
#[tokio::test]
async fn the_guardian_itself_can_take_nothing() -> Result<()> {
    let (dao, mallory) = with_votes(60_000).await?;
    let before = dao.treasury().await?;
    let guardian = &dao.guardian;
    let none = Governor::GovernorInsufficientProposerVotes {
        proposer: guardian.address(),
        votes: U256::ZERO,
        threshold: dao.config.governor().proposal_threshold,
    };
    dao.refuses(guardian, dao.governor, raid(&dao, guardian).propose(), none).await?;
    let alone = Governor::GovernorOnlyExecutor { account: guardian.address() };
    let replace = Governor::setProposalGuardianCall { newProposalGuardian: mallory.address() };
    dao.refuses(guardian, dao.governor, replace, alone).await?;
    let operation = raid(&dao, guardian);
    let schedule = operation.schedule_batch(Default::default(), Default::default(), dao.config.timelock().min_delay);
    assert!(dao.attempt(guardian, dao.timelock, &schedule).await?.is_err());
    let cancel = Timelock::cancelCall { id: operation.operation(dao.governor) };
    assert!(dao.attempt(guardian, dao.timelock, &cancel).await?.is_err());
    // And the members can take the power away, whatever the guardian thinks of it, unless it stops that in time.
    let unseat = Proposal::new("Another council")
        .calling(dao.governor, Governor::setProposalGuardianCall { newProposalGuardian: dao.members[0].address() });
    dao.enact(&unseat).await?;
    assert_eq!(dao.read(dao.governor, Governor::proposalGuardianCall {}).await?, dao.members[0].address());
    assert_eq!(dao.treasury().await?, before);
    Ok(())
}
