//! The lists of a subject's pointers and of custodians, page by page.

use alloy::primitives::{Address, B256, U256};
use consilium_bindings::DataPointerRegistry::*;
use eyre::Result;

use crate::{trees::*, world::*};

/// Every page of a list of three and one of none, by where it begins and how long it is.
const PAGES: [(U256, U256, std::ops::Range<usize>); 9] = [
    (U256::ZERO, U256::MAX, 0..3),
    (U256::ZERO, U256::from_limbs([3, 0, 0, 0]), 0..3),
    (U256::ZERO, U256::ONE, 0..1),
    (U256::ONE, U256::ONE, 1..2),
    (U256::ONE, U256::MAX, 1..3),
    (U256::from_limbs([2, 0, 0, 0]), U256::from_limbs([2, 0, 0, 0]), 2..3),
    (U256::from_limbs([3, 0, 0, 0]), U256::MAX, 3..3),
    (U256::MAX, U256::MAX, 3..3),
    (U256::ZERO, U256::ZERO, 0..0),
];

impl World {
    /// The ids of a subject's pointers, all of them.
    async fn listed(&self, subject: Address) -> Result<Vec<B256>> {
        let ids = self.read(pointersOfCall { subject, start: U256::ZERO, limit: U256::MAX }).await?;
        assert_eq!(self.read(pointerCountCall { subject }).await?, U256::from(ids.len()));
        Ok(ids)
    }
}

/// By itself, by signature, from a batch: in the order in which they were registered. Ids stay, whatever becomes of the
/// pointer.
#[tokio::test(flavor = "multi_thread")]
async fn pointers_of_a_subject() -> Result<()> {
    let world = World::start().await?;
    let (subject, other) = (world.patient.address(), world.lab.address());
    assert!(world.listed(subject).await?.is_empty());
    let leaf = world.on_arweave(2);
    let tree = Tree::of(&[id(&leaf), B256::repeat_byte(1)]);
    world.does(&world.lab, world.publish(&tree, 2)).await?;
    let first = world.registered(1).await?;
    // Another subject's, and a refused one, between them.
    let own = world.registers(&world.lab, &Pointer { subject: other, ..world.result(1) }).await?;
    world.does(&world.stranger, individualizeCall { pointer: leaf.clone(), batch: 1, proof: tree.proof(0) }).await?;
    world.does(&world.patient, refusePointerCall { pointer: world.result(8) }).await?;
    let next = Pointer { previous: first, ..world.result(3) };
    world.does(&world.lab, world.lets_register(&world.patient, &next, world.terms(subject).await?)).await?;
    world.does(&world.patient, eraseCall { id: id(&leaf) }).await?;
    let all = [first, id(&leaf), id(&next)];
    assert_eq!(world.listed(subject).await?, all);
    assert_eq!(world.listed(other).await?, [own]);
    assert!(world.listed(world.stranger.address()).await?.is_empty());
    for (start, limit, places) in PAGES {
        assert_eq!(world.read(pointersOfCall { subject, start, limit }).await?, all[places], "{start} {limit}");
        let none = pointersOfCall { subject: world.stranger.address(), start, limit };
        assert!(world.read(none).await?.is_empty());
    }
    Ok(())
}

/// In the order of their numbers, also those whose admission has ended.
#[tokio::test(flavor = "multi_thread")]
async fn custodians_by_number() -> Result<()> {
    let world = World::bare().await?;
    let all = [&world.clinic, &world.lab, &world.doctor];
    for (start, limit, _) in PAGES {
        assert!(world.read(custodiansCall { start, limit }).await?.is_empty());
    }
    for (index, account) in all.iter().enumerate() {
        assert_eq!(world.read(custodianCountCall {}).await?, U256::from(index));
        world.admits(account).await?;
    }
    world.removes(&world.clinic).await?;
    world.admits(&world.clinic).await?;
    world.removes(&world.lab).await?;
    assert_eq!(world.read(custodianCountCall {}).await?, U256::from(3));
    let all = all.map(|account| account.address());
    for (start, limit, places) in PAGES {
        assert_eq!(world.read(custodiansCall { start, limit }).await?, all[places], "{start} {limit}");
    }
    Ok(())
}
