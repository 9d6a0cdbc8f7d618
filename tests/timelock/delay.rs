//! Changing the minimum delay: the timelock alone, by an operation that has waited.

use alloy::primitives::{Address, U256};
use alloy::sol_types::{SolCall, SolEvent};
use eyre::Result;

use crate::setup::{MIN_DELAY, Operation, Timelock, update_delay};
use crate::twins::{Timelocks, Who};

const TARGET: Address = Address::repeat_byte(0x11);

#[tokio::test]
async fn nobody_else_changes_the_delay() -> Result<()> {
    let twins = Timelocks::start().await?;
    for who in [Who::Proposer, Who::Executor, Who::Admin, Who::Stranger] {
        let refusal = Timelock::TimelockUnauthorizedCaller { caller: twins.actor(who) };
        twins.call(who, update_delay(0)).await?.refused(refusal);
    }
    Ok(())
}

#[tokio::test]
async fn an_operation_changes_the_delay_of_those_after_it() -> Result<()> {
    let twins = Timelocks::start().await?;
    let earlier = Operation::new(TARGET, []);
    let change = |timelock| Operation::new(timelock, update_delay(10));
    assert!(twins.call(Who::Proposer, earlier.schedule(2 * MIN_DELAY)).await?.success);
    twins.ready(change).await?;

    let answer = twins.call_each(Who::Executor, |timelock| change(timelock).execute()).await?;
    let (oldDuration, newDuration) = (U256::from(MIN_DELAY), U256::from(10));
    let changed = Timelock::MinDelayChange { oldDuration, newDuration }.encode_log_data();
    answer.logged([changed, change(twins.ours).executed()]);
    twins.call(Who::Stranger, Timelock::getMinDelayCall {}.abi_encode()).await?.returned(U256::from(10));

    // What was scheduled before keeps its time; what comes after may be as quick as this.
    twins.call(Who::Stranger, earlier.state()).await?.returned(U256::from(1));
    let quick = earlier.salted(1);
    let refusal = Timelock::TimelockInsufficientDelay { delay: U256::from(9), minDelay: U256::from(10) };
    twins.call(Who::Proposer, quick.schedule(9)).await?.refused(refusal);
    assert!(twins.call(Who::Proposer, quick.schedule(10)).await?.success);
    Ok(())
}

#[tokio::test]
async fn without_a_delay_an_operation_is_ready_at_once() -> Result<()> {
    let twins = Timelocks::start().await?;
    let change = |timelock| Operation::new(timelock, update_delay(0));
    twins.ready(change).await?;
    assert!(twins.call_each(Who::Executor, |timelock| change(timelock).execute()).await?.success);
    let now = twins.chain.now().await? + 5;
    let operation = Operation::new(TARGET, []);
    twins.set_time(now).await?;
    assert!(twins.call(Who::Proposer, operation.schedule(0)).await?.success);
    twins.set_time(now).await?;
    twins.call(Who::Executor, operation.execute()).await?.logged([operation.executed()]);
    Ok(())
}
