//! What the acts of a holder cost, behind the proxy: cached, not cached, and what no code can save.

use alloy::{primitives::Address, sol_types::SolCall};
use consilium_bindings::Mandate::*;
use eyre::{Result, ensure};
use harness::{
    cost::Cost,
    gas_table::{Row, keep},
};
use nitro::{CACHE_MANAGER, CacheManager};

use crate::world::*;

/// Gas of a transaction, at most, where the program is cached.
const PROMISED: [(&str, u64); 6] = [
    ("spend ether, the first", 80_000),
    ("spend ether", 55_000),
    ("spend a token, the first", 80_000),
    ("spend a token", 60_000),
    ("report", 40_000),
    ("markOverdue", 36_000),
];

/// Does everything once.
async fn run(cached: bool) -> Result<Vec<(&'static str, Cost<0>)>> {
    let (world, now) = World::with(ETHER, true).await?;
    if cached {
        let bid = CacheManager::placeBidCall { program: world.implementation }.abi_encode();
        ensure!(world.chain.dev_account()?.send(CACHE_MANAGER, bid).await?.status(), "no place in the cache");
    }
    let (anna, at) = (&world.anna, world.at);
    let token = world.plain(5_000).await?;
    world.allows(anna, token, 1_000, PERIOD).await?;
    let mut all = Vec::new();
    for (money, names) in
        [(ETHER, ["spend ether, the first", "spend ether"]), (token, ["spend a token, the first", "spend a token"])]
    {
        for name in names {
            all.push((name, Cost::of(anna, at, spend(money, 10).abi_encode(), []).await?));
        }
    }
    world.chain.advance_to(now + u64::from(EVERY) + 1).await?;
    let holder: Address = anna.address();
    let mark = Cost::of(&world.stranger, at, markOverdueCall { holder }.abi_encode(), []).await?;
    all.push(("report", Cost::of(anna, at, report().abi_encode(), []).await?));
    all.push(("markOverdue", mark));
    Ok(all)
}

#[tokio::test(flavor = "multi_thread")]
async fn it_costs_what_it_promises() -> Result<()> {
    let (uncached, cached) = (run(false).await?, run(true).await?);
    let row = |((action, uncached), (_, cached)): (&(&str, Cost<0>), &(&str, Cost<0>))| Row {
        action: (*action).to_owned(),
        peer: None,
        uncached: uncached.used,
        cached: cached.used,
        floor: Some(cached.floor),
    };
    let rows: Vec<_> = uncached.iter().zip(&cached).map(row).collect();
    keep("mandate", &rows)?;
    for (row, (action, most)) in rows.iter().zip(PROMISED) {
        ensure!(row.action == action && row.cached <= most, "{action}: {} gas, and {most} are promised", row.cached);
    }
    Ok(())
}
