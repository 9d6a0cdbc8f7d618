//! Proposals that a super-quorum ends early, under a token that changes what it says of the past supply between success,
//! `queue` and `execute`. OpenZeppelin's governor counts again each time. Ours counts until `queue`: what was queued had
//! succeeded, and from then on the timelock alone says what became of it.
//!
//! On both, `queue` takes nothing that has not succeeded by the supply of that moment and the votes that were counted, and
//! nothing is executed that `queue` did not take, by the governor or in the timelock.

use alloy::{
    primitives::{Address, B256, Bytes, U256},
    sol,
    sol_types::{Revert, SolCall},
};
use eyre::Result;
use harness::answer::Answer;

use crate::calls::*;
use crate::life::{VOTES, fund};
use crate::proposals::Plan;
use crate::setup::Settings;
use crate::twins::{Governors, Side};

sol! {
    function say(uint256 supply) external;
    function lieDuring(uint256 supply, address target, bytes data) external;
}

/// What all holders have together.
const SUPPLY: u64 = 100;

/// What each payment pays, in wei.
const PAID: u64 = 7;

/// Both governors, with a super-quorum of 70 votes of 100 and money to pay, and an open proposal to pay it.
async fn start() -> Result<(Governors, Plan)> {
    let settings = Settings { token: "TurncoatToken", super_quorum: 70, threshold: 0, ..Settings::default() };
    assert_eq!(VOTES.iter().sum::<u64>(), SUPPLY);
    let twins = Governors::start(&settings, &VOTES).await?;
    fund(&twins, PAID).await?;
    let plan = Plan::payment("A matter of haste", PAID);
    twins.open(&plan).await?;
    Ok((twins, plan))
}

async fn says(twins: &Governors, supply: u64) -> Result<()> {
    twins.once(0, twins.ours.token, sayCall { supply: U256::from(supply) }.abi_encode()).await
}

/// A call of each side's governor by anybody, and what each answered.
async fn each(twins: &Governors, call: impl Fn(&Side) -> Vec<u8>) -> Result<[Answer; 2]> {
    twins.apart(1, |side| (side.governor, call(side))).await
}

/// The same while the token lies, and not a moment longer.
async fn lying(twins: &Governors, supply: u64, call: impl Fn(&Side) -> Vec<u8>) -> Result<[Answer; 2]> {
    let lie = |side: &Side| {
        let data = Bytes::from(call(side));
        lieDuringCall { supply: U256::from(supply), target: side.governor, data }.abi_encode()
    };
    twins.apart(1, |side| (side.token, lie(side))).await
}

fn queue(plan: &Plan) -> impl Fn(&Side) -> Vec<u8> {
    |side| queue_1Call { proposalId: plan.id(side) }.abi_encode()
}

fn execute(plan: &Plan) -> impl Fn(&Side) -> Vec<u8> {
    |side| execute_1Call { proposalId: plan.id(side) }.abi_encode()
}

/// The state in both governors; none where it reverts.
async fn states(twins: &Governors, plan: &Plan) -> Result<[Option<State>; 2]> {
    let answers = each(twins, |side| stateCall { proposalId: plan.id(side) }.abi_encode()).await?;
    Ok(answers.map(|answer| State::try_from(*answer.data.last()?).ok().filter(|_| answer.success)))
}

/// The refusal of a state by a function that needs another one.
fn is(plan: &Plan, twins: &Governors, current: State, needed: State) -> GovernorUnexpectedProposalState {
    GovernorUnexpectedProposalState {
        proposalId: plan.id(&twins.ours),
        current: current as u8,
        expectedStates: B256::with_last_byte(1 << needed as u8),
    }
}

/// Anybody executes the operation in both timelocks, past the governors: whether that works.
async fn executes_directly(twins: &Governors, plan: &Plan) -> Result<[bool; 2]> {
    let batch = |side: &Side| Timelock::executeBatchCall {
        targets: plan.targets(side),
        values: plan.values(),
        payloads: plan.calldatas(),
        predecessor: B256::ZERO,
        salt: plan.salt(side),
    };
    let answers = twins.apart(2, |side| (side.timelock, batch(side).abi_encode())).await?;
    Ok(answers.map(|answer| answer.success))
}

/// What both timelocks have paid together.
async fn paid(twins: &Governors) -> Result<u64> {
    use alloy::providers::Provider as _;
    Ok(twins.chain.dev.get_balance(Address::repeat_byte(0x77)).await?.to())
}

