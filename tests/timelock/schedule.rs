//! Scheduling a single call.

use alloy::primitives::{Address, B256, U256};
use alloy::sol_types::{Panic, SolCall, SolEvent};
use eyre::Result;

use crate::setup::{MIN_DELAY, Operation, PROPOSER, Timelock, UNSET};
use crate::twins::{Timelocks, Who};

const TARGET: Address = Address::repeat_byte(0x11);

#[tokio::test]
async fn an_operation_waits_exactly_its_delay() -> Result<()> {
    let twins = Timelocks::start().await?;
    let operation = Operation::new(TARGET, b"act".as_slice());
    let id = operation.id();
    let reads = |call: Vec<u8>| twins.call(Who::Stranger, call);
    let views = async |known, pending, ready, done, state: u8| -> Result<()> {
        reads(Timelock::isOperationCall { id }.abi_encode()).await?.returned(known);
        reads(Timelock::isOperationPendingCall { id }.abi_encode()).await?.returned(pending);
        reads(Timelock::isOperationReadyCall { id }.abi_encode()).await?.returned(ready);
        reads(Timelock::isOperationDoneCall { id }.abi_encode()).await?.returned(done);
        reads(Timelock::getOperationStateCall { id }.abi_encode()).await?.returned(U256::from(state));
        Ok(())
    };
    let time = async || reads(Timelock::getTimestampCall { id }.abi_encode()).await;

    views(false, false, false, false, 0).await?;
    time().await?.returned(U256::ZERO);

    let now = twins.chain.now().await? + 1_000;
    twins.set_time(now).await?;
    twins.call(Who::Proposer, operation.schedule(MIN_DELAY + 7)).await?.logged([operation.scheduled(MIN_DELAY + 7)]);
    views(true, true, false, false, 1).await?;
    time().await?.returned(U256::from(now + MIN_DELAY + 7));

    twins.set_time(now + MIN_DELAY + 6).await?;
    reads(operation.state()).await?.returned(U256::from(1));
    twins.set_time(now + MIN_DELAY + 7).await?;
    reads(operation.state()).await?.returned(U256::from(2));
    views(true, true, true, false, 2).await?;

    twins.call(Who::Executor, operation.execute()).await?.logged([operation.executed()]);
    views(true, false, false, true, 3).await?;
    time().await?.returned(U256::from(1));
    Ok(())
}

#[tokio::test]
async fn a_salt_is_logged_unless_it_is_zero() -> Result<()> {
    let twins = Timelocks::start().await?;
    let operation = Operation::new(TARGET, []).salted(9);
    let salt = Timelock::CallSalt { id: operation.id(), salt: operation.salt }.encode_log_data();
    twins.call(Who::Proposer, operation.schedule(MIN_DELAY)).await?.logged([operation.scheduled(MIN_DELAY), salt]);
    Ok(())
}

#[tokio::test]
async fn only_a_proposer_schedules() -> Result<()> {
    let twins = Timelocks::start().await?;
    let operation = Operation::new(TARGET, []);
    for who in [Who::Executor, Who::Admin, Who::Stranger] {
        let refusal = Timelock::AccessControlUnauthorizedAccount { account: twins.actor(who), neededRole: PROPOSER };
        twins.call(who, operation.schedule(MIN_DELAY)).await?.refused(refusal);
    }
    twins.call(Who::Stranger, operation.state()).await?.returned(U256::ZERO);
    Ok(())
}

#[tokio::test]
async fn the_delay_is_at_least_the_minimum() -> Result<()> {
    let twins = Timelocks::start().await?;
    let operation = Operation::new(TARGET, []);
    let refusal =
        Timelock::TimelockInsufficientDelay { delay: U256::from(MIN_DELAY - 1), minDelay: U256::from(MIN_DELAY) };
    twins.call(Who::Proposer, operation.schedule(MIN_DELAY - 1)).await?.refused(refusal);
    let panic = Panic { code: U256::from(0x11) };
    twins.call(Who::Proposer, operation.schedule(U256::MAX)).await?.refused(panic);
    // The longest delay that has an end is taken.
    let now = twins.chain.now().await? + 10;
    twins.set_time(now).await?;
    assert!(twins.call(Who::Proposer, operation.schedule(U256::MAX - U256::from(now))).await?.success);
    let id = operation.id();
    twins.call(Who::Stranger, Timelock::getTimestampCall { id }.abi_encode()).await?.returned(U256::MAX);
    Ok(())
}

#[tokio::test]
async fn what_is_known_is_not_scheduled_again() -> Result<()> {
    let twins = Timelocks::start().await?;
    let operation = Operation::new(TARGET, []);
    let refusal = || Timelock::TimelockUnexpectedOperationState { operationId: operation.id(), expectedStates: UNSET };
    twins.ready(|_| operation.clone()).await?;
    // The state comes before the delay.
    twins.call(Who::Proposer, operation.schedule(0)).await?.refused(refusal());
    assert!(twins.call(Who::Executor, operation.execute()).await?.success);
    twins.call(Who::Proposer, operation.schedule(MIN_DELAY)).await?.refused(refusal());
    // Another salt makes another operation.
    assert!(twins.call(Who::Proposer, operation.salted(1).schedule(MIN_DELAY)).await?.success);
    Ok(())
}

#[tokio::test]
async fn ids_are_hashes_of_all_that_is_done() -> Result<()> {
    let twins = Timelocks::start().await?;
    let operation = Operation::new(TARGET, [7; 33]).salted(1).paying(5).after(B256::repeat_byte(3));
    for operation in [
        operation.clone(),
        Operation::new(Address::ZERO, []),
        operation.clone().salted(2),
        operation.clone().paying(6),
        operation.clone().after(B256::ZERO),
    ] {
        let Operation { target, value, data, predecessor, salt } = operation.clone();
        let call = Timelock::hashOperationCall { target, value, data, predecessor, salt };
        twins.call(Who::Stranger, call.abi_encode()).await?.returned(operation.id());
    }
    Ok(())
}
