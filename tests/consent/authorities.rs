//! Restricted functions under a real access manager: at once, after a delay, starved of gas, expired, and under another.

use alloy::{
    primitives::{Address, B256, Bytes, FixedBytes, U256},
    sol_types::{SolCall, SolConstructor, SolError},
};
use consilium_bindings::{
    AccessManager::{self, scheduleCall, setTargetClosedCall, setTargetFunctionRoleCall},
    Consent::*,
};
use eyre::{Result, ensure};
use harness::{
    actor::{self, Actor},
    chain::{Account, Chain},
    deploy,
    raw_program::activate,
};

use crate::world::*;

/// A role of the manager.
pub(crate) const CREW: u64 = 7;

/// A consent whose authority is an access manager, whose admin is the development account, as if it were the DAO.
pub(crate) async fn governed() -> Result<(World, Account)> {
    let chain = Chain::start()?;
    let admin = chain.dev_account()?;
    let manager =
        AccessManager::constructorCall { initialAdmin: admin.address(), grants: Vec::new(), functions: Vec::new() };
    let manager = deploy::program(&chain, "access-manager", &manager.abi_encode()).await?;
    Ok((World::under(chain, manager, policy(), LONGEST).await?, admin))
}

/// A call of the manager, which must succeed.
pub(crate) async fn manages(world: &World, by: &Account, call: impl SolCall) -> Result<()> {
    let receipt = by.send(world.authority, call.abi_encode()).await?;
    ensure!(receipt.status(), "the manager refused");
    Ok(())
}

/// Lets holders of the crew's role call a function, and gives an account that role, with a delay in seconds.
pub(crate) async fn lets(world: &World, by: &Account, selector: [u8; 4], account: Address, delay: u32) -> Result<()> {
    seats(world, by, CREW, selector, account, delay).await
}

/// The same for any role.
pub(crate) async fn seats(
    world: &World,
    by: &Account,
    roleId: u64,
    selector: [u8; 4],
    account: Address,
    executionDelay: u32,
) -> Result<()> {
    let selectors = vec![FixedBytes(selector)];
    manages(world, by, setTargetFunctionRoleCall { target: world.at, selectors, roleId }).await?;
    manages(world, by, AccessManager::grantRoleCall { roleId, account, executionDelay }).await
}

fn code() -> setCodeCall {
    setCodeCall { table: 0, number: 1, code: DOCUMENT }
}

/// Every restricted function, with arguments that would be taken: nobody but whom the manager lets pass.
#[tokio::test(flavor = "multi_thread")]
async fn the_manager_decides() -> Result<()> {
    let (world, admin) = governed().await?;
    let (grantor, representative) = (world.patient.address(), world.doctor.address());
    let until = time(1 << 40);
    let zero = Address::ZERO;
    let calls = [
        setOrganizationCall { organization: representative, until, jurisdiction: 0 }.abi_encode(),
        setRoleCall { role: 0, account: representative, until }.abi_encode(),
        appointRepresentativeCall { grantor, representative, classes: U256::MAX, purposes: 1, until }.abi_encode(),
        setPolicyCall { policy: policy(), longest: LONGEST }.abi_encode(),
        code().abi_encode(),
        declareEmergencyCall { grantor, classes: classes(&[LABS]), reason: 0, statement: DOCUMENT }.abi_encode(),
        recordCall { grantor, actor: zero, onBehalfOf: zero, dataClass: 0, purpose: 0, request: B256::ZERO }
            .abi_encode(),
    ];
    for call in calls {
        let selector: [u8; 4] = call[..4].try_into()?;
        for caller in [grantor, world.dao.address(), world.at] {
            world.chain.ask(caller, world.at, call.clone()).await?.refused(AccessManagedUnauthorized { caller });
        }
        // The admin may at once, from outside and through the manager; but for the manager nothing is opened.
        world.chain.ask(admin.address(), world.at, call.clone()).await?.succeeded();
        let through = AccessManager::executeCall { target: world.at, data: call.clone().into() };
        let through = world.chain.ask(admin.address(), world.authority, through.abi_encode()).await?;
        if selector == declareEmergencyCall::SELECTOR {
            through.refused(ConsentEmergencyRefused { classes: classes(&[LABS]) });
        } else {
            through.succeeded();
        }
        // A role for this function is one for no other.
        lets(&world, &admin, selector, world.dao.address(), 0).await?;
        world.chain.ask(world.dao.address(), world.at, call.clone()).await?.succeeded();
        let all = multicallCall { data: vec![call.clone().into()] };
        world.asked(world.dao.address(), all).await?.succeeded();
        let away = setTargetFunctionRoleCall { target: world.at, selectors: vec![FixedBytes(selector)], roleId: 0 };
        manages(&world, &admin, away).await?;
        let caller = world.dao.address();
        world.chain.ask(caller, world.at, call.clone()).await?.refused(AccessManagedUnauthorized { caller });
    }
    // A closed target lets nobody pass, the admin neither.
    manages(&world, &admin, setTargetClosedCall { target: world.at, closed: true }).await?;
    let caller = admin.address();
    world.refuses(caller, code(), AccessManagedUnauthorized { caller }).await
}