/// A success that ended with the supply it needed: both refuse to queue and to execute, and the vote goes on.
#[tokio::test]
async fn a_supply_that_grows_before_queue_takes_the_success_back() -> Result<()> {
    let (twins, plan) = start().await?;
    twins.vote(0, &plan, 1).await?.succeeded();
    twins.vote(1, &plan, 1).await?.succeeded();
    assert_eq!(twins.state(&plan).await?, State::Succeeded);

    says(&twins, 2 * SUPPLY).await?;
    assert_eq!(twins.state(&plan).await?, State::Active);
    twins.queue(&plan).await?.refused(is(&plan, &twins, State::Active, State::Succeeded));
    twins.execute(&plan).await?.refused(is(&plan, &twins, State::Active, State::Queued));
    // A token that says nothing lets nothing happen either.
    says(&twins, 0).await?;
    for call in [queue(&plan)(&twins.ours), execute(&plan)(&twins.ours)] {
        assert!(!twins.chain.ask(twins.actors[1], twins.ours.governor, call).await?.success);
    }
    twins.queue(&plan).await?.refused(Revert::from("no answer"));
    assert_eq!(executes_directly(&twins, &plan).await?, [false; 2]);

    // Whoever holds the vote open by that only gets a vote that goes on.
    says(&twins, 2 * SUPPLY).await?;
    twins.vote(2, &plan, 0).await?.succeeded();
    twins.pass(1_000).await?;
    assert_eq!(twins.state(&plan).await?, State::Succeeded, "by the quorum and the majority");
    twins.queue(&plan).await?.succeeded();
    twins.pass(500).await?;
    twins.execute(&plan).await?.succeeded();
    assert_eq!(paid(&twins).await?, 2 * PAID);
    Ok(())
}

/// Queued by a true super-quorum. Then the token answers a larger supply, or is silent: ours keeps to what was decided. In
/// OpenZeppelin's the vote is open again, `execute` waits for the token to say the truth, and the timelock does not wait.
#[tokio::test]
async fn what_was_queued_early_stays_queued() -> Result<()> {
    let (twins, plan) = start().await?;
    twins.vote(0, &plan, 1).await?.succeeded();
    twins.vote(1, &plan, 1).await?.succeeded();
    twins.queue(&plan).await?.succeeded();
    assert_eq!(states(&twins, &plan).await?, [Some(State::Queued); 2]);

    says(&twins, 2 * SUPPLY).await?;
    assert_eq!(states(&twins, &plan).await?, [Some(State::Queued), Some(State::Active)]);
    let again = |side: &Side| castVoteCall { proposalId: plan.id(side), support: 0 }.abi_encode();
    let [ours, peer] = twins.apart(2, |side| (side.governor, again(side))).await?;
    ours.refused(is(&plan, &twins, State::Queued, State::Active));
    peer.succeeded();
    says(&twins, 0).await?;
    assert_eq!(states(&twins, &plan).await?, [Some(State::Queued), None]);

    // Too early, on both and by every way.
    says(&twins, 2 * SUPPLY).await?;
    assert_eq!(each(&twins, execute(&plan)).await?.map(|answer| answer.success), [false; 2]);
    assert_eq!(executes_directly(&twins, &plan).await?, [false; 2]);
    twins.pass(500).await?;
    let [ours, peer] = each(&twins, execute(&plan)).await?;
    ours.succeeded();
    peer.refused(is(&plan, &twins, State::Active, State::Queued));
    assert_eq!(paid(&twins).await?, PAID);

    // Once only. OpenZeppelin's timelock executes what its governor calls open.
    assert_eq!(executes_directly(&twins, &plan).await?, [false, true]);
    assert_eq!(states(&twins, &plan).await?, [Some(State::Executed), Some(State::Active)]);
    says(&twins, SUPPLY).await?;
    assert_eq!(states(&twins, &plan).await?, [Some(State::Executed); 2]);
    assert_eq!(each(&twins, execute(&plan)).await?.map(|answer| answer.success), [false; 2]);
    assert_eq!(paid(&twins).await?, 2 * PAID);
    Ok(())
}

