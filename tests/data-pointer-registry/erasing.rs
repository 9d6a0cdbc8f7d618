//! Erasing: what goes, what stays, who may, and that nothing of it is left in a slot or a log.

use std::collections::BTreeSet;

use alloy::{
    primitives::{Address, B256, Bytes, U256},
    providers::Provider,
    rpc::types::Filter,
    sol_types::{SolCall, SolEvent},
};
use consilium_bindings::{Consent as C, DataPointerRegistry::*};
use eyre::{Result, ensure};
use harness::{chain::Account, lookups::touched};

use crate::{trees::*, world::*};

/// What is logged where a pointer is erased.
pub(crate) fn was_erased(pointer: &Pointer, by: Address) -> alloy::primitives::LogData {
    let &Pointer { subject, custodian, dataClass, schema, .. } = pointer;
    PointerErased { id: id(pointer), subject, custodian, dataClass, schema, by }.encode_log_data()
}

/// The pointer is erased, and tells so.
async fn is_buried(world: &World, pointer: &Pointer, by: Address, at: u64) -> Result<()> {
    let id = id(pointer);
    assert_eq!(world.status(id).await?, in_state(pointer, 3));
    assert_eq!(world.read(contentsCall { id }).await?, no_contents());
    let tombstone = world.read(tombstoneCall { id }).await?;
    assert_eq!((tombstone.by, tombstone.erasedAt), (by, time(at)));
    // It never comes back, by whatever way, and is not erased twice.
    let missing = RegistryNoSuchPointer { id };
    world.refuses(&world.lab, registerCall { pointer: pointer.clone() }, RegistryPointerExists { id }).await?;
    world.refuses(&world.lab, eraseCall { id }, missing.clone()).await?;
    world.refuses(&world.lab, offerCustodyCall { id, to: Address::ZERO }, missing.clone()).await?;
    let request = requestAccessCall { id, purpose: TREAT, onBehalfOf: Address::ZERO, encryptionKey: KEY };
    world.refuses(&world.patient, request, missing).await?;
    let next = Pointer { previous: id, ..world.result(99) };
    world.refuses(&world.lab, registerCall { pointer: next }, RegistryInvalidPrevious { previous: id }).await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_custodian_and_the_subject_erase() -> Result<()> {
    let world = World::start().await?;
    for (number, by) in [(1, &world.lab), (2, &world.patient)] {
        let pointer = world.on_arweave(number);
        let id = world.registers(&world.lab, &pointer).await?;
        for stranger in [&world.stranger, &world.dao, &world.clinic, &world.doctor] {
            let refusal = RegistryUnauthorized { account: stranger.address() };
            world.refuses(stranger, eraseCall { id }, refusal).await?;
        }
        let now = world.soon().await?;
        world.logs(by, eraseCall { id }, &[was_erased(&pointer, by.address())]).await?;
        is_buried(&world, &pointer, by.address(), now).await?;
    }
    let unknown = B256::repeat_byte(1);
    for by in [&world.lab, &world.stranger] {
        world.refuses(by, eraseCall { id: unknown }, RegistryNoSuchPointer { id: unknown }).await?;
    }
    Ok(())
}

/// A custodian whose admission has ended still erases, and a version that was superseded is erased by itself.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_superseded_is_erased_by_itself() -> Result<()> {
    let world = World::start().await?;
    let first = world.on_arweave(1);
    let previous = world.registers(&world.lab, &first).await?;
    let second = Pointer { previous, ..world.on_arweave(2) };
    let next = world.registers(&world.lab, &second).await?;
    world.removes(&world.lab).await?;
    world.does(&world.lab, eraseCall { id: previous }).await?;
    assert_eq!(world.status(previous).await?, in_state(&first, 3));
    assert_eq!(world.read(contentsCall { id: previous }).await?, no_contents());
    assert_eq!(world.read(successorCall { id: previous }).await?, next);
    assert_eq!(world.status(next).await?, in_state(&second, 1));
    assert_eq!(world.read(contentsCall { id: next }).await?, contents_of(&second));
    Ok(())
}

/// After a recovery in the consent, the new key erases, and the old one does not.
#[tokio::test(flavor = "multi_thread")]
async fn the_key_is_the_consent_s() -> Result<()> {
    let world = World::start().await?;
    let (grantor, newKey) = (world.patient.address(), world.stranger.address());
    let id = world.registered(1).await?;
    world.consents(&world.patient, C::setRecoveryCall { grantor, recoverer: world.doctor.address() }).await?;
    world.consents(&world.doctor, C::startRecoveryCall { grantor, newKey }).await?;
    world.consents(&world.doctor, C::finishRecoveryCall { grantor }).await?;
    world.refuses(&world.patient, eraseCall { id }, RegistryUnauthorized { account: grantor }).await?;
    world.logs(&world.stranger, eraseCall { id }, &[was_erased(&world.result(1), newKey)]).await?;
    Ok(())
}

