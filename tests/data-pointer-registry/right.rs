//! The right to register: what the consent says, at that moment.

use alloy::{
    primitives::{Address, B256, U256},
    sol_types::SolCall,
};
use consilium_bindings::{Consent as C, DataPointerRegistry::*};
use eyre::Result;
use harness::{
    actor::{Actor, actors},
    answer::Answer,
};

use crate::{signing::*, world::*};

/// What the registry says where the consent refuses.
fn refused(reason: u8, grantee: Address, number: u32) -> RegistrationRefused {
    RegistrationRefused { reason, grantee, number }
}

fn register(pointer: &Pointer) -> registerCall {
    registerCall { pointer: pointer.clone() }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_subject_permits_the_custodian_the_class_for_storing() -> Result<()> {
    let world = World::start().await?;
    let zero = Address::ZERO;
    world.revokes().await?;
    let pointer = world.result(1);
    world.refuses(&world.lab, register(&pointer), refused(16, zero, 0)).await?;
    // Another class, another purpose, another grantee.
    world.permits(&world.lab, NOTES, STORE).await?;
    world.permits(&world.lab, LABS, TREAT).await?;
    world.permits(&world.clinic, LABS, STORE).await?;
    world.refuses(&world.lab, register(&pointer), refused(16, zero, 0)).await?;
    // A denial beats a permit.
    world.permits(&world.lab, LABS, STORE).await?;
    world.asked(world.lab.address(), register(&pointer)).await?.succeeded();
    let (grantor, lab) = (world.patient.address(), world.lab.address());
    let denial = C::Provision { deny: true, ..permit(lab, LABS, STORE) };
    world.consents(&world.patient, C::grantCall { grantor, provision: denial }).await?;
    let stored = C::provisionsCall { grantor, grantee: lab }.abi_encode();
    let stored = world.chain.ask(zero, world.consent, stored).await?.output::<C::provisionsCall>();
    let number = stored.last().expect("the denial").number;
    world.refuses(&world.lab, register(&pointer), refused(21, lab, number)).await?;
    world.consents(&world.patient, C::revokeCall { grantor, grantee: lab, number }).await?;
    world.registers(&world.lab, &pointer).await?;
    Ok(())
}

/// Whoever keeps its own data needs nobody's consent.
#[tokio::test(flavor = "multi_thread")]
async fn a_subject_that_is_the_custodian() -> Result<()> {
    let world = World::start().await?;
    let pointer = Pointer { subject: world.lab.address(), ..world.result(1) };
    world.logs(&world.lab, register(&pointer), &[was_registered(&pointer, 0, 2)]).await?;
    Ok(())
}

/// An emergency opens data for the purpose of storing too, by this policy. It still lets nobody register.
#[tokio::test(flavor = "multi_thread")]
async fn an_emergency_lets_nobody_register() -> Result<()> {
    let world = World::start().await?;
    world.revokes().await?;
    // The DAO breaks the glass itself, so it is the custodian here.
    world.admits(&world.dao).await?;
    let (grantor, actor) = (world.patient.address(), world.dao.address());
    let pointer = Pointer { custodian: actor, ..world.result(1) };
    world.refuses(&world.dao, register(&pointer), refused(16, Address::ZERO, 0)).await?;
    let classes = U256::MAX;
    let declare = C::declareEmergencyCall { grantor, classes, reason: 0, statement: B256::ZERO };
    world.consents(&world.dao, declare).await?;
    world.refuses(&world.dao, register(&pointer), refused(3, Address::ZERO, 0)).await?;
    // Access is what it opens.
    world.permits(&world.lab, LABS, STORE).await?;
    let id = world.registered(2).await?;
    let request = requestAccessCall { id, purpose: TREAT, onBehalfOf: Address::ZERO, encryptionKey: KEY };
    world.does(&world.dao, request).await?;
    Ok(())
}

/// The DAO decides which purpose storing is.
#[tokio::test(flavor = "multi_thread")]
async fn another_purpose_of_storing() -> Result<()> {
    let world = World::start().await?;
    world.does(&world.dao, setStorePurposeCall { purpose: RESEARCH }).await?;
    let pointer = world.result(1);
    world.refuses(&world.lab, register(&pointer), refused(16, Address::ZERO, 0)).await?;
    world.permits(&world.lab, LABS, RESEARCH).await?;
    world.registers(&world.lab, &pointer).await?;
    Ok(())
}

/// An organisation that the DAO removed in the consent stores nothing more, whatever patients permit.
#[tokio::test(flavor = "multi_thread")]
async fn a_removed_organisation_stores_nothing() -> Result<()> {
    let world = World::start().await?;
    let organization = world.lab.address();
    let set = |until| C::setOrganizationCall { organization, until: time(until), jurisdiction: 0 };
    world.consents(&world.dao, set(1 << 40)).await?;
    world.registered(1).await?;
    world.consents(&world.dao, set(0)).await?;
    world.refuses(&world.lab, register(&world.result(2)), refused(23, Address::ZERO, 0)).await
}

/// A consent that is revoked counts no more in the same block, not even in the same transaction.
#[tokio::test(flavor = "multi_thread")]
async fn a_consent_that_was_revoked_in_the_same_transaction() -> Result<()> {
    let world = World::start().await?;
    let custodian = actors(&world.chain, 1).await?[0];
    let until = time(world.chain.now().await? + 365 * DAY);
    world.does(&world.dao, admitCustodianCall { account: custodian, until }).await?;
    let (grantor, deadline) = (world.patient.address(), time(1 << 40));
    let provision = permit(custodian, LABS, STORE);
    world.consents(&world.patient, C::grantCall { grantor, provision }).await?;

    let pointers = [1, 2].map(|number| Pointer { custodian, ..world.result(number) });
    let signature = sign(&world.patient, revoke_all_hash(world.consent, grantor, deadline));
    let signed = revoking(grantor.as_slice(), grantor, deadline, signature);
    let [first, second] = pointers.each_ref().map(|pointer| register(pointer).abi_encode().into());
    let calls = vec![first, C::actCall { signed }.abi_encode().into(), second];
    let targets = vec![world.at, world.consent, world.at];
    let receipt = world.stranger.send(custodian, Actor::eachCall { targets, calls }.abi_encode()).await?;
    let answers = Answer::all(&receipt, custodian);
    let [registered, revoked, late] = &answers[..] else { unreachable!("three calls") };
    registered.succeeded();
    revoked.succeeded();
    late.refused(refused(16, Address::ZERO, 0));
    assert_eq!(world.status(id(&pointers[0])).await?.state, 1);
    assert_eq!(world.status(id(&pointers[1])).await?, nothing());
    Ok(())
}
