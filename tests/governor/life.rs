//! A proposal's life: each state, how it gets there, and what is refused in it.

use alloy::primitives::{Address, B256, U256};
use alloy::sol_types::SolCall;
use eyre::Result;

use crate::calls::*;
use crate::proposals::{Plan, To};
use crate::setup::Settings;
use crate::twins::Governors;

/// Actors with 40, 30 and 5 votes, a signer with 25.
pub(crate) const VOTES: [u64; 4] = [40, 30, 5, 25];

/// Gives both timelocks the same amount of wei.
pub(crate) async fn fund(twins: &Governors, wei: u64) -> Result<()> {
    use alloy::{network::TransactionBuilder, providers::Provider, rpc::types::TransactionRequest};
    for side in [twins.ours, twins.peer] {
        let gift = TransactionRequest::default().with_to(side.timelock).with_value(U256::from(wei));
        assert!(twins.chain.dev.send_transaction(gift).await?.get_receipt().await?.status());
    }
    Ok(())
}

#[tokio::test]
async fn a_proposal_pays_from_the_treasury() -> Result<()> {
    use alloy::providers::Provider;
    let twins = Governors::start(&Settings::default(), &VOTES).await?;
    fund(&twins, 1_000).await?;
    let plan = Plan::payment("Pay a grant", 7).calling(To::Token, Token::delegateCall { delegatee: Address::ZERO });
    let id = plan.id(&twins.ours);

    let proposed = twins.propose(0, &plan).await?;
    assert_eq!(proposed.output::<proposeCall>(), id);
    let event = proposed.event::<ProposalCreated>();
    assert_eq!((event.proposalId, event.proposer), (id, twins.actors[0]));
    assert_eq!(event.signatures, ["", ""]);
    assert_eq!(event.voteEnd - event.voteStart, U256::from(1_000));
    assert_eq!(twins.state(&plan).await?, State::Pending);
    twins.compare(&plan).await?;

    twins.pass(101).await?;
    assert_eq!(twins.state(&plan).await?, State::Active);
    for (actor, support, weight) in [(0, 1, 40u64), (1, 0, 30), (2, 2, 5)] {
        let voted = twins.vote(actor, &plan, support).await?;
        assert_eq!(voted.output::<castVoteCall>(), U256::from(weight));
        let event = voted.event::<VoteCast>();
        assert_eq!((event.voter, event.support, event.weight), (twins.actors[actor], support, U256::from(weight)));
        twins.compare(&plan).await?;
    }

    twins.pass(1_000).await?;
    assert_eq!(twins.state(&plan).await?, State::Succeeded);
    twins.compare(&plan).await?;
    let queued = twins.queue(&plan).await?;
    assert_eq!(queued.succeeded().event::<ProposalQueued>().proposalId, id);
    assert_eq!(twins.state(&plan).await?, State::Queued);
    twins.compare(&plan).await?;

    twins.pass(500).await?;
    twins.execute(&plan).await?.succeeded().event::<ProposalExecuted>();
    assert_eq!(twins.state(&plan).await?, State::Executed);
    twins.compare(&plan).await?;
    // Each treasury paid once.
    assert_eq!(twins.chain.dev.get_balance(Address::repeat_byte(0x77)).await?, U256::from(14));
    Ok(())
}

#[tokio::test]
async fn the_long_forms_do_the_same() -> Result<()> {
    let twins = Governors::start(&Settings::default(), &VOTES).await?;
    let plan = Plan::payment("By the long forms", 0);
    twins.pass_plan(&plan).await?;
    let queued = twins.call(1, |s| plan.queue_call(s)).await?;
    assert_eq!(queued.output::<queue_0Call>(), plan.id(&twins.ours));
    twins.pass(500).await?;
    let executed = twins.call(2, |s| plan.execute_call(s)).await?;
    assert_eq!(executed.output::<execute_0Call>(), plan.id(&twins.ours));

    let other = Plan::payment("Called off", 0);
    twins.propose(1, &other).await?.succeeded();
    let canceled = twins.call(1, |s| other.cancel_call(s)).await?;
    assert_eq!(canceled.output::<cancel_0Call>(), other.id(&twins.ours));
    twins.compare(&other).await
}

