//! A token that says that it answers all that a vote asks in one call. What it does not answer, the governor asks by the
//! standard's functions; what it answers counts as if these had answered it.

use alloy::{
    primitives::{Address, B256, U256},
    sol,
    sol_types::SolCall,
};
use consilium_bindings::VotingToken;
use eyre::Result;
use harness::{
    cost::Cost,
    dao::{Dao, Proposal, whole},
    layout::Layout,
};

use crate::calls::*;
use crate::life::VOTES;
use crate::proposals::{Plan, To};
use crate::setup::Settings;
use crate::twins::Governors;

sol! {
    /// As AtOnceToken has it.
    #[derive(Debug)]
    enum Manner { Truth, Refusal, Hunger, Half, Past, Future, Lie }
    function set(Manner manner) external;
}

async fn start(token: &'static str) -> Result<Governors> {
    Governors::start(&Settings { token, threshold: 0, ..Settings::default() }, &VOTES).await
}

async fn behaves(twins: &Governors, manner: Manner) -> Result<()> {
    twins.once(0, twins.ours.token, setCall { manner }.abi_encode()).await
}

/// Our own token is entered once for a vote, whether the quorum is still to be reached or was.
#[tokio::test]
async fn a_vote_enters_the_token_once() -> Result<()> {
    let dao = Dao::start().await?;
    let id =
        dao.propose(&dao.members[0], &Proposal::new("A grant").paying(Address::repeat_byte(0x50), whole(2))).await?;
    dao.open(id).await?;
    for member in &dao.members[..3] {
        let vote = castVoteCall { proposalId: id, support: 1 };
        let cost = Cost::of(member, dao.governor, vote.abi_encode(), [dao.token]).await?;
        assert_eq!(cost.calls, [1]);
    }
    Ok(())
}

/// The constructor finds out by ERC-165, and by its whole procedure.
#[tokio::test]
async fn only_a_token_that_says_so_is_asked_at_once() -> Result<()> {
    for (token, expected) in [
        ("AtOnceToken", U256::ONE),
        ("PeerTokenTime", U256::ZERO),
        ("ClocklessToken", U256::ZERO),
        ("YesToken", U256::ZERO),
        ("HungryToken", U256::ZERO),
    ] {
        let twins = start(token).await?;
        let layout = Layout::of("governor", &twins.chain, twins.ours.governor)?;
        assert_eq!(layout.field("voting.answersAtOnce").await?, expected, "{token}");
    }
    Ok(())
}

/// Whether it answers the truth, nothing, too little or an impossible time, even with all the gas gone: votes count as in
/// OpenZeppelin's governor, which asks the standard's functions.
#[tokio::test]
async fn what_is_not_answered_is_asked_by_the_standard() -> Result<()> {
    let twins = start("AtOnceToken").await?;
    let manners = [Manner::Truth, Manner::Refusal, Manner::Hunger, Manner::Half, Manner::Past];
    for (number, manner) in (0..).zip(manners) {
        println!("{manner:?}");
        behaves(&twins, manner).await?;
        let plan = Plan::payment("A matter of form", number);
        twins.propose(0, &plan).await?.succeeded();
        assert!(!twins.vote(0, &plan, 1).await?.success, "it is pending");
        twins.pass(101).await?;
        for (actor, support) in [(2, 1), (0, 1), (1, 0)] {
            twins.vote(actor, &plan, support).await?.succeeded().event::<VoteCast>();
        }
        let voter = twins.actors[0];
        twins.vote(0, &plan, 1).await?.refused(GovernorAlreadyCastVote { voter });
        twins.compare(&plan).await?;
        twins.pass(1_000).await?;
        assert!(!twins.vote(0, &plan, 1).await?.success, "it is over");
        assert_eq!(twins.state(&plan).await?, State::Succeeded);
    }
    Ok(())
}

