//! What acts cost behind the proxy, under a real access manager: cached, not cached, what no code can save, and what
//! the twin in Solidity costs in the same place under OpenZeppelin's manager.

use alloy::{primitives::Address, sol_types::SolCall};
use consilium_bindings::Mandate::*;
use eyre::{Result, ensure};
use harness::{
    chain::Account,
    cost::Cost,
    gas_table::{Row, keep},
};
use nitro::{CACHE_MANAGER, CacheManager};

use crate::world::*;

/// Gas of a transaction, at most, where the programs are cached.
const PROMISED: [(&str, u64); 6] = [
    ("spend ether, the first", 80_000),
    ("spend ether", 55_000),
    ("spend a token, the first", 80_000),
    ("spend a token", 60_000),
    ("report", 40_000),
    ("markOverdue", 36_000),
];

/// Percent of the peer's that ours takes at most, by how the action begins. What no code can save, the floor, is most of
/// each: both write the same slots and send the same money. Ether is where a program has the least to gain.
const RATIOS: [(&str, u64); 6] = [
    ("ether by itself", 104),
    ("spend ether", 104),
    ("spend a token", 99),
    ("report", 100),
    ("markOverdue", 100),
    ("recover", 99),
];
/// The same of all else.
const ELSE: u64 = 98;

/// Does everything once.
async fn run(world: World) -> Result<Vec<(&'static str, Cost<0>)>> {
    let now = world.entrusts(ETHER, true).await?;
    let (anna, at) = (&world.anna, world.at);
    let token = world.plain(5_000).await?;
    world.allows(anna, token, 1_000, PERIOD).await?;
    let cost = async |by: &Account, call: Vec<u8>| Cost::of(by, at, call, []).await;
    let mut all = Vec::new();
    for (money, names) in
        [(ETHER, ["spend ether, the first", "spend ether"]), (token, ["spend a token, the first", "spend a token"])]
    {
        for name in names {
            all.push((name, cost(anna, spend(money, 10).abi_encode()).await?));
        }
    }
    world.chain.advance_to(now + u64::from(EVERY) + 1).await?;
    let holder: Address = anna.address();
    let mark = cost(&world.stranger, markOverdueCall { holder }.abi_encode()).await?;
    all.push(("report", cost(anna, report().abi_encode()).await?));
    all.push(("markOverdue", mark));

    // The DAO's, to somebody who never had a mandate.
    let (dao, holder) = (&world.dao, world.ben.address());
    let (until, first) = (now + 2 * TERM, now + TERM);
    let allow = |limit| setAllowanceCall { holder, token: ETHER, limit, period: PERIOD }.abi_encode();
    let back = |token| recoverCall { token, to: payee(), amount: number(10) }.abi_encode();
    for (name, call) in [
        ("grantMandate, the first", grant(holder, until, EVERY, first).abi_encode()),
        ("grantMandate, a renewal", grant(holder, until + 1, EVERY, first).abi_encode()),
        ("setAllowance, the first", allow(1_000)),
        ("setAllowance, another limit", allow(2_000)),
        ("endMandate", endMandateCall { holder }.abi_encode()),
        ("recover ether", back(ETHER)),
        ("recover a token", back(token)),
    ] {
        all.push((name, cost(dao, call).await?));
    }
    all.push(("ether by itself", Cost::paying(&world.stranger, at, Vec::new(), 10, []).await?));
    Ok(all)
}

/// A world whose programs are cached.
async fn cached() -> Result<World> {
    let world = World::start().await?;
    for program in [world.implementation, world.manager] {
        let bid = CacheManager::placeBidCall { program }.abi_encode();
        ensure!(world.chain.dev_account()?.send(CACHE_MANAGER, bid).await?.status(), "no place in the cache");
    }
    Ok(world)
}

#[tokio::test(flavor = "multi_thread")]
async fn it_costs_what_it_promises() -> Result<()> {
    let (uncached, cached) = (run(World::start().await?).await?, run(cached().await?).await?);
    let twin = run(World::of_peers().await?).await?;
    let rows: Vec<_> = (uncached.iter().zip(&cached).zip(&twin))
        .map(|(((action, uncached), (_, cached)), (_, twin))| Row {
            action: (*action).to_owned(),
            peer: Some(twin.used),
            uncached: uncached.used,
            cached: cached.used,
            floor: Some(cached.floor),
        })
        .collect();
    keep("mandate", &rows)?;
    for (row, (action, most)) in rows.iter().zip(PROMISED) {
        ensure!(row.action == action && row.cached <= most, "{action}: {} gas, and {most} are promised", row.cached);
    }
    for Row { action, peer, uncached, cached, floor } in &rows {
        let (peer, floor) = (peer.unwrap_or_default(), floor.unwrap_or_default());
        ensure!(floor < *cached && cached < uncached, "{action}: {floor}, {cached}, {uncached}");
        let most = RATIOS.iter().find(|(begin, _)| action.starts_with(begin)).map_or(ELSE, |(_, most)| *most);
        ensure!(cached * 100 <= peer * most, "{action}: {cached} and more than {most} % of {peer}");
    }
    Ok(())
}