/// Who has a delay schedules a call, of just this calldata, which is consumed once.
#[tokio::test(flavor = "multi_thread")]
async fn a_delayed_call_is_scheduled() -> Result<()> {
    let (world, admin) = governed().await?;
    lets(&world, &admin, setCodeCall::SELECTOR, world.dao.address(), 100).await?;
    let (by, data) = (world.dao.address(), code().abi_encode());
    let starts = |answer: &harness::answer::Answer, selector: [u8; 4]| {
        assert!(!answer.success && answer.data.starts_with(&selector), "{answer:?}");
    };
    starts(&world.asked(by, code()).await?, AccessManager::AccessManagerNotScheduled::SELECTOR);
    manages(&world, &world.dao, scheduleCall { target: world.at, data: data.into(), when: time(0) }).await?;
    starts(&world.asked(by, code()).await?, AccessManager::AccessManagerNotReady::SELECTOR);
    world.chain.advance(101).await?;
    let other = setCodeCall { number: 2, ..code() };
    starts(&world.asked(by, other).await?, AccessManager::AccessManagerNotScheduled::SELECTOR);
    // From within a multicall it is the same call.
    let all = multicallCall { data: vec![code().abi_encode().into()] };
    world.asked(by, all).await?.succeeded();
    world.does(&world.dao, code()).await?;
    assert_eq!(world.read(codeCall { table: 0, number: 1 }).await?, DOCUMENT);
    assert!(world.read(isConsumingScheduledOpCall {}).await?.is_zero());
    starts(&world.asked(by, code()).await?, AccessManager::AccessManagerNotScheduled::SELECTOR);
    Ok(())
}

/// With whatever gas, a stranger does not pass because the manager was starved.
#[tokio::test(flavor = "multi_thread")]
async fn a_starved_authority_lets_nobody_pass() -> Result<()> {
    let (world, admin) = governed().await?;
    let actors = actor::actors(&world.chain, 2).await?;
    lets(&world, &admin, setCodeCall::SELECTOR, actors[0], 0).await?;
    let (mut passed, mut refused, mut drained) = (0, 0, 0);
    for allowance in (10_000..160_000).step_by(1_000) {
        for by in &actors {
            let refusal = AccessManagedUnauthorized { caller: *by }.abi_encode();
            let data = code().abi_encode().into();
            let spare =
                Actor::spareCall { target: world.at, value: U256::ZERO, data, allowance: U256::from(allowance) };
            let answer = world.chain.ask(admin.address(), *by, spare.abi_encode()).await?;
            let Actor::spareReturn { success, answer } = answer.output::<Actor::spareCall>();
            if success {
                assert_eq!(*by, actors[0], "a stranger passed with {allowance} gas");
                passed += 1;
            } else if answer == refusal {
                refused += 1;
            } else {
                assert!(answer.is_empty(), "{answer}");
                drained += 1;
            }
        }
    }
    assert!(passed > 0 && refused > 0 && drained > 0, "{passed} passed, {refused} refused, {drained} drained");
    Ok(())
}

/// Once the manager's program has expired, nothing restricted can be done until anybody renews it. Patients go on.
#[tokio::test(flavor = "multi_thread")]
async fn an_expired_authority_lets_nobody_pass() -> Result<()> {
    let (world, keeper) = governed().await?;
    let admin = keeper.address();
    world.asked(admin, code()).await?.succeeded();
    world.chain.let_programs_expire().await?;
    ensure!(activate(&world.stranger, world.implementation).await?.status());
    for caller in [admin, world.stranger.address()] {
        let refusal = AccessManagedUnauthorized { caller };
        world.refuses(caller, code(), refusal.clone()).await?;
        world.refuses(caller, setPolicyCall { policy: policy(), longest: LONGEST }, refusal.clone()).await?;
        let upgrade = upgradeToAndCallCall { newImplementation: world.implementation, data: Bytes::new() };
        world.refuses(caller, upgrade, refusal.clone()).await?;
        world.refuses(caller, setAuthorityCall { newAuthority: world.at }, refusal).await?;
    }
    world.grants(permit(world.doctor.address())).await?;
    assert_eq!(world.says().await?, Said::by(1, world.doctor.address(), 1));
    ensure!(activate(&world.stranger, world.authority).await?.status());
    world.does(&keeper, code()).await?;
    Ok(())
}

/// The manager's rules about `setAuthority` are not got around by another function that has it inside.
#[tokio::test(flavor = "multi_thread")]
async fn the_manager_cannot_multicall() -> Result<()> {
    let (world, admin) = governed().await?;
    let caller = world.authority;
    let hand_over = setAuthorityCall { newAuthority: world.at }.abi_encode();
    for data in [vec![hand_over.into()], vec![code().abi_encode().into()], vec![]] {
        let data = multicallCall { data }.abi_encode().into();
        let through = AccessManager::executeCall { target: world.at, data }.abi_encode();
        let answer = world.chain.ask(admin.address(), world.authority, through).await?;
        answer.refused(AccessManagedUnauthorized { caller });
    }
    Ok(())
}

/// Only the manager names another one, for its admin.
#[tokio::test(flavor = "multi_thread")]
async fn the_authority_is_replaced_by_itself_alone() -> Result<()> {
    let (world, admin) = governed().await?;
    let next = harness::authority::letting(&world.chain, world.dao.address()).await?;
    for caller in [admin.address(), world.dao.address(), world.at] {
        let call = setAuthorityCall { newAuthority: next };
        world.refuses(caller, call.clone(), AccessManagedUnauthorized { caller }).await?;
        let all = multicallCall { data: vec![call.abi_encode().into()] };
        world.refuses(caller, all, AccessManagedUnauthorized { caller }).await?;
    }
    manages(&world, &admin, AccessManager::updateAuthorityCall { target: world.at, newAuthority: next }).await?;
    assert_eq!(world.read(authorityCall {}).await?, next);
    let caller = admin.address();
    world.refuses(caller, code(), AccessManagedUnauthorized { caller }).await?;
    world.does(&world.dao, code()).await?;
    Ok(())
}
