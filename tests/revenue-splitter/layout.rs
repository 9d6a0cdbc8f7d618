//! What lies where behind the proxy: the slots, read by the golden layout, say what the views say, and nothing is
//! outside of the namespace but the proxy's slot and the constructor's mark.

use alloy::primitives::{Address, B256, U256, keccak256};
use consilium_bindings::RevenueSplitter::*;
use eyre::Result;
use harness::{layout::Layout, lookups::look};

use crate::{claims::*, setup::implementation_slot, world::*};

/// ERC-7201's root of the namespace.
pub(crate) fn root() -> U256 {
    let id = U256::from_be_bytes(keccak256("consilium.storage.RevenueSplitter").0) - U256::ONE;
    U256::from_be_bytes(keccak256(id.to_be_bytes::<32>()).0) & !U256::from(0xff)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_slots_hold_what_the_views_say() -> Result<()> {
    let world = World::start().await?;
    let layout = Layout::of("revenue-splitter", &world.chain, world.at)?;
    let (anna, cleo) = (world.anna.address(), world.cleo.address());
    let word = |address: Address| U256::from_be_slice(address.as_slice());
    assert_eq!(layout.field("authority").await?, word(world.manager));
    assert_eq!(layout.field("settings.treasury").await?, word(treasury()));
    assert_eq!(layout.field("settings.window").await?, number(WINDOW.into()));

    let token = world.with_pool(500).await?;
    world.pays(ETHER, 1_000).await?;
    world.pays(token, 1_000).await?;
    world.releases(ETHER, anna).await?;
    world.releases(token, anna).await?;
    for (field, value) in [("ether.version", 1), ("ether.released", 600), ("ether.offset", 500)] {
        assert_eq!(layout.field(field).await?, number(value), "{field}");
    }
    let list = List::of(&[(cleo, 100), (anna, 50)]);
    let epoch = world.publishes(token, &list, 200).await?;
    world.chain.advance(u64::from(WINDOW)).await?;
    world.sent(&world.stranger, list.claim(epoch, 1)).await?;
    let expected = [
        (
            "payees",
            B256::from(word(anna)),
            "Payee",
            vec![("version", 1), ("index", 0), ("share", 6_000), ("settled", 0), ("released", 600)],
        ),
        ("pools", B256::from(word(token)), "Pool", vec![("version", 1), ("received", 1_000), ("booked", 850)]),
        ("funds", B256::from(number(1)), "Funds", vec![("remaining", 150), ("total", 200)]),
    ];
    for (map, key, kind, fields) in expected {
        let slot = layout.value(map, &[key])?;
        for (field, value) in fields {
            assert_eq!(layout.member(slot, kind, field).await?, number(value), "{map}.{field}");
        }
    }
    assert_eq!(layout.field("settings.epochs").await?, U256::ONE);
    let both = |a: B256, b: B256| keccak256([a, b].concat());
    let key = both(token.into_word(), anna.into_word());
    let slot = layout.value("taken", &[key])?;
    assert_eq!(layout.member(slot, "Taken", "released").await?, number(600));
    let key = both(number(1).into(), list.tree.root());
    let slot = layout.value("epochs", &[key])?;
    assert_eq!(layout.member(slot, "EpochWord", "token").await?, word(token));
    assert_eq!(layout.member(slot, "EpochWord", "state").await?, U256::ONE);
    let bits = layout.value("claimed", &[both(number(1).into(), B256::ZERO)])?;
    assert_eq!(layout.slot(bits).await?, number(0b10));
    let entry = layout.value("entries", &[number(1 << 16 | 1).into()])?;
    for (field, value) in [("share", 3_000), ("before", 6_000), ("previous", 0)] {
        assert_eq!(layout.member(entry, "Entry", field).await?, number(value), "{field}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_namespace_is_the_storage() -> Result<()> {
    let world = World::start().await?;
    let own = |slots: Vec<U256>| slots.into_iter().filter(|slot| *slot != implementation_slot()).collect::<Vec<_>>();
    let read = look(&world.chain, world.at, &authorityCall {}).await?;
    assert_eq!(own(read.slots), [root()]);
    let read = look(&world.chain, world.at, &treasuryCall {}).await?;
    assert_eq!(own(read.slots), [root() + U256::ONE]);
    assert!(world.chain.storage(world.implementation, root()).await?.is_zero());
    Ok(())
}
