//! The manager as its own caller and target, and calls within calls: what it then may, and what it sees of what happened
//! within.

use alloy::primitives::{Bytes, FixedBytes, U256};
use alloy::sol_types::{SolCall, SolError, SolValue};
use eyre::Result;

use crate::setup::{
    ADMIN, CREW, Manager, PUBLIC, Target, access, can_call, close, grant, has, label, member, multicall, note,
    renounce, revoke, selector, set_admin, set_admin_delay, set_function_role, set_grant_delay, set_guardian,
};
use crate::twins::{CREW_DELAY, Managers, Operation, Side, Who};

fn execute(target: alloy::primitives::Address, data: Vec<u8>) -> Vec<u8> {
    Manager::executeCall { target, data: data.into() }.abi_encode()
}

/// Calldata, on each side.
type Call = Box<dyn Fn(&Side) -> Vec<u8>>;

/// Functions of the manager, most of which change something.
fn all_selectors() -> Vec<FixedBytes<4>> {
    vec![
        selector::<Manager::multicallCall>(),
        selector::<Manager::executeCall>(),
        selector::<Manager::scheduleCall>(),
        selector::<Manager::cancelCall>(),
        selector::<Manager::consumeScheduledOpCall>(),
        selector::<Manager::renounceRoleCall>(),
        selector::<Manager::grantRoleCall>(),
        selector::<Manager::revokeRoleCall>(),
        selector::<Manager::labelRoleCall>(),
        selector::<Manager::setTargetClosedCall>(),
        selector::<Manager::hasRoleCall>(),
    ]
}

/// Anybody may let the manager call itself, and the manager even is an admin: what only admins may stays theirs.
#[tokio::test]
async fn the_manager_has_no_power_over_itself() -> Result<()> {
    let twins = Managers::with_crew().await?;
    let [stranger, crew] = [Who::Stranger, Who::Crew].map(|who| twins.actor(who));
    twins.call_each(Who::Admin, |side| set_function_role(side.manager, &all_selectors(), PUBLIC)).await?.succeeded();
    let waiting = Operation::on_target(crew, note(3));
    for admin in [false, true] {
        if admin {
            twins.call_each(Who::Admin, |side| grant(ADMIN, side.manager, 0)).await?.succeeded();
            twins.call_each(Who::Admin, |side| grant(CREW, side.manager, CREW_DELAY)).await?.succeeded();
        }
        let calls: Vec<Call> = vec![
            Box::new(move |_| grant(ADMIN, stranger, 0)),
            Box::new(move |_| revoke(CREW, crew)),
            Box::new(|_| label(CREW, "x")),
            Box::new(|side| close(side.target, true)),
            Box::new(|side| set_function_role(side.target, &[selector::<Target::noteCall>()], PUBLIC)),
            Box::new(|side| set_admin_delay(side.target, 9)),
            Box::new(|_| set_admin(CREW, PUBLIC)),
            Box::new(|_| set_guardian(CREW, PUBLIC)),
            Box::new(|_| set_grant_delay(CREW, 9)),
            Box::new(|side| execute(side.target, note(1))),
            Box::new(|side| execute(side.manager, label(CREW, "x"))),
            Box::new(|side| execute(side.manager, execute(side.target, note(1)))),
            Box::new(|side| execute(side.manager, execute(side.manager, vec![1, 2, 3]))),
            Box::new(|side| multicall([execute(side.manager, multicall([label(CREW, "x")]))])),
            Box::new(|side| execute(side.manager, multicall([execute(side.manager, multicall([]))]))),
            Box::new(|side| renounce(CREW, side.manager)),
            Box::new(|side| renounce(ADMIN, side.target)),
            Box::new(|side| {
                Manager::scheduleCall { target: side.target, data: note(7).into(), when: Default::default() }
                    .abi_encode()
            }),
            Box::new({
                let waiting = waiting.clone();
                move |side| waiting.cancel(side)
            }),
            Box::new(move |_| Manager::consumeScheduledOpCall { caller: crew, data: note(3).into() }.abi_encode()),
            Box::new(move |_| has(CREW, crew)),
            Box::new(|_| vec![1, 2]),
        ];
        twins.alike(&waiting);
        let of_itself = Operation::new(twins.ours.manager, |side| (side.target, note(7)));
        twins.stands_for(of_itself.id(&twins.ours), {
            let peer = Operation::new(twins.peer.manager, |side| (side.target, note(7)));
            peer.id(&twins.peer)
        });
        for (number, call) in calls.iter().enumerate() {
            // Refused where it still waits.
            twins.schedule(Who::Crew, &waiting, 0).await?;
            // Once as it is, once within a multicall, once by the manager, and once by the manager within a multicall.
            twins.call_each(Who::Stranger, |side| multicall([call(side)])).await?;
            let answer = twins.call_each(Who::Stranger, |side| execute(side.manager, call(side))).await?;
            if (0..9).contains(&number) {
                assert!(!answer.success, "{number} {admin}");
            }
            twins.call_each(Who::Stranger, |side| execute(side.manager, multicall([call(side)]))).await?;
            twins.call_each(Who::Stranger, |side| multicall([execute(side.manager, call(side))])).await?;
            twins.call(Who::Stranger, has(ADMIN, stranger)).await?.returned(member(false, 0));
        }
        twins.call(Who::Stranger, access(CREW, crew)).await?;
        twins.call_each(Who::Stranger, |side| access(CREW, side.manager)).await?;
        twins.call_each(Who::Stranger, |side| access(ADMIN, side.manager)).await?;
    }
    Ok(())
}

