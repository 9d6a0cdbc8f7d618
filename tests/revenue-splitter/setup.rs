//! The constructor, that it runs once, and what the contract says of itself.

use alloy::{
    primitives::{Address, B256, U256, keccak256},
    providers::Provider,
    rpc::types::Filter,
    sol_types::{SolCall, SolError},
};
use consilium_bindings::RevenueSplitter::*;
use eyre::Result;
use harness::{authority, deploy};

use crate::world::*;

/// keccak256("eip1967.proxy.implementation") - 1.
pub(crate) fn implementation_slot() -> U256 {
    U256::from_be_bytes(keccak256("eip1967.proxy.implementation").0) - U256::ONE
}

#[tokio::test(flavor = "multi_thread")]
async fn the_constructor_sets_what_it_is_given() -> Result<()> {
    let world = World::start().await?;
    let (anna, ben) = (world.anna.address(), world.ben.address());
    assert_eq!(world.read(authorityCall {}).await?, world.manager);
    assert_eq!(world.read(registryCall {}).await?, Address::ZERO);
    assert_eq!(world.read(treasuryCall {}).await?, treasury());
    assert_eq!(world.read(windowCall {}).await?, WINDOW);
    assert_eq!(world.read(tableVersionCall {}).await?, 1);
    assert_eq!(world.read(epochCountCall {}).await?, 0);
    let filter = Filter::new().address(world.at).from_block(0);
    let logs: Vec<_> = world.chain.dev.get_logs(&filter).await?.into_iter().map(|log| log.data().clone()).collect();
    let added = |account, shares| log(PayeeAdded { account, shares: number(shares) });
    let expected = [
        log(Upgraded { implementation: world.implementation }),
        log(AuthorityUpdated { authority: world.manager }),
        log(RegistrySet { registry: Address::ZERO }),
        log(TreasurySet { treasury: treasury() }),
        log(WindowSet { window: WINDOW }),
        log(TableSet { version: 1, payees: number(3) }),
        added(anna, 6_000),
        added(ben, 3_000),
        added(world.at, 1_000),
    ];
    assert_eq!(logs, expected);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_constructor_refuses_what_makes_no_sense() -> Result<()> {
    let world = World::start().await?;
    let nobody = Address::repeat_byte(7);
    let bare = deploy::unconstructed_proxy(&world.chain, world.implementation).await?;
    let table = [(nobody, 10_000)];
    let ask = async |call| world.chain.ask(nobody, bare, call).await;
    let refusal = AccessManagedInvalidAuthority { authority: nobody };
    ask(constructor(nobody, treasury(), &table)).await?.refused(refusal);
    for account in [Address::ZERO, bare] {
        ask(constructor(world.manager, account, &table)).await?.refused(SplitterInvalidRecipient { account });
    }
    ask(constructor(world.manager, treasury(), &[(nobody, 9_999)])).await?.refused(SplitterInvalidTable {});
    ask(constructor(world.manager, treasury(), &[])).await?.refused(SplitterInvalidTable {});
    ask(constructor(world.manager, treasury(), &table)).await?.succeeded();
    Ok(())
}

/// Neither anybody nor the DAO runs it again, nor from within.
#[tokio::test(flavor = "multi_thread")]
async fn the_constructor_runs_once() -> Result<()> {
    let world = World::start().await?;
    let thief = world.stranger.address();
    let authority = authority::letting(&world.chain, thief).await?;
    let again = constructor(authority, thief, &[(thief, 10_000)]);
    for by in [&world.stranger, &world.dao] {
        assert!(!world.chain.ask(by.address(), world.at, again.clone()).await?.success);
        world.refuses(by, multicallCall { data: vec![again.clone()] }, FailedCall {}).await?;
        assert!(!by.send(world.at, again.clone()).await?.status());
    }
    assert_eq!(world.read(authorityCall {}).await?, world.manager);
    Ok(())
}

/// Nobody has a splitter of their own at the implementation's address, which everybody reads in the proxy's slot.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_constructs_the_bare_implementation() -> Result<()> {
    let world = World::start().await?;
    let (thief, bare) = (&world.stranger, world.implementation);
    let authority = authority::letting(&world.chain, thief.address()).await?;
    let own = constructor(authority, thief.address(), &[(thief.address(), 10_000)]);
    world.chain.ask(thief.address(), bare, own.clone()).await?.refused(UUPSUnauthorizedCallContext {});
    assert!(!thief.send(bare, own).await?.status());
    let next = deploy::unconstructed(&world.chain, "revenue-splitter").await?;
    let upgrade = upgradeToAndCallCall { newImplementation: next, data: Vec::new().into() };
    world.chain.ask(thief.address(), bare, upgrade.abi_encode()).await?.refused(UUPSUnauthorizedCallContext {});
    world.chain.ask(thief.address(), bare, authorityCall {}.abi_encode()).await?.returned(Address::ZERO);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_proxy_says_of_itself() -> Result<()> {
    let world = World::start().await?;
    let slot = B256::from(implementation_slot());
    assert_eq!(world.chain.storage(world.at, slot.into()).await?, world.implementation.into_word());
    world.refuses(&world.stranger, proxiableUUIDCall {}, UUPSUnauthorizedCallContext {}).await?;
    world.chain.ask(Address::ZERO, world.implementation, proxiableUUIDCall {}.abi_encode()).await?.returned(slot);
    let domain = world.read(eip712DomainCall {}).await?;
    let name = "Consilium Revenue Splitter";
    assert_eq!((domain.fields.0, domain.name.as_str(), domain.version.as_str()), ([0x0f], name, "1"));
    assert_eq!((domain.chainId, domain.verifyingContract), (U256::from(nitro::CHAIN_ID), world.at));
    assert_eq!((domain.salt, domain.extensions), (B256::ZERO, vec![]));
    let managed = ["authority()", "setAuthority(address)", "isConsumingScheduledOp()"].map(keccak256);
    let managed = [0, 1, 2, 3].map(|i| managed.iter().fold(0, |id, selector| id ^ selector[i]));
    let ids = [
        ([0x01, 0xff, 0xc9, 0xa7], true),
        (managed, true),
        ([0x84, 0xb0, 0x19, 0x6e], true),
        ([0xff; 4], false),
        ([0; 4], false),
    ];
    for (id, has) in ids {
        assert_eq!(world.read(supportsInterfaceCall { interfaceId: id.into() }).await?, has, "{id:?}");
    }
    Ok(())
}

/// Every restricted function, by a stranger, a payee and the guardian; and what the guardian may.
#[tokio::test(flavor = "multi_thread")]
async fn only_the_authority_lets_pass() -> Result<()> {
    let world = World::start().await?;
    let calls = [
        set_table(&[(world.stranger.address(), 10_000)], &[]).abi_encode(),
        setTreasuryCall { treasury: world.stranger.address() }.abi_encode(),
        setRegistryCall { registry: Address::ZERO }.abi_encode(),
        setWindowCall { window: 0 }.abi_encode(),
        publishEpochCall { token: ETHER, total: U256::ONE, root: slot(), manifest: slot(), deadline: time(1 << 39) }
            .abi_encode(),
        recoverEpochCall { number: 1 }.abi_encode(),
    ];
    for by in [&world.stranger, &world.anna, &world.guardian] {
        let caller = by.address();
        for call in &calls {
            world.chain.ask(caller, world.at, call.clone()).await?.refused(AccessManagedUnauthorized { caller });
            let inside = multicallCall { data: vec![call.clone().into()] };
            world.refuses(by, inside, AccessManagedUnauthorized { caller }).await?;
        }
    }
    let disable = disableEpochCall { number: 1 };
    for by in [&world.stranger, &world.dao] {
        world.refuses(by, disable.clone(), AccessManagedUnauthorized { caller: by.address() }).await?;
    }
    world.refuses(&world.guardian, disable, SplitterNotInWindow { number: 1 }).await
}

fn slot() -> B256 {
    B256::repeat_byte(1)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_dao_sets_treasury_registry_and_window() -> Result<()> {
    let world = World::start().await?;
    let (registry, treasury) = (world.manager, world.cleo.address());
    world.logs(&world.dao, setRegistryCall { registry }, &[log(RegistrySet { registry })]).await?;
    assert_eq!(world.read(registryCall {}).await?, registry);
    let refusal = SplitterInvalidRegistry { registry: treasury };
    world.refuses(&world.dao, setRegistryCall { registry: treasury }, refusal).await?;
    let none = setRegistryCall { registry: Address::ZERO };
    world.logs(&world.dao, none, &[log(RegistrySet { registry: Address::ZERO })]).await?;

    world.logs(&world.dao, setTreasuryCall { treasury }, &[log(TreasurySet { treasury })]).await?;
    assert_eq!(world.read(treasuryCall {}).await?, treasury);
    for account in [Address::ZERO, world.at] {
        let call = setTreasuryCall { treasury: account };
        world.refuses(&world.dao, call, SplitterInvalidRecipient { account }).await?;
    }
    world.logs(&world.dao, setWindowCall { window: 5 }, &[log(WindowSet { window: 5 })]).await?;
    assert_eq!((world.read(windowCall {}).await?, world.read(treasuryCall {}).await?), (5, treasury));
    Ok(())
}

/// The authority's rules are about the function that it calls: nothing hides inside of a multicall.
#[tokio::test(flavor = "multi_thread")]
async fn the_authority_does_not_hide_calls() -> Result<()> {
    let world = World::start().await?;
    let data = vec![setAuthorityCall { newAuthority: world.manager }.abi_encode().into()];
    let refusal = AccessManagedUnauthorized { caller: world.manager };
    world.asked(world.manager, multicallCall { data }).await?.refused(refusal.clone());
    let set = setAuthorityCall { newAuthority: world.stranger.address() };
    let invalid = AccessManagedInvalidAuthority { authority: world.stranger.address() };
    world.asked(world.manager, set.clone()).await?.refused(invalid);
    for by in [&world.dao, &world.stranger] {
        let refusal = AccessManagedUnauthorized { caller: by.address() };
        world.refuses(by, set.clone(), refusal).await?;
    }
    // The contract itself is nobody.
    let set = setAuthorityCall { newAuthority: world.manager };
    world.asked(world.at, set).await?.refused_with(&AccessManagedUnauthorized { caller: world.at }.abi_encode());
    let table = set_table(&[(world.stranger.address(), 10_000)], &[]);
    world.asked(world.at, table).await?.refused(AccessManagedUnauthorized { caller: world.at });
    Ok(())
}
