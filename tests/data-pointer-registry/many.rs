//! Many requests in one: one that is refused does not sink the others.

use alloy::{
    primitives::{Address, B256},
    sol_types::{SolCall, SolError, SolEvent},
};
use consilium_bindings::{Consent as C, DataPointerRegistry::*};
use eyre::Result;

use crate::{trees::*, world::*};

pub(crate) fn one(id: B256) -> Request {
    Request { id, purpose: TREAT, onBehalfOf: Address::ZERO, encryptionKey: KEY }
}

impl World {
    /// The number of entries in the patient's access log.
    async fn entries(&self) -> Result<u64> {
        let log = C::accessLogCall { grantor: self.patient.address() };
        let answer = self.chain.ask(Address::ZERO, self.consent, log.abi_encode()).await?;
        Ok(answer.output::<C::accessLogCall>().count)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_refused_is_skipped() -> Result<()> {
    let (world, first) = World::with_result().await?;
    let actor = world.doctor.address();
    let second = world.registered(2).await?;
    let leaf = world.result(3);
    let tree = Tree::of(&[id(&leaf), B256::repeat_byte(1)]);
    world.does(&world.lab, world.publish(&tree, 2)).await?;
    let individualize = individualizeCall { pointer: leaf.clone(), batch: 1, proof: tree.proof(0) };
    world.does(&world.stranger, individualize).await?;
    let erased = world.registered(4).await?;
    world.does(&world.lab, eraseCall { id: erased }).await?;
    let unknown = B256::repeat_byte(9);
    let other = world.clinic.address();

    let requests = vec![
        one(first),
        one(unknown),
        Request { purpose: RESEARCH, ..one(first) },
        one(second),
        one(erased),
        Request { onBehalfOf: other, ..one(second) },
        Request { encryptionKey: B256::ZERO, ..one(second) },
        one(first),
        one(id(&leaf)),
    ];
    let now = world.soon().await?;
    let requested = |id| request_id(id, actor, Address::ZERO, TREAT, KEY, now);
    let zero = Address::ZERO;
    let refused = |reason| AccessRefused { reason, grantee: zero, number: 0 }.abi_encode();
    let missing = |id| RegistryNoSuchPointer { id }.abi_encode();
    let skipped = [
        (unknown, missing(unknown)),
        (first, refused(16)),
        (erased, missing(erased)),
        (second, refused(23)),
        (second, RegistryInvalidEncryptionKey {}.abi_encode()),
        (first, RegistryRequestExists { requestId: requested(first) }.abi_encode()),
    ];
    let (answer, logs) = world.sent(&world.doctor, requestAccessManyCall { requests }).await?;
    let done = [first, second, id(&leaf)].map(requested);
    assert_eq!(
        answer,
        [done[0], B256::ZERO, B256::ZERO, done[1], B256::ZERO, B256::ZERO, B256::ZERO, B256::ZERO, done[2]]
    );
    let of = |topic: B256| logs.iter().filter(move |log| log.topics().first() == Some(&topic)).cloned();
    let told = skipped.map(|(id, reason)| AccessSkipped { id, actor, reason: reason.into() }.encode_log_data());
    assert_eq!(of(AccessSkipped::SIGNATURE_HASH).collect::<Vec<_>>(), told);
    assert_eq!(of(AccessRequested::SIGNATURE_HASH).count(), 3);
    assert_eq!(of(C::AccessRecorded::SIGNATURE_HASH).count(), 3);
    assert_eq!(logs.len(), 12);
    // Only what was permitted is in the patient's log.
    assert_eq!(world.entries().await?, 3);
    for (id, requestId) in [first, second, id(&leaf)].into_iter().zip(done) {
        assert_eq!(world.read(accessRequestCall { id, requestId }).await?.actor, actor);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_fills_a_patient_s_log() -> Result<()> {
    let (world, id) = World::with_result().await?;
    let requests = vec![one(id); 20];
    let (answer, logs) = world.sent(&world.stranger, requestAccessManyCall { requests }).await?;
    assert_eq!(answer, vec![B256::ZERO; 20]);
    assert!(logs.iter().all(|log| log.topics()[0] == AccessSkipped::SIGNATURE_HASH));
    assert_eq!(world.entries().await?, 0);
    world.logs(&world.stranger, requestAccessManyCall { requests: vec![] }, &[]).await?;
    Ok(())
}

/// A registry that may not record gives nothing to anybody: that is no refusal of a single request.
#[tokio::test(flavor = "multi_thread")]
async fn a_consent_that_does_not_record_sinks_all() -> Result<()> {
    let (world, id) = World::with_result().await?;
    let revoke = consilium_bindings::AccessManager::revokeRoleCall { roleId: 4, account: world.at };
    assert!(world.dao.send(world.manager, revoke.abi_encode()).await?.status());
    let call = requestAccessManyCall { requests: vec![one(id)] };
    world.refuses(&world.doctor, call, AccessManagedUnauthorized { caller: world.at }).await
}
