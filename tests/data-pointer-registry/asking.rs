//! Requests for keys by the actor's signature, which anybody brings.

use alloy::{
    primitives::{Address, B256, U256},
    sol_types::SolCall,
};
use consilium_bindings::{Consent as C, DataPointerRegistry::*};
use eyre::Result;
use harness::{answer::events, peers};

use crate::{many::one, signing::*, world::*};

/// What was refused uses up nothing; what was asked uses up the nonce, under its key.
#[tokio::test(flavor = "multi_thread")]
async fn whoever_brings_it_asks_for_the_actor() -> Result<()> {
    let (world, id) = World::with_result().await?;
    let owner = world.doctor.address();
    for nonce in [U256::ZERO, U256::ONE, U256::from(5) << 64, U256::from(5) << 64 | U256::ONE] {
        let call = world.lets_ask(&world.doctor, &one(id), Terms { nonce, ..world.terms(owner).await? });
        let now = world.soon().await?;
        let receipt = world.stranger.send(world.at, call.abi_encode()).await?;
        assert!(receipt.status());
        let requestId = request_id(id, owner, Address::ZERO, TREAT, KEY, now);
        let dueBy = time(now + u64::from(WITHIN));
        let (custodian, actor, onBehalfOf, purpose) = (world.lab.address(), owner, Address::ZERO, TREAT);
        let asked = AccessRequested { id, custodian, actor, requestId, onBehalfOf, purpose, encryptionKey: KEY, dueBy };
        assert_eq!(events::<AccessRequested>(&receipt, world.at)?, [asked]);
        let recorded = events::<C::AccessRecorded>(&receipt, world.consent)?;
        assert_eq!((recorded[0].actor, recorded[0].recorder, recorded[0].request), (owner, world.at, requestId));
        assert_eq!((recorded.len(), receipt.logs().len()), (1, 2));
        let found = world.read(accessRequestCall { id, requestId }).await?;
        assert_eq!((found.actor, found.dueBy), (owner, dueBy));
        let key = (nonce >> 64_u32).to();
        assert_eq!(world.read(nonces_1Call { owner, key }).await?, nonce + U256::ONE);
        let used = InvalidAccountNonce { account: owner, currentNonce: nonce + U256::ONE };
        world.chain.advance(1).await?;
        world.refuses(&world.stranger, call, used).await?;
    }
    // It returns the request's id.
    let call = world.lets_ask(&world.doctor, &one(id), world.terms(owner).await?);
    let requestId = request_id(id, owner, Address::ZERO, TREAT, KEY, world.soon().await?);
    assert_eq!(world.does(&world.stranger, call).await?, requestId);
    Ok(())
}

