//! Upgrades: through the access manager alone, with every record kept.

use alloy::{
    primitives::{Address, Bytes},
    sol_types::{SolCall, SolEvent},
};
use consilium_bindings::DataPointerRegistry::*;
use eyre::Result;
use harness::deploy;

use crate::{setup::implementation_slot, world::*};

fn upgrade(newImplementation: Address) -> upgradeToAndCallCall {
    upgradeToAndCallCall { newImplementation, data: Bytes::new() }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_authority_upgrades_and_every_record_stays() -> Result<()> {
    let (world, id) = World::with_result().await?;
    let (requestId, due) = world.requests(id).await?;
    let pointer = world.result(1);
    let next = deploy::unconstructed(&world.chain, "data-pointer-registry").await?;
    for by in [&world.stranger, &world.lab, &world.patient] {
        world.refuses(by, upgrade(next), AccessManagedUnauthorized { caller: by.address() }).await?;
    }
    let event = Upgraded { implementation: next }.encode_log_data();
    world.logs(&world.dao, upgrade(next), &[event]).await?;
    assert_eq!(world.chain.storage(world.at, implementation_slot()).await?, next.into_word());
    assert_eq!(world.status(id).await?, in_state(&pointer, 1));
    assert_eq!(world.read(contentsCall { id }).await?, contents_of(&pointer));
    assert_eq!(world.read(accessRequestCall { id, requestId }).await?.dueBy, time(due));
    assert_eq!(world.read(consentCall {}).await?, world.consent);
    world.registered(2).await?;
    Ok(())
}

/// What is no registry's next program, or cannot run, is refused, and everything goes on.
#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_upgraded_to() -> Result<()> {
    let world = World::start().await?;
    let refusal = ERC1967InvalidImplementation { implementation: world.manager };
    world.refuses(&world.dao, upgrade(world.manager), refusal).await?;
    let no_code = upgrade(world.stranger.address());
    world.asked(world.dao.address(), no_code).await?.refused_with(&[]);
    // What follows it in a multicall would run the old code on what the new code keeps.
    let next = deploy::unconstructed(&world.chain, "data-pointer-registry").await?;
    let period = || setAnswerWithinCall { period: 3_600 }.abi_encode().into();
    world.asked(world.dao.address(), multicallCall { data: vec![period()] }).await?.succeeded();
    world.asked(world.dao.address(), upgrade(next)).await?.succeeded();
    for data in [vec![upgrade(next).abi_encode().into(), period()], vec![period(), upgrade(next).abi_encode().into()]] {
        world.refuses(&world.dao, multicallCall { data }, FailedCall {}).await?;
    }
    // A call after the upgrade that fails undoes it.
    let data = activateSchemaCall { number: 9 }.abi_encode().into();
    let call = upgradeToAndCallCall { newImplementation: next, data };
    world.refuses(&world.dao, call, RegistryInvalidSchema { number: 9 }).await?;
    world.registered(1).await?;
    Ok(())
}
