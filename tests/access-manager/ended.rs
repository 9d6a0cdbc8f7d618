//! What an ended grant leaves: no way in, through the manager, through a multicall, or through a target.

use alloy::primitives::Address;
use alloy::sol_types::SolCall;
use eyre::Result;
use harness::actor::Actor;
use harness::answer::Answer;

use crate::own::{ours, ours_at, until};
use crate::setup::{
    ADMIN, CREW, Manager, PUBLIC, Target, WATCH, can_call, close, grant, label, multicall, note, revoke, selector,
    set_admin, set_admin_delay, set_function_role, set_grant_delay, set_guardian, time,
};
use crate::twins::{CREW_DELAY, Managers, Operation, Who};

const DELAY: u64 = CREW_DELAY as u64;

/// An admin, a member and a guardian whose grants have ended: each way in is closed at the second of the end.
#[tokio::test]
async fn an_ended_grant_opens_no_way() -> Result<()> {
    let twins = Managers::with_crew().await?;
    let [crew, quick, stranger] = [Who::Crew, Who::Quick, Who::Stranger].map(|who| twins.actor(who));
    let (manager, target) = (twins.ours.manager, twins.ours.target);
    let second = twins.soon().await?;
    let last = second + 2 * DELAY;
    // Without a delay: the role's admin and guardian, a member, an admin; and an admin who waits.
    for role in [ADMIN, CREW, WATCH] {
        ours_at(&twins, second, Who::Admin, until(role, stranger, 0, last)).await?.succeeded();
    }
    ours_at(&twins, second, Who::Admin, until(ADMIN, quick, CREW_DELAY, last)).await?.succeeded();
    ours_at(&twins, second, Who::Admin, set_admin(CREW, WATCH)).await?.succeeded();
    let waiting = Operation::on_target(crew, note(1));
    ours_at(&twins, second, Who::Crew, waiting.schedule(&twins.ours, last + DELAY)).await?.succeeded();
    let scheduled = [label(CREW, "x"), grant(5, quick, 0), close(target, true)];
    for data in &scheduled {
        let operation = Operation::on_manager(quick, data.clone());
        ours_at(&twins, second, Who::Quick, operation.schedule(&twins.ours, 0)).await?.succeeded();
    }
    let execute = |to: Address, data: Vec<u8>| Manager::executeCall { target: to, data: data.into() }.abi_encode();
    let schedule = |to: Address, data: Vec<u8>| {
        Manager::scheduleCall { target: to, data: data.into(), when: time(0) }.abi_encode()
    };
    let function = [selector::<Target::noteCall>()];
    let open = [
        label(CREW, "x"),
        grant(ADMIN, stranger, 0),
        grant(CREW, stranger, 0),
        until(CREW, stranger, 0, last + 999),
        until(ADMIN, stranger, 0, last + 999),
        revoke(CREW, crew),
        set_admin(CREW, 9),
        set_guardian(CREW, 9),
        set_grant_delay(CREW, 9),
        set_admin_delay(target, 9),
        set_function_role(target, &function, PUBLIC),
        close(target, true),
        Manager::updateAuthorityCall { target, newAuthority: target }.abi_encode(),
        waiting.cancel(&twins.ours),
        execute(target, note(1)),
        execute(manager, label(CREW, "x")),
    ];
    // All are open until the end. None is made then: each is only asked for.
    ours_at(&twins, last - 1, Who::Crew, label(CREW, "x")).await?;
    for call in &open {
        let answer = twins.chain.ask(stranger, manager, call.clone()).await?;
        assert!(answer.success, "{} {}", alloy::hex::encode(call), answer.data);
    }
    twins.set_time(last).await?;
    for call in open {
        for call in [call.clone(), multicall([call.clone()]), multicall([multicall([call])])] {
            let answer = ours(&twins, Who::Stranger, call.clone()).await?;
            assert!(!answer.success && !answer.data.is_empty(), "{}", alloy::hex::encode(call));
        }
    }
    for data in scheduled {
        for call in [data.clone(), execute(manager, data.clone()), schedule(manager, data.clone()), multicall([data])] {
            assert!(!ours(&twins, Who::Quick, call.clone()).await?.success, "{}", alloy::hex::encode(call));
        }
    }
    // The target itself asks, and is told the same.
    let direct = twins.sender.send(stranger, {
        let (targets, calls) = (vec![target], vec![note(1).into()]);
        Actor::eachCall { targets, calls }.abi_encode()
    });
    Answer::all(&direct.await?, stranger)[0].refused(Target::AccessManagedUnauthorized { caller: stranger });
    for function in
        [selector::<Target::setAuthorityCall>(), selector::<Target::noteCall>(), selector::<Target::markCall>()]
    {
        for account in [stranger, quick] {
            let allowed = account == quick && function == selector::<Target::noteCall>();
            ours(&twins, Who::Crew, can_call(account, target, function)).await?.returned((allowed, 0u32));
        }
    }
    Ok(())
}