/// A message with any member changed is one that nobody signed, and no other message is a request.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_changes_what_was_signed() -> Result<()> {
    let (world, id) = World::with_result().await?;
    let actor = world.doctor.address();
    let terms = world.terms(actor).await?;
    let good = world.lets_ask(&world.doctor, &one(id), terms);
    let invalid = |signer| RegistryInvalidSignature { signer };
    let other = world.registered(2).await?;
    for request in [
        Request { id: other, ..one(id) },
        Request { purpose: RESEARCH, ..one(id) },
        Request { onBehalfOf: world.clinic.address(), ..one(id) },
        Request { encryptionKey: B256::repeat_byte(1), ..one(id) },
    ] {
        world.refuses(&world.stranger, requestAccessSignedCall { request, ..good.clone() }, invalid(actor)).await?;
    }
    let signed = good.signed.clone();
    for signed in [
        Signed { nonce: U256::ONE << 64, ..signed.clone() },
        Signed { deadline: signed.deadline + time(1), ..signed.clone() },
        Signed { relayer: world.stranger.address(), ..signed.clone() },
        Signed { signature: vec![0; 65].into(), ..signed.clone() },
        Signed { signature: vec![].into(), ..signed.clone() },
        Signed { signer: vec![1; 19].into(), ..signed.clone() },
        Signed { signer: world.stranger.address().to_vec().into(), ..signed.clone() },
    ] {
        world.refuses(&world.stranger, requestAccessSignedCall { signed, ..good.clone() }, invalid(actor)).await?;
    }
    // In nobody else's name: not the patient's, not the sender's, and not nobody's.
    for actor in [world.patient.address(), world.stranger.address(), Address::ZERO] {
        world.refuses(&world.stranger, requestAccessSignedCall { actor, ..good.clone() }, invalid(actor)).await?;
    }
    let signer = Signed { signer: vec![0; 20].into(), ..signed.clone() };
    for signature in [vec![0; 65], vec![], vec![0xff; 65]] {
        let signed = Signed { signature: signature.into(), ..signer.clone() };
        let nobody = requestAccessSignedCall { actor: Address::ZERO, signed, ..good.clone() };
        world.refuses(&world.stranger, nobody, invalid(Address::ZERO)).await?;
    }
    let domains = [domain(world.consent, nitro::CHAIN_ID), domain(world.at, 1)];
    let hashes = domains.map(|domain| request_hash(actor, &one(id), terms, &domain));
    let acts = [
        erase_hash(id, terms, &world.domain()),
        refuse_hash(id, terms, &world.domain()),
        // The same person, asking as another account.
        request_hash(world.stranger.address(), &one(id), terms, &world.domain()),
    ];
    for hash in hashes.into_iter().chain(acts) {
        let signed = Signed { signature: sign(&world.doctor, hash), ..signed.clone() };
        world.refuses(&world.stranger, requestAccessSignedCall { signed, ..good.clone() }, invalid(actor)).await?;
    }
    world.does(&world.stranger, good).await?;
    Ok(())
}

/// A request is no erasure, also where its actor is the subject.
#[tokio::test(flavor = "multi_thread")]
async fn a_request_erases_nothing() -> Result<()> {
    let (world, id) = World::with_result().await?;
    let signer = world.patient.address();
    let call = world.lets_ask(&world.patient, &one(id), world.terms(signer).await?);
    let invalid = || RegistryInvalidSignature { signer };
    let signed = call.signed.clone();
    world.refuses(&world.stranger, eraseSignedCall { id, signed: signed.clone() }, invalid()).await?;
    let pointer = world.result(2);
    world.refuses(&world.stranger, refusePointerSignedCall { pointer, signed }, invalid()).await?;
    world.does(&world.stranger, call).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deadline_and_a_relayer() -> Result<()> {
    let (world, id) = World::with_result().await?;
    let terms = world.terms(world.doctor.address()).await?;
    let (deadline, relayer) = (time(world.chain.now().await? + 100), world.clinic.address());
    let call = world.lets_ask(&world.doctor, &one(id), Terms { deadline, relayer, ..terms });
    for by in [&world.stranger, &world.lab, &world.doctor] {
        world.refuses(by, call.clone(), RegistryWrongRelayer { relayer }).await?;
    }
    world.chain.advance_to(deadline.to()).await?;
    world.asked(relayer, call.clone()).await?.succeeded();
    world.chain.advance_to(deadline.to::<u64>() + 1).await?;
    world.refuses(&world.clinic, call, RegistryExpiredSignature { deadline }).await
}

/// A refusal is the consent's about the actor, not about who brings it. It uses up nothing, so the same message is good
/// once the patient permits it.
#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_uses_up_nothing() -> Result<()> {
    let world = World::start().await?;
    let id = world.registered(1).await?;
    let owner = world.doctor.address();
    // The patient may see everything, and cannot ask in the doctor's name.
    let call = world.lets_ask(&world.doctor, &one(id), world.terms(owner).await?);
    let refused = || AccessRefused { reason: 16, grantee: Address::ZERO, number: 0 };
    for by in [&world.patient, &world.stranger, &world.doctor] {
        world.refuses(by, call.clone(), refused()).await?;
    }
    assert!(!world.stranger.send(world.at, call.abi_encode()).await?.status());
    assert_eq!(world.read(nonces_0Call { owner }).await?, U256::ZERO);
    world.permits(&world.doctor, LABS, TREAT).await?;
    world.does(&world.stranger, call).await?;
    let unknown = B256::repeat_byte(1);
    let terms = world.terms(owner).await?;
    let call = world.lets_ask(&world.doctor, &one(unknown), terms);
    world.refuses(&world.stranger, call, RegistryNoSuchPointer { id: unknown }).await?;
    let no_key = Request { encryptionKey: B256::ZERO, ..one(id) };
    let call = world.lets_ask(&world.doctor, &no_key, terms);
    world.refuses(&world.stranger, call, RegistryInvalidEncryptionKey {}).await?;
    let revoke = consilium_bindings::AccessManager::revokeRoleCall { roleId: 4, account: world.at };
    assert!(world.dao.send(world.manager, revoke.abi_encode()).await?.status());
    let call = world.lets_ask(&world.doctor, &one(id), terms);
    world.chain.advance(1).await?;
    world.refuses(&world.stranger, call, AccessManagedUnauthorized { caller: world.at }).await
}

