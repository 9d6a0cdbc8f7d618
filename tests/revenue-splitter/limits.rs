//! Counts at the end of their bits: refused as Solidity's checked arithmetic refuses. Nobody can get there in a test,
//! so the storage that a contract would have is supplied to calls.

use std::collections::BTreeMap;

use alloy::{
    primitives::{B256, Bytes, U256},
    rpc::types::TransactionRequest,
    sol_types::{Panic, SolCall, SolError, SolValue},
};
use consilium_bindings::RevenueSplitter::*;
use eyre::Result;
use harness::{chain::Account, layout::Layout};
use serde_json::json;

use crate::world::*;

/// What a call answers where words of storage have these bits set as well.
async fn asked(
    world: &World,
    by: &Account,
    call: impl SolCall,
    slot: U256,
    bits: U256,
) -> Result<Result<Bytes, Bytes>> {
    let word = U256::from_be_bytes(world.chain.storage(world.at, slot).await?.0) | bits;
    let changed = BTreeMap::from([(B256::from(slot), B256::from(word))]);
    let state = json!({ world.at.to_string(): { "stateDiff": changed } });
    let request =
        TransactionRequest::default().from(by.address()).to(world.at).input(Bytes::from(call.abi_encode()).into());
    let answer = world.chain.rpc("eth_call", (request, "latest", state)).await;
    let refused = |error: eyre::Report| {
        let found = error.downcast_ref::<alloy::transports::TransportError>().and_then(|error| error.as_error_resp());
        found.and_then(|payload| payload.as_revert_data()).ok_or(error)
    };
    answer.map_or_else(|error| refused(error).map(Err), |data| Ok(Ok(data)))
}

/// The number from this byte on.
fn at(byte: usize, bits: U256) -> U256 {
    bits << (8 * byte)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_table_and_the_last_epoch() -> Result<()> {
    let world = World::start().await?;
    world.with_pool(100).await?;
    let layout = Layout::of("revenue-splitter", &world.chain, world.at)?;
    let every = number(u32::MAX.into());
    let panic = || Err(Panic { code: number(0x11) }.abi_encode().into());
    // The first table, 1, is among the bits.
    let ether = crate::layout::root() + number(3);
    assert_eq!(layout.field("ether.version").await?, U256::ONE);
    let table = set_table(&[(world.anna.address(), 10_000)], &[]);
    assert_eq!(asked(&world, &world.dao, table.clone(), ether, at(0, every)).await?, panic());
    assert_eq!(asked(&world, &world.dao, table, ether, at(0, every >> 1)).await?, Ok(Bytes::new()));

    let settings = crate::layout::root() + U256::ONE;
    let deadline = time(world.chain.now().await? + MONTH);
    let (root, manifest) = (B256::repeat_byte(1), B256::ZERO);
    let epoch = publishEpochCall { token: ETHER, total: U256::ONE, root, manifest, deadline };
    assert_eq!(asked(&world, &world.dao, epoch.clone(), settings, at(24, every)).await?, panic());
    let last = asked(&world, &world.dao, epoch, settings, at(24, every - U256::ONE)).await?;
    assert_eq!(last, Ok(u32::MAX.abi_encode().into()));
    Ok(())
}

/// Of a token nothing is counted beyond 2^112 - 1, and what was counted is paid.
#[tokio::test(flavor = "multi_thread")]
async fn the_largest_amounts() -> Result<()> {
    let world = World::start().await?;
    let token = world.token(18).await?;
    let most = (U256::ONE << 112) - U256::ONE;
    let (anna, payer) = (world.anna.address(), &world.payer);
    let pay = |amount| payCall { token, amount, source: NO_SOURCE };
    world.sent(payer, pay(most - U256::ONE)).await?;
    world.refuses(payer, pay(number(2)), SplitterNothingReceived { token }).await?;
    world.sent(payer, pay(U256::ONE)).await?;
    assert_eq!(world.read(receivedCall { version: 1, token }).await?, most);
    world.refuses(payer, pay(U256::ONE), SplitterNothingReceived { token }).await?;
    world.transfers(token, 1_000).await?;
    assert_eq!(world.read(receivedCall { version: 1, token }).await?, most);
    let part = most * number(6) / number(10);
    assert_eq!(world.due(token, anna).await?, part);
    world.splits(&[(anna, 10_000)], &[token]).await?;
    assert_eq!(world.due(token, anna).await?, part);
    // The balance is beyond what is counted, and moves as it should. Then there is room for what was not counted.
    assert_eq!(world.releases(token, anna).await?, part);
    assert_eq!(world.due(token, anna).await?, number(1_000));
    world.conserves(token, &[anna, world.ben.address()]).await
}