/// What a target does to the manager from within one call of a multicall, the calls after it see.
#[tokio::test]
async fn later_calls_see_what_was_changed_within_earlier_ones() -> Result<()> {
    let twins = Managers::with_crew().await?;
    let [stranger, crew] = [Who::Stranger, Who::Crew].map(|who| twins.actor(who));
    twins.call_each(Who::Admin, |side| grant(ADMIN, side.target, 0)).await?.succeeded();
    let operation = Operation::on_target(crew, note(2));
    twins.schedule(Who::Crew, &operation, 0).await?.succeeded();
    let within = |side: &Side, call: Vec<u8>| {
        execute(side.target, Target::reenterCall { to: side.manager, data: call.into() }.abi_encode())
    };
    let schedule_of = |side: &Side| Manager::getScheduleCall { id: operation.id(side) }.abi_encode();
    let own = |side: &Side| can_call(side.manager, side.target, selector::<Target::reenterCall>());
    let calls = |side: &Side| {
        multicall([
            has(5, stranger),
            within(side, grant(5, stranger, 77)),
            has(5, stranger),
            within(side, multicall([revoke(5, stranger), has(5, stranger), grant(5, crew, 3)])),
            has(5, stranger),
            has(5, crew),
            schedule_of(side),
            within(side, operation.cancel(side)),
            schedule_of(side),
            own(side),
            within(side, own(side)),
            own(side),
            within(side, set_function_role(side.target, &[selector::<Target::markCall>()], CREW)),
            execute(side.target, Target::markCall { number: U256::from(6) }.abi_encode()),
        ])
    };
    let answer = twins.call_each(Who::Quick, calls).await?;
    let results = Vec::<Bytes>::abi_decode(&answer.succeeded().data)?;
    assert_eq!(results[2], Bytes::from((true, 77u32).abi_encode()));
    assert_eq!(results[4], Bytes::from((false, 0u32).abi_encode()));
    assert_eq!(results[8], Bytes::from(U256::ZERO.abi_encode()));
    assert_eq!(results[11], Bytes::from((false, 0u32).abi_encode()));
    // What takes its own right away on the way stops the rest, and all is undone.
    let calls =
        |side: &Side| multicall([within(side, revoke(CREW, twins.actor(Who::Quick))), execute(side.target, note(1))]);
    assert!(!twins.call_each(Who::Quick, calls).await?.success);
    twins.call(Who::Stranger, has(CREW, twins.actor(Who::Quick))).await?.returned(member(true, 0));
    Ok(())
}

