//! Upgrades: through the access manager alone, with all mandates and all money kept.

use alloy::primitives::{Address, Bytes};
use consilium_bindings::Mandate::*;
use eyre::Result;
use harness::deploy;

use crate::{setup::implementation_slot, world::*};

fn upgrade(newImplementation: Address) -> upgradeToAndCallCall {
    upgradeToAndCallCall { newImplementation, data: Bytes::new() }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_authority_upgrades_and_everything_stays() -> Result<()> {
    let (world, now) = World::with(ETHER, true).await?;
    world.spends(&world.anna, ETHER, 300).await?;
    let next = deploy::unconstructed(&world.chain, "mandate").await?;
    for by in [&world.stranger, &world.anna] {
        world.refuses(by, upgrade(next), AccessManagedUnauthorized { caller: by.address() }).await?;
    }
    world.logs(&world.dao, upgrade(next), &[log(Upgraded { implementation: next })]).await?;
    assert_eq!(world.chain.storage(world.at, implementation_slot()).await?, next.into_word());
    assert_eq!(world.left(&world.anna, ETHER).await?, 700);
    assert_eq!(world.due(&world.anna).await?, now + u64::from(EVERY));
    world.spends(&world.anna, ETHER, 700).await?;
    assert_eq!(world.balance(ETHER, world.at).await?, number(9_000));
    let refusal = ERC1967InvalidImplementation { implementation: world.manager };
    world.refuses(&world.dao, upgrade(world.manager), refusal).await
}
