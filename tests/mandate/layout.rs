//! What lies where behind the proxy: the slots, read by the golden layout, say what the views say, and nothing is
//! outside of the namespace but the proxy's slot and the constructor's mark.

use alloy::primitives::{B256, U256, keccak256};
use consilium_bindings::Mandate::*;
use eyre::Result;
use harness::{layout::Layout, lookups::look};

use crate::{setup::implementation_slot, world::*};

/// ERC-7201's root of the namespace.
fn root() -> U256 {
    let id = U256::from_be_bytes(keccak256("consilium.storage.Mandate").0) - U256::ONE;
    U256::from_be_bytes(keccak256(id.to_be_bytes::<32>()).0) & !U256::from(0xff)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_slots_hold_what_the_views_say() -> Result<()> {
    let (world, now) = World::with(ETHER, true).await?;
    let layout = Layout::of("mandate", &world.chain, world.at)?;
    let holder = world.anna.address();
    world.spends(&world.anna, ETHER, 300).await?;
    let due = now + u64::from(EVERY);
    world.chain.advance_to(due + 1).await?;
    world.sent(&world.stranger, markOverdueCall { holder }).await?;
    assert_eq!(layout.field("authority").await?, U256::from_be_slice(world.manager.as_slice()));
    let slot = layout.value("terms", &[holder.into_word()])?;
    for (field, value) in
        [("until", now + TERM), ("report_every", EVERY.into()), ("due", due), ("marked", due), ("number", 1)]
    {
        assert_eq!(layout.member(slot, "Terms", field).await?, number(value), "{field}");
    }
    let key = keccak256([holder.into_word(), B256::ZERO].concat());
    let slot = layout.value("allowances", &[key])?;
    for (field, value) in [("limit", 1_000), ("period", PERIOD.into()), ("since", now), ("number", 1)] {
        assert_eq!(layout.member(slot, "Allowance", field).await?, number(value), "{field}");
    }
    let slot = layout.value("spendings", &[key])?;
    for (field, value) in [("amount", 300), ("since", now)] {
        assert_eq!(layout.member(slot, "Spending", field).await?, number(value), "{field}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_namespace_is_the_storage() -> Result<()> {
    let world = World::start().await?;
    let read = look(&world.chain, world.at, &authorityCall {}).await?;
    let own: Vec<_> = read.slots.into_iter().filter(|slot| *slot != implementation_slot()).collect();
    assert_eq!(own, [root()]);
    assert!(world.chain.storage(world.implementation, root()).await?.is_zero());
    Ok(())
}
