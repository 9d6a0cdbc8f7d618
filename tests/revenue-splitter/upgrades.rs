//! Upgrades: through the access manager alone, with all that is owed kept.

use alloy::{
    primitives::{Address, Bytes},
    sol_types::SolCall,
};
use consilium_bindings::RevenueSplitter::*;
use eyre::Result;
use harness::deploy;

use crate::{claims::*, setup::implementation_slot, world::*};

fn upgrade(newImplementation: Address) -> upgradeToAndCallCall {
    upgradeToAndCallCall { newImplementation, data: Bytes::new() }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_authority_upgrades_and_all_that_is_owed_stays() -> Result<()> {
    let world = World::start().await?;
    let token = world.with_pool(1_000).await?;
    let payees = [world.anna.address(), world.ben.address()];
    let list = List::of(&[(world.cleo.address(), 400), (payees[0], 100)]);
    let number = world.publishes(token, &list, 500).await?;
    for asset in [ETHER, token] {
        world.pays(asset, 1_000).await?;
    }
    world.chain.advance(u64::from(WINDOW)).await?;
    world.sent(&world.stranger, list.claim(number, 0)).await?;
    let next = deploy::unconstructed(&world.chain, "revenue-splitter").await?;
    for by in [&world.stranger, &world.guardian, &world.anna] {
        world.refuses(by, upgrade(next), AccessManagedUnauthorized { caller: by.address() }).await?;
    }
    world.logs(&world.dao, upgrade(next), &[log(Upgraded { implementation: next })]).await?;
    assert_eq!(world.chain.storage(world.at, implementation_slot()).await?, next.into_word());
    world.sent(&world.stranger, list.claim(number, 1)).await?;
    for asset in [ETHER, token] {
        world.conserves(asset, &payees).await?;
        assert_eq!(world.releases(asset, payees[1]).await?, crate::number(300));
    }
    Ok(())
}

/// What is no splitter's next program, or cannot run, is refused, and everything goes on.
#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_upgraded_to() -> Result<()> {
    let world = World::start().await?;
    let refusal = ERC1967InvalidImplementation { implementation: world.manager };
    world.refuses(&world.dao, upgrade(world.manager), refusal).await?;
    world.asked(world.dao.address(), upgrade(world.stranger.address())).await?.refused_with(&[]);
    // What follows it in a multicall would run the old code on what the new code keeps.
    let next = deploy::unconstructed(&world.chain, "revenue-splitter").await?;
    let window = || setWindowCall { window: WINDOW }.abi_encode().into();
    world.asked(world.dao.address(), multicallCall { data: vec![window()] }).await?.succeeded();
    world.asked(world.dao.address(), upgrade(next)).await?.succeeded();
    for data in [vec![upgrade(next).abi_encode().into(), window()], vec![window(), upgrade(next).abi_encode().into()]] {
        world.refuses(&world.dao, multicallCall { data }, FailedCall {}).await?;
    }
    // A call after the upgrade that fails undoes it.
    let account = world.cleo.address();
    let data = release_0Call { account }.abi_encode().into();
    let call = upgradeToAndCallCall { newImplementation: next, data };
    world.refuses(&world.dao, call, SplitterNothingDue { account }).await
}
