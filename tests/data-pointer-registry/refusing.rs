//! A subject refuses a pointer before anybody registers it.

use alloy::{
    primitives::{Address, B256, LogData},
    sol_types::{SolCall, SolError, SolEvent},
};
use consilium_bindings::{Consent as C, DataPointerRegistry::*};
use eyre::Result;

use crate::{access::request, signing::*, trees::*, world::*};

/// What is logged where a pointer is refused.
fn was_refused(pointer: &Pointer) -> LogData {
    let &Pointer { subject, custodian, dataClass, schema, .. } = pointer;
    PointerRefused { id: id(pointer), subject, custodian, dataClass, schema }.encode_log_data()
}

fn refuse(pointer: &Pointer) -> refusePointerCall {
    refusePointerCall { pointer: pointer.clone() }
}

/// The pointer is refused, tells so, and nothing makes a pointer of it. It is the first leaf of the first batch.
async fn stays_refused(world: &World, pointer: &Pointer, by: Address, at: u64, tree: &Tree) -> Result<()> {
    let id = id(pointer);
    assert_eq!(world.status(id).await?, in_state(pointer, 4));
    for proof in [tree.proof(0), vec![]] {
        let found = world.read(statusOfCall { pointer: pointer.clone(), batch: 1, proof }).await?;
        assert_eq!((found.id, found.status), (id, in_state(pointer, 4)));
    }
    assert_eq!(world.read(contentsCall { id }).await?, no_contents());
    let tombstone = world.read(tombstoneCall { id }).await?;
    assert_eq!((tombstone.by, tombstone.erasedAt), (by, time(at)));
    let subject = pointer.subject;
    assert_eq!(world.read(pointerCountCall { subject }).await?, alloy::primitives::U256::ZERO);

    let exists = || RegistryPointerExists { id };
    let (patient, terms) = (&world.patient, world.terms(world.patient.address()).await?);
    world.refuses(&world.lab, registerCall { pointer: pointer.clone() }, exists()).await?;
    world.refuses(&world.lab, world.lets_register(patient, pointer, terms), exists()).await?;
    let leaf = individualizeCall { pointer: pointer.clone(), batch: 1, proof: tree.proof(0) };
    world.refuses(&world.stranger, leaf, exists()).await?;
    world.refuses(patient, refuse(pointer), exists()).await?;
    world.refuses(&world.stranger, world.lets_refuse(patient, pointer, terms), exists()).await?;

    let missing = || RegistryNoSuchPointer { id };
    for by in [patient, &world.lab] {
        world.refuses(by, eraseCall { id }, missing()).await?;
    }
    world.refuses(&world.stranger, world.lets_erase(patient, id, terms), missing()).await?;
    world.refuses(patient, request(id), missing()).await?;
    world.refuses(&world.lab, offerCustodyCall { id, to: Address::ZERO }, missing()).await?;
    let next = Pointer { previous: id, ..world.result(99) };
    world.refuses(&world.lab, registerCall { pointer: next }, RegistryInvalidPrevious { previous: id }).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_subject_refuses_what_was_never_registered() -> Result<()> {
    let world = World::start().await?;
    let (pointers, tree) = world.results(2);
    world.does(&world.lab, world.publish(&tree, 2)).await?;
    let (pointer, by) = (&pointers[0], world.patient.address());
    // A custodian would say of anybody that there was a record.
    for stranger in [&world.lab, &world.stranger, &world.dao, &world.clinic] {
        let refusal = RegistryUnauthorized { account: stranger.address() };
        world.refuses(stranger, refuse(pointer), refusal).await?;
    }
    let now = world.soon().await?;
    world.logs(&world.patient, refuse(pointer), &[was_refused(pointer)]).await?;
    stays_refused(&world, pointer, by, now, &tree).await?;
    // The other one is registered as before.
    let (pointer, proof) = (pointers[1].clone(), tree.proof(1));
    world.does(&world.stranger, individualizeCall { pointer, batch: 1, proof }).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_subject_s_signature_refuses() -> Result<()> {
    let world = World::start().await?;
    let (pointers, tree) = world.results(2);
    world.does(&world.lab, world.publish(&tree, 2)).await?;
    let (pointer, by) = (&pointers[0], world.patient.address());
    let terms = world.terms(by).await?;
    let call = world.lets_refuse(&world.patient, pointer, terms);
    let invalid = |signer| RegistryInvalidSignature { signer };
    // Nobody else's signature, of no other pointer, for no other chain or contract, and of no other act.
    for other in [&world.lab, &world.stranger] {
        let call = world.lets_refuse(other, pointer, world.terms(other.address()).await?);
        world.refuses(&world.stranger, call, invalid(other.address())).await?;
    }
    let other = refusePointerSignedCall { pointer: pointers[1].clone(), ..call.clone() };
    world.refuses(&world.stranger, other, invalid(by)).await?;
    let domains = [domain(world.consent, nitro::CHAIN_ID), domain(world.at, 1)];
    let hashes = domains.iter().map(|domain| refuse_hash(id(pointer), terms, domain));
    for hash in hashes.chain([erase_hash(id(pointer), terms, &world.domain())]) {
        let signed = Signed { signature: sign(&world.patient, hash), ..call.signed.clone() };
        let other = refusePointerSignedCall { signed, ..call.clone() };
        world.refuses(&world.stranger, other, invalid(by)).await?;
    }
    let relayer = world.doctor.address();
    let named = world.lets_refuse(&world.patient, pointer, Terms { relayer, ..terms });
    world.refuses(&world.stranger, named, RegistryWrongRelayer { relayer }).await?;
    let deadline = time(world.chain.now().await? - 1);
    let late = world.lets_refuse(&world.patient, pointer, Terms { deadline, ..terms });
    world.refuses(&world.stranger, late, RegistryExpiredSignature { deadline }).await?;

    let now = world.soon().await?;
    world.logs(&world.stranger, call.clone(), &[was_refused(pointer)]).await?;
    let used = InvalidAccountNonce { account: by, currentNonce: terms.nonce + alloy::primitives::U256::ONE };
    let again = refusePointerSignedCall { pointer: pointers[1].clone(), ..call };
    world.refuses(&world.stranger, again, used).await?;
    stays_refused(&world, pointer, by, now, &tree).await
}

/// A refusal is no erasure: the signature for one does not do the other, before and after the pointer is registered.
#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_does_not_erase() -> Result<()> {
    let world = World::start().await?;
    let (pointer, signer) = (world.result(1), world.patient.address());
    let id = id(&pointer);
    let terms = world.terms(signer).await?;
    let refusal = world.lets_refuse(&world.patient, &pointer, terms);
    let erase = world.lets_erase(&world.patient, id, terms);
    world.refuses(&world.stranger, erase.clone(), RegistryNoSuchPointer { id }).await?;
    world.registered(1).await?;
    // Who comes too late erases.
    let exists = || RegistryPointerExists { id };
    world.refuses(&world.patient, refuse(&pointer), exists()).await?;
    world.refuses(&world.stranger, refusal.clone(), exists()).await?;
    let swapped = eraseSignedCall { id, signed: refusal.signed };
    world.refuses(&world.stranger, swapped, RegistryInvalidSignature { signer }).await?;
    let next = Pointer { previous: id, ..world.result(2) };
    world.registers(&world.lab, &next).await?;
    world.refuses(&world.patient, refuse(&pointer), exists()).await?;
    world.does(&world.stranger, erase).await?;
    world.refuses(&world.patient, refuse(&pointer), exists()).await
}

/// What nobody could register today can be refused where it could be registered tomorrow.
#[tokio::test(flavor = "multi_thread")]
async fn what_can_be_refused() -> Result<()> {
    let world = World::start().await?;
    let good = world.on_arweave(1);
    let refuses = async |pointer: Pointer, error: Vec<u8>| {
        let terms = world.terms(world.patient.address()).await?;
        let signed = world.lets_refuse(&world.patient, &pointer, terms).abi_encode();
        for call in [refuse(&pointer).abi_encode(), signed] {
            world.chain.ask(world.patient.address(), world.at, call).await?.refused_with(&error);
        }
        Ok::<_, eyre::Report>(())
    };
    for (hashCode, digest) in [(SHA2_256, B256::ZERO), (0x11, good.digest)] {
        let error = RegistryInvalidDigest { hashCode }.abi_encode();
        refuses(Pointer { hashCode, digest, ..good.clone() }, error).await?;
    }
    for (kind, codec) in [(0, 0), (1, RAW), (5, 0), (3, RAW)] {
        let error = RegistryInvalidLocator { kind, codec }.abi_encode();
        refuses(Pointer { locatorKind: kind, locatorCodec: codec, ..good.clone() }, error).await?;
    }
    let error = RegistryInvalidKeyCommitment {}.abi_encode();
    refuses(Pointer { keyCommitment: B256::ZERO, ..good.clone() }, error).await?;
    for account in [world.clinic.address(), Address::ZERO] {
        let error = RegistryNotAdmitted { account }.abi_encode();
        refuses(Pointer { custodian: account, ..good.clone() }, error).await?;
    }

    // The custodian's admission has ended, the schema is another class's, the encryption and the version before are
    // unknown, and the consent permits nothing.
    world.removes(&world.lab).await?;
    world.revokes().await?;
    let odd = [
        good.clone(),
        Pointer { schema: 7, ..good.clone() },
        Pointer { dataClass: NOTES, ..good.clone() },
        Pointer { encryption: 9, ..good.clone() },
        Pointer { previous: B256::repeat_byte(1), ..good.clone() },
    ];
    for pointer in &odd {
        world.logs(&world.patient, refuse(pointer), &[was_refused(pointer)]).await?;
        assert_eq!(world.status(id(pointer)).await?, in_state(pointer, 4));
    }
    world.admits(&world.lab).await?;
    world.permits(&world.lab, LABS, STORE).await?;
    let refusal = RegistryPointerExists { id: id(&good) };
    world.refuses(&world.lab, registerCall { pointer: good }, refusal).await
}

/// A refused version supersedes nothing: the one before it is as it was, and another version follows it.
#[tokio::test(flavor = "multi_thread")]
async fn a_refused_version_supersedes_nothing() -> Result<()> {
    let world = World::start().await?;
    let previous = world.registered(1).await?;
    world.does(&world.patient, refuse(&Pointer { previous, ..world.result(2) })).await?;
    assert_eq!(world.status(previous).await?, in_state(&world.result(1), 1));
    assert!(world.read(successorCall { id: previous }).await?.is_zero());
    world.registers(&world.lab, &Pointer { previous, ..world.result(3) }).await?;
    Ok(())
}

/// After a recovery in the consent, the new key refuses, and the old one does not.
#[tokio::test(flavor = "multi_thread")]
async fn the_key_is_the_consent_s() -> Result<()> {
    let world = World::start().await?;
    let (grantor, newKey) = (world.patient.address(), world.stranger.address());
    world.consents(&world.patient, C::setRecoveryCall { grantor, recoverer: world.doctor.address() }).await?;
    world.consents(&world.doctor, C::startRecoveryCall { grantor, newKey }).await?;
    world.consents(&world.doctor, C::finishRecoveryCall { grantor }).await?;
    let [first, second] = [world.result(1), world.result(2)];
    world.refuses(&world.patient, refuse(&first), RegistryUnauthorized { account: grantor }).await?;
    let old = world.lets_refuse(&world.patient, &first, world.terms(grantor).await?);
    world.refuses(&world.doctor, old, RegistryInvalidSignature { signer: grantor }).await?;
    world.logs(&world.stranger, refuse(&first), &[was_refused(&first)]).await?;
    let call = world.lets_refuse(&world.stranger, &second, world.terms(newKey).await?);
    world.logs(&world.doctor, call, &[was_refused(&second)]).await?;
    assert_eq!(world.read(tombstoneCall { id: id(&second) }).await?.by, newKey);
    Ok(())
}
