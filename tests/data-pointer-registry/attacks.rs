//! What attackers would try with proofs, custody and requests.

use alloy::{
    primitives::{Address, B256},
    sol_types::SolCall,
};
use consilium_bindings::DataPointerRegistry::*;
use eyre::Result;

use crate::{access::*, trees::*, world::*};

/// No inner node is shown as a leaf, no leaf as another one, and no proof is bent to the root.
#[tokio::test(flavor = "multi_thread")]
async fn second_preimages() -> Result<()> {
    let world = World::start().await?;
    let (pointers, tree) = world.results(8);
    world.does(&world.lab, world.publish(&tree, 8)).await?;
    let by = &world.stranger;
    let refused = async |pointer: &Pointer, proof: Vec<B256>| {
        let call = individualizeCall { pointer: pointer.clone(), batch: 1, proof: proof.clone() };
        world.refuses(by, call, RegistryInvalidProof { id: id(pointer) }).await?;
        let asked = statusOfCall { pointer: pointer.clone(), batch: 1, proof };
        assert_eq!(world.read(asked).await?.status, nothing());
        Ok::<_, eyre::Report>(())
    };
    let (pointer, proof) = (&pointers[0], tree.proof(0));
    for wrong in [
        vec![],
        proof[1..].to_vec(),
        proof[..2].to_vec(),
        [&proof[..], &[tree.root()]].concat(),
        [&[id(pointer)], &proof[..]].concat(),
        proof.iter().rev().copied().collect(),
        tree.proof(1),
        vec![tree.root()],
        vec![B256::ZERO],
    ] {
        refused(pointer, wrong).await?;
    }
    // A pointer whose members spell the two children of a node: twelve words are never two, and a leaf is hashed twice.
    let [left, right] = [tree.nodes[3], tree.nodes[4]];
    let forged = Pointer { digest: left, keyCommitment: right, ..world.result(9) };
    for place in 1..tree.nodes.len() {
        assert_ne!(id(&forged), tree.nodes[place]);
    }
    refused(&forged, vec![tree.nodes[2]]).await?;
    refused(&forged, tree.proof(0)[2..].to_vec()).await?;
    // A tree of one leaf is its own root, and needs no proof: of that leaf alone.
    let lone = world.result(20);
    let root = Tree::of(&[id(&lone)]);
    world.does(&world.lab, world.publish(&root, 1)).await?;
    let other = individualizeCall { pointer: pointers[0].clone(), batch: 2, proof: vec![] };
    world.refuses(by, other, RegistryInvalidProof { id: id(&pointers[0]) }).await?;
    world.does(by, individualizeCall { pointer: lone, batch: 2, proof: vec![] }).await?;
    Ok(())
}

/// A root whose leaf is not hashed twice proves nothing, so nobody plants a node that is a leaf elsewhere.
#[tokio::test(flavor = "multi_thread")]
async fn a_leaf_that_is_hashed_once() -> Result<()> {
    use alloy::{primitives::keccak256, sol_types::SolValue};
    let world = World::start().await?;
    let pointer = world.result(1);
    let once = keccak256(pointer.abi_encode());
    let root = pair(once, B256::repeat_byte(1));
    let publish = publishRootCall { root, ..world.publish(&Tree::of(&[once]), 2) };
    world.does(&world.lab, publish).await?;
    let call = individualizeCall { pointer: pointer.clone(), batch: 1, proof: vec![B256::repeat_byte(1)] };
    world.refuses(&world.stranger, call, RegistryInvalidProof { id: id(&pointer) }).await
}

/// Nobody publishes pointers in the name of another custodian, and no batch serves another custodian's pointers.
#[tokio::test(flavor = "multi_thread")]
async fn pointers_in_another_s_name() -> Result<()> {
    let world = World::start().await?;
    world.admits(&world.clinic).await?;
    let (pointers, tree) = world.results(2);
    // The clinic publishes a tree of the laboratory's pointers.
    world.does(&world.clinic, world.publish(&tree, 2)).await?;
    let stolen = |batch| individualizeCall { pointer: pointers[0].clone(), batch, proof: tree.proof(0) };
    let refusal = || RegistryInvalidProof { id: id(&pointers[0]) };
    for batch in [0, 1, 2] {
        world.refuses(&world.clinic, stolen(batch), refusal()).await?;
    }
    // Under its own name it is another pointer, for which the patient has not permitted it.
    let own = Pointer { custodian: world.clinic.address(), ..pointers[0].clone() };
    let tree = Tree::of(&[id(&own), B256::repeat_byte(1)]);
    world.does(&world.clinic, world.publish(&tree, 2)).await?;
    let call = individualizeCall { pointer: own, batch: 2, proof: tree.proof(0) };
    let refusal = RegistrationRefused { reason: 16, grantee: Address::ZERO, number: 0 };
    world.refuses(&world.clinic, call, refusal).await
}