/// A token that lies decides, as one does that lies in `clock`, `getPastVotes` and `getPastTotalSupply`: the governor has no other
/// source. It gains nothing by the one call: each account still casts what the token says, once, and other accounts and
/// the time for the others stay what they are.
#[tokio::test]
async fn a_lie_counts_as_it_would_count_by_the_standard() -> Result<()> {
    let twins = start("AtOnceToken").await?;
    let plan = Plan::payment("A matter of trust", 0);
    twins.open(&plan).await?;
    let id = plan.id(&twins.ours);
    let vote = async |actor| -> Result<_> {
        let [ours, _] = twins
            .apart(actor, |side| (side.governor, castVoteCall { proposalId: plan.id(side), support: 1 }.abi_encode()))
            .await?;
        Ok(ours)
    };
    behaves(&twins, Manner::Future).await?;
    let is = |state: State| GovernorUnexpectedProposalState {
        proposalId: id,
        current: state as u8,
        expectedStates: B256::with_last_byte(1 << State::Active as u8),
    };
    vote(0).await?.refused(is(State::Defeated));
    assert_eq!(twins.state(&plan).await?, State::Active, "nothing came of it");

    behaves(&twins, Manner::Lie).await?;
    assert_eq!(vote(2).await?.event::<VoteCast>().weight, U256::from(50), "ten times five votes");
    // Of no supply these votes are a super-quorum, as they would be by `getPastTotalSupply`.
    vote(2).await?.refused(is(State::Succeeded));
    behaves(&twins, Manner::Truth).await?;
    vote(2).await?.refused(GovernorAlreadyCastVote { voter: twins.actors[2] });
    assert_eq!(vote(0).await?.event::<VoteCast>().weight, U256::from(40));
    let votes =
        twins.apart(0, |side| (side.governor, proposalVotesCall { proposalId: plan.id(side) }.abi_encode())).await?;
    assert_eq!(votes[0].output::<proposalVotesCall>().forVotes, U256::from(90));
    Ok(())
}

/// The governor hashes the timelock's id of an operation itself. It is the timelock's, ours and OpenZeppelin's.
#[tokio::test]
async fn the_operation_is_hashed_as_the_timelock_hashes_it() -> Result<()> {
    let twins = start("PeerTokenTime").await?;
    let mut plan = Plan::payment("Of many lengths", 3);
    for length in [0, 4, 31, 32, 33, 100] {
        let reason = "r".repeat(length);
        plan = plan.calling(To::Token, castVoteWithReasonCall { proposalId: U256::MAX, support: 1, reason });
    }
    twins.pass_plan(&plan).await?;
    twins.queue(&plan).await?.succeeded();
    let side = &twins.ours;
    let hash = Timelock::hashOperationBatchCall {
        targets: plan.targets(side),
        values: plan.values(),
        payloads: plan.calldatas(),
        predecessor: B256::ZERO,
        salt: plan.salt(side),
    };
    let asked = twins.chain.ask(twins.actors[0], side.timelock, hash.abi_encode()).await?;
    let stored = async |chain, governor, id: U256| -> Result<B256> {
        let layout = Layout::of("governor", chain, governor)?;
        let proposal = layout.value("proposals", &[id.into()])?;
        Ok(layout.member(proposal, "Proposal", "words[4]").await?.into())
    };
    let id = asked.output::<Timelock::hashOperationBatchCall>();
    assert_eq!(stored(&twins.chain, side.governor, plan.id(side)).await?, id);

    let dao = Dao::start().await?;
    let mut proposal = Proposal::new("Of many lengths").paying(Address::repeat_byte(0x50), U256::from(3));
    for length in [0, 4, 31, 32, 33, 100] {
        proposal = proposal.calling(dao.token, VotingToken::nameCall {}).sending(
            dao.token,
            U256::from(length),
            vec![7; length],
        );
    }
    let id = dao.pass_vote(&proposal).await?;
    dao.queue(id).await?;
    let batch = proposal.execute_batch(B256::ZERO, proposal.salt(dao.governor));
    let hash = Timelock::hashOperationBatchCall {
        targets: batch.targets,
        values: batch.values,
        payloads: batch.payloads,
        predecessor: batch.predecessor,
        salt: batch.salt,
    };
    assert_eq!(stored(&dao.chain, dao.governor, id).await?, dao.read(dao.timelock, hash).await?);
    Ok(())
}
