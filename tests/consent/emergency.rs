//! Breaking the glass: what it opens and for how long, how often, what is never opened, the review and its hook.

use alloy::{
    network::TransactionBuilder,
    primitives::{Address, Bytes, LogData, U256},
    providers::Provider,
    rpc::types::TransactionRequest,
    sol,
    sol_types::{SolCall, SolError, SolEvent},
};
use consilium_bindings::Consent::*;
use eyre::Result;
use harness::{answer::Answer, peers};

use crate::world::*;

sol! {
    #[sol(all_derives)]
    interface ConsentHook {
        event Told(uint64 id, address grantor, address actor);
        event CalledBack(bool success, bytes data);
        function callBack(address to, bytes data) external;
        function refuse(bytes data) external;
    }
}

/// The policy's, in seconds.
const OPEN_FOR: u64 = 3_600;

fn declare(world: &World, of: &[u8]) -> declareEmergencyCall {
    declareEmergencyCall { grantor: world.patient.address(), classes: classes(of), reason: 7, statement: DOCUMENT }
}

/// Who is let pass declares an emergency; until when it opens.
async fn declared(world: &World, id: u64, of: &[u8]) -> Result<u64> {
    let (grantor, actor) = (world.patient.address(), world.dao.address());
    let now = world.soon().await?;
    let (until, reviewBy) = (time(now + OPEN_FOR), time(now + 7 * DAY));
    let event = EmergencyDeclared {
        id,
        grantor,
        actor,
        key: world.read(keyOfCall { grantor }).await?,
        classes: classes(of),
        until,
        reviewBy,
        reason: 7,
        statement: DOCUMENT,
    };
    assert_eq!(world.logs(&world.dao, declare(world, of), &[event.encode_log_data()]).await?, id);
    let found = world.read(emergencyCall { id }).await?;
    assert_eq!((found.grantor, found.actor, found.verdict), (grantor, actor, 0));
    assert_eq!((found.until, found.reviewBy), (until, reviewBy));
    let found = world.read(openingCall { grantor, actor }).await?;
    assert_eq!((found.classes, found.until, found.id), (classes(of), until, id));
    Ok(now + OPEN_FOR)
}

fn reviewed(world: &World, id: u64, justified: bool) -> LogData {
    let (grantor, actor, reviewer) = (world.patient.address(), world.dao.address(), world.dao.address());
    EmergencyReviewed { id, grantor, actor, justified, reviewer, statement: DOCUMENT }.encode_log_data()
}

fn review(id: u64, justified: bool) -> reviewEmergencyCall {
    reviewEmergencyCall { id, justified, statement: DOCUMENT }
}

/// It opens its classes to who declared it, for the purposes that policy names, to the second, whatever was denied.
#[tokio::test(flavor = "multi_thread")]
async fn an_emergency_opens_for_a_time() -> Result<()> {
    let world = World::start().await?;
    let actor = world.dao.address();
    world.grants(denial(actor)).await?;
    let ask = async |class, purpose| world.asks(actor, Address::ZERO, class, purpose).await;
    assert_eq!(ask(LABS, TREAT).await?, Said::by(21, actor, 1));
    let until = declared(&world, 1, &[LABS, HIV]).await?;
    for (now, open) in [(0, true), (until - 1, true), (until, false)] {
        world.chain.advance_to(now).await?;
        assert_eq!(ask(LABS, TREAT).await?, if open { Said::only(3) } else { Said::by(21, actor, 1) });
        assert_eq!(ask(HIV, TREAT).await?, Said::only(if open { 3 } else { 16 }));
        assert_eq!(ask(NOTES, TREAT).await?, Said::only(16));
        assert_eq!(ask(LABS, RESEARCH).await?, Said::only(16));
        assert_eq!(world.says().await?, Said::only(16));
    }
    Ok(())
}