/// A relayer brings several, of several actors, in one transaction. The same one twice in a second is one request.
#[tokio::test(flavor = "multi_thread")]
async fn several_by_one_relayer() -> Result<()> {
    let (world, id) = World::with_result().await?;
    world.permits(&world.clinic, LABS, TREAT).await?;
    let mut data = Vec::new();
    for (actor, relayer) in [(&world.doctor, Address::ZERO), (&world.clinic, world.stranger.address())] {
        let terms = Terms { relayer, ..world.terms(actor.address()).await? };
        data.push(world.lets_ask(actor, &one(id), terms).abi_encode().into());
    }
    let now = world.soon().await?;
    let receipt = world.stranger.send(world.at, multicallCall { data }.abi_encode()).await?;
    assert!(receipt.status());
    let asked = [&world.doctor, &world.clinic].map(|actor| actor.address());
    let ids = asked.map(|actor| request_id(id, actor, Address::ZERO, TREAT, KEY, now));
    let events = events::<AccessRequested>(&receipt, world.at)?;
    assert_eq!(events.iter().map(|event| event.actor).collect::<Vec<_>>(), asked);
    assert_eq!(events.iter().map(|event| event.requestId).collect::<Vec<_>>(), ids);

    let terms = world.terms(world.doctor.address()).await?;
    let again = Terms { nonce: terms.nonce + U256::ONE, ..terms };
    let data = [terms, again].map(|terms| world.lets_ask(&world.doctor, &one(id), terms).abi_encode().into()).to_vec();
    let now = world.soon().await?;
    let requestId = request_id(id, world.doctor.address(), Address::ZERO, TREAT, KEY, now);
    world.refuses(&world.stranger, multicallCall { data }, RegistryRequestExists { requestId }).await
}

/// A contract as the actor: it is asked (ERC-1271), and can change nothing while it is.
#[tokio::test(flavor = "multi_thread")]
async fn a_contract_wallet_asks() -> Result<()> {
    let world = World::start().await?;
    let actor = peers::create(&world.chain, "HostileWallet", &[]).await?;
    let id = world.registered(1).await?;
    let (grantor, provision) = (world.patient.address(), permit(actor, LABS, TREAT));
    world.consents(&world.patient, C::grantCall { grantor, provision }).await?;
    let terms = world.terms(actor).await?;
    let with = |signature: Vec<u8>| requestAccessSignedCall {
        request: one(id),
        actor,
        signed: terms.signed(actor.as_slice(), signature),
    };
    // One that runs out of its gas has not signed.
    world.refuses(&world.stranger, with(vec![b'b']), RegistryInvalidSignature { signer: actor }).await?;
    let back = proposeSchemaCall { url: B256::ZERO, version: 1, content: B256::ZERO, dataClass: LABS }.abi_encode();
    world.does(&world.stranger, with([vec![b'c'], back].concat())).await?;
    assert_eq!(world.read(schemaCountCall {}).await?, SCHEMA);
    assert_eq!(world.read(nonces_0Call { owner: actor }).await?, U256::ONE);
    Ok(())
}
