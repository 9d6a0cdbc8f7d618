//! Votes up to what can be counted, and beyond: so that a sum wraps round to little, or a history becomes too long to read.
//!
//! Safe because the supply ends at 2^208 - 1, which every checkpoint and every tally holds, so that no sum of votes of one
//! token can pass it; because a tally refuses, and never wraps, what a stranger's token would add beyond; and because a
//! second has one checkpoint, whatever happens in it.

use alloy::primitives::{Address, B256, Bytes, U256};
use alloy::sol_types::{SolCall, SolValue};
use consilium_bindings::{Governor, VotingToken};
use eyre::Result;
use harness::actor::Actor;
use harness::dao::{Dao, Proposal, State, life::AGAINST, life::FOR, whole};
use harness::deploy;

use crate::contracts::{create, create_with};

/// The largest supply: 208 bits.
fn cap() -> U256 {
    (U256::from(1) << 208) - U256::from(1)
}

/// A DAO with the largest supply there can be, all of it delegated to one account, voted, and queued.
#[tokio::test]
async fn the_largest_supply_is_counted_to_the_last_unit() -> Result<()> {
    let dao = Dao::with(|config| {
        config.token_mut().supply = cap();
        config.token_mut().holders[0].amount = cap() - U256::from(2);
        for holder in &mut config.token_mut().holders[1..] {
            holder.amount = U256::from(1);
        }
        // No more than there is: two members and no treasury.
        config.token_mut().holders.truncate(3);
        config.governor_mut().proposal_threshold = cap() - U256::from(2);
        config.governor_mut().super_quorum_percent = 100;
    })
    .await?;
    let before = dao.treasury().await?;
    let [whale, minnow, last] = &dao.members[..3] else { unreachable!("there are five members") };
    // One unit more is delegated to the whale, in two ways: by a transfer and by a delegation.
    dao.does(minnow, dao.token, VotingToken::transferCall { to: whale.address(), value: U256::from(1) }).await?;
    dao.does(last, dao.token, VotingToken::delegateCall { delegatee: whale.address() }).await?;
    dao.pass(1).await?;
    assert_eq!(dao.read(dao.token, VotingToken::getVotesCall { account: whale.address() }).await?, cap());

    let plan = Proposal::new("All of it").paying(Address::repeat_byte(0x50), whole(1));
    let id = dao.propose(whale, &plan).await?;
    dao.open(id).await?;
    let snapshot = U256::from(dao.snapshot(id).await?);
    // Percent of a number that fills its 208 bits: rounded down, and not wrapped.
    let quorum = dao.read(dao.governor, Governor::quorumCall { timepoint: snapshot }).await?;
    assert_eq!(quorum, cap() * U256::from(4) / U256::from(100));
    let parts: Bytes = [u128::MAX; 3].iter().flat_map(|part| part.to_be_bytes()).collect::<Vec<_>>().into();
    let split = Governor::castVoteWithReasonAndParamsCall {
        proposalId: id,
        support: 255,
        reason: String::new(),
        params: parts,
    };
    // 3 * (2^128 - 1) is less than the whale has: it counts, and what is left counts as well.
    dao.does(whale, dao.governor, split.clone()).await?;
    let third = U256::from(u128::MAX);
    assert_eq!(dao.tally(id).await?, [third; 3]);
    dao.vote(whale, id, FOR).await?;
    assert_eq!(dao.tally(id).await?, [third, cap() - third - third, third]);
    let spent = || Governor::GovernorAlreadyCastVote { voter: whale.address() };
    dao.refuses(whale, dao.governor, split, spent()).await?;
    dao.refuses(whale, dao.governor, Governor::castVoteCall { proposalId: id, support: AGAINST }, spent()).await?;
    dao.close(id).await?;
    assert_eq!(dao.state(id).await?, State::Succeeded);
    dao.does(&dao.guardian, dao.governor, Governor::cancel_1Call { proposalId: id }).await?;
    assert_eq!(dao.treasury().await?, before);
    Ok(())
}

