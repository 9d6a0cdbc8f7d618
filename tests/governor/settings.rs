//! Settings: changed by proposals alone, each with its event, within its bounds.

use alloy::primitives::{Address, B256, Bytes, U256};
use alloy::sol_types::{SolCall, SolError};
use eyre::Result;
use harness::peers;

use crate::calls::*;
use crate::life::VOTES;
use crate::proposals::{Action, Plan, To};
use crate::setup::Settings;
use crate::twins::Governors;

/// Every call that only an executed proposal may make.
fn guarded() -> Vec<Vec<u8>> {
    vec![
        setVotingDelayCall { newVotingDelay: alloy::primitives::aliases::U48::from(7) }.abi_encode(),
        setVotingPeriodCall { newVotingPeriod: 7 }.abi_encode(),
        setProposalThresholdCall { newProposalThreshold: U256::from(7) }.abi_encode(),
        setLateQuorumVoteExtensionCall { newVoteExtension: alloy::primitives::aliases::U48::from(7) }.abi_encode(),
        setProposalGuardianCall { newProposalGuardian: Address::repeat_byte(7) }.abi_encode(),
        updateQuorumNumeratorCall { newQuorumNumerator: U256::from(7) }.abi_encode(),
        updateSuperQuorumNumeratorCall { newSuperQuorumNumerator: U256::from(77) }.abi_encode(),
        updateTimelockCall { newTimelock: Address::repeat_byte(7) }.abi_encode(),
        relayCall { target: Address::repeat_byte(7), value: U256::ZERO, data: Bytes::new() }.abi_encode(),
    ]
}

fn by_governor(data: Vec<u8>) -> Action {
    Action { to: To::Governor, value: U256::ZERO, data }
}

#[tokio::test]
async fn nobody_changes_settings_directly() -> Result<()> {
    let twins = Governors::start(&Settings::default(), &VOTES).await?;
    for data in guarded() {
        let refused = GovernorOnlyExecutor { account: twins.actors[0] };
        twins.at(0, |s| (s.governor, data.clone())).await?.refused(refused);
    }
    // Another proposer of the timelock reaches the governor, but no proposal has that call.
    let admin = twins.chain.dev_account()?;
    for side in [twins.ours, twins.peer] {
        let role = alloy::primitives::keccak256("PROPOSER_ROLE");
        for account in &twins.actors {
            let grant = Timelock::grantRoleCall { role, account: *account };
            assert!(admin.send(side.timelock, grant.abi_encode()).await?.status());
        }
    }
    for (index, data) in guarded().into_iter().enumerate() {
        let salt = B256::with_last_byte(index as u8);
        let data: Bytes = data.into();
        let schedule = |s: &crate::twins::Side| {
            let (target, predecessor, delay) = (s.governor, B256::ZERO, U256::from(500));
            let call =
                Timelock::scheduleCall { target, value: U256::ZERO, data: data.clone(), predecessor, salt, delay };
            (s.timelock, call.abi_encode())
        };
        let execute = |s: &crate::twins::Side| {
            let (target, payload, predecessor) = (s.governor, data.clone(), B256::ZERO);
            let call = Timelock::executeCall { target, value: U256::ZERO, payload, predecessor, salt };
            (s.timelock, call.abi_encode())
        };
        // The ids of the operations differ with the targets; only the outcome is compared.
        let id = |s: &crate::twins::Side| {
            use alloy::sol_types::SolValue;
            let operation = (s.governor, U256::ZERO, data.clone(), B256::ZERO, salt).abi_encode_params();
            alloy::primitives::keccak256(operation).to_vec()
        };
        twins.stands_for(id(&twins.ours), id(&twins.peer));
        twins.at(0, schedule).await?.succeeded();
        twins.pass(500).await?;
        twins.at(0, execute).await?.panicked(0x31);
    }
    twins.compare(&Plan::new("none")).await
}

