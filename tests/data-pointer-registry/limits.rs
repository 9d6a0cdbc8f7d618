//! Counts at the end of their bits: refused as Solidity's checked arithmetic refuses. Nobody can get there in a test, so
//! the storage that a contract would have is supplied to calls.

use std::collections::BTreeMap;

use alloy::{
    primitives::{Address, B256, Bytes, U256},
    rpc::types::TransactionRequest,
    sol_types::{Panic, SolCall, SolError, SolValue},
};
use consilium_bindings::DataPointerRegistry::*;
use eyre::Result;
use harness::{chain::Account, layout::Layout};
use serde_json::json;

use crate::{layout::root, trees::*, world::*};

/// What a call answers where a word of storage has these bits set as well.
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

/// What checked arithmetic refuses with.
fn panic() -> Result<Bytes, Bytes> {
    Err(Panic { code: U256::from(0x11) }.abi_encode().into())
}

/// The number from this byte on.
fn at(byte: usize, number: u64) -> U256 {
    U256::from(number) << (8 * byte)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_schema_and_the_last_custodian() -> Result<()> {
    let world = World::start().await?;
    // Settings are in the word after the authority's.
    let settings = root() + U256::ONE;
    let zero = B256::ZERO;
    let propose = || proposeSchemaCall { url: zero, version: 1, content: zero, dataClass: LABS };
    let (last, most) = (u64::from(u32::MAX), (1 << 24) - 1);
    // The first schema, 1, is among the bits.
    assert_eq!(asked(&world, &world.stranger, propose(), settings, at(25, last)).await?, panic());
    let half = asked(&world, &world.stranger, propose(), settings, at(25, last >> 1)).await?;
    assert_eq!(half, Ok((1_u64 << 31).abi_encode().into()));

    let admit = |account| admitCustodianCall { account, until: time(1 << 40) };
    let new = admit(world.clinic.address());
    assert_eq!(asked(&world, &world.dao, new.clone(), settings, at(29, most)).await?, panic());
    assert_eq!(asked(&world, &world.dao, new, settings, at(29, most / 2 - 1)).await?, Ok(Bytes::new()));
    // One that is a custodian already needs no number.
    let known = admit(world.lab.address());
    assert_eq!(asked(&world, &world.dao, known, settings, at(29, most)).await?, Ok(Bytes::new()));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_term_and_the_last_batch() -> Result<()> {
    let world = World::start().await?;
    let layout = Layout::of("data-pointer-registry", &world.chain, world.at)?;
    let account = world.lab.address();
    let custodian = layout.value("custodians", &[account.into_word()])?;
    let tree = Tree::of(&[B256::repeat_byte(1)]);
    let publish = world.publish(&tree, 1);
    let every = u64::from(u32::MAX);
    assert_eq!(asked(&world, &world.lab, publish.clone(), custodian, at(11, every)).await?, panic());
    let last = asked(&world, &world.lab, publish, custodian, at(11, every - 1)).await?;
    assert_eq!(last, Ok(every.abi_encode().into()));

    // The first root's version, 1, is among the bits.
    world.does(&world.lab, world.publish(&tree, 1)).await?;
    let again = publishRootCall { batch: 1, ..world.publish(&tree, 1) };
    let batch = layout.value("batches", &[B256::from(U256::from(1_u64 << 32 | 1))])?;
    assert_eq!(asked(&world, &world.lab, again.clone(), batch, at(8, every)).await?, panic());
    let last = asked(&world, &world.lab, again, batch, at(8, (1 << 31) - 1)).await?;
    assert_eq!(last, Ok(U256::ONE.abi_encode().into()));

    // Another term, after the admission has ended.
    world.removes(&world.lab).await?;
    let admit = admitCustodianCall { account, until: time(1 << 40) };
    assert_eq!(asked(&world, &world.dao, admit.clone(), custodian, at(9, 0xffff)).await?, panic());
    assert_eq!(asked(&world, &world.dao, admit, custodian, at(9, 0x7fff)).await?, Ok(Bytes::new()));
    Ok(())
}

/// A page has a thousand entries at most, also of a list that is as long as can be.
#[tokio::test(flavor = "multi_thread")]
async fn the_longest_page() -> Result<()> {
    let world = World::start().await?;
    let layout = Layout::of("data-pointer-registry", &world.chain, world.at)?;
    let subject = world.patient.address();
    let (counts, settings) = (layout.value("pointer_counts", &[subject.into_word()])?, root() + U256::ONE);
    let (every, many) = (U256::from(u64::MAX), at(29, (1 << 24) - 1));
    for (start, limit, length) in [
        (U256::ZERO, U256::MAX, 1_000),
        (U256::ZERO, U256::from(1_001), 1_000),
        (U256::from(7), U256::from(1_000), 1_000),
        (U256::from(7), U256::from(999), 999),
        (U256::from((1 << 24) - 2), U256::MAX, 1),
        (U256::from((1 << 24) - 1), U256::MAX, 0),
        (U256::MAX, U256::MAX, 0),
    ] {
        let accounts = asked(&world, &world.stranger, custodiansCall { start, limit }, settings, many).await?;
        let accounts = custodiansCall::abi_decode_returns(&accounts.expect("a page"))?;
        assert_eq!(accounts.len(), length, "{start} {limit}");
        // The first is there, the others are not: only their number was supplied.
        let first = start.is_zero().then(|| world.lab.address());
        assert_eq!(accounts.into_iter().find(|account| !account.is_zero()), first);
    }
    for (start, length) in [(U256::ZERO, 1_000), (every - U256::from(2), 2), (every, 0), (U256::MAX, 0)] {
        let call = pointersOfCall { subject, start, limit: U256::MAX };
        let ids = asked(&world, &world.stranger, call, counts, every).await?;
        let ids = pointersOfCall::abi_decode_returns(&ids.expect("a page"))?;
        assert_eq!(ids, vec![B256::ZERO; length], "{start}");
    }
    Ok(())
}

/// More answers than can be counted are as many as can be counted: the custodian still delivers.
#[tokio::test(flavor = "multi_thread")]
async fn the_last_answer_that_is_overdue() -> Result<()> {
    let (world, id) = World::with_result().await?;
    let (requestId, due) = world.requests(id).await?;
    world.chain.advance_to(due + 1).await?;
    let layout = Layout::of("data-pointer-registry", &world.chain, world.at)?;
    let custodian = layout.value("custodians", &[world.lab.address().into_word()])?;
    let bits = at(15, u32::MAX.into());
    let mark = markOverdueCall { id, requestId };
    let deliver = deliverKeyCall { id, requestId, wrappedKeyHash: KEY };
    assert_eq!(asked(&world, &world.stranger, mark, custodian, bits).await?, Ok(Bytes::new()));
    assert_eq!(asked(&world, &world.lab, deliver, custodian, bits).await?, Ok(Bytes::new()));
    let request = requestAccessCall { id, purpose: TREAT, onBehalfOf: Address::ZERO, encryptionKey: KEY };
    assert!(asked(&world, &world.doctor, request, custodian, bits).await?.is_ok());
    Ok(())
}
