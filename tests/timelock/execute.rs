//! Executing a single call.

use alloy::primitives::{Address, B256, U256, address};
use alloy::providers::Provider;
use alloy::sol_types::{SolCall, SolEvent};
use eyre::Result;
use harness::actor::Actor;

use crate::setup::{ADMIN, EXECUTOR, MIN_DELAY, Operation, READY, Timelock, grant};
use crate::twins::{Timelocks, Who};

/// An account without code: a call of it succeeds.
const TARGET: Address = Address::repeat_byte(0x11);

fn unexpected(operation: &Operation) -> Timelock::TimelockUnexpectedOperationState {
    Timelock::TimelockUnexpectedOperationState { operationId: operation.id(), expectedStates: READY }
}

#[tokio::test]
async fn only_what_is_ready_is_executed_and_only_once() -> Result<()> {
    let twins = Timelocks::start().await?;
    let operation = Operation::new(TARGET, []);
    twins.call(Who::Executor, operation.execute()).await?.refused(unexpected(&operation));
    assert!(twins.call(Who::Proposer, operation.schedule(MIN_DELAY)).await?.success);
    twins.call(Who::Executor, operation.execute()).await?.refused(unexpected(&operation));
    twins.chain.advance(MIN_DELAY).await?;
    twins.call(Who::Executor, operation.execute()).await?.logged([operation.executed()]);
    twins.call(Who::Executor, operation.execute()).await?.refused(unexpected(&operation));

    let cancelled = operation.salted(1);
    twins.ready(|_| cancelled.clone()).await?;
    assert!(twins.call(Who::Proposer, cancelled.cancel()).await?.success);
    twins.call(Who::Executor, cancelled.execute()).await?.refused(unexpected(&cancelled));
    Ok(())
}

#[tokio::test]
async fn only_an_executor_executes_unless_the_role_is_open() -> Result<()> {
    let twins = Timelocks::start().await?;
    let operation = Operation::new(TARGET, []);
    twins.ready(|_| operation.clone()).await?;
    for who in [Who::Proposer, Who::Admin, Who::Stranger] {
        let refusal = Timelock::AccessControlUnauthorizedAccount { account: twins.actor(who), neededRole: EXECUTOR };
        twins.call(who, operation.execute()).await?.refused(refusal);
    }
    assert!(twins.call(Who::Admin, grant(EXECUTOR, Address::ZERO)).await?.success);
    twins.call(Who::Stranger, operation.execute()).await?.logged([operation.executed()]);
    Ok(())
}

#[tokio::test]
async fn a_predecessor_is_done_first() -> Result<()> {
    let twins = Timelocks::start().await?;
    let first = Operation::new(TARGET, []);
    let second = first.clone().after(first.id());
    let orphan = first.clone().after(B256::repeat_byte(5));
    for operation in [&first, &second, &orphan] {
        twins.ready(|_| operation.clone()).await?;
    }
    let refusal = |predecessorId| Timelock::TimelockUnexecutedPredecessor { predecessorId };
    twins.call(Who::Executor, orphan.execute()).await?.refused(refusal(orphan.predecessor));
    twins.call(Who::Executor, second.execute()).await?.refused(refusal(first.id()));
    assert!(twins.call(Who::Executor, first.execute()).await?.success);
    assert!(twins.call(Who::Executor, second.execute()).await?.success);
    Ok(())
}

#[tokio::test]
async fn what_the_call_reverts_with_is_passed_on() -> Result<()> {
    let twins = Timelocks::start().await?;
    // A role is granted by admins only, and the stranger's timelock call is not one: the target is a timelock itself.
    let reverting = |timelock| Operation::new(timelock, revert_with_reason());
    twins.ready(reverting).await?;
    let answer = twins.call_each(Who::Executor, |timelock| reverting(timelock).execute()).await?;
    answer.refused(Timelock::AccessControlBadConfirmation {});

    // Calldata that no function answers is refused without a reason.
    let silent = |timelock| Operation::new(timelock, [1, 2, 3, 4]);
    twins.ready(silent).await?;
    let answer = twins.call_each(Who::Executor, |timelock| silent(timelock).execute()).await?;
    answer.refused(Timelock::FailedCall {});

    // Nothing of it stands, and it can be tried again.
    twins.call_each(Who::Stranger, |timelock| silent(timelock).state()).await?.returned(U256::from(2));
    Ok(())
}

/// A call that a timelock refuses, whoever makes it: renouncing somebody else's role.
fn revert_with_reason() -> Vec<u8> {
    Timelock::renounceRoleCall { role: ADMIN, callerConfirmation: TARGET }.abi_encode()
}

#[tokio::test]
async fn value_comes_out_of_the_treasury() -> Result<()> {
    let twins = Timelocks::start().await?;
    let payee = Address::repeat_byte(0x77);
    let payment = Operation::new(payee, []).paying(700);
    // What is not ready is refused before its call is tried.
    twins.call(Who::Executor, payment.execute()).await?.refused(unexpected(&payment));
    twins.ready(|_| payment.clone()).await?;
    // More than there is.
    twins.call(Who::Executor, payment.execute()).await?.refused(Timelock::FailedCall {});
    twins.fund(1_000).await?;
    twins.call(Who::Executor, payment.execute()).await?.logged([payment.executed()]);
    assert_eq!(twins.chain.dev.get_balance(payee).await?, U256::from(1_400));
    for timelock in [twins.ours, twins.peer] {
        assert_eq!(twins.chain.dev.get_balance(timelock).await?, U256::from(300));
    }
    Ok(())
}

#[tokio::test]
async fn value_sent_to_execute_stays_with_the_timelock() -> Result<()> {
    let twins = Timelocks::start().await?;
    assert!(twins.call(Who::Admin, grant(EXECUTOR, Address::ZERO)).await?.success);
    let payee = Address::repeat_byte(0x78);
    let payment = Operation::new(payee, []).paying(40);
    twins.ready(|_| payment.clone()).await?;
    for timelock in [twins.ours, twins.peer] {
        let receipt = twins.pay(timelock, payment.execute(), U256::from(100)).await?;
        assert!(receipt.status());
        assert_eq!(twins.chain.dev.get_balance(timelock).await?, U256::from(60));
    }
    assert_eq!(twins.chain.dev.get_balance(payee).await?, U256::from(80));
    Ok(())
}

#[tokio::test]
async fn other_functions_take_no_value() -> Result<()> {
    let twins = Timelocks::start().await?;
    for timelock in [twins.ours, twins.peer] {
        let call = Timelock::getMinDelayCall {}.abi_encode();
        assert!(!twins.pay(timelock, call, U256::from(1)).await?.status());
        assert_eq!(twins.chain.dev.get_balance(timelock).await?, U256::ZERO);
    }
    Ok(())
}

#[tokio::test]
async fn the_target_sees_the_timelock_and_the_calldata() -> Result<()> {
    let twins = Timelocks::start().await?;
    // The target is a contract that calls the identity precompile and logs the answer.
    let data = Actor::eachCall {
        targets: vec![address!("0x0000000000000000000000000000000000000004")],
        calls: vec![b"hello".as_slice().into()],
    };
    let operation = Operation::new(twins.actor(Who::Stranger), data.abi_encode());
    twins.ready(|_| operation.clone()).await?;
    let answered = Actor::Answered { index: U256::ZERO, success: true, data: b"hello".as_slice().into() };
    let answer = twins.call(Who::Executor, operation.execute()).await?;
    answer.logged([answered.encode_log_data(), operation.executed()]);
    Ok(())
}
