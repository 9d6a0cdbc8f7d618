//! Who may act for a grantor: within a scope, until a time, named by the grantor or appointed by the DAO.

use alloy::{
    primitives::{Address, U256},
    sol_types::SolEvent,
};
use consilium_bindings::Consent::*;
use eyre::Result;
use harness::chain::Account;

use crate::{provisions::granted, world::*};

/// Lets an account act for the patient.
fn set(world: &World, account: &Account, of: &[u8], purposes: u64, until: u64) -> setRepresentativeCall {
    let (grantor, representative) = (world.patient.address(), account.address());
    setRepresentativeCall { grantor, representative, classes: classes(of), purposes, until: time(until) }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_representative_is_named_and_ended() -> Result<()> {
    let world = World::start().await?;
    let (grantor, parent) = (world.patient.address(), world.stranger.address());
    let now = world.chain.now().await?;
    for (of, purposes, until) in [
        (vec![LABS, HIV], 5, now + 1_000),
        ((0..=255).collect(), u64::MAX, (1 << 48) - 1),
        (vec![], 0, 0),
        (vec![1], 1, 1),
    ] {
        let call = set(&world, &world.stranger, &of, purposes, until);
        let event = RepresentativeSet {
            grantor,
            representative: parent,
            classes: classes(&of),
            purposes,
            until: time(until),
            appointed: false,
        };
        world.logs(&world.patient, call, &[event.encode_log_data()]).await?;
        let found = world.read(representativeCall { grantor, account: parent }).await?;
        assert_eq!((found.classes, found.purposes), (classes(&of), purposes));
        assert_eq!((found.until, found.appointed), (time(until), false));
    }
    for account in [parent, world.doctor.address(), world.dao.address()] {
        let call = set(&world, &world.stranger, &[LABS], 1, now + 1_000);
        world.refuses(account, call, ConsentUnauthorized { grantor, account }).await?;
    }
    Ok(())
}

/// It grants, amends and revokes what its scope covers, to the second at which it ends, and nothing else.
#[tokio::test(flavor = "multi_thread")]
async fn a_representative_acts_in_its_scope() -> Result<()> {
    let world = World::start().await?;
    let (grantor, grantee) = (world.patient.address(), world.doctor.address());
    let (parent, account) = (&world.stranger, world.stranger.address());
    let refusal = || ConsentUnauthorized { grantor, account };
    let end = world.chain.now().await? + 10_000;
    let scope = purposes(&[TREAT, 3]);
    world.does(&world.patient, set(&world, parent, &[LABS, NOTES], scope, end)).await?;

    let within = Provision { classes: classes(&[LABS, NOTES]), purposes: scope, ..permit(grantee) };
    let now = world.soon().await?;
    let event = granted(grantor, 1, &within, now, 1, account);
    world.logs(parent, grantCall { grantor, provision: within.clone() }, &[event]).await?;
    let now = world.soon().await?;
    let narrower = Provision { classes: classes(&[NOTES]), ..within.clone() };
    let event = ConsentAmended {
        grantor,
        grantee,
        number: 1,
        classes: narrower.classes,
        purposes: scope,
        deny: false,
        notBefore: time(now),
        expiry: time(0),
        document: DOCUMENT,
        policyVersion: 1,
        by: account,
    };
    let amend = |number, provision| amendCall { grantor, number, provision };
    world.logs(parent, amend(1, narrower), &[event.encode_log_data()]).await?;
    let revoke = |number| revokeCall { grantor, grantee, number };
    let event = ConsentRevoked { grantor, grantee, number: 1, by: account }.encode_log_data();
    world.logs(parent, revoke(1), &[event]).await?;

    // A class or a purpose more than its scope has.
    let beyond = [
        Provision { classes: classes(&[LABS, 6]), ..within.clone() },
        Provision { classes: U256::MAX, ..within.clone() },
        Provision { purposes: scope | 1 << 63, ..within.clone() },
    ];
    for provision in beyond {
        world.refuses(account, grantCall { grantor, provision: provision.clone() }, refusal()).await?;
        // The grantor's own provision beyond the scope is neither narrowed, revoked nor widened by it.
        let number = world.grants(provision.clone()).await?;
        world.refuses(account, revoke(number), refusal()).await?;
        world.refuses(account, amend(number, within.clone()), refusal()).await?;
        let number = world.grants(within.clone()).await?;
        world.refuses(account, amend(number, provision), refusal()).await?;
        world.does(parent, revoke(number)).await?;
    }
    // Nothing of what only the grantor does, nor what is for representatives for everything.
    world.refuses(account, set(&world, parent, &[1], 1, end), refusal()).await?;
    world.refuses(account, setRecoveryCall { grantor, recoverer: account }, refusal()).await?;
    world.refuses(account, vetoRecoveryCall { grantor }, refusal()).await?;
    world.refuses(account, startRecoveryCall { grantor, newKey: account }, refusal()).await?;
    world.refuses(account, revokeGranteeCall { grantor, grantee }, refusal()).await?;
    world.refuses(account, revokeAllCall { grantor }, refusal()).await?;

    let grant = || grantCall { grantor, provision: within.clone() };
    world.chain.advance_to(end - 1).await?;
    world.asked(account, grant()).await?.succeeded();
    world.chain.advance_to(end).await?;
    world.refuses(account, grant(), refusal()).await?;
    // For another grantor it never was one.
    let other = world.doctor.address();
    let call = grantCall { grantor: other, provision: permit(grantor) };
    world.refuses(account, call, ConsentUnauthorized { grantor: other, account }).await
}

/// Only one whose scope is everything revokes those of a grantee, and all.
#[tokio::test(flavor = "multi_thread")]
async fn a_representative_for_everything() -> Result<()> {
    let world = World::start().await?;
    let (grantor, grantee) = (world.patient.address(), world.doctor.address());
    let (parent, account) = (&world.stranger, world.stranger.address());
    let end = world.chain.now().await? + 10_000;
    let everything: Vec<u8> = (0..=255).collect();
    for (of, purposes) in
        [(&everything[1..], u64::MAX), (&everything[..255], u64::MAX), (&everything[..], u64::MAX >> 1)]
    {
        world.does(&world.patient, set(&world, parent, of, purposes, end)).await?;
        for call in [revokeAllCall { grantor }] {
            world.refuses(account, call, ConsentUnauthorized { grantor, account }).await?;
        }
        let call = revokeGranteeCall { grantor, grantee };
        world.refuses(account, call, ConsentUnauthorized { grantor, account }).await?;
    }
    world.does(&world.patient, set(&world, parent, &everything, u64::MAX, end)).await?;
    world.grants(permit(grantee)).await?;
    let event = ConsentsRevoked { grantor, grantee, by: account }.encode_log_data();
    world.logs(parent, revokeGranteeCall { grantor, grantee }, &[event]).await?;
    let event = AllConsentsRevoked { grantor, epoch: 2, by: account }.encode_log_data();
    world.logs(parent, revokeAllCall { grantor }, &[event]).await?;
    // It still is no grantor: it sees nothing, and names nobody.
    assert_eq!(world.asks(account, Address::ZERO, LABS, TREAT).await?, Said::only(16));
    world.refuses(account, set(&world, parent, &[], 0, 0), ConsentUnauthorized { grantor, account }).await?;
    world
        .refuses(account, setRecoveryCall { grantor, recoverer: account }, ConsentUnauthorized { grantor, account })
        .await
}

/// The DAO appoints for one who cannot sign. The grantor ends that only when its time is over.
#[tokio::test(flavor = "multi_thread")]
async fn the_dao_appoints_a_representative() -> Result<()> {
    let world = World::start().await?;
    let (grantor, representative) = (world.patient.address(), world.stranger.address());
    let end = world.chain.now().await? + 10_000;
    let appoint = |until| appointRepresentativeCall {
        grantor,
        representative,
        classes: U256::MAX,
        purposes: u64::MAX,
        until: time(until),
    };
    let event = |until| {
        RepresentativeSet {
            grantor,
            representative,
            classes: U256::MAX,
            purposes: u64::MAX,
            until: time(until),
            appointed: true,
        }
        .encode_log_data()
    };
    for caller in [grantor, representative, world.doctor.address()] {
        world.refuses(caller, appoint(end), AccessManagedUnauthorized { caller }).await?;
    }
    world.logs(&world.dao, appoint(end), &[event(end)]).await?;
    assert!(world.read(representativeCall { grantor, account: representative }).await?.appointed);
    world.does(&world.stranger, grantCall { grantor, provision: permit(world.doctor.address()) }).await?;
    let own = |until| set(&world, &world.stranger, &[LABS], 1, until);
    let appointed = ConsentAppointedRepresentative { representative };
    for until in [0, end, end * 2] {
        world.refuses(grantor, own(until), appointed.clone()).await?;
    }
    // Not the grantor is refused as anybody is.
    let error = ConsentUnauthorized { grantor, account: representative };
    world.refuses(representative, own(0), error).await?;
    world.chain.advance_to(end - 1).await?;
    world.refuses(grantor, own(end), appointed).await?;
    world.chain.advance_to(end).await?;
    world.does(&world.patient, own(end * 2)).await?;
    assert!(!world.read(representativeCall { grantor, account: representative }).await?.appointed);
    // The DAO takes the place of whom the grantor named, and ends it.
    for until in [end * 3, 0] {
        world.logs(&world.dao, appoint(until), &[event(until)]).await?;
    }
    let revoke = revokeAllCall { grantor };
    world.refuses(representative, revoke, ConsentUnauthorized { grantor, account: representative }).await?;
    world.does(&world.patient, own(end * 2)).await?;
    Ok(())
}
