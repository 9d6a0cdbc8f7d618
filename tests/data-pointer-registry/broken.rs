//! A consent that does not answer: nobody registers and nobody gets a key by that, and what needs no consent goes on.

use alloy::{
    primitives::{Address, B256, Bytes, U256, keccak256},
    sol_types::{SolCall, SolValue},
};
use consilium_bindings::{Consent as C, DataPointerRegistry::*};
use eyre::Result;
use harness::peers;

use crate::{access::*, many::one, world::*};

impl World {
    /// Replaces the consent's program by one that answers none of the questions.
    async fn breaks_the_consent(&self) -> Result<()> {
        let slot = U256::from_be_bytes(keccak256("eip1967.proxy.implementation").0) - U256::ONE;
        let arguments = (U256::ZERO, B256::from(slot)).abi_encode();
        let newImplementation = peers::create(&self.chain, "AnyImplementation", &arguments).await?;
        self.consents(&self.dao, C::upgradeToAndCallCall { newImplementation, data: Bytes::new() }).await
    }

    /// The call fails, and not by an error of the registry's own: it has no answer.
    async fn fails(&self, by: &harness::chain::Account, call: impl SolCall) -> Result<()> {
        self.asked(by.address(), call).await?.refused_with(&[]);
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_answer_is_no_permission() -> Result<()> {
    let (world, id) = World::with_result().await?;
    let (lab, doctor, patient) = (&world.lab, &world.doctor, &world.patient);
    let (requestId, due) = world.requests(id).await?;
    let (pointers, tree) = world.results(2);
    world.does(&world.lab, world.publish(&tree, 2)).await?;
    let terms = world.terms(world.patient.address()).await?;
    world.takes_in(&world.clinic).await?;
    world.offers(id).await?;
    let asking = world.lets_ask(doctor, &one(id), world.terms(doctor.address()).await?);
    let (purpose, onBehalfOf, askedAt) = (TREAT, Address::ZERO, time(due - u64::from(WITHIN)));
    let decline = declineKeyCall { id, requestId, purpose, onBehalfOf, encryptionKey: KEY, askedAt };
    world.breaks_the_consent().await?;
    // In the second of the first request, the doctor's would be the same.
    world.chain.advance(1).await?;

    world.fails(lab, registerCall { pointer: world.result(9) }).await?;
    world.fails(lab, world.lets_register(patient, &world.result(9), terms)).await?;
    let leaf = individualizeCall { pointer: pointers[0].clone(), batch: 1, proof: tree.proof(0) };
    world.fails(lab, leaf).await?;
    world.fails(doctor, request(id)).await?;
    world.fails(doctor, requestAccessManyCall { requests: vec![one(id)] }).await?;
    world.fails(&world.stranger, asking).await?;
    world.fails(lab, decline).await?;
    world.fails(&world.clinic, acceptCustodyCall { id }).await?;
    // Nobody knows the subject's key any more, so only the custodian erases.
    world.fails(patient, eraseCall { id }).await?;
    world.fails(&world.stranger, eraseCall { id }).await?;
    world.fails(&world.stranger, world.lets_erase(patient, id, terms)).await?;
    world.fails(patient, refusePointerCall { pointer: world.result(9) }).await?;
    world.fails(&world.stranger, world.lets_refuse(patient, &world.result(9), terms)).await?;

    world.does(lab, world.publish(&tree, 2)).await?;
    world.does(lab, deliverKeyCall { id, requestId, wrappedKeyHash: WRAPPED }).await?;
    world.does(lab, eraseCall { id }).await?;
    assert_eq!(world.status(id).await?.state, 3);
    Ok(())
}