#[tokio::test]
async fn a_proposal_changes_every_setting() -> Result<()> {
    let twins = Governors::start(&Settings::default(), &VOTES).await?;
    let mut plan = Plan::new("Everything at once");
    // All but the timelock, which is moved to last, in a test of its own.
    plan.actions
        .extend(guarded().into_iter().filter(|data| data[..4] != updateTimelockCall::SELECTOR).map(by_governor));
    let enacted = twins.enact(&plan).await?;
    let delay = enacted.event::<VotingDelaySet>();
    assert_eq!((delay.oldVotingDelay, delay.newVotingDelay), (U256::from(100), U256::from(7)));
    let period = enacted.event::<VotingPeriodSet>();
    assert_eq!((period.oldVotingPeriod, period.newVotingPeriod), (U256::from(1_000), U256::from(7)));
    let threshold = enacted.event::<ProposalThresholdSet>();
    assert_eq!((threshold.oldProposalThreshold, threshold.newProposalThreshold), (U256::from(10), U256::from(7)));
    let extension = enacted.event::<LateQuorumVoteExtensionSet>();
    assert_eq!((extension.oldVoteExtension, extension.newVoteExtension), (200, 7));
    let quorum = enacted.event::<QuorumNumeratorUpdated>();
    assert_eq!((quorum.oldQuorumNumerator, quorum.newQuorumNumerator), (U256::from(10), U256::from(7)));
    let share = enacted.event::<SuperQuorumNumeratorUpdated>();
    assert_eq!((share.oldSuperQuorumNumerator, share.newSuperQuorumNumerator), (U256::from(90), U256::from(77)));
    enacted.event::<ProposalGuardianSet>();
    twins.compare(&plan).await?;
    twins.pass(10).await?;
    twins.compare(&plan).await
}

/// What a setter refuses, its proposal's execution reverts with.
#[tokio::test]
async fn settings_keep_their_bounds() -> Result<()> {
    let twins = Governors::start(&Settings::default(), &VOTES).await?;
    let whole = U256::from(100);
    let refusals: Vec<(Vec<u8>, Vec<u8>)> = vec![
        (
            setVotingPeriodCall { newVotingPeriod: 0 }.abi_encode(),
            GovernorInvalidVotingPeriod { votingPeriod: U256::ZERO }.abi_encode(),
        ),
        (
            setLateQuorumVoteExtensionCall { newVoteExtension: alloy::primitives::aliases::U48::from(1_001) }
                .abi_encode(),
            GovernorPreventLateQuorumVoteExtensionTooLarge {
                newVoteExtension: U256::from(1_001),
                maxVoteExtension: U256::from(1_000),
            }
            .abi_encode(),
        ),
        (
            updateQuorumNumeratorCall { newQuorumNumerator: U256::from(91) }.abi_encode(),
            GovernorInvalidQuorumTooLarge { quorumNumerator: U256::from(91), superQuorumNumerator: U256::from(90) }
                .abi_encode(),
        ),
        (
            updateQuorumNumeratorCall { newQuorumNumerator: U256::MAX }.abi_encode(),
            GovernorInvalidQuorumTooLarge { quorumNumerator: U256::MAX, superQuorumNumerator: U256::from(90) }
                .abi_encode(),
        ),
        (
            updateSuperQuorumNumeratorCall { newSuperQuorumNumerator: U256::from(101) }.abi_encode(),
            GovernorInvalidSuperQuorumFraction { superQuorumNumerator: U256::from(101), denominator: whole }
                .abi_encode(),
        ),
        (
            updateSuperQuorumNumeratorCall { newSuperQuorumNumerator: U256::from(9) }.abi_encode(),
            GovernorInvalidSuperQuorumTooSmall { superQuorumNumerator: U256::from(9), quorumNumerator: U256::from(10) }
                .abi_encode(),
        ),
    ];
    // One after another they wait in the timelock, then each is tried.
    let mut plans = Vec::new();
    for (index, (data, _)) in refusals.iter().enumerate() {
        let mut plan = Plan::new(&format!("Refusal {index}"));
        plan.actions.push(by_governor(data.clone()));
        twins.propose(0, &plan).await?.succeeded();
        plans.push(plan);
    }
    twins.pass(101).await?;
    for plan in &plans {
        twins.vote(0, plan, 1).await?.succeeded();
    }
    twins.pass(1_001).await?;
    for plan in &plans {
        twins.queue(plan).await?.succeeded();
    }
    twins.pass(501).await?;
    for (plan, (_, error)) in plans.iter().zip(&refusals) {
        twins.execute(plan).await?.refused_with(error);
        assert_eq!(twins.state(plan).await?, State::Queued);
    }
    Ok(())
}