/// In each state, whatever does not belong there is refused with the state and the states that would do.
#[tokio::test]
async fn each_state_refuses_what_does_not_belong_there() -> Result<()> {
    let twins = Governors::start(&Settings::default(), &VOTES).await?;

    let pending = Plan::payment("pending", 0);
    let active = Plan::payment("active", 0);
    let canceled = Plan::payment("canceled", 0);
    let defeated = Plan::payment("defeated", 0);
    let succeeded = Plan::payment("succeeded", 0);
    let queued = Plan::payment("queued", 0);
    let executed = Plan::payment("executed", 0);

    twins.enact(&executed).await?.succeeded();
    twins.propose(0, &canceled).await?.succeeded();
    twins.cancel(0, &canceled).await?.succeeded();
    twins.open(&defeated).await?;
    twins.vote(2, &defeated, 1).await?.succeeded();
    twins.pass(1_000).await?;
    twins.pass_plan(&queued).await?;
    twins.queue(&queued).await?.succeeded();
    twins.pass_plan(&succeeded).await?;
    twins.open(&active).await?;
    twins.propose(0, &pending).await?.succeeded();

    let all = [
        (&pending, State::Pending),
        (&active, State::Active),
        (&canceled, State::Canceled),
        (&defeated, State::Defeated),
        (&succeeded, State::Succeeded),
        (&queued, State::Queued),
        (&executed, State::Executed),
    ];
    for (plan, state) in &all {
        assert_eq!(twins.state(plan).await?, *state, "{}", plan.description);
        let unexpected = |expected: u8| GovernorUnexpectedProposalState {
            proposalId: plan.id(&twins.ours),
            current: *state as u8,
            expectedStates: B256::with_last_byte(expected),
        };
        if *state != State::Active {
            twins.vote(1, plan, 1).await?.refused(unexpected(1 << 1));
        }
        if *state != State::Succeeded {
            twins.queue(plan).await?.refused(unexpected(1 << 4));
            twins.call(1, |s| plan.queue_call(s)).await?.refused(unexpected(1 << 4));
        }
        if *state != State::Queued {
            twins.execute(plan).await?.refused(unexpected(1 << 5));
            twins.call(1, |s| plan.execute_call(s)).await?.refused(unexpected(1 << 5));
        }
        // Who may not cancel learns nothing else.
        let stranger = GovernorUnableToCancel { proposalId: plan.id(&twins.ours), account: twins.actors[1] };
        twins.cancel(1, plan).await?.refused(stranger);
        if matches!(state, State::Canceled | State::Executed) {
            twins.cancel(0, plan).await?.refused(unexpected(0x3b));
        }
        twins.propose(1, plan).await?.refused(unexpected(0));
        twins.compare(plan).await?;
    }
    // Whatever is not over can still be canceled by its proposer, since there is no guardian.
    for (plan, state) in &all {
        if !matches!(state, State::Canceled | State::Executed) {
            twins.cancel(0, plan).await?.succeeded().event::<ProposalCanceled>();
            assert_eq!(twins.state(plan).await?, State::Canceled);
            twins.compare(plan).await?;
        }
    }
    Ok(())
}

#[tokio::test]
async fn what_was_never_proposed_does_not_exist() -> Result<()> {
    let twins = Governors::start(&Settings::default(), &VOTES).await?;
    let plan = Plan::payment("nobody proposed this", 1);
    twins.introduce(&plan);
    let unknown = || GovernorNonexistentProposal { proposalId: plan.id(&twins.ours) };
    twins.call(0, |s| stateCall { proposalId: plan.id(s) }).await?.refused(unknown());
    twins.call(0, |s| proposalDetailsCall { proposalId: plan.id(s) }).await?.refused(unknown());
    twins.vote(0, &plan, 1).await?.refused(unknown());
    for answer in [
        twins.queue(&plan).await?,
        twins.execute(&plan).await?,
        twins.cancel(0, &plan).await?,
        twins.call(0, |s| plan.queue_call(s)).await?,
        twins.call(0, |s| plan.execute_call(s)).await?,
        twins.call(0, |s| plan.cancel_call(s)).await?,
    ] {
        answer.refused(unknown());
    }
    twins.call(0, |_| proposalDetailsAtCall { index: U256::ZERO }).await?.panicked(0x32);
    twins.call(0, |_| proposalDetailsAtCall { index: U256::MAX }).await?.panicked(0x32);
    twins.compare(&plan).await
}

