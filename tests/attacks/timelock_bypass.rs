//! Past the delay. OpenZeppelin's own timelock had a hole until August 2021 (CVE-2021-39168): who may execute could execute
//! a batch that was never scheduled, if the batch itself made its author a proposer, took the delay away and scheduled
//! itself before the state was looked at. And the tricks with what an operation is: another predecessor, another salt.
//!
//! Safe because the state of an operation is looked at before its first call and again after its last; because its id is
//! the hash of all it does, predecessor and salt included; and because a shorter delay is itself an operation that waits.

use alloy::primitives::{Address, B256, U256, keccak256};
use alloy::sol_types::{SolCall, SolError};
use consilium_bindings::{Governor, Timelock};
use consilium_deploy::Executors;
use eyre::Result;
use harness::actor::Actor;
use harness::dao::{Dao, Proposal, whole};

use crate::contracts::create;

const READY: B256 = B256::with_last_byte(1 << 2);

/// The hole, where it was widest: everybody may execute.
#[tokio::test]
async fn what_was_never_scheduled_cannot_schedule_itself() -> Result<()> {
    let dao = Dao::with(|config| config.timelock_mut().executors = Executors::Anyone).await?;
    let before = dao.treasury().await?;
    let mallory = dao.stranger("mallory").await?;
    let accomplice = create(&dao, "Actor").await?;
    let grant = |role: &str| Timelock::grantRoleCall { role: keccak256(role), account: accomplice };
    // The last call schedules the batch, whose hash cannot hold itself: the accomplice is told by another call in between.
    let raid = Proposal::new("")
        .calling(dao.timelock, grant("PROPOSER_ROLE"))
        .calling(dao.timelock, Timelock::updateDelayCall { newDelay: U256::ZERO })
        .paying(mallory.address(), whole(100))
        .calling(accomplice, Actor::eachCall { targets: vec![], calls: vec![] });
    let unset = Timelock::TimelockUnexpectedOperationState {
        operationId: raid.operation_with(B256::ZERO, B256::ZERO),
        expectedStates: READY,
    };
    dao.refuses(&mallory, dao.timelock, raid.execute_batch(B256::ZERO, B256::ZERO), unset).await?;
    // Bit by bit as well: nothing is executed that was not scheduled.
    for (target, call) in raid.targets.iter().zip(&raid.calldatas) {
        let single = Timelock::executeCall {
            target: *target,
            value: U256::ZERO,
            payload: call.clone(),
            predecessor: B256::ZERO,
            salt: B256::ZERO,
        };
        assert!(dao.attempt(&mallory, dao.timelock, &single).await?.is_err());
    }
    assert_eq!(
        dao.read(dao.timelock, Timelock::getMinDelayCall {}).await?,
        U256::from(dao.config.timelock().min_delay)
    );
    assert_eq!(dao.treasury().await?, before);
    Ok(())
}

/// A decided operation under another predecessor or salt, or in part, is another operation, which nobody scheduled.
#[tokio::test]
async fn another_predecessor_or_salt_is_another_operation() -> Result<()> {
    let dao = Dao::with(|config| config.timelock_mut().executors = Executors::Anyone).await?;
    let before = dao.treasury().await?;
    let practice = Address::repeat_byte(0x50);
    let mallory = dao.stranger("mallory").await?;
    let first = Proposal::new("First").paying(practice, whole(1));
    let second = Proposal::new("Second").paying(practice, whole(2)).paying(practice, whole(3));
    dao.enact(&first).await?;
    let id = dao.ripen(&second).await?;
    let (salt, done) = (second.salt(dao.governor), first.operation(dao.governor));
    let half = Proposal {
        targets: vec![practice],
        values: vec![whole(3)],
        calldatas: vec![Default::default()],
        ..second.clone()
    };
    let swapped = Proposal { values: vec![whole(3), whole(2)], ..second.clone() };
    for (what, call) in [
        ("a predecessor that is done", second.execute_batch(done, salt)),
        ("itself as a predecessor", second.execute_batch(second.operation(dao.governor), salt)),
        ("no salt", second.execute_batch(B256::ZERO, B256::ZERO)),
        ("the salt of the operation that is done", second.execute_batch(B256::ZERO, first.salt(dao.governor))),
        ("half of it", half.execute_batch(B256::ZERO, salt)),
        ("another order", swapped.execute_batch(B256::ZERO, salt)),
        ("what is done", first.execute_batch(B256::ZERO, first.salt(dao.governor))),
    ] {
        let reason = dao.attempt(&mallory, dao.timelock, &call).await?.expect_err(what);
        let error = Timelock::TimelockUnexpectedOperationState::abi_decode(&reason)?;
        assert_eq!(error.expectedStates, READY, "{what}");
        assert!(!mallory.send(dao.timelock, call.abi_encode()).await?.status(), "{what}");
    }
    // As it was decided, everybody may execute it, once.
    dao.does(&mallory, dao.timelock, second.execute_batch(B256::ZERO, salt)).await?;
    assert!(dao.attempt(&mallory, dao.governor, &Governor::execute_1Call { proposalId: id }).await?.is_err());
    let after = dao.treasury().await?;
    assert_eq!((before.ether - after.ether, after.tokens), (whole(6), before.tokens), "each was paid once");
    Ok(())
}

