//! Many pointers by one root, and single ones that are proven against it.

use alloy::{
    primitives::{Address, B256, keccak256},
    sol_types::SolEvent,
};
use consilium_bindings::DataPointerRegistry::*;
use eyre::Result;

use crate::{trees::*, world::*};

/// A list of pointers that is found by an Arweave id.
pub(crate) fn manifest() -> Manifest {
    Manifest {
        hashCode: 0x1b,
        digest: keccak256("a manifest"),
        locatorKind: 3,
        locatorCodec: 0,
        locator: keccak256("where it is"),
    }
}

/// What is stored of a manifest that was cleared.
fn no_manifest() -> Manifest {
    Manifest { hashCode: 0, digest: B256::ZERO, locatorKind: 0, locatorCodec: 0, locator: B256::ZERO }
}

impl World {
    /// Opens a batch of a tree.
    pub(crate) fn publish(&self, tree: &Tree, count: u64) -> publishRootCall {
        publishRootCall { batch: 0, root: tree.root(), manifest: manifest(), count }
    }

    /// So many pointers of the laboratory, and their tree.
    pub(crate) fn results(&self, count: u64) -> (Vec<Pointer>, Tree) {
        let pointers: Vec<_> = (1..=count).map(|number| self.on_arweave(number)).collect();
        let tree = Tree::of(&pointers.iter().map(id).collect::<Vec<_>>());
        (pointers, tree)
    }