/// Quorum counts votes for and abstaining; the majority is of votes for over votes against.
#[tokio::test]
async fn quorum_and_majority_decide() -> Result<()> {
    let settings = Settings { quorum: 45, ..Settings::default() };
    let twins = Governors::start(&settings, &VOTES).await?;
    let against = 0;
    let (yes, abstain) = (1, 2);
    for (name, votes, state) in [
        ("nobody votes", vec![], State::Defeated),
        ("too few votes", vec![(0, yes)], State::Defeated),
        ("votes against do not make a quorum", vec![(0, yes), (1, against)], State::Defeated),
        ("abstention makes a quorum", vec![(0, yes), (2, abstain)], State::Succeeded),
        ("a tie is no majority", vec![(2, abstain), (0, abstain)], State::Defeated),
        ("more against than for", vec![(0, against), (1, yes), (2, yes)], State::Defeated),
        ("a majority", vec![(0, yes), (1, yes)], State::Succeeded),
    ] {
        let plan = Plan::payment(name, 0);
        twins.open(&plan).await?;
        for (actor, support) in votes {
            twins.vote(actor, &plan, support).await?.succeeded();
        }
        twins.pass(1_300).await?;
        assert_eq!(twins.state(&plan).await?, state, "{name}");
        twins.compare(&plan).await?;
    }
    Ok(())
}

/// With the votes for of a super-quorum, and a majority, voting is over at once.
#[tokio::test]
async fn a_super_quorum_ends_voting_early() -> Result<()> {
    let settings = Settings { super_quorum: 70, ..Settings::default() };
    let twins = Governors::start(&settings, &VOTES).await?;
    let plan = Plan::payment("Urgent", 0);
    twins.open(&plan).await?;
    twins.vote(0, &plan, 1).await?.succeeded();
    assert_eq!(twins.state(&plan).await?, State::Active);
    twins.vote(1, &plan, 1).await?.succeeded();
    assert_eq!(twins.state(&plan).await?, State::Succeeded);
    twins.vote(2, &plan, 0).await?.refused(GovernorUnexpectedProposalState {
        proposalId: plan.id(&twins.ours),
        current: State::Succeeded as u8,
        expectedStates: B256::with_last_byte(2),
    });
    twins.queue(&plan).await?.succeeded();
    assert_eq!(twins.state(&plan).await?, State::Queued);
    twins.compare(&plan).await?;
    twins.pass(500).await?;
    twins.execute(&plan).await?.succeeded();
    twins.compare(&plan).await
}

/// The edges of each period, to the second: the snapshot itself is before voting, the deadline is within.
#[tokio::test]
async fn periods_end_where_they_should() -> Result<()> {
    let twins = Governors::start(&Settings::default(), &VOTES).await?;
    let plan = Plan::payment("To the second", 0);
    let start = twins.propose(0, &plan).await?.event::<ProposalCreated>().voteStart.to::<u64>();
    for (time, state) in [(start, State::Pending), (start + 1, State::Active)] {
        twins.set_time(time).await?;
        assert_eq!(twins.state(&plan).await?, state, "at {time}");
    }
    twins.vote(0, &plan, 1).await?.succeeded();
    for (time, state) in [(start + 1_000, State::Active), (start + 1_001, State::Succeeded)] {
        twins.set_time(time).await?;
        assert_eq!(twins.state(&plan).await?, state, "at {time}");
    }
    let eta = twins.queue(&plan).await?.event::<ProposalQueued>().etaSeconds.to::<u64>();
    twins.set_time(eta - 1).await?;
    assert!(!twins.execute(&plan).await?.success, "a second too early");
    twins.set_time(eta).await?;
    twins.execute(&plan).await?.succeeded();
    Ok(())
}

/// Who reaches quorum at the last moment gives the others time.
#[tokio::test]
async fn a_late_quorum_extends_voting_once() -> Result<()> {
    let settings = Settings { quorum: 35, ..Settings::default() };
    let twins = Governors::start(&settings, &VOTES).await?;
    let plan = Plan::payment("In the last second", 0);
    let start = twins.propose(0, &plan).await?.event::<ProposalCreated>().voteStart.to::<u64>();
    twins.set_time(start + 10).await?;
    twins.vote(1, &plan, 1).await?.succeeded();
    twins.compare(&plan).await?;
    twins.set_time(start + 990).await?;
    let voted = twins.vote(2, &plan, 2).await?;
    assert_eq!(voted.event::<ProposalExtended>().extendedDeadline, start + 1_190);
    twins.compare(&plan).await?;
    twins.set_time(start + 1_190).await?;
    let last = twins.vote(0, &plan, 0).await?;
    assert!(!last.succeeded().logs.iter().any(|log| log.topics().len() == 2 && log.data.data.len() == 32));
    twins.set_time(start + 1_191).await?;
    assert_eq!(twins.state(&plan).await?, State::Defeated);

    // An early quorum extends nothing.
    let early = Plan::payment("In time", 0);
    twins.open(&early).await?;
    let voted = twins.vote(0, &early, 1).await?;
    assert_eq!(voted.succeeded().logs.len(), 1);
    twins.compare(&early).await
}