/// A governor over a token that gives everybody the whole: votes that would pass 208 bits are refused, so that no tally
/// wraps to a smaller one. Such a token's DAO stops deciding; it loses nothing.
#[tokio::test]
async fn a_tally_refuses_what_it_cannot_hold() -> Result<()> {
    let dao = Dao::start().await?;
    let before = dao.treasury().await?;
    for votes in [cap(), U256::MAX] {
        let token = create_with(&dao, "InflatedToken", &(votes,).abi_encode_params()).await?;
        let one = U256::from(1);
        let arguments = (
            "Inflated",
            token,
            dao.timelock,
            one,
            U256::from(1_000),
            U256::ZERO,
            one,
            U256::from(100),
            U256::ZERO,
            dao.guardian.address(),
        )
            .abi_encode_params();
        let governor = deploy::program(&dao.chain, "governor", &arguments).await?;
        let raid = Proposal::new(format!("{votes}")).paying(dao.deployer.address(), whole(100));
        dao.does(&dao.members[0], governor, raid.propose()).await?;
        dao.chain.advance(2).await?;
        let vote = |support| Governor::castVoteCall { proposalId: raid.id(), support };
        let too_many = |value| Governor::SafeCastOverflowedUintDowncast { bits: 208, value };
        let tally = async || dao.read(governor, Governor::proposalVotesCall { proposalId: raid.id() }).await;
        if votes == cap() {
            dao.does(&dao.members[0], governor, vote(AGAINST)).await?;
            dao.refuses(&dao.members[1], governor, vote(AGAINST), too_many(cap() + cap())).await?;
            assert_eq!(tally().await?.againstVotes, cap());
            // Against so many, as many for are no majority.
            dao.does(&dao.members[2], governor, vote(FOR)).await?;
        } else {
            dao.refuses(&dao.members[0], governor, vote(FOR), too_many(U256::MAX)).await?;
        }
        dao.chain.advance(1_001).await?;
        let state = dao.read(governor, Governor::stateCall { proposalId: raid.id() }).await?;
        assert_eq!(state, State::Defeated as u8);
        let queue = Governor::queue_1Call { proposalId: raid.id() };
        let refused = Governor::GovernorUnexpectedProposalState {
            proposalId: raid.id(),
            current: State::Defeated as u8,
            expectedStates: B256::with_last_byte(1 << State::Succeeded as u8),
        };
        dao.refuses(&dao.members[0], governor, queue, refused).await?;
    }
    assert_eq!(dao.treasury().await?, before);
    Ok(())
}

/// Dust sent to a delegate over and over makes its history longer by one checkpoint a second, not by one a transfer.
#[tokio::test]
async fn dust_does_not_fill_a_history() -> Result<()> {
    let dao = Dao::start().await?;
    let before = dao.treasury().await?;
    let victim = dao.members[0].address();
    let duster = create(&dao, "Actor").await?;
    dao.give(&dao.members[4], duster, whole(1)).await?;
    let count = async || dao.read(dao.token, VotingToken::numCheckpointsCall { account: victim }).await;
    let (votes, checkpoints) =
        (dao.read(dao.token, VotingToken::getVotesCall { account: victim }).await?, count().await?);
    let dust: Bytes = VotingToken::transferCall { to: victim, value: U256::from(1) }.abi_encode().into();
    let each = Actor::eachCall { targets: vec![dao.token; 200], calls: vec![dust; 200] };
    dao.does(&dao.deployer, duster, each).await?;
    assert_eq!(count().await?, checkpoints + 1);
    let now = dao.read(dao.token, VotingToken::getVotesCall { account: victim }).await?;
    assert_eq!(now - votes, U256::from(200));
    assert_eq!(dao.treasury().await?, before);
    Ok(())
}
