//! A new key for a grantor whose key is lost: delay, veto, a restart, and what the old key is afterwards.

use alloy::{
    primitives::{Address, U256},
    sol_types::SolEvent,
};
use consilium_bindings::Consent::*;
use eyre::Result;

use crate::world::*;

/// The policy's, in seconds.
const DELAY: u64 = 2 * DAY;

/// A world in which the stranger may recover the patient's consents.
async fn named() -> Result<World> {
    let world = World::start().await?;
    let (grantor, recoverer) = (world.patient.address(), world.stranger.address());
    let event = RecoverySet { grantor, recoverer }.encode_log_data();
    world.logs(&world.patient, setRecoveryCall { grantor, recoverer }, &[event]).await?;
    expect(&world, recoverer, Address::ZERO, 0).await?;
    Ok(world)
}

async fn expect(world: &World, recoverer: Address, newKey: Address, readyAt: u64) -> Result<()> {
    let found = world.read(recoveryCall { grantor: world.patient.address() }).await?;
    assert_eq!((found.recoverer, found.newKey, found.readyAt), (recoverer, newKey, time(readyAt)));
    Ok(())
}

/// The stranger begins a recovery; when it can be finished.
async fn started(world: &World, newKey: Address) -> Result<u64> {
    let grantor = world.patient.address();
    let readyAt = world.soon().await? + DELAY;
    let event = RecoveryStarted { grantor, newKey, readyAt: time(readyAt) }.encode_log_data();
    world.logs(&world.stranger, startRecoveryCall { grantor, newKey }, &[event]).await?;
    expect(world, world.stranger.address(), newKey, readyAt).await?;
    Ok(readyAt)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_replaced_after_the_delay() -> Result<()> {
    let world = named().await?;
    let (grantor, new) = (world.patient.address(), world.chain.account("new phone").await?);
    world.grants(permit(world.doctor.address())).await?;
    let ready_at = started(&world, new.address()).await?;
    let finish = finishRecoveryCall { grantor };
    for now in [ready_at - DELAY, ready_at - 1] {
        world.chain.advance_to(now).await?;
        world.refuses(grantor, finish.clone(), ConsentRecoveryNotReady { readyAt: time(ready_at) }).await?;
        assert_eq!(world.read(keyOfCall { grantor }).await?, grantor);
    }
    // A longer delay that comes later is for later recoveries.
    world.sets_policy(Policy { recoveryDelay: u32::MAX, ..policy() }, LONGEST).await?;
    world.chain.advance_to(ready_at).await?;
    // Anybody finishes it.
    let event = KeyReplaced { grantor, newKey: new.address() }.encode_log_data();
    world.logs(&world.doctor, finish.clone(), &[event]).await?;
    assert_eq!(world.read(keyOfCall { grantor }).await?, new.address());
    expect(&world, world.stranger.address(), Address::ZERO, 0).await?;
    world.refuses(grantor, finish, ConsentNoRecovery { grantor }).await?;

    // The consents are the same, and the new key's.
    assert_eq!(world.says().await?, Said::by(1, world.doctor.address(), 1));
    assert_eq!(world.asks(new.address(), Address::ZERO, NOTES, TREAT).await?, Said::only(2));
    let number = world.does(&new, grantCall { grantor, provision: denial(world.doctor.address()) }).await?;
    assert_eq!(number, 2);
    // Its own consents are others.
    assert_eq!(world.read(epochCall { grantor: new.address() }).await?, 0);
    Ok(())
}

/// The old key is nobody: it changes nothing, sees nothing, and what it signed before counts for nothing.
#[tokio::test(flavor = "multi_thread")]
async fn the_old_key_is_nobody() -> Result<()> {
    let world = named().await?;
    let (grantor, new) = (world.patient.address(), world.chain.account("new phone").await?);
    let grantee = world.doctor.address();
    world.grants(permit(grantee)).await?;
    let old = world.message(&world.patient, grantCall { grantor, provision: permit(world.stranger.address()) }).await?;
    let ready_at = started(&world, new.address()).await?;
    world.chain.advance_to(ready_at).await?;
    world.does(&world.stranger, finishRecoveryCall { grantor }).await?;

    let account = grantor;
    let refusal = || ConsentUnauthorized { grantor, account };
    let until = time(ready_at * 2);
    world.refuses(account, grantCall { grantor, provision: permit(grantee) }, refusal()).await?;
    world.refuses(account, amendCall { grantor, number: 1, provision: permit(grantee) }, refusal()).await?;
    world.refuses(account, revokeCall { grantor, grantee, number: 1 }, refusal()).await?;
    world.refuses(account, revokeGranteeCall { grantor, grantee }, refusal()).await?;
    world.refuses(account, revokeAllCall { grantor }, refusal()).await?;
    let representative = account;
    let name = setRepresentativeCall { grantor, representative, classes: classes(&[1]), purposes: 1, until };
    world.refuses(account, name, refusal()).await?;
    world.refuses(account, setRecoveryCall { grantor, recoverer: account }, refusal()).await?;
    world.refuses(account, vetoRecoveryCall { grantor }, refusal()).await?;
    assert_eq!(world.asks(account, Address::ZERO, LABS, TREAT).await?, Said::only(16));
    world.refuses(grantee, actCall { signed: old.clone() }, refusal()).await?;
    assert_eq!(world.does(&world.doctor, relayCall { signed: vec![old] }).await?, [false]);
    // A message that it signs now counts for nothing too; one of the new key does.
    let late = world.message(&world.patient, revokeAllCall { grantor }).await?;
    world.refuses(grantee, actCall { signed: late }, refusal()).await?;
    let good = world.message(&new, revokeAllCall { grantor }).await?;
    let event = AllConsentsRevoked { grantor, epoch: 2, by: new.address() }.encode_log_data();
    world.logs(&world.doctor, actCall { signed: good }, &[event]).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_recoverer_begins() -> Result<()> {
    let world = named().await?;
    let grantor = world.patient.address();
    for account in [grantor, world.doctor.address(), world.dao.address(), Address::ZERO] {
        let call = startRecoveryCall { grantor, newKey: account };
        world.refuses(account, call, ConsentUnauthorized { grantor, account }).await?;
    }
    let nobody = startRecoveryCall { grantor, newKey: Address::ZERO };
    world.refuses(world.stranger.address(), nobody, ConsentInvalidKey {}).await?;
    for account in [world.stranger.address(), world.dao.address()] {
        let error = ConsentUnauthorized { grantor, account };
        world.refuses(account, setRecoveryCall { grantor, recoverer: account }, error.clone()).await?;
        world.refuses(account, vetoRecoveryCall { grantor }, error).await?;
    }
    for missing in [grantor, world.doctor.address()] {
        let none = ConsentNoRecovery { grantor: missing };
        world.refuses(grantor, finishRecoveryCall { grantor: missing }, none.clone()).await?;
        world.refuses(missing, vetoRecoveryCall { grantor: missing }, none).await?;
    }
    Ok(())
}

/// The grantor's key stops it, to the last second and beyond, until somebody finishes it.
#[tokio::test(flavor = "multi_thread")]
async fn a_recovery_is_vetoed() -> Result<()> {
    let world = named().await?;
    let (grantor, thief) = (world.patient.address(), world.doctor.address());
    for late in [false, true] {
        let ready_at = started(&world, thief).await?;
        if late {
            world.chain.advance_to(ready_at + DAY).await?;
        }
        let event = RecoveryVetoed { grantor }.encode_log_data();
        world.logs(&world.patient, vetoRecoveryCall { grantor }, &[event]).await?;
        expect(&world, world.stranger.address(), Address::ZERO, 0).await?;
        world.chain.advance_to(ready_at + 2 * DAY).await?;
        world.refuses(thief, finishRecoveryCall { grantor }, ConsentNoRecovery { grantor }).await?;
        world.refuses(grantor, vetoRecoveryCall { grantor }, ConsentNoRecovery { grantor }).await?;
    }
    // To name another recoverer, or nobody, stops it too.
    for recoverer in [world.dao.address(), Address::ZERO] {
        world.does(&world.patient, setRecoveryCall { grantor, recoverer: world.stranger.address() }).await?;
        started(&world, thief).await?;
        let event = RecoverySet { grantor, recoverer }.encode_log_data();
        world.logs(&world.patient, setRecoveryCall { grantor, recoverer }, &[event]).await?;
        expect(&world, recoverer, Address::ZERO, 0).await?;
        world.chain.advance(3 * DAY).await?;
        world.refuses(thief, finishRecoveryCall { grantor }, ConsentNoRecovery { grantor }).await?;
        let account = world.stranger.address();
        let again = startRecoveryCall { grantor, newKey: thief };
        world.refuses(account, again, ConsentUnauthorized { grantor, account }).await?;
    }
    Ok(())
}

/// Begun again, it has another key, and its time begins again: the recoverer cannot swap the key at the last moment.
#[tokio::test(flavor = "multi_thread")]
async fn a_recovery_begins_again() -> Result<()> {
    let world = named().await?;
    let grantor = world.patient.address();
    let (first, second) = (Address::repeat_byte(1), Address::repeat_byte(2));
    let ready_at = started(&world, first).await?;
    world.chain.advance_to(ready_at - 20).await?;
    let later = started(&world, second).await?;
    assert!(later > ready_at);
    world.chain.advance_to(later - 1).await?;
    let early = ConsentRecoveryNotReady { readyAt: time(later) };
    world.refuses(grantor, finishRecoveryCall { grantor }, early).await?;
    world.chain.advance_to(later).await?;
    let event = KeyReplaced { grantor, newKey: second }.encode_log_data();
    world.logs(&world.doctor, finishRecoveryCall { grantor }, &[event]).await?;
    Ok(())
}

/// A key is replaced again, also by the first one.
#[tokio::test(flavor = "multi_thread")]
async fn keys_are_replaced_again_and_again() -> Result<()> {
    let world = named().await?;
    let grantor = world.patient.address();
    for (key, account) in
        [(world.doctor.address(), &world.doctor), (world.dao.address(), &world.dao), (grantor, &world.patient)]
    {
        let ready_at = started(&world, key).await?;
        world.chain.advance_to(ready_at).await?;
        world.does(&world.stranger, finishRecoveryCall { grantor }).await?;
        assert_eq!(world.read(keyOfCall { grantor }).await?, key);
        for (other, of) in [(world.doctor.address(), 1), (world.dao.address(), 2), (grantor, 3)] {
            let answer = world.asked(other, setRecoveryCall { grantor, recoverer: world.stranger.address() }).await?;
            assert_eq!(answer.success, other == key, "{of}");
        }
        world.does(account, grantCall { grantor, provision: permit(Address::repeat_byte(9)) }).await?;
    }
    assert_eq!(world.numbers(Address::repeat_byte(9)).await?, [1, 2, 3]);
    Ok(())
}

/// Whom the old key named counts no longer, also if it named them, or itself, when the recovery was under way. Whom the
/// DAO appointed stays, and so do the provisions and the recoverer.
#[tokio::test(flavor = "multi_thread")]
async fn whom_the_old_key_named_ends_with_it() -> Result<()> {
    let world = named().await?;
    let (grantor, new) = (world.patient.address(), world.chain.account("new phone").await?);
    let (early, late, appointed) = (world.doctor.clone(), world.chain.account("late").await?, world.dao.clone());
    let until = time((1 << 48) - 1);
    let set = |representative| setRepresentativeCall {
        grantor,
        representative,
        classes: U256::MAX,
        purposes: u64::MAX,
        until,
    };
    let grant = || grantCall { grantor, provision: permit(Address::repeat_byte(9)) };
    world.does(&world.patient, set(early.address())).await?;
    world.does(&early, grant()).await?;
    let appoint = appointRepresentativeCall {
        grantor,
        representative: appointed.address(),
        classes: U256::MAX,
        purposes: u64::MAX,
        until,
    };
    world.does(&world.dao, appoint).await?;
    let ready_at = started(&world, new.address()).await?;
    for representative in [late.address(), grantor] {
        world.does(&world.patient, set(representative)).await?;
    }
    world.chain.advance_to(ready_at).await?;
    world.does(&world.stranger, finishRecoveryCall { grantor }).await?;

    for account in [early.address(), late.address(), grantor] {
        let error = || ConsentUnauthorized { grantor, account };
        world.refuses(account, grant(), error()).await?;
        world.refuses(account, revokeAllCall { grantor }, error()).await?;
        let found = world.read(representativeCall { grantor, account }).await?;
        assert_eq!((found.classes, found.purposes, found.until, found.appointed), (U256::ZERO, 0, time(0), false));
    }
    world.does(&appointed, grant()).await?;
    assert_eq!(world.numbers(Address::repeat_byte(9)).await?, [1, 2]);
    // The new key names its own, the next key others.
    world.does(&new, set(early.address())).await?;
    world.does(&early, grant()).await?;
    let ready_at = started(&world, Address::repeat_byte(3)).await?;
    world.chain.advance_to(ready_at).await?;
    world.does(&world.stranger, finishRecoveryCall { grantor }).await?;
    let error = ConsentUnauthorized { grantor, account: early.address() };
    world.refuses(early.address(), grant(), error).await?;
    world.does(&appointed, grant()).await?;
    expect(&world, world.stranger.address(), Address::ZERO, 0).await
}
