//! Under an access manager with a delay: who has a role with one schedules a decision, and it runs later, by itself or by
//! the manager.

use alloy::{
    primitives::{FixedBytes, aliases::U48},
    sol_types::SolCall,
};
use consilium_bindings::{
    AccessManager::{executeCall, grantRoleCall, scheduleCall, setTargetFunctionRoleCall},
    Mandate::*,
};
use eyre::{Result, ensure};

use crate::world::*;

const ROLE: u64 = 40;
const DELAY: u32 = 600;

#[tokio::test(flavor = "multi_thread")]
async fn a_decision_is_scheduled_and_runs_after_its_delay() -> Result<()> {
    let (world, now) = World::with(ETHER, false).await?;
    let (ben, holder) = (&world.ben, world.anna.address());
    let manages = async |by: &harness::chain::Account, call: Vec<u8>| -> Result<()> {
        ensure!(by.send(world.manager, call).await?.status(), "the manager refused");
        Ok(())
    };
    let selectors = [setAllowanceCall::SELECTOR, endMandateCall::SELECTOR].map(FixedBytes).to_vec();
    let role = setTargetFunctionRoleCall { target: world.at, selectors, roleId: ROLE };
    manages(&world.dao, role.abi_encode()).await?;
    let grant = grantRoleCall { roleId: ROLE, account: ben.address(), executionDelay: DELAY };
    manages(&world.dao, grant.abi_encode()).await?;

    let allow = setAllowanceCall { holder, token: ETHER, limit: 50, period: PERIOD };
    let end = endMandateCall { holder };
    for call in [allow.abi_encode(), end.abi_encode()] {
        assert!(!world.chain.ask(ben.address(), world.at, call.clone()).await?.success);
        let schedule = scheduleCall { target: world.at, data: call.into(), when: U48::ZERO };
        manages(ben, schedule.abi_encode()).await?;
    }
    world.chain.advance_to(now + u64::from(DELAY) - 1).await?;
    assert!(!world.asked(ben.address(), allow.clone()).await?.success);
    world.chain.advance_to(now + u64::from(DELAY)).await?;
    // One by the manager, and one directly.
    let execute = executeCall { target: world.at, data: allow.abi_encode().into() };
    manages(ben, execute.abi_encode()).await?;
    assert_eq!(world.left(&world.anna, ETHER).await?, 50);
    let ended = log(MandateEnded { holder, number: 1 });
    world.logs(ben, end, &[ended]).await?;
    assert!(!world.read(isRunningCall { holder }).await?);
    // Once.
    assert!(!world.asked(ben.address(), allow).await?.success);
    Ok(())
}

/// The manager calls for whoever may call: it is never a holder, so nobody spends in its name.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_spends_in_the_managers_name() -> Result<()> {
    let (world, now) = World::with(ETHER, false).await?;
    let holder = world.manager;
    world.refuses(&world.dao, grant(holder, now + TERM, 0, 0), MandateInvalidHolder { holder }).await?;
    let execute = executeCall { target: world.at, data: spend(ETHER, 1).abi_encode().into() };
    assert!(!world.chain.ask(world.anna.address(), world.manager, execute.abi_encode()).await?.success);
    let answer = world.chain.ask(world.dao.address(), world.manager, execute.abi_encode()).await?;
    answer.refused(MandateNotRunning { holder });
    Ok(())
}