/// Whatever the token says meanwhile, what is canceled in its delay is never executed.
#[tokio::test]
async fn what_was_queued_early_can_be_canceled_under_any_supply() -> Result<()> {
    for supply in [SUPPLY, 2 * SUPPLY, 1] {
        let (twins, plan) = start().await?;
        twins.vote(0, &plan, 1).await?.succeeded();
        twins.vote(1, &plan, 1).await?.succeeded();
        twins.queue(&plan).await?.succeeded();
        says(&twins, supply).await?;
        // There is no guardian, so that the proposer cancels.
        twins.cancel(0, &plan).await?.succeeded().event::<ProposalCanceled>();
        twins.pass(500).await?;
        for supply in [supply, SUPPLY, 1] {
            says(&twins, supply).await?;
            assert_eq!(states(&twins, &plan).await?, [Some(State::Canceled); 2]);
            assert_eq!(each(&twins, queue(&plan)).await?.map(|answer| answer.success), [false; 2]);
            assert_eq!(each(&twins, execute(&plan)).await?.map(|answer| answer.success), [false; 2]);
            assert_eq!(executes_directly(&twins, &plan).await?, [false; 2]);
        }
        assert_eq!(paid(&twins).await?, 0);
    }
    Ok(())
}

/// Five votes of a hundred, and a token that lies for them. Between its lies neither governor takes the proposal further.
/// Two lies do it in ours: one when it is voted, which makes the quorum, and one when it is queued. OpenZeppelin's needs a
/// third one to execute; where everybody may execute in its timelock, it does not.
#[tokio::test]
async fn a_few_votes_and_a_lie_of_one_transaction() -> Result<()> {
    let (twins, plan) = start().await?;
    says(&twins, 5).await?;
    twins.vote(2, &plan, 1).await?.succeeded();
    assert_eq!(twins.state(&plan).await?, State::Succeeded, "by the lie");
    says(&twins, SUPPLY).await?;
    assert_eq!(twins.state(&plan).await?, State::Active, "the others still vote");
    twins.queue(&plan).await?.refused(is(&plan, &twins, State::Active, State::Succeeded));
    twins.execute(&plan).await?.refused(is(&plan, &twins, State::Active, State::Queued));
    // A lie does not execute what was not queued.
    for answer in lying(&twins, 5, execute(&plan)).await? {
        answer.refused(is(&plan, &twins, State::Succeeded, State::Queued));
    }
    assert_eq!(executes_directly(&twins, &plan).await?, [false; 2]);

    for answer in lying(&twins, 5, queue(&plan)).await? {
        answer.succeeded();
    }
    assert_eq!(states(&twins, &plan).await?, [Some(State::Queued), Some(State::Active)]);
    twins.pass(500).await?;
    let [ours, peer] = each(&twins, execute(&plan)).await?;
    ours.succeeded();
    peer.refused(is(&plan, &twins, State::Active, State::Queued));
    let [ours, peer] = lying(&twins, 5, execute(&plan)).await?;
    ours.refused(is(&plan, &twins, State::Executed, State::Queued));
    peer.succeeded();
    assert_eq!(paid(&twins).await?, 2 * PAID);
    Ok(())
}

/// The same without a lie at `queue`: the others outvote it on both.
#[tokio::test]
async fn a_lie_that_ended_is_outvoted() -> Result<()> {
    let (twins, plan) = start().await?;
    says(&twins, 5).await?;
    twins.vote(2, &plan, 1).await?.succeeded();
    says(&twins, SUPPLY).await?;
    twins.vote(0, &plan, 0).await?.succeeded();
    // From now on a lie about the supply helps nobody: there is no majority.
    for supply in [1, 5, SUPPLY] {
        says(&twins, supply).await?;
        assert_eq!(twins.state(&plan).await?, State::Active);
        twins.queue(&plan).await?.refused(is(&plan, &twins, State::Active, State::Succeeded));
    }
    twins.pass(1_300).await?;
    assert_eq!(twins.state(&plan).await?, State::Defeated);
    for answer in lying(&twins, 1, queue(&plan)).await? {
        answer.refused(is(&plan, &twins, State::Defeated, State::Succeeded));
    }
    for answer in lying(&twins, 1, execute(&plan)).await? {
        answer.refused(is(&plan, &twins, State::Defeated, State::Queued));
    }
    assert_eq!(executes_directly(&twins, &plan).await?, [false; 2]);
    assert_eq!(paid(&twins).await?, 0);
    Ok(())
}