/// Quorums are those of a proposal's snapshot, whatever is decided later.
#[tokio::test]
async fn quorums_have_a_history() -> Result<()> {
    let twins = Governors::start(&Settings::default(), &VOTES).await?;
    let mut times = Vec::new();
    for (quorum, share) in [(20u64, 80u64), (30, 70), (40, 60), (50, 50)] {
        let plan = Plan::new(&format!("Quorum {quorum}"))
            .calling(To::Governor, updateQuorumNumeratorCall { newQuorumNumerator: U256::from(quorum) })
            .calling(To::Governor, updateSuperQuorumNumeratorCall { newSuperQuorumNumerator: U256::from(share) });
        twins.open(&plan).await?;
        for actor in 0..3 {
            twins.vote(actor, &plan, 1).await?;
        }
        twins.pass(1_000).await?;
        twins.queue(&plan).await?.succeeded();
        twins.pass(500).await?;
        twins.execute(&plan).await?.succeeded();
        times.push(twins.now().await?);
        twins.compare(&plan).await?;
    }
    twins.pass(10).await?;
    for time in times {
        for timepoint in [time - 1, time, time + 1].map(U256::from) {
            for answer in [
                twins.call(0, |_| quorumCall { timepoint }).await?,
                twins.call(0, |_| superQuorumCall { timepoint }).await?,
                twins.call(0, |_| quorumNumerator_1Call { timepoint }).await?,
                twins.call(0, |_| superQuorumNumerator_1Call { timepoint }).await?,
            ] {
                answer.succeeded();
            }
        }
    }
    // Before there was a governor there was no quorum; and the future is nobody's.
    twins.call(0, |_| quorumNumerator_1Call { timepoint: U256::from(1) }).await?.succeeded();
    assert!(!twins.call(0, |_| quorumCall { timepoint: U256::MAX }).await?.success);
    Ok(())
}

/// `relay` moves what the governor holds, passes on a refusal, and names one without a reason.
#[tokio::test]
async fn relay_calls_for_the_governor() -> Result<()> {
    use alloy::{network::TransactionBuilder, providers::Provider, rpc::types::TransactionRequest};
    let twins = Governors::start(&Settings::default(), &VOTES).await?;
    let token = twins.ours.token;
    // Tokens that were sent to the governors by mistake.
    for side in [twins.ours, twins.peer] {
        let lost = Token::transferCall { to: side.governor, value: U256::from(2) };
        twins.once(1, token, lost.abi_encode()).await?;
    }
    let relay =
        |target: Address, value: u64, data: Vec<u8>| relayCall { target, value: U256::from(value), data: data.into() };
    let back = Token::transferCall { to: Address::repeat_byte(0x44), value: U256::from(2) }.abi_encode();
    let plan = Plan::new("Give them back").calling(To::Governor, relay(token, 0, back.clone()));
    twins.enact(&plan).await?.succeeded();

    let reason = Plan::new("More than there is").calling(To::Governor, relay(token, 0, back));
    let answer = twins.enact(&reason).await?;
    assert!(!answer.success && answer.data.len() == 100, "ERC20InsufficientBalance and its arguments: {}", answer.data);
    let silent = peers::create(&twins.chain, "Silent", &[]).await?;
    let plan = Plan::new("A silent refusal").calling(To::Governor, relay(silent, 0, vec![1]));
    twins.enact(&plan).await?.refused(FailedCall {});
    // Value comes with the proposal.
    for side in [twins.ours, twins.peer] {
        let gift = TransactionRequest::default().with_to(side.timelock).with_value(U256::from(5));
        assert!(twins.chain.dev.send_transaction(gift).await?.get_receipt().await?.status());
    }
    let mut plan =
        Plan::new("Ether through the governor").calling(To::Governor, relay(Address::repeat_byte(0x55), 5, Vec::new()));
    plan.actions[0].value = U256::from(5);
    twins.enact(&plan).await?.succeeded();
    assert_eq!(twins.chain.dev.get_balance(Address::repeat_byte(0x55)).await?, U256::from(10));
    Ok(())
}

/// Calls to the governor are allowed one by one, in their order; trailing bytes belong to them.
#[tokio::test]
async fn calls_are_allowed_as_they_were_proposed() -> Result<()> {
    let twins = Governors::start(&Settings::default(), &VOTES).await?;
    let call = setProposalThresholdCall { newProposalThreshold: U256::from(3) }.abi_encode();
    let mut plan = Plan::new("With bytes behind");
    plan.actions.push(by_governor([&call[..], b"and more"].concat()));
    plan.actions.push(by_governor(call.clone()));
    plan.actions.push(by_governor(call));
    twins.enact(&plan).await?.succeeded();
    // Afterwards nothing of it is left.
    let plan = Plan::new("Views only").calling(To::Governor, nameCall {}).calling(To::Governor, clockCall {});
    twins.enact(&plan).await?.succeeded();
    twins.compare(&plan).await
}

