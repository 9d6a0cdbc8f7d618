//! More known faults of other splitters: a reward for whoever calls, a contract that is made to call itself, and two
//! acts in one block that exclude each other.

use alloy::{
    primitives::{Address, B256, U256},
    sol_types::SolCall,
};
use consilium_bindings::{AccessManager::grantRoleCall, RevenueSplitter::*};
use eyre::Result;
use harness::{
    actor::{Actor, actors},
    answer::Answer,
};

use crate::{claims::*, world::*};

/// Nobody is paid for having others paid: there is nothing to be had by calling first, often, or with small amounts.
#[tokio::test(flavor = "multi_thread")]
async fn who_calls_for_others_gains_nothing() -> Result<()> {
    let world = World::start().await?;
    let token = world.with_pool(10_000).await?;
    let caller = actors(&world.chain, 1).await?[0];
    let anna = world.anna.address();
    let list = List::of(&[(world.cleo.address(), 400), (world.ben.address(), 100)]);
    world.publishes(token, &list, 600).await?;
    world.earns(10_000).await?;
    world.pays(token, 10_000).await?;
    world.chain.advance(u64::from(WINDOW)).await?;
    let calls = [
        release_0Call { account: anna }.abi_encode(),
        release_1Call { token, account: anna }.abi_encode(),
        noticeCall { token }.abi_encode(),
        list.claim(1, 0).abi_encode(),
        claimManyCall { number: 1, claims: vec![list.leaf(1)] }.abi_encode(),
    ];
    let targets = vec![world.at; calls.len()];
    let each = Actor::eachCall { targets, calls: calls.into_iter().map(Into::into).collect() };
    let receipt = world.stranger.send(caller, each.abi_encode()).await?;
    assert!(Answer::all(&receipt, caller).iter().all(|answer| answer.success));
    for asset in [ETHER, token] {
        assert_eq!(world.balance(asset, caller).await?, U256::ZERO);
        world.conserves(asset, &[anna, world.ben.address()]).await?;
    }
    assert_eq!(world.balance(token, anna).await?, number(6_000));
    Ok(())
}

/// Every call that the contract makes of an address that somebody names, aimed at the contract itself: none of them
/// changes anything in the contract's own name.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_owns_it_by_a_self_call() -> Result<()> {
    let world = World::start().await?;
    let (at, stranger) = (world.at, &world.stranger);
    let list = List::of(&[(at, 100)]);
    world.with_pool(1_000).await?;
    world.publishes(ETHER, &list, 100).await?;
    world.sent(&world.dao, setRegistryCall { registry: at }).await?;
    world.chain.advance(u64::from(WINDOW)).await?;
    let table = world.read(tableCall { version: 1 }).await?;

    // As a token, a payee, the registry, and a wallet that is asked about a signature.
    let unreadable = SplitterTokenUnreadable { token: at };
    world.refuses(stranger, noticeCall { token: at }, unreadable.clone()).await?;
    world.refuses(&world.dao, set_table(&[(stranger.address(), 10_000)], &[at]), unreadable).await?;
    world.refuses(stranger, list.claim(1, 0), SplitterInvalidRecipient { account: at }).await?;
    let (licence, pointer, request) = (B256::ZERO, B256::ZERO, B256::ZERO);
    let pay = payLicenceCall { token: ETHER, amount: U256::ZERO, licence, pointer, request };
    world.asked(stranger.address(), pay).await?.refused_with(&[]);
    let (nonce, deadline, relayer) = (U256::ZERO, time(u64::from(u32::MAX)), Address::ZERO);
    let signed = Signed { signer: at.to_vec().into(), nonce, deadline, relayer, signature: vec![].into() };
    let claim = claimSignedCall { number: 1, claim: list.leaf(0), to: stranger.address(), signed };
    world.refuses(stranger, claim, SplitterInvalidSignature { signer: at }).await?;
    // Several calls in one are their caller's.
    let inner = [
        setAuthorityCall { newAuthority: world.manager }.abi_encode(),
        set_table(&[(stranger.address(), 10_000)], &[]).abi_encode(),
        multicallCall { data: vec![setTreasuryCall { treasury: stranger.address() }.abi_encode().into()] }.abi_encode(),
    ];
    for data in inner {
        let refusal = AccessManagedUnauthorized { caller: stranger.address() };
        world.refuses(stranger, multicallCall { data: vec![data.into()] }, refusal).await?;
    }
    assert_eq!(world.read(tableCall { version: 1 }).await?, table);
    assert_eq!(world.read(authorityCall {}).await?, world.manager);
    Ok(())
}

/// In one block, before an epoch opens and when it does, and in both orders: it is disabled or claimed, and never both.
#[tokio::test(flavor = "multi_thread")]
async fn a_disabled_epoch_is_not_claimed_in_the_same_block() -> Result<()> {
    const GUARDIAN: u64 = 7;
    let world = World::start().await?;
    let guardian = actors(&world.chain, 1).await?[0];
    let grant = grantRoleCall { roleId: GUARDIAN, account: guardian, executionDelay: 0 };
    world.by(&world.dao, world.manager, grant).await?;
    let token = world.with_pool(10_000).await?;
    let list = List::of(&[(world.cleo.address(), 100)]);
    let opens = world.chain.now().await? + 10 + u64::from(WINDOW);
    for manifest in (1..=8).map(B256::repeat_byte) {
        let (asset, root) = (if manifest[0] % 2 == 0 { ETHER } else { token }, list.tree.root());
        let (total, deadline) = (crate::number(100), time(opens + MONTH));
        world.chain.set_time(opens - u64::from(WINDOW)).await?;
        world.does(&world.dao, publishEpochCall { token: asset, total, root, manifest, deadline }).await?;
    }
    let mut next = 1..=8;
    for (second, is_open) in [(opens - 1, false), (opens, true)] {
        world.chain.advance_to(second).await?;
        for disables_first in [true, false, true, false] {
            let number = next.next().unwrap_or_default();
            let many = claimManyCall { number, claims: vec![list.leaf(0)] };
            let mut calls =
                [disableEpochCall { number }.abi_encode(), list.claim(number, 0).abi_encode(), many.abi_encode()];
            if !disables_first {
                calls.rotate_left(1);
            }
            let targets = vec![world.at; calls.len()];
            let each = Actor::eachCall { targets, calls: calls.into_iter().map(Into::into).collect() };
            let receipt = world.stranger.send(guardian, each.abi_encode()).await?;
            assert_eq!(world.chain.now().await?, second, "all is done in this second");
            let done: Vec<_> = Answer::all(&receipt, guardian).into_iter().map(|answer| answer.success).collect();
            // What was claimed is skipped in the batch.
            let (disabled, claims) =
                if disables_first { (done[0], [done[1], done[2]]) } else { (done[2], [done[0], done[1]]) };
            assert_eq!((disabled, claims), (!is_open, [is_open; 2]), "epoch {number}");
            let epoch = world.read(epochCall { number }).await?;
            let state = if is_open { (1, U256::ZERO) } else { (2, U256::ZERO) };
            assert_eq!((epoch.state, epoch.remaining), state);
        }
    }
    // Two of each asset were paid.
    for asset in [ETHER, token] {
        world.conserves(asset, &[world.anna.address(), world.ben.address()]).await?;
    }
    assert_eq!(world.balance(token, world.cleo.address()).await?, crate::number(200));
    Ok(())
}
