//! Votes borrowed across the snapshot: not for a transaction, but for as long as it takes. Lending markets offer that, and
//! the second of the snapshot is known as soon as a proposal is made.
//!
//! What holds: the borrowed votes count, but once. They are the lender's no more, so that the sum of all votes never
//! exceeds the supply, and handing tokens on after the snapshot adds nothing. What does not hold by code alone: whoever
//! really holds a majority at the snapshot decides. Then the delay shows it, and the guardian cancels.

use alloy::primitives::U256;
use consilium_bindings::{Governor, VotingToken};
use eyre::Result;
use harness::chain::Account;
use harness::dao::{Dao, Proposal, State, life::AGAINST, life::FOR, whole};

/// The clinic lends its tokens to mallory, from before the snapshot until after it.
async fn borrowed(dao: &Dao) -> Result<(Account, U256)> {
    let mallory = dao.stranger_with_votes("mallory", &dao.members[1], whole(150_000)).await?;
    let raid = Proposal::new("A grant for a study").paying(mallory.address(), whole(100));
    let id = dao.propose(&mallory, &raid).await?;
    dao.open(id).await?;
    dao.give(&mallory, dao.members[1].address(), whole(150_000)).await?;
    Ok((mallory, id))
}

#[tokio::test]
async fn the_same_tokens_vote_once() -> Result<()> {
    let dao = Dao::start().await?;
    let before = dao.treasury().await?;
    let (mallory, id) = borrowed(&dao).await?;

    // The tokens are back where they came from, and their votes of the snapshot are not.
    dao.vote(&mallory, id, FOR).await?;
    let lender = &dao.members[1];
    let vote = Governor::castVoteCall { proposalId: id, support: 1 };
    let none = |account: &Account| Governor::GovernorAlreadyCastVote { voter: account.address() };
    dao.refuses(lender, dao.governor, vote.clone(), none(lender)).await?;
    // Nor do they become more by going on to a third.
    let accomplice = dao.stranger("accomplice").await?;
    dao.does(&accomplice, dao.token, VotingToken::delegateCall { delegatee: accomplice.address() }).await?;
    dao.give(lender, accomplice.address(), whole(150_000)).await?;
    dao.refuses(&accomplice, dao.governor, vote, none(&accomplice)).await?;
    assert_eq!(dao.tally(id).await?, [U256::ZERO, whole(150_000), U256::ZERO]);

    // The others have more, and the time to use it.
    for member in [&dao.members[0], &dao.members[2]] {
        dao.vote(member, id, AGAINST).await?;
    }
    dao.close(id).await?;
    assert_eq!(dao.state(id).await?, State::Defeated);
    assert_eq!(dao.treasury().await?, before);
    Ok(())
}

/// Nobody else votes: the borrowed votes win, honestly counted. The delay and the guardian are there for this.
#[tokio::test]
async fn a_borrowed_majority_meets_the_guardian() -> Result<()> {
    let dao = Dao::start().await?;
    let before = dao.treasury().await?;
    let (mallory, id) = borrowed(&dao).await?;
    dao.vote(&mallory, id, FOR).await?;
    dao.close(id).await?;
    dao.queue(id).await?;
    assert_eq!(dao.state(id).await?, State::Queued);
    // Too early to take anything, and time enough to look.
    let attempt = dao.attempt(&mallory, dao.governor, &Governor::execute_1Call { proposalId: id }).await?;
    assert!(attempt.is_err());
    dao.does(&dao.guardian, dao.governor, Governor::cancel_1Call { proposalId: id }).await?;
    dao.wait(id).await?;
    dao.pass(dao.config.timelock().min_delay).await?;
    assert!(dao.attempt(&mallory, dao.governor, &Governor::execute_1Call { proposalId: id }).await?.is_err());
    assert_eq!(dao.state(id).await?, State::Canceled);
    assert_eq!(dao.treasury().await?, before);
    Ok(())
}