/// A batch of number 0 is no batch, and one that was never opened has no root that anything could lead to.
#[tokio::test(flavor = "multi_thread")]
async fn a_batch_that_is_not_there() -> Result<()> {
    let world = World::start().await?;
    let pointer = world.result(1);
    for batch in [0, 1, u32::MAX] {
        for proof in [vec![], vec![B256::ZERO], vec![id(&pointer)]] {
            let call = individualizeCall { pointer: pointer.clone(), batch, proof };
            world.refuses(&world.stranger, call, RegistryInvalidProof { id: id(&pointer) }).await?;
        }
    }
    Ok(())
}

/// A leaf is used once, whether it was made individual, registered by itself, superseded or erased.
#[tokio::test(flavor = "multi_thread")]
async fn a_leaf_is_used_once() -> Result<()> {
    let world = World::start().await?;
    let (pointers, tree) = world.results(3);
    world.does(&world.lab, world.publish(&tree, 3)).await?;
    world.does(&world.lab, world.publish(&tree, 3)).await?;
    let call =
        |index: usize, batch| individualizeCall { pointer: pointers[index].clone(), batch, proof: tree.proof(index) };
    let exists = |index: usize| RegistryPointerExists { id: id(&pointers[index]) };
    world.does(&world.lab, call(0, 1)).await?;
    for wrong in [call(0, 2), individualizeCall { proof: vec![], ..call(0, 1) }] {
        world.refuses(&world.lab, wrong, exists(0)).await?;
    }
    let next = Pointer { previous: id(&pointers[0]), ..world.result(10) };
    world.registers(&world.lab, &next).await?;
    world.refuses(&world.lab, call(0, 2), exists(0)).await?;
    world.registers(&world.lab, &pointers[1]).await?;
    world.refuses(&world.lab, call(1, 1), exists(1)).await?;
    world.does(&world.lab, call(2, 2)).await?;
    world.does(&world.patient, eraseCall { id: id(&pointers[2]) }).await?;
    world.refuses(&world.lab, call(2, 1), exists(2)).await
}

/// A removed custodian's offer is worth nothing, and a removed custodian takes nothing over: in whatever order it is
/// tried.
#[tokio::test(flavor = "multi_thread")]
async fn custody_is_not_hijacked() -> Result<()> {
    let world = World::start().await?;
    world.takes_in(&world.clinic).await?;
    let id = world.registered(1).await?;
    world.offers(id).await?;
    // The laboratory's key is stolen: the DAO removes it, the thief's friend cannot take the pointer, nor can the thief
    // offer it again.
    world.removes(&world.lab).await?;
    let refusal = RegistryNoOffer { id, account: world.clinic.address() };
    world.refuses(&world.clinic, acceptCustodyCall { id }, refusal).await?;
    let refusal = RegistryNotAdmitted { account: world.lab.address() };
    world.refuses(&world.lab, offerCustodyCall { id, to: world.clinic.address() }, refusal).await?;
    // Whoever takes a pointer over takes that one alone.
    world.admits(&world.lab).await?;
    let other = world.registered(2).await?;
    world.offers(id).await?;
    let refusal = RegistryNoOffer { id: other, account: world.clinic.address() };
    world.refuses(&world.clinic, acceptCustodyCall { id: other }, refusal).await?;
    world.does(&world.clinic, acceptCustodyCall { id }).await?;
    // Nobody registers it again to get it back.
    let refusal = RegistryPointerExists { id };
    world.refuses(&world.lab, registerCall { pointer: world.result(1) }, refusal).await
}

/// The same request in the same second is one request. Later it is another one, with an entry of its own in the
/// consent.
#[tokio::test(flavor = "multi_thread")]
async fn a_request_is_not_replayed() -> Result<()> {
    let (world, id) = World::with_result().await?;
    let now = world.soon().await?;
    let actor = world.doctor.address();
    let requestId = request_id(id, actor, Address::ZERO, TREAT, KEY, now);
    let twice = multicallCall { data: vec![request(id).abi_encode().into(), request(id).abi_encode().into()] };
    world.refuses(&world.doctor, twice, RegistryRequestExists { requestId }).await?;
    // Two that differ in anything are two.
    let other = requestAccessCall { encryptionKey: B256::repeat_byte(1), ..request(id) };
    let data = vec![request(id).abi_encode().into(), other.abi_encode().into()];
    world.does(&world.doctor, multicallCall { data }).await?;
    let (second, _) = world.requests(id).await?;
    assert_ne!(second, requestId);
    // What was answered is not asked again by the answer, and another actor's request is another one.
    let deliver = deliverKeyCall { id, requestId, wrappedKeyHash: WRAPPED };
    world.does(&world.lab, deliver.clone()).await?;
    world.refuses(&world.lab, deliver, RegistryAlreadyDelivered { requestId }).await?;
    assert!(!world.read(accessRequestCall { id, requestId: second }).await?.delivered);
    Ok(())
}