// ------------------------------------------------------------------------------------- no slot and no log has it

/// Every slot that the registry and the consent have touched.
#[derive(Default)]
struct Slots(BTreeSet<(Address, U256)>);

impl Slots {
    /// Sends a call, and notes each slot that it touches, as the node traces them.
    async fn send(&mut self, world: &World, by: &Account, call: impl SolCall) -> Result<()> {
        let data = Bytes::from(call.abi_encode());
        self.0.extend(touched(&world.chain, by.address(), world.at, data.clone()).await?);
        ensure!(by.send(world.at, data).await?.status(), "the call reverted");
        Ok(())
    }

    /// Those of the slots that have this word.
    async fn with(&self, world: &World, word: B256) -> Result<usize> {
        let mut found = 0;
        for (account, slot) in &self.0 {
            found += usize::from(world.chain.storage(*account, *slot).await? == word);
        }
        Ok(found)
    }
}

/// How often a word is in a log of the chain, in a topic or anywhere in the data.
async fn logged(world: &World, word: B256) -> Result<usize> {
    let logs = world.chain.dev.get_logs(&Filter::new().from_block(0)).await?;
    ensure!(logs.len() > 10, "few logs");
    let has = |log: &&alloy::rpc::types::Log| {
        log.topics().contains(&word) || log.data().data.windows(32).any(|bytes| bytes == word.as_slice())
    };
    Ok(logs.iter().filter(has).count())
}

/// All that a pointer lives through, with every slot that was touched and every log of the chain looked at. Before it
/// is erased the slots have its contents: so the search finds what is there.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_the_contents_is_left() -> Result<()> {
    let world = World::start().await?;
    world.takes_in(&world.clinic).await?;
    world.permits(&world.doctor, LABS, TREAT).await?;
    let mut slots = Slots::default();
    let (first, lone, refused) = (world.on_arweave(1), world.on_arweave(3), world.on_arweave(4));
    let second = Pointer { previous: id(&first), ..world.on_arweave(2) };
    for pointer in [&first, &second] {
        slots.send(&world, &world.lab, registerCall { pointer: pointer.clone() }).await?;
    }
    let leaves = [id(&lone), B256::repeat_byte(1), B256::repeat_byte(2)];
    let tree = Tree::of(&leaves);
    let publish = world.publish(&tree, 3);
    let manifest = publish.manifest.clone();
    slots.send(&world, &world.lab, publish).await?;
    let individualize = individualizeCall { pointer: lone.clone(), batch: 1, proof: tree.proof(0) };
    slots.send(&world, &world.stranger, individualize).await?;
    let last = id(&second);
    slots.send(&world, &world.lab, offerCustodyCall { id: last, to: world.clinic.address() }).await?;
    slots.send(&world, &world.clinic, acceptCustodyCall { id: last }).await?;
    for id in [last, id(&lone)] {
        let ask = requestAccessCall { id, purpose: TREAT, onBehalfOf: Address::ZERO, encryptionKey: KEY };
        slots.send(&world, &world.doctor, ask).await?;
    }

    slots.send(&world, &world.patient, refusePointerCall { pointer: refused.clone() }).await?;
    let contents = |pointer: &Pointer| [pointer.digest, pointer.locator, pointer.keyCommitment];
    let stored = [contents(&first), contents(&second)].concat();
    for word in &stored {
        assert_eq!(slots.with(&world, *word).await?, 1, "{word} before it is erased");
    }
    for word in [manifest.digest, manifest.locator] {
        assert_eq!(slots.with(&world, word).await?, 1, "{word} before it is cleared");
    }

    slots.send(&world, &world.lab, eraseCall { id: id(&first) }).await?;
    slots.send(&world, &world.patient, eraseCall { id: last }).await?;
    slots.send(&world, &world.patient, eraseCall { id: id(&lone) }).await?;
    slots.send(&world, &world.lab, clearManifestCall { batch: 1 }).await?;
    ensure!(slots.0.len() > 40, "only {} slots were touched", slots.0.len());
    let refused = contents(&refused);
    for word in stored.into_iter().chain(contents(&lone)).chain(refused).chain([manifest.digest, manifest.locator]) {
        assert_eq!(slots.with(&world, word).await?, 0, "{word} is in a slot");
    }
    // Neither the contents nor where a manifest is were ever told.
    for word in [contents(&first), contents(&second), contents(&lone), refused].concat() {
        assert_eq!(logged(&world, word).await?, 0, "{word} is in a log");
    }
    assert_eq!(logged(&world, manifest.locator).await?, 0);
    assert_eq!(logged(&world, manifest.digest).await?, 0);
    Ok(())
}
