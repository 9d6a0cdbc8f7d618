//! What lies where behind the proxy: the slots, read by the golden layout, say what the views say, and nothing is
//! outside of the namespace but the proxy's slot and the constructor's mark.

use alloy::primitives::{Address, B256, U256, keccak256};
use consilium_bindings::DataPointerRegistry::*;
use eyre::Result;
use harness::{layout::Layout, lookups::look};

use crate::{batches::manifest, setup::implementation_slot, signing::*, trees::*, world::*};

/// ERC-7201's root of the namespace.
pub(crate) fn root() -> U256 {
    let id = U256::from_be_bytes(keccak256("consilium.storage.DataPointerRegistry").0) - U256::ONE;
    U256::from_be_bytes(keccak256(id.to_be_bytes::<32>()).0) & !U256::from(0xff)
}

fn number(word: B256) -> U256 {
    U256::from_be_bytes(word.0)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_slots_hold_what_the_views_say() -> Result<()> {
    let world = World::start().await?;
    world.admits(&world.clinic).await?;
    world.removes(&world.clinic).await?;
    world.admits(&world.clinic).await?;
    world.permits(&world.doctor, LABS, TREAT).await?;
    let layout = Layout::of("data-pointer-registry", &world.chain, world.at)?;
    let (lab, clinic) = (world.lab.address(), world.clinic.address());
    let word = |address: Address| U256::from_be_slice(address.as_slice());

    assert_eq!(layout.field("authority").await?, word(world.manager));
    assert_eq!(layout.field("settings.consent").await?, word(world.consent));
    for (field, value) in [
        ("settings.store_purpose", u64::from(STORE)),
        ("settings.answer_within", WITHIN.into()),
        ("settings.schemas", 1),
        ("settings.custodians", 2),
    ] {
        assert_eq!(layout.field(field).await?, U256::from(value), "{field}");
    }

    let pointer =
        Pointer { hashCode: 0xb220, locatorKind: 2, locatorCodec: 0x71, encryption: 2, ..world.on_arweave(1) };
    let id = world.registers(&world.lab, &pointer).await?;
    let slot = layout.value("records", &[id])?;
    assert_eq!(layout.member(slot, "Record", "subject").await?, word(world.patient.address()));
    for (field, value) in
        [("custodian", 1), ("data_class", LABS.into()), ("schema", 1), ("encryption", 2), ("state", 1)]
    {
        assert_eq!(layout.member(slot, "Record", field).await?, U256::from(value), "{field}");
    }
    for (field, value) in [("hash", 3), ("kind", 2), ("codec", 2)] {
        assert_eq!(layout.member(slot, "Record", field).await?, U256::from(value), "{field}");
    }
    for (field, value) in
        [("digests", pointer.digest), ("locators", pointer.locator), ("key_commitments", pointer.keyCommitment)]
    {
        assert_eq!(layout.slot(layout.value(field, &[id])?).await?, number(value), "{field}");
    }

    world.does(&world.lab, offerCustodyCall { id, to: clinic }).await?;
    let slot = layout.value("offers", &[id])?;
    assert_eq!(layout.member(slot, "Offer", "to").await?, word(clinic));
    // The clinic is in its second term.
    for (field, value) in [("term", 1), ("to_term", 2)] {
        assert_eq!(layout.member(slot, "Offer", field).await?, U256::from(value), "{field}");
    }

    let next = Pointer { previous: id, ..world.result(2) };
    let next = world.registers(&world.lab, &next).await?;
    assert_eq!(layout.slot(layout.value("successors", &[id])?).await?, number(next));
    let subject = world.patient.address();
    assert_eq!(layout.slot(layout.value("pointer_counts", &[subject.into_word()])?).await?, U256::from(2));
    for (place, id) in [id, next].into_iter().enumerate() {
        // The address is in front, the place at the end of the same word.
        let key = U256::from_be_slice(subject.as_slice()) << 96_u32 | U256::from(place);
        assert_eq!(layout.slot(layout.value("pointers", &[key.into()])?).await?, number(id));
    }
    let now = world.soon().await?;
    world.does(&world.patient, eraseCall { id }).await?;
    let slot = layout.value("tombstones", &[id])?;
    assert_eq!(layout.member(slot, "Tombstone", "by").await?, word(world.patient.address()));
    assert_eq!(layout.member(slot, "Tombstone", "at").await?, U256::from(now));
    for field in ["digests", "locators", "key_commitments"] {
        assert!(layout.slot(layout.value(field, &[id])?).await?.is_zero(), "{field}");
    }

    let (requestId, due) = world.requests(next).await?;
    let slot = layout.value("requests", &[keccak256([next, requestId].concat())])?;
    assert_eq!(layout.member(slot, "Asked", "actor").await?, word(world.doctor.address()));
    for (field, value) in [("due_by", due), ("custodian", 1), ("delivered", 0), ("overdue", 0), ("declined", 0)] {
        assert_eq!(layout.member(slot, "Asked", field).await?, U256::from(value), "{field}");
    }
    world.chain.advance_to(due + 1).await?;
    world.does(&world.stranger, markOverdueCall { id: next, requestId }).await?;

    world.revokes().await?;
    let (purpose, onBehalfOf, askedAt) = (TREAT, Address::ZERO, time(due - u64::from(WITHIN)));
    let decline = declineKeyCall { id: next, requestId, purpose, onBehalfOf, encryptionKey: KEY, askedAt };
    world.does(&world.lab, decline).await?;
    for (field, value) in [("delivered", 0), ("overdue", 1), ("declined", 1)] {
        assert_eq!(layout.member(slot, "Asked", field).await?, U256::from(value), "{field}");
    }

    let tree = Tree::of(&[B256::repeat_byte(1), B256::repeat_byte(2)]);
    world.does(&world.lab, world.publish(&tree, 2)).await?;
    let custodian = layout.value("custodians", &[lab.into_word()])?;
    for (field, value) in [("number", 1), ("term", 1), ("batches", 1), ("overdue", 1)] {
        assert_eq!(layout.member(custodian, "Custodian", field).await?, U256::from(value), "{field}");
    }
    let until = U256::from(world.read(custodianCall { account: lab }).await?.until);
    assert_eq!(layout.member(custodian, "Custodian", "until").await?, until);
    assert_eq!(layout.slot(layout.value("accounts", &[U256::from(2).into()])?).await?, word(clinic));
    let batch = B256::from(U256::from(1_u64 << 32 | 1));
    let slot = layout.value("batches", &[batch])?;
    for (field, value) in [("count", 2), ("version", 1), ("hash", 2), ("kind", 3), ("codec", 0)] {
        assert_eq!(layout.member(slot, "Batch", field).await?, U256::from(value), "{field}");
    }
    let manifest = manifest();
    for (field, value) in
        [("roots", tree.root()), ("manifests", manifest.digest), ("manifest_locators", manifest.locator)]
    {
        assert_eq!(layout.slot(layout.value(field, &[batch])?).await?, number(value), "{field}");
    }

    world.does(&world.dao, deprecateSchemaCall { number: 1, sunset: time(99) }).await?;
    let key = [B256::from(U256::ONE)];
    let slot = layout.value("schemas", &key)?;
    for (field, value) in [("state", 3), ("data_class", LABS.into()), ("version", 1), ("sunset", 99), ("successor", 0)]
    {
        assert_eq!(layout.member(slot, "SchemaWord", field).await?, U256::from(value), "{field}");
    }
    for (field, text) in [("schema_urls", "https://schema.example"), ("schema_contents", "a schema")] {
        assert_eq!(layout.slot(layout.value(field, &key)?).await?, number(keccak256(text)), "{field}");
    }
    assert_eq!(layout.slot(layout.value("encryptions", &key)?).await?, number(code("A256GCM")));

    let owner = world.patient.address();
    for nonce in [U256::ZERO, U256::from(9) << 64] {
        world.does(&world.dao, activate_another(&world).await?).await?;
        let pointer = Pointer { schema: world.read(schemaCountCall {}).await?, ..world.result(nonce.bit_len() as u64) };
        let call = world.lets_register(&world.patient, &pointer, Terms { nonce, ..world.terms(owner).await? });
        world.does(&world.lab, call).await?;
    }
    let slot = layout.value("signers", &[owner.into_word()])?;
    assert_eq!(layout.member(slot, "Signer", "nonce").await?, U256::ONE);
    let key = keccak256([owner.as_slice(), &U256::from(9).to_be_bytes::<32>()].concat());
    assert_eq!(layout.slot(layout.value("nonces", &[key])?).await?, U256::ONE);
    Ok(())
}

/// Proposes another schema; the call that activates it.
async fn activate_another(world: &World) -> Result<activateSchemaCall> {
    let zero = B256::ZERO;
    let propose = proposeSchemaCall { url: zero, version: 2, content: zero, dataClass: LABS };
    Ok(activateSchemaCall { number: world.does(&world.stranger, propose).await? })
}

/// A proxy's slot and the records do not meet: where a contract without a namespace would begin there is nothing.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_outside_of_the_namespace() -> Result<()> {
    let world = World::start().await?;
    let id = world.registered(1).await?;
    for slot in 0..100 {
        assert!(world.chain.storage(world.at, U256::from(slot)).await?.is_zero(), "slot {slot}");
    }
    let mark = U256::from_be_bytes(keccak256("stylus_constructor").0);
    assert!(!world.chain.storage(world.at, mark).await?.is_zero());
    let implementation = world.chain.storage(world.at, implementation_slot()).await?;
    assert_eq!(implementation, world.implementation.into_word());
    let layout = Layout::of("data-pointer-registry", &world.chain, world.at)?;
    let own = |slots: Vec<U256>| slots.into_iter().filter(|slot| *slot != implementation_slot()).collect::<Vec<_>>();
    let read = look(&world.chain, world.at, &authorityCall {}).await?;
    assert_eq!(own(read.slots), [root()]);
    let read = look(&world.chain, world.at, &successorCall { id }).await?;
    assert_eq!(own(read.slots), [layout.value("successors", &[id])?]);
    assert!(world.chain.storage(world.implementation, root()).await?.is_zero());
    Ok(())
}