/// What the timelock did with an operation counts, whoever made it do so.
#[tokio::test]
async fn the_timelock_may_execute_and_cancel_by_itself() -> Result<()> {
    let twins = Governors::start(&Settings::default(), &VOTES).await?;
    let plan = Plan::payment("Executed from outside", 0);
    twins.ripen(&plan).await?;
    let batch = |s: &crate::twins::Side| {
        let call = Timelock::executeBatchCall {
            targets: plan.targets(s),
            values: plan.values(),
            payloads: plan.calldatas(),
            predecessor: B256::ZERO,
            salt: plan.salt(s),
        };
        (s.timelock, call.abi_encode())
    };
    twins.at(2, batch).await?.succeeded();
    assert_eq!(twins.state(&plan).await?, State::Executed);
    assert!(!twins.execute(&plan).await?.success);
    twins.compare(&plan).await?;

    // The timelock cancels what a proposal tells it to cancel.
    let plan = Plan::payment("Canceled from outside", 0);
    twins.pass_plan(&plan).await?;
    twins.queue(&plan).await?.succeeded();
    let admin = twins.chain.dev_account()?;
    for side in [twins.ours, twins.peer] {
        let role = alloy::primitives::keccak256("CANCELLER_ROLE");
        let grant = Timelock::grantRoleCall { role, account: admin.address() };
        assert!(admin.send(side.timelock, grant.abi_encode()).await?.status());
        let cancel = Timelock::cancelCall { id: plan.operation(&side) };
        assert!(admin.send(side.timelock, cancel.abi_encode()).await?.status());
    }
    assert_eq!(twins.state(&plan).await?, State::Canceled);
    assert!(!twins.execute(&plan).await?.success);
    twins.compare(&plan).await
}

/// A guardian cancels at any time; where there is one, a proposer cancels only while the proposal is pending.
#[tokio::test]
async fn a_guardian_stops_a_proposal_at_any_time() -> Result<()> {
    let twins = Governors::start(&Settings::default(), &VOTES).await?;
    let guardian = twins.actors[2];
    let appoint = Plan::new("Appoint a guardian")
        .calling(To::Governor, setProposalGuardianCall { newProposalGuardian: guardian });
    let appointed = twins.enact(&appoint).await?.event::<ProposalGuardianSet>();
    assert_eq!((appointed.oldProposalGuardian, appointed.newProposalGuardian), (Address::ZERO, guardian));

    let queued = Plan::payment("Stopped by the guardian", 0);
    twins.pass_plan(&queued).await?;
    twins.queue(&queued).await?.succeeded();
    let too_late = GovernorUnableToCancel { proposalId: queued.id(&twins.ours), account: twins.actors[0] };
    twins.cancel(0, &queued).await?.refused(too_late);
    twins.cancel(2, &queued).await?.succeeded();
    assert_eq!(twins.state(&queued).await?, State::Canceled);
    twins.compare(&queued).await?;

    let pending = Plan::payment("Withdrawn by its proposer", 0);
    twins.propose(0, &pending).await?.succeeded();
    twins.cancel(0, &pending).await?.succeeded();
    twins.compare(&pending).await
}

/// A proposal whose call fails is not executed, reverts with the call's own reason, and can be tried again.
#[tokio::test]
async fn a_failing_call_leaves_the_proposal_queued() -> Result<()> {
    let twins = Governors::start(&Settings::default(), &VOTES).await?;
    let plan = Plan::payment("More than there is", 50);
    twins.ripen(&plan).await?;
    assert!(!twins.execute(&plan).await?.success);
    assert_eq!(twins.state(&plan).await?, State::Queued);
    fund(&twins, 50).await?;
    twins.execute(&plan).await?.succeeded();
    twins.compare(&plan).await
}
