//! The constructor, that it runs once, who may call what, and what the contract says of itself.

use alloy::{
    primitives::{Address, B256, Bytes, U256, keccak256},
    providers::Provider,
    rpc::types::Filter,
    sol_types::SolCall,
};
use consilium_bindings::Mandate::*;
use eyre::Result;
use harness::{authority, deploy};

use crate::world::*;

/// keccak256("eip1967.proxy.implementation") - 1.
pub(crate) fn implementation_slot() -> U256 {
    U256::from_be_bytes(keccak256("eip1967.proxy.implementation").0) - U256::ONE
}

fn mandate(holder: Address, until: u64, reportEvery: u32, first: u64) -> InitialMandate {
    InitialMandate { holder, until: time(until), reportEvery, firstReportBy: time(first) }
}

fn allowance(holder: Address, token: Address, limit: u128, period: u32) -> InitialAllowance {
    InitialAllowance { holder, token, limit, period }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_constructor_gives_what_it_is_given() -> Result<()> {
    let world = World::start().await?;
    let (anna, ben, token) = (world.anna.address(), world.ben.address(), Address::repeat_byte(7));
    let now = world.at_once().await?;
    let mandates = vec![mandate(anna, now + 100, 10, now + 5), mandate(ben, now + 50, 0, 0)];
    let allowances = vec![allowance(ben, ETHER, 9, 8), allowance(ben, token, u128::MAX, u32::MAX)];
    let call = constructor(world.manager, mandates, allowances);
    let at = deploy::proxy(&world.chain, world.implementation, call).await?;

    let filter = Filter::new().address(at).from_block(0);
    let logs: Vec<_> = world.chain.dev.get_logs(&filter).await?.into_iter().map(|log| log.data().clone()).collect();
    let most = U256::from(u128::MAX);
    let granted = |holder, until, reportEvery, due| {
        log(MandateGranted { holder, number: 1, until: time(until), reportEvery, due: time(due) })
    };
    let set = |token, limit, period: u32| {
        let refillsAt = time(now + u64::from(period));
        log(AllowanceSet { holder: ben, token, limit, left: limit, period, refillsAt })
    };
    let expected = [
        log(Upgraded { implementation: world.implementation }),
        log(AuthorityUpdated { authority: world.manager }),
        granted(anna, now + 100, 10, now + 5),
        granted(ben, now + 50, 0, 0),
        set(ETHER, crate::number(9), 8),
        set(token, most, u32::MAX),
    ];
    assert_eq!(logs, expected);
    let terms = world.chain.ask(anna, at, mandateCall { holder: anna }.abi_encode()).await?.output::<mandateCall>();
    assert_eq!((terms.until, terms.reportEvery, terms.due, terms.number), (time(now + 100), 10, time(now + 5), 1));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_constructor_refuses_what_makes_no_sense() -> Result<()> {
    let world = World::start().await?;
    let (nobody, anna, now) = (Address::repeat_byte(7), world.anna.address(), world.at_once().await?);
    let bare = deploy::unconstructed_proxy(&world.chain, world.implementation).await?;
    let ask = async |call| world.chain.ask(nobody, bare, call).await;
    ask(constructor(nobody, vec![], vec![])).await?.refused(AccessManagedInvalidAuthority { authority: nobody });
    for holder in [Address::ZERO, bare, world.manager] {
        let call = constructor(world.manager, vec![mandate(holder, now + 1, 0, 0)], vec![]);
        ask(call).await?.refused(MandateInvalidHolder { holder });
    }
    let ended = constructor(world.manager, vec![mandate(anna, now, 0, 0)], vec![]);
    ask(ended).await?.refused(MandateInvalidEnd { until: time(now) });
    let without = constructor(world.manager, vec![], vec![allowance(anna, ETHER, 1, 1)]);
    ask(without).await?.refused(MandateNotRunning { holder: anna });
    ask(constructor(world.manager, vec![mandate(anna, now + 1, 0, 0)], vec![])).await?.succeeded();
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_constructor_runs_once_and_never_without_a_proxy() -> Result<()> {
    let world = World::start().await?;
    let thief = world.stranger.address();
    let own = constructor(authority::letting(&world.chain, thief).await?, vec![], vec![]);
    for by in [&world.stranger, &world.dao] {
        assert!(!world.chain.ask(by.address(), world.at, own.clone()).await?.success);
        assert!(!by.send(world.at, own.clone()).await?.status());
    }
    assert_eq!(world.read(authorityCall {}).await?, world.manager);
    let bare = world.implementation;
    for call in [own.clone(), constructor(thief, vec![], vec![])] {
        world.chain.ask(thief, bare, call).await?.refused(UUPSUnauthorizedCallContext {});
    }
    let upgrade = upgradeToAndCallCall { newImplementation: bare, data: Bytes::new() };
    world.chain.ask(thief, bare, upgrade.abi_encode()).await?.refused(UUPSUnauthorizedCallContext {});
    world.chain.ask(thief, bare, authorityCall {}.abi_encode()).await?.returned(Address::ZERO);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_contract_says_of_itself() -> Result<()> {
    let world = World::start().await?;
    let slot = B256::from(implementation_slot());
    assert_eq!(world.chain.storage(world.at, slot.into()).await?, world.implementation.into_word());
    world.refuses(&world.stranger, proxiableUUIDCall {}, UUPSUnauthorizedCallContext {}).await?;
    world.chain.ask(Address::ZERO, world.implementation, proxiableUUIDCall {}.abi_encode()).await?.returned(slot);
    let managed = ["authority()", "setAuthority(address)", "isConsumingScheduledOp()"].map(keccak256);
    let managed = [0, 1, 2, 3].map(|i| managed.iter().fold(0, |id, selector| id ^ selector[i]));
    for (id, has) in [([0x01, 0xff, 0xc9, 0xa7], true), (managed, true), ([0xff; 4], false), ([0; 4], false)] {
        assert_eq!(world.read(supportsInterfaceCall { interfaceId: id.into() }).await?, has, "{id:?}");
    }
    Ok(())
}

/// Every restricted function, by a stranger and by a holder: before its arguments are looked at.
#[tokio::test(flavor = "multi_thread")]
async fn only_the_authority_lets_pass() -> Result<()> {
    let (world, now) = World::with(ETHER, false).await?;
    let (anna, thief) = (world.anna.address(), world.stranger.address());
    let calls = [
        grant(thief, now + TERM, 0, 0).abi_encode(),
        grant(anna, now + 2 * TERM, 0, 0).abi_encode(),
        endMandateCall { holder: anna }.abi_encode(),
        setAllowanceCall { holder: anna, token: ETHER, limit: u128::MAX, period: 1 }.abi_encode(),
        recoverCall { token: ETHER, to: thief, amount: U256::ONE }.abi_encode(),
        upgradeToAndCallCall { newImplementation: thief, data: Bytes::new() }.abi_encode(),
        setAuthorityCall { newAuthority: world.manager }.abi_encode(),
    ];
    for caller in [thief, anna, world.at] {
        for call in &calls {
            world.chain.ask(caller, world.at, call.clone()).await?.refused(AccessManagedUnauthorized { caller });
        }
    }
    Ok(())
}