/// A proposal that takes the delay away waits for it like any other, and shortens nothing that was queued before.
#[tokio::test]
async fn a_shorter_delay_waits_as_long_as_any_other() -> Result<()> {
    let dao = Dao::start().await?;
    let before = dao.treasury().await?;
    let mallory = dao.stranger("mallory").await?;
    let delay = dao.config.timelock().min_delay;
    let hasty = Proposal::new("No delay").calling(dao.timelock, Timelock::updateDelayCall { newDelay: U256::ZERO });
    let raid = Proposal::new("A grant").paying(mallory.address(), whole(100));
    let id = dao.pass_vote(&hasty).await?;
    dao.queue(id).await?;
    let early = Timelock::TimelockUnexpectedOperationState {
        operationId: hasty.operation(dao.governor),
        expectedStates: READY,
    };
    dao.refuses(&mallory, dao.governor, Governor::execute_1Call { proposalId: id }, early).await?;

    let raid_id = dao.pass_vote(&raid).await?;
    dao.queue(raid_id).await?;
    let due = dao.read(dao.governor, Governor::proposalEtaCall { proposalId: raid_id }).await?.to::<u64>();
    dao.execute(id).await?;
    assert_eq!(dao.read(dao.timelock, Timelock::getMinDelayCall {}).await?, U256::ZERO);
    let now = dao.chain.now().await?;
    assert!(now < due && due <= now + delay, "queued before, it is due when it was due");
    assert!(dao.attempt(&mallory, dao.governor, &Governor::execute_1Call { proposalId: raid_id }).await?.is_err());
    dao.does(&dao.guardian, dao.governor, Governor::cancel_1Call { proposalId: raid_id }).await?;
    dao.chain.advance_to(due + 1).await?;
    assert!(dao.attempt(&mallory, dao.governor, &Governor::execute_1Call { proposalId: raid_id }).await?.is_err());
    assert_eq!(dao.treasury().await?, before);
    Ok(())
}

/// Straight to the timelock, as whoever one is: the governor alone may schedule and cancel.
#[tokio::test]
async fn nobody_reaches_the_timelock_past_the_governor() -> Result<()> {
    let dao = Dao::start().await?;
    let before = dao.treasury().await?;
    let mallory = dao.stranger("mallory").await?;
    let raid = Proposal::new("").paying(mallory.address(), whole(100));
    let lacks = |role: &str, account: Address| Timelock::AccessControlUnauthorizedAccount {
        account,
        neededRole: keccak256(role),
    };
    for who in [&mallory, &dao.guardian, &dao.members[0], &dao.deployer] {
        let account = who.address();
        let schedule = raid.schedule_batch(B256::ZERO, B256::ZERO, 1 << 20);
        dao.refuses(who, dao.timelock, schedule, lacks("PROPOSER_ROLE", account)).await?;
        let execute = raid.execute_batch(B256::ZERO, B256::ZERO);
        dao.refuses(who, dao.timelock, execute, lacks("EXECUTOR_ROLE", account)).await?;
        let cancel = Timelock::cancelCall { id: raid.operation(dao.governor) };
        dao.refuses(who, dao.timelock, cancel, lacks("CANCELLER_ROLE", account)).await?;
        let hasten = Timelock::updateDelayCall { newDelay: U256::ZERO };
        dao.refuses(who, dao.timelock, hasten, Timelock::TimelockUnauthorizedCaller { caller: account }).await?;
    }
    assert_eq!(dao.treasury().await?, before);
    Ok(())
}