    /// What is known of a pointer of the laboratory's first batch.
    async fn leaf(&self, pointer: &Pointer, proof: Vec<B256>) -> Result<Status> {
        let found = self.read(statusOfCall { pointer: pointer.clone(), batch: 1, proof }).await?;
        assert_eq!(found.id, id(pointer));
        Ok(found.status)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn roots_are_published_and_replaced() -> Result<()> {
    let world = World::start().await?;
    let custodian = world.lab.address();
    let root = B256::repeat_byte;
    let told = |batch, version, root, count| RootPublished { custodian, batch, version, root, count }.encode_log_data();
    for (batch, number, version, root, count) in [
        (0, 1, 1, root(1), 1_000_000),
        (0, 2, 1, root(2), 5),
        (2, 2, 2, root(3), 5),
        (2, 2, 3, root(3), 6),
        (1, 1, 2, root(4), u64::MAX),
    ] {
        let publish = publishRootCall { batch, root, manifest: manifest(), count };
        let found = world.logs(&world.lab, publish, &[told(number, version, root, count)]).await?;
        assert_eq!(found, number);
        let stored = world.read(batchCall { custodian, batch: number }).await?;
        assert_eq!((stored.root, stored.count, stored.version), (root, count, version));
        assert_eq!(stored.manifest, manifest());
    }
    assert_eq!(world.read(custodianCall { account: custodian }).await?.batches, 2);
    // Another custodian's batches are its own.
    world.admits(&world.clinic).await?;
    let publish = publishRootCall { batch: 0, root: root(9), manifest: manifest(), count: 1 };
    assert_eq!(world.does(&world.clinic, publish).await?, 1);
    assert_eq!(world.read(batchCall { custodian, batch: 1 }).await?.root, root(4));
    Ok(())
}

/// Whoever had the custodian's key before it was removed has published what it liked.
#[tokio::test(flavor = "multi_thread")]
async fn a_root_of_an_earlier_admission_counts_no_longer() -> Result<()> {
    let world = World::start().await?;
    let (pointers, tree) = world.results(2);
    let publish = world.publish(&tree, 2);
    world.does(&world.lab, publish.clone()).await?;
    let leaf = || individualizeCall { pointer: pointers[0].clone(), batch: 1, proof: tree.proof(0) };
    let refused = || RegistryInvalidProof { id: id(&pointers[0]) };
    // A longer admission is the same one.
    world.admits(&world.lab).await?;
    world.asked(world.stranger.address(), leaf()).await?.succeeded();
    world.removes(&world.lab).await?;
    assert_eq!(world.leaf(&pointers[0], tree.proof(0)).await?.state, 1);
    world.admits(&world.lab).await?;
    world.refuses(&world.stranger, leaf(), refused()).await?;
    assert_eq!(world.leaf(&pointers[0], tree.proof(0)).await?, nothing());
    // Clearing the manifest is no publishing.
    world.does(&world.lab, clearManifestCall { batch: 1 }).await?;
    world.refuses(&world.stranger, leaf(), refused()).await?;
    world.does(&world.lab, publishRootCall { batch: 1, ..publish }).await?;
    assert_eq!(world.leaf(&pointers[0], tree.proof(0)).await?.state, 1);
    world.does(&world.stranger, leaf()).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_batch_is_refused() -> Result<()> {
    let world = World::start().await?;
    let (custodian, root) = (world.lab.address(), B256::repeat_byte(1));
    let publish = |batch, count| publishRootCall { batch, root, manifest: manifest(), count };
    for by in [&world.stranger, &world.clinic, &world.patient] {
        world.refuses(by, publish(0, 1), RegistryNotAdmitted { account: by.address() }).await?;
    }
    let missing = |batch| RegistryNoSuchBatch { custodian, batch };
    for batch in [1, 2, u32::MAX] {
        world.refuses(&world.lab, publish(batch, 1), missing(batch)).await?;
        world.refuses(&world.lab, clearManifestCall { batch }, missing(batch)).await?;
    }
    world.refuses(&world.lab, clearManifestCall { batch: 0 }, missing(0)).await?;
    world.refuses(&world.lab, publish(0, 0), RegistryInvalidRoot {}).await?;
    let no_root = publishRootCall { root: B256::ZERO, ..publish(0, 1) };
    world.refuses(&world.lab, no_root, RegistryInvalidRoot {}).await?;
    world.does(&world.lab, publish(0, 7)).await?;
    world.refuses(&world.lab, publish(2, 7), missing(2)).await?;
    // The tree grows, and never shrinks.
    for count in [6, 1] {
        world.refuses(&world.lab, publish(1, count), RegistryShrunkBatch { batch: 1, count: 7 }).await?;
    }
    let malformed = publishRootCall { manifest: Manifest { hashCode: 0x11, ..manifest() }, ..publish(0, 1) };
    world.refuses(&world.lab, malformed, RegistryInvalidDigest { hashCode: 0x11 }).await?;
    let malformed = publishRootCall { manifest: Manifest { locatorKind: 9, ..manifest() }, ..publish(0, 1) };
    world.refuses(&world.lab, malformed, RegistryInvalidLocator { kind: 9, codec: 0 }).await?;
    world.removes(&world.lab).await?;
    world.refuses(&world.lab, publish(1, 8), RegistryNotAdmitted { account: custodian }).await
}

/// The root stays and proves; where the list was is gone. A later root has a manifest again.
#[tokio::test(flavor = "multi_thread")]
async fn a_manifest_is_cleared() -> Result<()> {
    let world = World::start().await?;
    let (custodian, batch) = (world.lab.address(), 1);
    let (pointers, tree) = world.results(3);
    world.does(&world.lab, world.publish(&tree, 3)).await?;
    let cleared = ManifestCleared { custodian, batch }.encode_log_data();
    // A custodian whose admission has ended can still clear.
    world.removes(&world.lab).await?;
    world.logs(&world.lab, clearManifestCall { batch }, &[cleared]).await?;
    let stored = world.read(batchCall { custodian, batch }).await?;
    assert_eq!((stored.root, stored.count, stored.version), (tree.root(), 3, 1));
    assert_eq!(stored.manifest, no_manifest());
    assert_eq!(world.leaf(&pointers[0], tree.proof(0)).await?, in_state(&pointers[0], 1));
    world.admits(&world.lab).await?;
    let again = publishRootCall { batch, root: tree.root(), manifest: manifest(), count: 3 };
    world.does(&world.lab, again).await?;
    assert_eq!(world.read(batchCall { custodian, batch }).await?.manifest, manifest());
    Ok(())
}

/// Trees of many sizes, each pointer: the same answer as a leaf, as an individual pointer, and once it is erased.
#[tokio::test(flavor = "multi_thread")]
async fn an_individual_pointer_answers_as_its_leaf_did() -> Result<()> {
    for size in [1, 2, 3, 8, 13] {
        let world = World::start().await?;
        let (pointers, tree) = world.results(size);
        world.does(&world.lab, world.publish(&tree, size)).await?;
        for (index, pointer) in pointers.iter().enumerate() {
            let (id, proof) = (id(pointer), tree.proof(index));
            let as_leaf = world.leaf(pointer, proof.clone()).await?;
            assert_eq!(as_leaf, in_state(pointer, 1));
            assert_eq!(world.status(id).await?, nothing());
            let call = || individualizeCall { pointer: pointer.clone(), batch: 1, proof: proof.clone() };
            let found = world.logs(&world.stranger, call(), &[was_registered(pointer, 1, 1)]).await?;
            assert_eq!(found, id);
            assert_eq!(world.status(id).await?, as_leaf);
            assert_eq!(world.leaf(pointer, proof.clone()).await?, as_leaf);
            // Without a proof too, since it is registered.
            assert_eq!(world.leaf(pointer, vec![]).await?, as_leaf);
            assert_eq!(world.read(contentsCall { id }).await?, no_contents());
            world.refuses(&world.stranger, call(), RegistryPointerExists { id }).await?;
            world.refuses(&world.lab, registerCall { pointer: pointer.clone() }, RegistryPointerExists { id }).await?;
        }
        let pointer = &pointers[0];
        world.does(&world.lab, eraseCall { id: id(pointer) }).await?;
        assert_eq!(world.leaf(pointer, tree.proof(0)).await?, in_state(pointer, 3));
    }
    Ok(())
}

/// All of the right to register is asked at that moment: custodian, consent, schema, encryption, the version before.
#[tokio::test(flavor = "multi_thread")]
async fn the_right_is_asked_when_it_is_made_individual() -> Result<()> {
    let world = World::start().await?;
    let (mut pointers, _) = world.results(4);
    pointers[1].encryption = 9;
    pointers[2].previous = B256::repeat_byte(3);
    pointers[3].locatorKind = 7;
    let tree = Tree::of(&pointers.iter().map(id).collect::<Vec<_>>());
    world.does(&world.lab, world.publish(&tree, 4)).await?;
    let call =
        |index: usize| individualizeCall { pointer: pointers[index].clone(), batch: 1, proof: tree.proof(index) };
    let by = &world.stranger;
    world.refuses(by, call(1), RegistryUnknownEncryption { number: 9 }).await?;
    world.refuses(by, call(2), RegistryInvalidPrevious { previous: B256::repeat_byte(3) }).await?;
    world.refuses(by, call(3), RegistryInvalidLocator { kind: 7, codec: 0 }).await?;
    // What is never registered is no pointer as a leaf either.
    assert_eq!(world.leaf(&pointers[3], tree.proof(3)).await?, nothing());

    world.revokes().await?;
    let refusal = RegistrationRefused { reason: 16, grantee: Address::ZERO, number: 0 };
    world.refuses(by, call(0), refusal).await?;
    world.permits(&world.lab, LABS, STORE).await?;
    world.removes(&world.lab).await?;
    world.refuses(by, call(0), RegistryNotAdmitted { account: world.lab.address() }).await?;
    world.admits(&world.lab).await?;
    // The root was of the admission before.
    let again = publishRootCall { batch: 1, ..world.publish(&tree, 4) };
    world.does(&world.lab, again).await?;
    world.does(&world.dao, deprecateSchemaCall { number: SCHEMA, sunset: time(1) }).await?;
    world.refuses(by, call(0), RegistrySchemaNotInUse { number: SCHEMA, dataClass: LABS }).await?;
    let later = time(world.chain.now().await? + DAY);
    world.does(&world.dao, deprecateSchemaCall { number: SCHEMA, sunset: later }).await?;
    world.does(by, call(0)).await?;
    Ok(())
}

/// A later root takes the place of the last: what it leaves out is proven no more, but what is individual stays.
#[tokio::test(flavor = "multi_thread")]
async fn a_later_root_supersedes() -> Result<()> {
    let world = World::start().await?;
    let (pointers, tree) = world.results(4);
    world.does(&world.lab, world.publish(&tree, 4)).await?;
    let call = |tree: &Tree, index: usize, of: usize| individualizeCall {
        pointer: pointers[of].clone(),
        batch: 1,
        proof: tree.proof(index),
    };
    world.does(&world.lab, call(&tree, 0, 0)).await?;
    // Without the first two, with others.
    let next = [id(&pointers[2]), id(&pointers[3]), B256::repeat_byte(1), B256::repeat_byte(2)];
    let next = Tree::of(&next);
    let publish = publishRootCall { batch: 1, ..world.publish(&next, 4) };
    world.does(&world.lab, publish).await?;
    assert_eq!(world.status(id(&pointers[0])).await?, in_state(&pointers[0], 1));
    world.refuses(&world.lab, call(&tree, 1, 1), RegistryInvalidProof { id: id(&pointers[1]) }).await?;
    assert_eq!(world.leaf(&pointers[1], tree.proof(1)).await?, nothing());
    world.refuses(&world.lab, call(&tree, 2, 2), RegistryInvalidProof { id: id(&pointers[2]) }).await?;
    world.does(&world.lab, call(&next, 0, 2)).await?;
    Ok(())
}

/// A version in a batch supersedes a pointer, once it is individual.
#[tokio::test(flavor = "multi_thread")]
async fn a_leaf_supersedes() -> Result<()> {
    let world = World::start().await?;
    let previous = world.registered(50).await?;
    let next = Pointer { previous, ..world.on_arweave(51) };
    let tree = Tree::of(&[id(&next), B256::repeat_byte(1)]);
    world.does(&world.lab, world.publish(&tree, 2)).await?;
    assert_eq!(world.status(previous).await?.state, 1);
    let call = individualizeCall { pointer: next.clone(), batch: 1, proof: tree.proof(0) };
    world.logs(&world.stranger, call, &[was_registered(&next, 1, 1)]).await?;
    assert_eq!(world.status(previous).await?.state, 2);
    assert_eq!(world.read(successorCall { id: previous }).await?, id(&next));
    Ok(())
}
