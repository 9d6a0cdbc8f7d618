//! Several calls in one: each as if its caller had made it, all or none.

use alloy::primitives::Bytes;
use alloy::sol_types::{SolEvent, SolValue};
use eyre::Result;

use crate::roles::granted;
use crate::setup::{ADMIN, CREW, Manager, grant, has, label, member, multicall, note, renounce, set_guardian};
use crate::twins::{CREW_DELAY, Managers, Operation, Who, no_admin};

#[tokio::test]
async fn each_call_has_the_caller_s_power_and_its_answer_comes_back() -> Result<()> {
    let twins = Managers::start().await?;
    let crew = twins.actor(Who::Crew);
    let second = twins.soon().await?;
    let calls = [grant(CREW, crew, 60), has(CREW, crew), label(CREW, "crew"), multicall([set_guardian(CREW, 9)])];
    let answer = twins.call_at(second, Who::Admin, multicall(calls)).await?;
    let named = Manager::RoleLabel { roleId: CREW, label: "crew".into() }.encode_log_data();
    let guarded = Manager::RoleGuardianChanged { roleId: CREW, guardian: 9 }.encode_log_data();
    answer.logged([granted(CREW, crew, 60, second, true), named, guarded]);
    let inner = vec![Bytes::new()].abi_encode();
    let results: Vec<Bytes> = vec![Bytes::new(), (true, 60u32).abi_encode().into(), Bytes::new(), inner.into()];
    answer.returned(results);
    twins.call(Who::Stranger, multicall([])).await?.returned(Vec::<Bytes>::new());
    Ok(())
}

#[tokio::test]
async fn one_that_fails_undoes_all_with_its_reason() -> Result<()> {
    let twins = Managers::start().await?;
    let [crew, stranger] = [Who::Crew, Who::Stranger].map(|who| twins.actor(who));
    let calls = [grant(CREW, crew, 0), label(ADMIN, "x"), grant(CREW, stranger, 0)];
    let refusal = Manager::AccessManagerLockedRole { roleId: ADMIN };
    twins.call(Who::Admin, multicall(calls)).await?.refused(refusal);
    twins.call(Who::Stranger, has(CREW, crew)).await?.returned(member(false, 0));
    twins.call(Who::Stranger, multicall([grant(CREW, crew, 0)])).await?.refused(no_admin(stranger));
    let refusal = Manager::AccessManagerBadConfirmation {};
    twins.call(Who::Crew, multicall([renounce(CREW, stranger)])).await?.refused(refusal);
    // Reasons of nothing: an unknown function, no function, malformed arguments.
    for call in [vec![0xde, 0xad, 0xbe, 0xef], Vec::new(), grant(CREW, crew, 0)[..40].to_vec()] {
        twins.call(Who::Admin, multicall([call])).await?.refused(Manager::FailedCall {});
    }
    Ok(())
}

/// The delay of a call is asked for by its own calldata, and so is its schedule.
#[tokio::test]
async fn delays_count_within() -> Result<()> {
    let twins = Managers::start().await?;
    let admin = twins.actor(Who::Crew);
    twins.call(Who::Admin, grant(ADMIN, admin, CREW_DELAY)).await?.succeeded();
    let operations = [1, 2].map(|role| Operation::on_manager(admin, grant(role, admin, 0)));
    let all = || operations.iter().map(|operation| operation.data(&twins.ours));
    operations.iter().for_each(|operation| twins.alike(operation));
    let unscheduled = Manager::AccessManagerNotScheduled { operationId: operations[0].id(&twins.ours) };
    twins.call(Who::Crew, multicall(all())).await?.refused(unscheduled);
    let begin = twins.soon().await?;
    twins.set_time(begin).await?;
    let schedules =
        |side: &crate::twins::Side| multicall(operations.each_ref().map(|operation| operation.schedule(side, 0)));
    let due = begin + u64::from(CREW_DELAY);
    let logs = operations.each_ref().map(|operation| operation.scheduled(&twins.ours, 1, due));
    twins.call_each(Who::Crew, schedules).await?.logged(logs);
    let answer = twins.call_at(due, Who::Crew, multicall(all())).await?;
    let [first, second] = operations.each_ref().map(|operation| operation.executed(&twins.ours, 1));
    answer.logged([first, granted(1, admin, 0, due, true), second, granted(2, admin, 0, due, true)]);
    Ok(())
}

/// No call within takes ether, and none is sent.
#[tokio::test]
async fn it_takes_no_ether() -> Result<()> {
    let twins = Managers::with_crew().await?;
    let operation = Operation::on_target(twins.actor(Who::Quick), note(1));
    let execute = |side: &crate::twins::Side| multicall([operation.execute(side)]);
    for side in [twins.ours, twins.peer] {
        assert!(!twins.sender.send_with(side.manager, execute(&side), 5).await?.status());
    }
    twins.call_each(Who::Quick, execute).await?.succeeded();
    Ok(())
}

/// Each level is a call within a call. Up to a depth both make them all; deeper than ours goes it does nothing.
#[tokio::test]
async fn deep_ones_are_made_whole_or_not_at_all() -> Result<()> {
    let twins = Managers::start().await?;
    let nested = |depth: usize, call: Vec<u8>| (0..depth).fold(call, |call, _| multicall([call]));
    for depth in [1, 2, 20, 100] {
        let account = alloy::primitives::Address::with_last_byte(depth as u8);
        twins.call(Who::Admin, nested(depth, grant(CREW, account, 1))).await?.succeeded();
        twins.call(Who::Stranger, has(CREW, account)).await?.returned(member(true, 1));
        twins.call(Who::Stranger, nested(depth, grant(CREW, account, 2))).await?;
        twins.call(Who::Admin, nested(depth, vec![1, 2, 3, 4])).await?.refused(Manager::FailedCall {});
    }
    // The stack of ours ends between these, OpenZeppelin's far below.
    for (depth, fits) in [(130, true), (250, false)] {
        let account = alloy::primitives::Address::with_last_byte(depth);
        let call = nested(depth.into(), grant(CREW, account, 1));
        let [ours, peer] = twins.apart(Who::Admin as usize, |side| (side.manager, call.clone())).await?;
        assert!(peer.success && ours.success == fits, "{depth}");
        let [held, _] = twins.apart(Who::Admin as usize, |side| (side.manager, has(CREW, account))).await?;
        held.returned(member(fits, u32::from(fits)));
    }
    Ok(())
}
