//! The clocks that a token may have: block numbers, on Arbitrum the parent chain's, or none at all. The whole life of a
//! proposal on each, compared with OpenZeppelin's. Seconds are what all other tests run on.

use alloy::primitives::{Address, U256};
use consilium_bindings::VotingToken;
use consilium_deploy::Clock;
use eyre::Result;
use harness::dao::{self, Dao, Proposal, whole};

use crate::calls::*;
use crate::life::VOTES;
use crate::proposals::Plan;
use crate::setup::Settings;
use crate::twins::Governors;

impl Settings {
    /// Blocks of twelve seconds are fewer than seconds.
    fn by_blocks(token: &'static str) -> Self {
        Self { token, voting_delay: 5, voting_period: 50, extension: 20, ..Self::default() }
    }
}

/// Carries a proposal from its beginning to its end by the number of the block.
async fn live_by_blocks(token: &'static str) -> Result<()> {
    let twins = Governors::start(&Settings::by_blocks(token), &VOTES).await?;
    let at = async |number| twins.chain.set_block_number(number).await;
    at(1_000).await?;
    let clock = twins.call(0, |_| clockCall {}).await?.output::<clockCall>();
    assert_eq!(clock.to::<u64>(), 1_000);
    let mode = twins.call(0, |_| CLOCK_MODECall {}).await?.output::<CLOCK_MODECall>();
    assert_eq!(mode, "mode=blocknumber&from=default");

    let plan = Plan::payment("By the number of the block", 0);
    let proposed = twins.propose(0, &plan).await?.event::<ProposalCreated>();
    assert_eq!((proposed.voteStart, proposed.voteEnd), (U256::from(1_005), U256::from(1_055)));
    // Seconds mean nothing here.
    twins.pass(100_000).await?;
    for (number, state) in [(1_000, State::Pending), (1_005, State::Pending), (1_006, State::Active)] {
        at(number).await?;
        assert_eq!(twins.state(&plan).await?, state, "in block {number}");
    }
    twins.vote(2, &plan, 1).await?.succeeded();
    at(1_050).await?;
    // 45 votes of 100 reach the quorum of 10 percent late: 20 blocks are left from here.
    let extended = twins.vote(0, &plan, 1).await?.event::<ProposalExtended>();
    assert_eq!(extended.extendedDeadline, 1_070);
    for (number, state) in [(1_055, State::Active), (1_070, State::Active), (1_071, State::Succeeded)] {
        at(number).await?;
        assert_eq!(twins.state(&plan).await?, state, "in block {number}");
    }
    let queued = twins.queue(&plan).await?.event::<ProposalQueued>();
    // The timelock counts seconds all the same.
    assert_eq!(queued.etaSeconds, U256::from(twins.now().await? + 500));
    at(9_000).await?;
    assert!(!twins.execute(&plan).await?.success, "blocks do not pass the timelock's time");
    twins.pass(500).await?;
    twins.execute(&plan).await?.succeeded().event::<ProposalExecuted>();
    assert_eq!(twins.state(&plan).await?, State::Executed);

    let account = twins.actors[0];
    for timepoint in [0, 1_004, 1_005, 8_999, 9_000, 9_001].map(U256::from) {
        twins.call(0, |_| quorumCall { timepoint }).await?;
        twins.call(0, |_| getVotesCall { account, timepoint }).await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_governor_lives_by_block_numbers() -> Result<()> {
    live_by_blocks("PeerTokenBlocks").await
}

/// A token from before ERC-6372 has no clock, and its governor falls back to the number of the block.
#[tokio::test]
async fn without_a_clock_of_the_token_the_block_number_serves() -> Result<()> {
    live_by_blocks("ClocklessToken").await
}

/// A token that has a clock and does not describe it: the governor follows the clock and refuses to describe it, since it
/// is not the block number.
#[tokio::test]
async fn a_clock_that_is_not_described_is_followed() -> Result<()> {
    let settings = Settings { threshold: 0, ..Settings::by_blocks("NamelessClockToken") };
    let twins = Governors::start(&settings, &VOTES).await?;
    twins.chain.set_block_number(1_000).await?;
    let clock = twins.call(0, |_| clockCall {}).await?.output::<clockCall>();
    assert_eq!(clock.to::<u64>(), twins.now().await?);
    twins.call(0, |_| CLOCK_MODECall {}).await?.refused(ERC6372InconsistentClock {});
    let plan = Plan::payment("By a clock without a name", 0);
    let start = twins.propose(0, &plan).await?.event::<ProposalCreated>().voteStart;
    assert_eq!(start, U256::from(twins.now().await? + 5));
    twins.pass(6).await?;
    assert_eq!(twins.state(&plan).await?, State::Active);
    Ok(())
}

/// A whole DAO on our own token with that clock, as `consilium deploy` makes it: both contracts answer the same time and the
/// same mode (ERC-6372), and a grant is paid.
#[tokio::test]
async fn a_dao_lives_by_block_numbers() -> Result<()> {
    let dao = Dao::with(|config| {
        config.token_mut().clock = Clock::BlockNumber;
        (config.governor_mut().voting_delay, config.governor_mut().voting_period) = (5, 50);
        config.governor_mut().late_quorum_extension = 10;
    })
    .await?;
    dao.reach(500).await?;
    for _ in 0..2 {
        let (ours, token) =
            (dao.read(dao.governor, clockCall {}).await?, dao.read(dao.token, VotingToken::clockCall {}).await?);
        assert_eq!(ours, token);
        let mode = dao.read(dao.governor, CLOCK_MODECall {}).await?;
        assert_eq!(mode, dao.read(dao.token, VotingToken::CLOCK_MODECall {}).await?);
        assert_eq!(mode, "mode=blocknumber&from=default");
        dao.pass(7).await?;
    }
    let before = dao.treasury().await?;
    let practice = Address::repeat_byte(0x50);
    let id = dao.propose(&dao.members[0], &Proposal::new("A grant").paying(practice, whole(2))).await?;
    assert_eq!((dao.snapshot(id).await?, dao.deadline(id).await?), (519, 569));
    // Tokens that move after the snapshot take no votes along.
    dao.open(id).await?;
    dao.give(&dao.members[0], dao.members[4].address(), whole(200_000)).await?;
    dao.vote(&dao.members[0], id, 1).await?;
    dao.vote(&dao.members[1], id, 0).await?;
    assert_eq!(dao.tally(id).await?, [whole(150_000), whole(200_000), U256::ZERO]);
    dao.close(id).await?;
    assert_eq!(dao.state(id).await?, dao::State::Succeeded);
    dao.queue(id).await?;
    dao.wait(id).await?;
    dao.execute(id).await?;
    assert_eq!(before.ether - dao.treasury().await?.ether, whole(2));
    Ok(())
}
