//! Cancelling.

use alloy::primitives::{Address, U256};
use eyre::Result;

use crate::setup::{CANCELLER, MIN_DELAY, Operation, PENDING, Timelock};
use crate::twins::{Timelocks, Who};

const TARGET: Address = Address::repeat_byte(0x11);

#[tokio::test]
async fn what_waits_or_is_ready_is_cancelled_and_may_come_again() -> Result<()> {
    let twins = Timelocks::start().await?;
    let operation = Operation::new(TARGET, []);
    assert!(twins.call(Who::Proposer, operation.schedule(MIN_DELAY)).await?.success);
    twins.call(Who::Proposer, operation.cancel()).await?.logged([operation.cancelled()]);
    twins.call(Who::Stranger, operation.state()).await?.returned(U256::ZERO);

    twins.ready(|_| operation.clone()).await?;
    twins.call(Who::Stranger, operation.state()).await?.returned(U256::from(2));
    twins.call(Who::Proposer, operation.cancel()).await?.logged([operation.cancelled()]);
    twins.call(Who::Stranger, operation.state()).await?.returned(U256::ZERO);
    Ok(())
}

#[tokio::test]
async fn only_a_canceller_cancels() -> Result<()> {
    let twins = Timelocks::start().await?;
    let operation = Operation::new(TARGET, []);
    twins.ready(|_| operation.clone()).await?;
    for who in [Who::Executor, Who::Admin, Who::Stranger] {
        let refusal = Timelock::AccessControlUnauthorizedAccount { account: twins.actor(who), neededRole: CANCELLER };
        twins.call(who, operation.cancel()).await?.refused(refusal);
    }
    twins.call(Who::Stranger, operation.state()).await?.returned(U256::from(2));
    Ok(())
}

#[tokio::test]
async fn what_is_unknown_or_done_is_not_cancelled() -> Result<()> {
    let twins = Timelocks::start().await?;
    let operation = Operation::new(TARGET, []);
    let refusal =
        || Timelock::TimelockUnexpectedOperationState { operationId: operation.id(), expectedStates: PENDING };
    twins.call(Who::Proposer, operation.cancel()).await?.refused(refusal());
    twins.ready(|_| operation.clone()).await?;
    assert!(twins.call(Who::Executor, operation.execute()).await?.success);
    twins.call(Who::Proposer, operation.cancel()).await?.refused(refusal());
    Ok(())
}
