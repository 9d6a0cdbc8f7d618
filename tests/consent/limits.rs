//! Counts at the end of their bits: refused as Solidity's checked arithmetic refuses, so that a batch goes on. Nobody can
//! get there in a test, so the storage that a contract would have is supplied to calls.

use std::collections::BTreeMap;

use alloy::{
    primitives::{B256, Bytes, U256},
    rpc::types::TransactionRequest,
    sol_types::{Panic, SolCall, SolError, SolValue},
};
use consilium_bindings::Consent::*;
use eyre::Result;
use harness::layout::Layout;
use serde_json::json;

use crate::{
    layout::{key, root},
    world::*,
};

/// The most that 24 bits hold.
const MOST: u32 = (1 << 24) - 1;

/// What a call of the patient answers where a word of storage has these bits set as well.
async fn asked(world: &World, call: impl SolCall, slot: U256, bits: U256) -> Result<Result<Bytes, Bytes>> {
    let word = U256::from_be_bytes(world.chain.storage(world.at, slot).await?.0) | bits;
    let changed = BTreeMap::from([(B256::from(slot), B256::from(word))]);
    let state = json!({ world.at.to_string(): { "stateDiff": changed } });
    let request = TransactionRequest::default()
        .from(world.patient.address())
        .to(world.at)
        .input(Bytes::from(call.abi_encode()).into());
    let answer = world.chain.rpc("eth_call", (request, "latest", state)).await;
    let refused = |error: eyre::Report| {
        let found = error.downcast_ref::<alloy::transports::TransportError>().and_then(|error| error.as_error_resp());
        found.and_then(|payload| payload.as_revert_data()).ok_or(error)
    };
    answer.map_or_else(|error| refused(error).map(Err), |data| Ok(Ok(data)))
}

/// What checked arithmetic refuses with.
fn panic() -> Bytes {
    Panic { code: U256::from(0x11) }.abi_encode().into()
}

/// Numbers go up to the last one. What was given is amended and revoked as ever.
#[tokio::test(flavor = "multi_thread")]
async fn the_last_number_of_a_pair() -> Result<()> {
    let world = World::start().await?;
    let (grantor, grantee) = (world.patient.address(), world.doctor.address());
    world.grants(permit(grantee)).await?;
    let layout = Layout::of("consent", &world.chain, world.at)?;
    let slot = layout.value("terms", &[key(grantor, &[grantee.as_slice(), &[0]].concat())])?;
    let last = |count: u32| U256::from(count) << (8 * 26);
    let grant = || grantCall { grantor, provision: permit(grantee) };
    // The first number, 1, is among the bits.
    assert_eq!(asked(&world, grant(), slot, last(MOST - 2)).await?, Ok((MOST - 1).abi_encode().into()));
    assert_eq!(asked(&world, grant(), slot, last(MOST)).await?, Err(panic()));
    assert_eq!(asked(&world, revokeCall { grantor, grantee, number: 1 }, slot, last(MOST)).await?, Ok(Bytes::new()));
    let amend = amendCall { grantor, number: 1, provision: denial(grantee) };
    assert_eq!(asked(&world, amend, slot, last(MOST)).await?, Ok(Bytes::new()));
    Ok(())
}

/// The last epoch stays: who revoked everything sixteen million times revokes by grantee.
#[tokio::test(flavor = "multi_thread")]
async fn the_last_epoch_of_a_grantor() -> Result<()> {
    let world = World::start().await?;
    let (grantor, grantee) = (world.patient.address(), world.doctor.address());
    world.grants(permit(grantee)).await?;
    let layout = Layout::of("consent", &world.chain, world.at)?;
    let slot = layout.value("grantors", &[grantor.into_word()])?;
    let revoke = || revokeAllCall { grantor };
    assert_eq!(asked(&world, revoke(), slot, U256::from(MOST - 1)).await?, Err(panic()));
    assert_eq!(asked(&world, revoke(), slot, U256::from(MOST - 2)).await?, Ok(Bytes::new()));
    let one = revokeGranteeCall { grantor, grantee };
    assert_eq!(asked(&world, one, slot, U256::from(MOST)).await?, Ok(Bytes::new()));

    // Signed, it is skipped, and the other act of the batch is performed.
    let signed = vec![
        world.message(&world.patient, revoke()).await?,
        world.message(&world.stranger, revokeAllCall { grantor: world.stranger.address() }).await?,
    ];
    let done = asked(&world, relayCall { signed }, slot, U256::from(MOST)).await?;
    assert_eq!(done, Ok(vec![false, true].abi_encode().into()));
    Ok(())
}

/// The policy's version too.
#[tokio::test(flavor = "multi_thread")]
async fn the_last_version_of_the_policy() -> Result<()> {
    let mut world = World::start().await?;
    let authority = harness::authority::letting(&world.chain, world.patient.address()).await?;
    world.at =
        harness::deploy::proxy(&world.chain, world.implementation, constructor(authority, policy(), LONGEST)).await?;
    // In the counters, behind the number of emergencies and the recovery's delay.
    let slot = root() + U256::from(4);
    let version = |version: u32| U256::from(version) << 96usize;
    let set = || setPolicyCall { policy: policy(), longest: LONGEST };
    assert_eq!(asked(&world, set(), slot, version(MOST - 2)).await?, Ok(Bytes::new()));
    assert_eq!(asked(&world, set(), slot, version(MOST)).await?, Err(panic()));
    Ok(())
}