/// What a provision permits is permitted by it, and not by the emergency; a mask has both.
#[tokio::test(flavor = "multi_thread")]
async fn a_permit_comes_before_an_emergency() -> Result<()> {
    let world = World::start().await?;
    let (grantor, actor) = (world.patient.address(), world.dao.address());
    world.grants(permit(actor)).await?;
    declared(&world, 1, &[LABS, HIV]).await?;
    assert_eq!(world.asks(actor, Address::ZERO, LABS, TREAT).await?, Said::by(1, actor, 1));
    assert_eq!(world.asks(actor, Address::ZERO, HIV, TREAT).await?, Said::only(3));
    let view = permittedClassesCall { grantor, actor, onBehalfOf: Address::ZERO, classes: U256::MAX, purpose: TREAT };
    assert_eq!(world.read(view).await?, classes(&[LABS, HIV]));
    // For an organisation that it does not belong to, nothing is open.
    let hospital = world.hospital().await?.address();
    assert_eq!(world.asks(actor, hospital, HIV, TREAT).await?, Said::only(22));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_policy_never_opens() -> Result<()> {
    let world = World::start().await?;
    let actor = world.dao.address();
    for of in [vec![], vec![CLOSED], vec![LABS, CLOSED], (0..=255).collect()] {
        let refused = ConsentEmergencyRefused { classes: classes(&of) };
        world.refuses(actor, declare(&world, &of), refused).await?;
    }
    let caller = world.doctor.address();
    world.refuses(caller, declare(&world, &[LABS]), AccessManagedUnauthorized { caller }).await?;
    // Policy closes what is open: a class, a purpose, at once.
    declared(&world, 1, &[LABS, NOTES]).await?;
    let ask = async |class| world.asks(actor, Address::ZERO, class, TREAT).await;
    for (policy, labs, notes) in [
        (Policy { closedClasses: classes(&[LABS]), ..policy() }, 16, 3),
        (Policy { emergencyPurposes: !1, ..policy() }, 16, 16),
        (policy(), 3, 3),
    ] {
        world.sets_policy(policy, LONGEST).await?;
        assert_eq!((ask(LABS).await?.reason, ask(NOTES).await?.reason), (labs, notes));
    }
    Ok(())
}

/// So many in a window that begins with the first; the next window begins with the first after it.
#[tokio::test(flavor = "multi_thread")]
async fn an_actor_may_declare_so_many() -> Result<()> {
    let world = World::start().await?;
    let actor = world.dao.address();
    let begin = declared(&world, 1, &[LABS]).await? - OPEN_FOR;
    let end = begin + DAY;
    world.chain.advance_to(begin + DAY / 2).await?;
    declared(&world, 2, &[LABS]).await?;
    let too_many = |until| ConsentTooManyEmergencies { actor, until: time(until) };
    for now in [0, end - 1] {
        world.chain.advance_to(now).await?;
        world.refuses(actor, declare(&world, &[LABS]), too_many(end)).await?;
    }
    world.chain.advance_to(end).await?;
    world.asked(actor, declare(&world, &[LABS])).await?.succeeded();
    let begin = declared(&world, 3, &[LABS]).await? - OPEN_FOR;
    declared(&world, 4, &[LABS]).await?;
    world.refuses(actor, declare(&world, &[LABS]), too_many(begin + DAY)).await?;
    // A policy with another limit or another window counts at once.
    world.sets_policy(Policy { limit: 3, ..policy() }, LONGEST).await?;
    declared(&world, 5, &[LABS]).await?;
    world.refuses(actor, declare(&world, &[LABS]), too_many(begin + DAY)).await?;
    world.sets_policy(Policy { limit: 0, ..policy() }, LONGEST).await?;
    world.chain.advance(2 * DAY).await?;
    assert!(!world.asked(actor, declare(&world, &[LABS])).await?.success);
    // A window of no time limits nothing.
    world.sets_policy(Policy { limit: 1, window: 0, ..policy() }, LONGEST).await?;
    for id in 6..=8 {
        declared(&world, id, &[LABS]).await?;
    }
    Ok(())
}

/// A later one takes the place of the one before, which is reviewed all the same. The key of a grantor is in the event.
#[tokio::test(flavor = "multi_thread")]
async fn a_later_emergency_takes_the_place() -> Result<()> {
    let world = World::start().await?;
    let (grantor, actor) = (world.patient.address(), world.dao.address());
    world.does(&world.patient, setRecoveryCall { grantor, recoverer: world.doctor.address() }).await?;
    world.does(&world.doctor, startRecoveryCall { grantor, newKey: Address::repeat_byte(8) }).await?;
    world.chain.advance(3 * DAY).await?;
    world.does(&world.doctor, finishRecoveryCall { grantor }).await?;
    declared(&world, 1, &[LABS]).await?;
    declared(&world, 2, &[NOTES]).await?;
    assert_eq!(world.asks(actor, Address::ZERO, LABS, TREAT).await?, Said::only(16));
    assert_eq!(world.asks(actor, Address::ZERO, NOTES, TREAT).await?, Said::only(3));
    world.logs(&world.dao, review(1, true), &[reviewed(&world, 1, true)]).await?;
    Ok(())
}

/// An unjustified one ends at once, but not the one that took its place.
#[tokio::test(flavor = "multi_thread")]
async fn an_unjustified_emergency_is_closed() -> Result<()> {
    let world = World::start().await?;
    let (grantor, actor) = (world.patient.address(), world.dao.address());
    declared(&world, 1, &[LABS]).await?;
    declared(&world, 2, &[LABS]).await?;
    let before = world.read(openingCall { grantor, actor }).await?;
    world.logs(&world.dao, review(1, false), &[reviewed(&world, 1, false)]).await?;
    assert_eq!(world.asks(actor, Address::ZERO, LABS, TREAT).await?, Said::only(3));
    let after = world.read(openingCall { grantor, actor }).await?;
    assert_eq!((after.classes, after.until, after.id), (before.classes, before.until, 2));

    world.logs(&world.dao, review(2, false), &[reviewed(&world, 2, false)]).await?;
    assert_eq!(world.asks(actor, Address::ZERO, LABS, TREAT).await?, Said::only(16));
    let closed = world.read(openingCall { grantor, actor }).await?;
    assert_eq!((closed.classes, closed.until, closed.id), (U256::ZERO, time(0), 2));
    // It is no bar for the next one, within the actor's limit.
    world.chain.advance(DAY).await?;
    declared(&world, 3, &[LABS]).await?;
    assert_eq!(world.asks(actor, Address::ZERO, LABS, TREAT).await?, Said::only(3));
    Ok(())
}

/// A verdict is given once, also when it is overdue. A justified one leaves open what is, for its short time.
#[tokio::test(flavor = "multi_thread")]
async fn an_emergency_is_reviewed_once() -> Result<()> {
    let world = World::start().await?;
    let actor = world.dao.address();
    for id in [0, 1, u64::MAX] {
        world.refuses(actor, review(id, true), ConsentNoSuchEmergency { id }).await?;
        let found = world.read(emergencyCall { id }).await?;
        assert_eq!((found.grantor, found.actor, found.verdict), (Address::ZERO, Address::ZERO, 0));
    }
    for (id, justified, overdue) in [(1, true, false), (2, false, true)] {
        declared(&world, id, &[LABS]).await?;
        let caller = world.doctor.address();
        world.refuses(caller, review(id, justified), AccessManagedUnauthorized { caller }).await?;
        let before = world.read(emergencyCall { id }).await?;
        if overdue {
            world.chain.advance_to(before.reviewBy.to::<u64>() + DAY).await?;
        }
        world.logs(&world.dao, review(id, justified), &[reviewed(&world, id, justified)]).await?;
        let after = world.read(emergencyCall { id }).await?;
        assert_eq!(after.verdict, if justified { 1 } else { 2 });
        assert_eq!((after.until, after.reviewBy, after.actor), (before.until, before.reviewBy, before.actor));
        for again in [true, false] {
            world.refuses(actor, review(id, again), ConsentNoSuchEmergency { id }).await?;
        }
        let open = if overdue { 16 } else { 3 };
        assert_eq!(world.asks(actor, Address::ZERO, LABS, TREAT).await?, Said::only(open));
    }
    Ok(())
}

/// A world with a hook, and an emergency.
async fn hooked() -> Result<(World, Address)> {
    let world = World::start().await?;
    let hook = peers::create(&world.chain, "ConsentHook", &[]).await?;
    world.sets_policy(Policy { hook, ..policy() }, LONGEST).await?;
    declared(&world, 1, &[LABS]).await?;
    Ok((world, hook))
}

fn told(world: &World) -> LogData {
    ConsentHook::Told { id: 1, grantor: world.patient.address(), actor: world.dao.address() }.encode_log_data()
}

/// The hook is told of unjustified ones alone, after the contract has done its own.
#[tokio::test(flavor = "multi_thread")]
async fn the_hook_is_told() -> Result<()> {
    let (world, _) = hooked().await?;
    world.logs(&world.dao, review(1, false), &[reviewed(&world, 1, false), told(&world)]).await?;
    declared(&world, 2, &[LABS]).await?;
    world.logs(&world.dao, review(2, true), &[reviewed(&world, 2, true)]).await?;
    Ok(())
}

/// A hook that refuses, has no code, burns its gas or answers at great length: the verdict stands, nothing stays open, and it is
/// logged that the hook was not told.
#[tokio::test(flavor = "multi_thread")]
async fn a_hook_that_fails() -> Result<()> {
    let (world, refusing) = hooked().await?;
    let refuse = ConsentHook::refuseCall { data: ConsentNoSuchEmergency { id: 5 }.abi_encode().into() };
    assert!(world.stranger.send(refusing, refuse.abi_encode()).await?.status());
    let (burner, long) =
        (peers::create(&world.chain, "Burner", &[]).await?, peers::create(&world.chain, "ConsentLongHook", &[]).await?);
    let actor = world.dao.address();
    for (id, hook) in (1..).zip([refusing, Address::repeat_byte(0x99), burner, long]) {
        world.sets_policy(Policy { hook, ..policy() }, LONGEST).await?;
        if id > 1 {
            world.chain.advance(86_401).await?;
            declared(&world, id, &[LABS]).await?;
        }
        assert_eq!(world.asks(actor, Address::ZERO, LABS, TREAT).await?, Said::only(3));
        let failed = EmergencyHookFailed { id, hook }.encode_log_data();
        world.logs(&world.dao, review(id, false), &[reviewed(&world, id, false), failed]).await?;
        assert_eq!(world.read(emergencyCall { id }).await?.verdict, 2);
        assert_eq!(world.asks(actor, Address::ZERO, LABS, TREAT).await?, Said::only(16));
    }
    Ok(())
}

/// Anybody tells a hook what it was not told, once: no other verdict, and the hook that the policy names then.
#[tokio::test(flavor = "multi_thread")]
async fn a_hook_is_told_later() -> Result<()> {
    let (world, refusing) = hooked().await?;
    let reason = b"not now".to_vec();
    let refuse = ConsentHook::refuseCall { data: reason.clone().into() };
    assert!(world.stranger.send(refusing, refuse.abi_encode()).await?.status());
    let (retry, stranger) = (retryHookCall { id: 1 }, world.stranger.address());
    world.refuses(stranger, retry.clone(), ConsentNoSuchEmergency { id: 1 }).await?;
    world.does(&world.dao, review(1, false)).await?;
    // It still refuses, and it was still not told.
    world.asked(stranger, retry.clone()).await?.refused_with(&reason);
    // Nobody is to be told.
    world.sets_policy(policy(), LONGEST).await?;
    world.asked(stranger, retry.clone()).await?.refused_with(&[]);
    let hook = peers::create(&world.chain, "ConsentHook", &[]).await?;
    world.sets_policy(Policy { hook, ..policy() }, LONGEST).await?;
    let event = EmergencyHookTold { id: 1, hook }.encode_log_data();
    world.logs(&world.stranger, retry.clone(), &[event, told(&world)]).await?;
    world.refuses(stranger, retry, ConsentNoSuchEmergency { id: 1 }).await?;
    assert_eq!(world.read(emergencyCall { id: 1 }).await?.verdict, 2);
    // One that a hook was told of, one that was justified, and none.
    declared(&world, 2, &[LABS]).await?;
    world.does(&world.dao, review(2, false)).await?;
    world.chain.advance(86_401).await?;
    declared(&world, 3, &[LABS]).await?;
    world.does(&world.dao, review(3, true)).await?;
    for id in [0, 2, 3, 4, u64::MAX] {
        world.refuses(stranger, retryHookCall { id }, ConsentNoSuchEmergency { id }).await?;
    }
    Ok(())
}

/// With whatever gas, the hook is told or the review fails: nobody gives a verdict and starves the hook.
#[tokio::test(flavor = "multi_thread")]
async fn a_hook_is_not_starved() -> Result<()> {
    let world = World::start().await?;
    let hook = peers::create(&world.chain, "ConsentHungryHook", &[]).await?;
    world.sets_policy(Policy { hook, ..policy() }, LONGEST).await?;
    declared(&world, 1, &[LABS]).await?;
    let data = review(1, false).abi_encode();
    let (mut told, mut refused) = (0, 0);
    for gas in (60_000..600_000).step_by(4_000) {
        let snapshot: U256 = world.chain.rpc("evm_snapshot", ()).await?;
        let request = TransactionRequest::default().with_to(world.at).with_input(data.clone()).with_gas_limit(gas);
        let receipt = world.dao.provider.send_transaction(request).await?.get_receipt().await?;
        if receipt.status() {
            assert_eq!(receipt.logs().len(), 2, "with {gas} gas");
            assert_eq!(receipt.logs()[1].address(), hook, "with {gas} gas the hook was not told");
            told += 1;
        } else {
            refused += 1;
        }
        let _: bool = world.chain.rpc("evm_revert", (snapshot,)).await?;
    }
    assert!(told > 20 && refused > 20, "{told} told, {refused} refused");
    let (from, gas) = (world.dao.address(), 345_000);
    let request = TransactionRequest::default().with_from(from).with_to(world.at).with_input(data).with_gas_limit(gas);
    Answer::asked(world.chain.dev.call(request).await)?.refused(ConsentNotEnoughGas { needed: 330_000 });
    Ok(())
}

/// A hook that calls back finds the verdict given; what it may do itself, it does.
#[tokio::test(flavor = "multi_thread")]
async fn a_hook_that_calls_back() -> Result<()> {
    let again = Bytes::from(ConsentNoSuchEmergency { id: 1 }.abi_encode());
    let stranger = |hook| AccessManagedUnauthorized { caller: hook }.abi_encode();
    for let_pass in [false, true] {
        let (mut world, hook) = hooked().await?;
        if let_pass {
            // The hook itself is whom an authority lets pass.
            let authority = harness::authority::letting(&world.chain, hook).await?;
            let elsewhere = harness::deploy::proxy(
                &world.chain,
                world.implementation,
                constructor(authority, Policy { hook, ..policy() }, LONGEST),
            );
            let at = elsewhere.await?;
            let wrap = |call: Vec<u8>| ConsentHook::callBackCall { to: at, data: call.into() }.abi_encode();
            // It declares through its own fallback call: the review of the first proxy makes it call the second one.
            let call = declareEmergencyCall {
                grantor: world.patient.address(),
                classes: classes(&[LABS]),
                reason: 0,
                statement: DOCUMENT,
            };
            assert!(world.stranger.send(hook, wrap(call.abi_encode())).await?.status());
            let (_, logs) = world.sent(&world.dao, review(1, false)).await?;
            assert_eq!(logs.len(), 4, "reviewed, told, declared elsewhere, called back");
            // Now it reviews its own emergency: its gas is not enough for a hook within a hook, but for a verdict.
            let short = ConsentNotEnoughGas { needed: 330_000 }.abi_encode();
            let no = |data| ConsentHook::CalledBack { success: false, data };
            let yes = ConsentHook::CalledBack { success: true, data: Bytes::new() };
            for (id, justified, answer) in
                [(2, false, no(Bytes::from(short))), (3, true, yes), (4, true, no(again.clone()))]
            {
                assert!(world.stranger.send(hook, wrap(review(1, justified).abi_encode())).await?.status());
                world.does(&world.dao, declare(&world, &[LABS])).await?;
                let (_, logs) = world.sent(&world.dao, review(id, false)).await?;
                assert_eq!(logs.last(), Some(&answer.encode_log_data()));
                world.chain.advance(86_401).await?;
            }
            world.at = at;
            assert_eq!(world.read(emergencyCall { id: 1 }).await?.verdict, 1);
            continue;
        }
        for (call, answer) in [
            (review(1, true).abi_encode(), stranger(hook)),
            (upgradeToAndCallCall { newImplementation: hook, data: Bytes::new() }.abi_encode(), stranger(hook)),
            (setPolicyCall { policy: policy(), longest: LONGEST }.abi_encode(), stranger(hook)),
        ] {
            let back = ConsentHook::callBackCall { to: world.at, data: call.into() };
            assert!(world.stranger.send(hook, back.abi_encode()).await?.status());
            let data = review(1, false).abi_encode();
            let snapshot: U256 = world.chain.rpc("evm_snapshot", ()).await?;
            let receipt = world.dao.send(world.at, data).await?;
            let last = receipt.logs().last().expect("it called back").data().clone();
            let found = ConsentHook::CalledBack::decode_log_data(&last)?;
            assert_eq!((found.success, found.data), (false, answer.into()));
            let _: bool = world.chain.rpc("evm_revert", (snapshot,)).await?;
        }
    }
    Ok(())
}
