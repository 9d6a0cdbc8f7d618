//! Granting and amending.

use alloy::{
    primitives::{Address, B256, LogData, U256},
    sol_types::{SolCall, SolError, SolEvent},
};
use consilium_bindings::Consent::*;
use eyre::Result;

use crate::world::*;

/// The event of a provision that was added by `by` at `now`.
pub(crate) fn granted(
    grantor: Address,
    number: u32,
    given: &Provision,
    now: u64,
    policyVersion: u32,
    by: Address,
) -> LogData {
    let Provision { grantee, classes, purposes, deny, notBefore, expiry, document } = given.clone();
    let notBefore = if notBefore.is_zero() { time(now) } else { notBefore };
    ConsentGranted { grantor, grantee, number, classes, purposes, deny, notBefore, expiry, document, policyVersion, by }
        .encode_log_data()
}

/// What is stored of it.
fn stored(number: u32, given: &Provision, now: u64, policyVersion: u32) -> StoredProvision {
    let Provision { classes, purposes, deny, notBefore, expiry, .. } = given.clone();
    let notBefore = if notBefore.is_zero() { time(now) } else { notBefore };
    StoredProvision { number, classes, purposes, deny, notBefore, expiry, policyVersion }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provision_is_stored_as_it_was_granted() -> Result<()> {
    let world = World::start().await?;
    let (grantor, grantee) = (world.patient.address(), world.doctor.address());
    assert_eq!(world.read(epochCall { grantor }).await?, 0);
    assert_eq!(world.read(keyOfCall { grantor }).await?, grantor);
    let mut all = Vec::new();
    let last = (1 << 40) - 1;
    for (number, given) in [
        (1, permit(grantee)),
        (2, Provision { notBefore: time(last), ..denial(grantee) }),
        (3, Provision { classes: U256::MAX, purposes: u64::MAX, expiry: time(last), ..permit(grantee) }),
        (4, Provision { notBefore: time(1), document: B256::ZERO, ..permit(grantee) }),
        (5, Provision { classes: U256::ONE << 255, purposes: 1 << 63, ..permit(grantee) }),
    ] {
        let now = world.soon().await?;
        let event = granted(grantor, number, &given, now, 1, grantor);
        let call = grantCall { grantor, provision: given.clone() };
        assert_eq!(world.logs(&world.patient, call, &[event]).await?, number);
        all.push(stored(number, &given, now, 1));
        assert_eq!(world.read(provisionsCall { grantor, grantee }).await?, all);
        assert_eq!(world.read(epochCall { grantor }).await?, 1);
    }
    // For another grantee, numbers begin at 1.
    assert_eq!(world.grants(permit(world.stranger.address())).await?, 1);
    // The policy's version is that of its day.
    world.sets_policy(policy(), LONGEST).await?;
    assert_eq!(world.grants(permit(grantee)).await?, 6);
    assert_eq!(world.read(provisionsCall { grantor, grantee }).await?[5].policyVersion, 2);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_grantor_grants_and_amends() -> Result<()> {
    let world = World::start().await?;
    let (grantor, grantee) = (world.patient.address(), world.doctor.address());
    world.grants(permit(grantee)).await?;
    for account in [world.stranger.address(), grantee, world.dao.address(), world.authority, world.at] {
        let error = ConsentUnauthorized { grantor, account };
        world.refuses(account, grantCall { grantor, provision: permit(grantee) }, error.clone()).await?;
        // Who may is asked before the provision is looked at, and where it does not say who.
        let nothing = Provision { classes: U256::ZERO, ..permit(Address::ZERO) };
        world.refuses(account, grantCall { grantor, provision: nothing }, error.clone()).await?;
        world.refuses(account, amendCall { grantor, number: 1, provision: permit(grantee) }, error).await?;
    }
    Ok(())
}

/// Each part of what makes a provision, by itself, of one that is new and of one that replaces another.
#[tokio::test(flavor = "multi_thread")]
async fn a_provision_without_sense_is_refused() -> Result<()> {
    let world = World::start().await?;
    let (grantor, grantee) = (world.patient.address(), world.doctor.address());
    world.grants(permit(grantee)).await?;
    let now = world.chain.now().await?;
    let good = || permit(grantee);
    let none = [
        Provision { classes: U256::ZERO, ..good() },
        Provision { purposes: 0, ..good() },
        Provision { expiry: time(1), ..good() },
        Provision { expiry: time(now), ..good() },
        Provision { notBefore: time(now + 100), expiry: time(now + 100), ..good() },
        Provision { notBefore: time(now + 100), expiry: time(now + 99), ..good() },
        Provision { notBefore: time(5), expiry: time(6), ..good() },
        Provision { notBefore: time(1 << 40), ..good() },
        Provision { expiry: time(1 << 40), ..good() },
        Provision { expiry: time((1 << 48) - 1), ..good() },
        Provision { notBefore: time((1 << 48) - 1), expiry: time((1 << 48) - 1), ..good() },
    ];
    for provision in none {
        let call = grantCall { grantor, provision: provision.clone() };
        world.refuses(grantor, call, ConsentInvalidProvision {}).await?;
        world.refuses(grantor, amendCall { grantor, number: 1, provision }, ConsentInvalidProvision {}).await?;
    }
    for nobody in [Address::ZERO, grantor] {
        let call = grantCall { grantor, provision: permit(nobody) };
        world.refuses(grantor, call, ConsentInvalidProvision {}).await?;
        let missing = ConsentNoSuchProvision { grantor, grantee: nobody, number: 1 };
        world.refuses(grantor, amendCall { grantor, number: 1, provision: permit(nobody) }, missing).await?;
    }
    // A second is enough.
    let brief = Provision { expiry: time(now + 1), ..good() };
    world.asked(grantor, grantCall { grantor, provision: brief }).await?.succeeded();
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn sixteen_are_in_force_and_no_seventeenth() -> Result<()> {
    let world = World::start().await?;
    let (grantor, grantee) = (world.patient.address(), world.doctor.address());
    for number in 1..=16 {
        let provision = Provision { classes: classes(&[number as u8]), ..permit(grantee) };
        assert_eq!(world.grants(provision).await?, number);
    }
    let full = ConsentTooManyProvisions { grantor, grantee };
    world.refuses(grantor, grantCall { grantor, provision: permit(grantee) }, full.clone()).await?;
    assert_eq!(world.numbers(grantee).await?, (1..=16).collect::<Vec<_>>());
    // All of them are asked, the last one too.
    for number in 1..=16 {
        let said = world.asks(grantee, Address::ZERO, number as u8, TREAT).await?;
        assert_eq!(said, Said::by(1, grantee, number));
    }
    // One that has ended is in force until it is revoked.
    let now = world.chain.now().await?;
    let ending = Provision { expiry: time(now + 50), ..permit(grantee) };
    world.does(&world.patient, amendCall { grantor, number: 16, provision: ending }).await?;
    world.chain.advance_to(now + 60).await?;
    world.refuses(grantor, grantCall { grantor, provision: permit(grantee) }, full).await?;
    // Another grantee has room, and one that is revoked makes room, with the next number.
    assert_eq!(world.grants(permit(world.stranger.address())).await?, 1);
    world.does(&world.patient, revokeCall { grantor, grantee, number: 7 }).await?;
    assert_eq!(world.grants(permit(grantee)).await?, 17);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_amended_provision_keeps_its_number_and_place() -> Result<()> {
    let world = World::start().await?;
    let (grantor, grantee) = (world.patient.address(), world.doctor.address());
    for _ in 0..3 {
        world.grants(permit(grantee)).await?;
    }
    world.sets_policy(policy(), LONGEST).await?;
    for number in [2, 1, 3] {
        let before = world.read(provisionsCall { grantor, grantee }).await?;
        let provision = Provision {
            classes: classes(&[NOTES, number as u8 + 100]),
            purposes: purposes(&[TREAT, 63]),
            deny: number == 2,
            expiry: time((1 << 40) - u64::from(number)),
            document: B256::repeat_byte(number as u8),
            ..permit(grantee)
        };
        let now = world.soon().await?;
        let Provision { classes, purposes, deny, expiry, document, .. } = provision.clone();
        let event = ConsentAmended {
            grantor,
            grantee,
            number,
            classes,
            purposes,
            deny,
            notBefore: time(now),
            expiry,
            document,
            policyVersion: 2,
            by: grantor,
        };
        let call = amendCall { grantor, number, provision: provision.clone() };
        world.logs(&world.patient, call, &[event.encode_log_data()]).await?;
        let after = world.read(provisionsCall { grantor, grantee }).await?;
        for (place, (before, after)) in before.into_iter().zip(after).enumerate() {
            let amended = place as u32 + 1 == number;
            assert_eq!(after, if amended { stored(number, &provision, now, 2) } else { before });
        }
    }
    for number in [0, 4, u32::MAX] {
        let missing = ConsentNoSuchProvision { grantor, grantee, number };
        world.refuses(grantor, amendCall { grantor, number, provision: permit(grantee) }, missing).await?;
    }
    // For another grantee it is another provision.
    let other = world.stranger.address();
    let missing = ConsentNoSuchProvision { grantor, grantee: other, number: 1 };
    world.refuses(grantor, amendCall { grantor, number: 1, provision: permit(other) }, missing).await
}

/// One transaction grants and revokes, for the caller; the first that fails undoes all.
#[tokio::test(flavor = "multi_thread")]
async fn several_calls_are_made_in_one() -> Result<()> {
    let world = World::start().await?;
    let (grantor, grantee) = (world.patient.address(), world.doctor.address());
    let grant = |provision| grantCall { grantor, provision }.abi_encode();
    let revoke = |number| revokeCall { grantor, grantee, number }.abi_encode();
    let all = |calls: &[Vec<u8>]| multicallCall { data: calls.iter().cloned().map(Into::into).collect() };

    let now = world.soon().await?;
    let events = [
        granted(grantor, 1, &permit(grantee), now, 1, grantor),
        granted(grantor, 2, &denial(grantee), now, 1, grantor),
        ConsentRevoked { grantor, grantee, number: 1, by: grantor }.encode_log_data(),
    ];
    let view = provisionsCall { grantor, grantee }.abi_encode();
    let nested = all(&[revoke(1), view]).abi_encode();
    let calls = all(&[grant(permit(grantee)), grant(denial(grantee)), nested]);
    let results = world.logs(&world.patient, calls, &events).await?;
    assert_eq!(results.len(), 3);
    assert_eq!(results[1], U256::from(2).to_be_bytes_vec());
    assert_eq!(world.numbers(grantee).await?, [2]);
    assert!(world.does(&world.patient, all(&[])).await?.is_empty());

    let missing = ConsentNoSuchProvision { grantor, grantee, number: 9 };
    world.refuses(grantor, all(&[revoke(2), grant(permit(grantee)), revoke(9)]), missing).await?;
    assert!(!world.patient.send(world.at, all(&[revoke(2), revoke(9)]).abi_encode()).await?.status());
    assert_eq!(world.numbers(grantee).await?, [2]);
    // What has no reason gets one; guards and the caller are those of the whole call.
    world.refuses(grantor, all(&[revoke(2), vec![1, 2, 3, 4]]), FailedCall {}).await?;
    world.refuses(grantor, all(&[revoke(2), vec![]]), FailedCall {}).await?;
    let account = world.stranger.address();
    world.refuses(account, all(&[revoke(2)]), ConsentUnauthorized { grantor, account }).await?;
    let code = setCodeCall { table: 0, number: 0, code: B256::ZERO }.abi_encode();
    world.refuses(account, all(std::slice::from_ref(&code)), AccessManagedUnauthorized { caller: account }).await?;
    world.asked(world.dao.address(), all(&[code])).await?.succeeded();
    // The error of a call is passed on, byte for byte.
    let refused = world.asked(account, all(&[revoke(2)])).await?;
    assert!(refused.data.starts_with(&ConsentUnauthorized::SELECTOR));
    Ok(())
}