/// The last time of 48 bits can be scheduled for. Whoever asks when it expires gets a panic; it can still be cancelled.
#[tokio::test]
async fn the_end_of_all_times() -> Result<()> {
    let twins = Managers::with_crew().await?;
    let crew = twins.actor(Who::Crew);
    let operation = Operation::on_target(crew, note(1));
    let last = (1u64 << 48) - 1;
    for when in [last, last - 604_800, last - 604_799] {
        twins.schedule(Who::Crew, &operation, when).await?.succeeded();
        let ask = |side: &Side| Manager::getScheduleCall { id: operation.id(side) }.abi_encode();
        let answer = twins.call_each(Who::Stranger, ask).await?;
        assert_eq!(answer.success, when == last - 604_800);
        assert!(!twins.schedule(Who::Crew, &operation, 0).await?.success);
        let early = Manager::AccessManagerNotReady { operationId: operation.id(&twins.ours) };
        twins.execute(Who::Crew, &operation).await?.refused(early);
        // Without a delay the schedule is looked at first.
        twins.call(Who::Admin, revoke(CREW, crew)).await?.succeeded();
        twins.call(Who::Admin, grant(CREW, crew, 0)).await?.succeeded();
        assert!(!twins.execute(Who::Crew, &operation).await?.success);
        twins.call(Who::Admin, revoke(CREW, crew)).await?.succeeded();
        twins.call(Who::Admin, grant(CREW, crew, CREW_DELAY)).await?.succeeded();
        twins.cancel(Who::Guardian, &operation).await?.succeeded();
    }
    Ok(())
}

/// An operation is its calldata, to the last byte: what follows the arguments counts, and so does how they are encoded.
#[tokio::test]
async fn an_operation_on_the_manager_is_its_whole_calldata() -> Result<()> {
    let twins = Managers::start().await?;
    let admin = twins.actor(Who::Crew);
    twins.call(Who::Admin, grant(ADMIN, admin, CREW_DELAY)).await?.succeeded();
    let plain = label(CREW, "crew");
    let longer = [plain.clone(), vec![7; 5]].concat();
    // The same text, behind a word that nothing points at.
    let mut odd = plain.clone();
    odd[4 + 63] = 0x60;
    odd.splice(68..68, [0xee; 32]);
    let all = [plain, longer, odd];
    for data in &all {
        let operation = Operation::on_manager(admin, data.clone());
        let begin = twins.soon().await?;
        twins.set_time(begin).await?;
        twins.schedule(Who::Crew, &operation, 0).await?.succeeded();
        twins.set_time(begin + u64::from(CREW_DELAY)).await?;
        for other in all.iter().filter(|other| *other != data) {
            twins.alike(&Operation::on_manager(admin, other.clone()));
            assert!(!twins.call(Who::Crew, other.clone()).await?.success);
            assert!(!twins.call(Who::Crew, multicall([other.clone()])).await?.success);
        }
        twins.call(Who::Crew, multicall([data.clone()])).await?.succeeded();
        let gone = Manager::AccessManagerNotScheduled { operationId: operation.id(&twins.ours) };
        assert_eq!(twins.call(Who::Crew, data.clone()).await?.data, Bytes::from(gone.abi_encode()));
    }
    Ok(())
}

/// Precompiles are targets like others: those of the EVM have no code and may answer, Arbitrum's have some.
#[tokio::test]
async fn precompiles_as_targets() -> Result<()> {
    let twins = Managers::start().await?;
    for last in (0..20).chain([0x64, 0x65, 0x6b, 0x6d, 0x71, 0x72, 0xff]) {
        let target = alloy::primitives::Address::with_last_byte(last);
        for data in [vec![1, 2, 3, 4], vec![0; 128], vec![9; 213]] {
            let answer = twins.call(Who::Admin, execute(target, data)).await?;
            assert!(answer.success || !answer.data.is_empty(), "{target}");
        }
    }
    Ok(())
}
