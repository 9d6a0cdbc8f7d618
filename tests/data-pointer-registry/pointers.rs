//! Registering, superseding, and what cannot be registered.

use alloy::{
    primitives::{Address, B256},
    sol_types::{SolCall, SolError, SolEvent},
};
use consilium_bindings::DataPointerRegistry::*;
use eyre::Result;

use crate::world::*;

/// Each hash, each kind of locator, each codec.
fn shapes(world: &World) -> Vec<Pointer> {
    let some = B256::repeat_byte(0xab);
    let mut all = Vec::new();
    for hashCode in [0x12, 0x1e, 0x1b, 0xb220] {
        for (locatorKind, locatorCodec, locator) in [
            (1, 0x55, B256::ZERO),
            (1, 0x70, B256::ZERO),
            (1, 0x71, B256::ZERO),
            (2, 0x55, some),
            (2, 0x70, some),
            (2, 0x71, some),
            (3, 0, some),
            (4, 0, some),
        ] {
            let encryption = 1 + all.len() as u16 % 2;
            let result = world.result(all.len() as u64);
            all.push(Pointer { hashCode, locatorKind, locatorCodec, locator, encryption, ..result });
        }
    }
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pointer_is_registered_and_found() -> Result<()> {
    let world = World::start().await?;
    for pointer in shapes(&world) {
        let id = id(&pointer);
        assert_eq!(world.status(id).await?, nothing());
        let register = registerCall { pointer: pointer.clone() };
        let found = world.logs(&world.lab, register, &[was_registered(&pointer, 0, 1)]).await?;
        assert_eq!(found, id);
        assert_eq!(world.status(id).await?, in_state(&pointer, 1));
        assert_eq!(world.read(contentsCall { id }).await?, contents_of(&pointer));
        assert!(world.read(successorCall { id }).await?.is_zero());
        let buried = world.read(tombstoneCall { id }).await?;
        assert_eq!((buried.by, buried.erasedAt), (Address::ZERO, time(0)));
        // The same pointer is one pointer.
        world.refuses(&world.lab, registerCall { pointer }, RegistryPointerExists { id }).await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_makes_no_sense_is_refused() -> Result<()> {
    let world = World::start().await?;
    let good = world.result(1);
    let (zero, some) = (B256::ZERO, B256::repeat_byte(1));
    let refuses = async |pointer: Pointer, error: Vec<u8>| {
        world.asked(world.lab.address(), registerCall { pointer }).await?.refused_with(&error);
        Ok::<_, eyre::Report>(())
    };
    for (hashCode, digest) in [(SHA2_256, zero), (0, some), (0x11, some), (0x13, some), (u64::MAX, some)] {
        let error = RegistryInvalidDigest { hashCode }.abi_encode();
        refuses(Pointer { hashCode, digest, ..good.clone() }, error).await?;
    }
    for (kind, codec, locator) in [
        (0, 0, zero),
        (0, RAW, some),
        (1, RAW, some),
        (1, 0, zero),
        (1, 0x51, zero),
        (2, RAW, zero),
        (2, 0, some),
        (2, 0x72, some),
        (3, 0, zero),
        (3, RAW, some),
        (4, 0, zero),
        (4, 0x70, some),
        (5, 0, some),
        (255, RAW, some),
    ] {
        let error = RegistryInvalidLocator { kind, codec }.abi_encode();
        refuses(Pointer { locatorKind: kind, locatorCodec: codec, locator, ..good.clone() }, error).await?;
    }
    let error = RegistryInvalidKeyCommitment {}.abi_encode();
    refuses(Pointer { keyCommitment: zero, ..good.clone() }, error).await?;
    for number in [0, 3, u16::MAX] {
        let error = RegistryUnknownEncryption { number }.abi_encode();
        refuses(Pointer { encryption: number, ..good.clone() }, error).await?;
    }
    for (number, dataClass) in [(0, LABS), (2, LABS), (u32::MAX, LABS), (SCHEMA, NOTES), (SCHEMA, 0)] {
        let error = RegistrySchemaNotInUse { number, dataClass }.abi_encode();
        refuses(Pointer { schema: number, dataClass, ..good.clone() }, error).await?;
    }
    // What is wrong first is what is said.
    let error = RegistryUnknownEncryption { number: 9 }.abi_encode();
    refuses(Pointer { encryption: 9, schema: 9, ..good.clone() }, error).await?;
    let id = world.registers(&world.lab, &good).await?;
    refuses(good.clone(), RegistryPointerExists { id }.abi_encode()).await?;
    world.does(&world.dao, deprecateSchemaCall { number: SCHEMA, sunset: time(1) }).await?;
    let error = RegistrySchemaNotInUse { number: SCHEMA, dataClass: LABS }.abi_encode();
    refuses(good, error).await
}

/// Only an admitted custodian registers, for itself, until its admission ends, to the second.
#[tokio::test(flavor = "multi_thread")]
async fn only_an_admitted_custodian_registers() -> Result<()> {
    let world = World::start().await?;
    let pointer = world.result(1);
    for by in [&world.stranger, &world.patient, &world.dao, &world.clinic] {
        let refusal = RegistryUnauthorized { account: by.address() };
        world.refuses(by, registerCall { pointer: pointer.clone() }, refusal).await?;
        let own = Pointer { custodian: by.address(), ..pointer.clone() };
        world.refuses(by, registerCall { pointer: own }, RegistryNotAdmitted { account: by.address() }).await?;
    }
    let account = world.lab.address();
    let end = world.chain.now().await? + 100;
    world.does(&world.dao, admitCustodianCall { account, until: time(end) }).await?;
    world.chain.advance_to(end - 1).await?;
    world.asked(account, registerCall { pointer: pointer.clone() }).await?.succeeded();
    world.chain.advance_to(end).await?;
    world.refuses(&world.lab, registerCall { pointer: pointer.clone() }, RegistryNotAdmitted { account }).await?;
    world.admits(&world.lab).await?;
    world.registers(&world.lab, &pointer).await?;
    world.removes(&world.lab).await?;
    let next = world.result(2);
    world.refuses(&world.lab, registerCall { pointer: next }, RegistryNotAdmitted { account }).await
}

/// A version supersedes the one before it, which stays, and is superseded once.
#[tokio::test(flavor = "multi_thread")]
async fn versions_are_a_chain() -> Result<()> {
    let world = World::start().await?;
    let first = world.result(1);
    let mut previous = world.registers(&world.lab, &first).await?;
    let mut before = first;
    for number in 2..5 {
        let pointer = Pointer { previous, ..world.result(number) };
        let register = registerCall { pointer: pointer.clone() };
        let next = world.logs(&world.lab, register, &[was_registered(&pointer, 0, 1)]).await?;
        assert_eq!(world.status(previous).await?, in_state(&before, 2));
        assert_eq!(world.read(contentsCall { id: previous }).await?, contents_of(&before));
        assert_eq!(world.read(successorCall { id: previous }).await?, next);
        assert_eq!(world.status(next).await?, in_state(&pointer, 1));
        let again = Pointer { previous, ..world.result(number + 10) };
        world.refuses(&world.lab, registerCall { pointer: again }, RegistryInvalidPrevious { previous }).await?;
        (previous, before) = (next, pointer);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_version_follows_a_pointer_of_the_same_subject_custodian_and_class() -> Result<()> {
    let world = World::start().await?;
    let (mine, unknown) = (world.registered(1).await?, B256::repeat_byte(9));
    let erased = world.registered(2).await?;
    world.does(&world.lab, eraseCall { id: erased }).await?;
    // Another custodian's, for whom the patient also lets store.
    world.admits(&world.clinic).await?;
    world.permits(&world.clinic, LABS, STORE).await?;
    let other = Pointer { custodian: world.clinic.address(), ..world.result(3) };
    let others = world.registers(&world.clinic, &other).await?;
    // Another subject's: the laboratory itself.
    let own = Pointer { subject: world.lab.address(), ..world.result(4) };
    let own = world.registers(&world.lab, &own).await?;
    // Another class's, which the patient lets it store too: who has the right to one retires nothing of another.
    let schema = world.schema(NOTES).await?;
    world.permits(&world.lab, NOTES, STORE).await?;
    let note = Pointer { dataClass: NOTES, schema, ..world.result(6) };
    let note = world.registers(&world.lab, &note).await?;
    for previous in [unknown, erased, others, own, note] {
        let pointer = Pointer { previous, ..world.result(5) };
        world.refuses(&world.lab, registerCall { pointer }, RegistryInvalidPrevious { previous }).await?;
    }
    // After it was handed over, the new custodian goes on.
    let offer = offerCustodyCall { id: mine, to: world.clinic.address() };
    world.does(&world.lab, offer).await?;
    world.does(&world.clinic, acceptCustodyCall { id: mine }).await?;
    let next = Pointer { previous: mine, ..world.result(5) };
    let refusal = RegistryInvalidPrevious { previous: mine };
    world.refuses(&world.lab, registerCall { pointer: next.clone() }, refusal).await?;
    world.registers(&world.clinic, &Pointer { custodian: world.clinic.address(), ..next }).await?;
    Ok(())
}

/// Events carry ids, and never a digest, a locator or a commitment. So what an event says of a pointer is in its type.
#[tokio::test(flavor = "multi_thread")]
async fn several_calls_are_one() -> Result<()> {
    let world = World::start().await?;
    let pointers = [world.result(1), world.on_arweave(2)];
    let data = pointers.iter().map(|pointer| registerCall { pointer: pointer.clone() }.abi_encode().into()).collect();
    let events = pointers.each_ref().map(|pointer| was_registered(pointer, 0, 1));
    world.logs(&world.lab, multicallCall { data }, &events).await?;
    let again = multicallCall { data: vec![registerCall { pointer: pointers[0].clone() }.abi_encode().into()] };
    world.refuses(&world.lab, again, RegistryPointerExists { id: id(&pointers[0]) }).await?;
    let unknown = multicallCall { data: vec![vec![1, 2, 3, 4].into()] };
    world.refuses(&world.lab, unknown, FailedCall {}).await?;
    assert_eq!(
        PointerRegistered::SIGNATURE,
        "PointerRegistered(bytes32,address,address,uint8,uint32,bytes32,uint32,uint8)"
    );
    Ok(())
}
