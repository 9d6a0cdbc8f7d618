//! Votes: plain, with reasons, split, and refused.

use alloy::primitives::{Bytes, U256};
use eyre::Result;
use harness::answer::Answer;

use crate::calls::*;
use crate::life::VOTES;
use crate::proposals::Plan;
use crate::setup::Settings;
use crate::twins::Governors;

/// Three packed `uint128`: against, for, abstain.
fn split(against: u128, for_: u128, abstain: u128) -> Bytes {
    [against, for_, abstain].iter().flat_map(|votes| votes.to_be_bytes()).collect::<Vec<_>>().into()
}

async fn vote_with(twins: &Governors, actor: usize, plan: &Plan, support: u8, params: Bytes) -> Result<Answer> {
    twins
        .call(actor, |s| castVoteWithReasonAndParamsCall {
            proposalId: plan.id(s),
            support,
            reason: "Because".into(),
            params: params.clone(),
        })
        .await
}

#[tokio::test]
async fn reasons_are_logged() -> Result<()> {
    let twins = Governors::start(&Settings::default(), &VOTES).await?;
    let plan = Plan::payment("Reasons", 0);
    twins.open(&plan).await?;
    for (actor, reason) in ["", "A reason of more than thirty-two bytes, with ünïcödé"].into_iter().enumerate() {
        let voted = twins
            .call(actor, |s| castVoteWithReasonCall { proposalId: plan.id(s), support: 1, reason: reason.into() })
            .await?;
        assert_eq!(voted.event::<VoteCast>().reason, reason);
    }
    // Without parameters, the event is the plain one.
    let voted = vote_with(&twins, 2, &plan, 1, Bytes::new()).await?;
    assert_eq!(voted.event::<VoteCast>().weight, U256::from(5));
    twins.compare(&plan).await
}

#[tokio::test]
async fn a_vote_can_be_split_and_cast_in_parts() -> Result<()> {
    let twins = Governors::start(&Settings::default(), &VOTES).await?;
    let plan = Plan::payment("Parts", 0);
    twins.open(&plan).await?;
    let first = vote_with(&twins, 0, &plan, 255, split(1, 2, 3)).await?;
    let event = first.event::<VoteCastWithParams>();
    assert_eq!((event.weight, event.support, event.params), (U256::from(6), 255, split(1, 2, 3)));
    twins.compare(&plan).await?;

    let exceeding = GovernorExceedRemainingWeight {
        voter: twins.actors[0],
        usedVotes: U256::from(35),
        remainingWeight: U256::from(34),
    };
    vote_with(&twins, 0, &plan, 255, split(0, 35, 0)).await?.refused(exceeding);
    let huge = U256::from(u128::MAX) * U256::from(3);
    let exceeding =
        GovernorExceedRemainingWeight { voter: twins.actors[0], usedVotes: huge, remainingWeight: U256::from(34) };
    vote_with(&twins, 0, &plan, 255, split(u128::MAX, u128::MAX, u128::MAX)).await?.refused(exceeding);

    vote_with(&twins, 0, &plan, 255, split(0, 0, 0)).await?.succeeded();
    vote_with(&twins, 0, &plan, 255, split(4, 0, 0)).await?.succeeded();
    // The rest, as a plain vote.
    let rest = twins.vote(0, &plan, 1).await?;
    assert_eq!(rest.output::<castVoteCall>(), U256::from(30));
    twins.vote(0, &plan, 1).await?.refused(GovernorAlreadyCastVote { voter: twins.actors[0] });
    vote_with(&twins, 0, &plan, 255, split(0, 0, 0)).await?.refused(GovernorAlreadyCastVote { voter: twins.actors[0] });
    let votes = twins.call(0, |s| proposalVotesCall { proposalId: plan.id(s) }).await?.output::<proposalVotesCall>();
    assert_eq!(
        (votes.againstVotes, votes.forVotes, votes.abstainVotes),
        (U256::from(5), U256::from(32), U256::from(3))
    );
    twins.compare(&plan).await
}

#[tokio::test]
async fn what_is_no_vote_is_refused() -> Result<()> {
    let twins = Governors::start(&Settings::default(), &[40, 0, 5, 25]).await?;
    let plan = Plan::payment("Refusals", 0);
    twins.open(&plan).await?;
    for support in [3, 4, 127, 254] {
        twins.vote(0, &plan, support).await?.refused(GovernorInvalidVoteType {});
        vote_with(&twins, 0, &plan, support, split(0, 1, 0)).await?.refused(GovernorInvalidVoteType {});
    }
    for support in 0..3 {
        vote_with(&twins, 0, &plan, support, Bytes::from_static(&[0])).await?.refused(GovernorInvalidVoteParams {});
    }
    twins.vote(0, &plan, 255).await?.refused(GovernorInvalidVoteParams {});
    for length in [1, 47, 49, 96] {
        vote_with(&twins, 0, &plan, 255, vec![0; length].into()).await?.refused(GovernorInvalidVoteParams {});
    }
    // No votes at the snapshot is said as no votes left, before anything else is looked at.
    twins.vote(1, &plan, 9).await?.refused(GovernorAlreadyCastVote { voter: twins.actors[1] });
    twins.compare(&plan).await
}

/// Votes are those of the snapshot: what moves later neither adds nor takes any.
#[tokio::test]
async fn weight_is_fixed_at_the_snapshot() -> Result<()> {
    let twins = Governors::start(&Settings::default(), &VOTES).await?;
    let plan = Plan::payment("Borrowed votes", 0);
    twins.open(&plan).await?;
    let token = twins.ours.token;
    let transfer = Token::transferCall { to: twins.actors[2], value: U256::from(20) };
    twins.once(0, token, alloy::sol_types::SolCall::abi_encode(&transfer)).await?;
    assert_eq!(twins.vote(2, &plan, 0).await?.output::<castVoteCall>(), U256::from(5));
    assert_eq!(twins.vote(0, &plan, 1).await?.output::<castVoteCall>(), U256::from(40));
    twins.compare(&plan).await
}