/// A move to another timelock: what waits in the old one is lost to the governor, as OpenZeppelin warns. What becomes of it
/// in the old timelock: `tests/attacks/old_timelock.rs`.
#[tokio::test]
async fn the_timelock_can_be_replaced() -> Result<()> {
    let twins = Governors::start(&Settings::default(), &VOTES).await?;
    let waiting = Plan::payment("Waiting", 0);
    twins.pass_plan(&waiting).await?;
    twins.queue(&waiting).await?.succeeded();
    let heir = twins.actors[2];
    let plan = Plan::new("Move").calling(To::Governor, updateTimelockCall { newTimelock: heir });
    let moved = twins.enact(&plan).await?.event::<TimelockChange>();
    assert_eq!((moved.oldTimelock, moved.newTimelock), (twins.ours.timelock, heir));
    // The heir is the executor, and knows nothing of proposals.
    let call = setProposalThresholdCall { newProposalThreshold: U256::from(3) };
    twins.call(2, |_| call.clone()).await?.panicked(0x31);
    assert!(!twins.call(0, |s| stateCall { proposalId: waiting.id(s) }).await?.success);
    assert!(!twins.execute(&waiting).await?.success);
    Ok(())
}

/// A governor that is its own executor takes deposits; every other refuses them.
#[tokio::test]
async fn deposits_are_refused_unless_they_can_be_spent() -> Result<()> {
    let twins = Governors::start(&Settings::default(), &VOTES).await?;
    let (a, n) = (Address::repeat_byte(1), U256::from(2));
    let data = || Bytes::from_static(b"data");
    let deposits = |twins: &Governors| {
        let _ = twins;
        [
            onERC721ReceivedCall { operator: a, from: a, tokenId: n, data: data() }.abi_encode(),
            onERC1155ReceivedCall { operator: a, from: a, id: n, value: n, data: data() }.abi_encode(),
            onERC1155BatchReceivedCall { operator: a, from: a, ids: vec![n], values: vec![n, n], data: data() }
                .abi_encode(),
            Vec::new(),
        ]
    };
    for deposit in deposits(&twins) {
        twins.at(0, |s| (s.governor, deposit.clone())).await?.refused(GovernorDisabledDeposit {});
    }
    // The call names each side's own governor.
    let call = |s: &crate::twins::Side| updateTimelockCall { newTimelock: s.governor }.abi_encode();
    let mut plans = [Plan::new("Alone"), Plan::new("Alone")];
    plans[0].actions.push(by_governor(call(&twins.ours)));
    plans[1].actions.push(by_governor(call(&twins.peer)));
    let of = |s: &crate::twins::Side| if s.governor == twins.ours.governor { &plans[0] } else { &plans[1] };
    let pairs = [(&twins.ours, &twins.peer)];
    for (ours, peer) in pairs {
        twins.stands_for(of(ours).id(ours).to_be_bytes::<32>(), of(peer).id(peer).to_be_bytes::<32>());
        twins.stands_for(of(ours).operation(ours), of(peer).operation(peer));
        twins.stands_for(of(ours).salt(ours), of(peer).salt(peer));
    }
    twins.call(0, |s| of(s).propose_call(s)).await?.succeeded();
    twins.pass(101).await?;
    twins.call(0, |s| castVoteCall { proposalId: of(s).id(s), support: 1 }).await?.succeeded();
    twins.pass(1_000).await?;
    twins.call(0, |s| of(s).queue_call(s)).await?.succeeded();
    twins.pass(500).await?;
    twins.call(0, |s| of(s).execute_call(s)).await?.succeeded();
    for deposit in deposits(&twins) {
        twins.at(0, |s| (s.governor, deposit.clone())).await?.succeeded();
    }
    Ok(())
}

#[tokio::test]
async fn standards_are_declared() -> Result<()> {
    let twins = Governors::start(&Settings::default(), &VOTES).await?;
    let declared: [(u32, bool); 8] = [
        (0x01ff_c9a7, true),
        (0xcdbd_fcee, true),
        (0x6545_5a86, true),
        (0x4e23_12e0, true),
        (0xffff_ffff, false),
        (0, false),
        (0xbf26_d897, false),
        (0x4e23_12e1, false),
    ];
    for (id, expected) in declared {
        let call = supportsInterfaceCall { interfaceId: id.to_be_bytes().into() };
        let found = twins.call(0, |_| call.clone()).await?.output::<supportsInterfaceCall>();
        assert_eq!(found, expected, "{id:#010x}");
    }
    Ok(())
}
