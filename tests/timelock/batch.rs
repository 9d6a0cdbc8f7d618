//! Batches: several calls, all or none.

use alloy::primitives::{Address, B256, Bytes, LogData, U256, keccak256};
use alloy::providers::Provider;
use alloy::sol_types::{SolCall, SolEvent, SolValue};
use eyre::Result;

use crate::setup::{CANCELLER, EXECUTOR, MIN_DELAY, PROPOSER, READY, Timelock, UNSET};
use crate::twins::{Timelocks, Who};

/// A batch to be scheduled.
#[derive(Clone, Debug, Default)]
struct Batch {
    targets: Vec<Address>,
    values: Vec<U256>,
    payloads: Vec<Bytes>,
    predecessor: B256,
    salt: B256,
}

impl Batch {
    fn of(calls: &[(Address, u64, &[u8])]) -> Self {
        Self {
            targets: calls.iter().map(|call| call.0).collect(),
            values: calls.iter().map(|call| U256::from(call.1)).collect(),
            payloads: calls.iter().map(|call| call.2.to_vec().into()).collect(),
            ..Self::default()
        }
    }

    fn id(&self) -> B256 {
        let Self { targets, values, payloads, predecessor, salt } = self.clone();
        keccak256((targets, values, payloads, predecessor, salt).abi_encode_params())
    }

    fn schedule(&self, delay: u64) -> Vec<u8> {
        let Self { targets, values, payloads, predecessor, salt } = self.clone();
        let delay = U256::from(delay);
        Timelock::scheduleBatchCall { targets, values, payloads, predecessor, salt, delay }.abi_encode()
    }

    fn execute(&self) -> Vec<u8> {
        let Self { targets, values, payloads, predecessor, salt } = self.clone();
        Timelock::executeBatchCall { targets, values, payloads, predecessor, salt }.abi_encode()
    }

    fn state(&self) -> Vec<u8> {
        Timelock::getOperationStateCall { id: self.id() }.abi_encode()
    }

    fn scheduled(&self, delay: u64) -> Vec<LogData> {
        let (id, predecessor, delay) = (self.id(), self.predecessor, U256::from(delay));
        let event = |index: usize| Timelock::CallScheduled {
            id,
            index: U256::from(index),
            target: self.targets[index],
            value: self.values[index],
            data: self.payloads[index].clone(),
            predecessor,
            delay,
        };
        (0..self.targets.len()).map(|index| event(index).encode_log_data()).collect()
    }

    fn executed(&self) -> Vec<LogData> {
        let event = |index: usize| Timelock::CallExecuted {
            id: self.id(),
            index: U256::from(index),
            target: self.targets[index],
            value: self.values[index],
            data: self.payloads[index].clone(),
        };
        (0..self.targets.len()).map(|index| event(index).encode_log_data()).collect()
    }
}

const ONE: Address = Address::repeat_byte(1);
const TWO: Address = Address::repeat_byte(2);
const THREE: Address = Address::repeat_byte(3);

#[tokio::test]
async fn a_batch_is_scheduled_and_executed_call_by_call() -> Result<()> {
    let twins = Timelocks::start().await?;
    twins.fund(100).await?;
    let batch =
        Batch { salt: B256::with_last_byte(1), ..Batch::of(&[(ONE, 10, b"a"), (TWO, 20, b""), (THREE, 30, &[9; 40])]) };
    let salt = Timelock::CallSalt { id: batch.id(), salt: batch.salt }.encode_log_data();
    let events = batch.scheduled(MIN_DELAY).into_iter().chain([salt]);
    twins.call(Who::Proposer, batch.schedule(MIN_DELAY)).await?.logged(events);
    twins.call(Who::Stranger, batch.state()).await?.returned(U256::from(1));
    twins.chain.advance(MIN_DELAY).await?;
    twins.call(Who::Executor, batch.execute()).await?.logged(batch.executed());
    twins.call(Who::Stranger, batch.state()).await?.returned(U256::from(3));
    for (payee, value) in [(ONE, 20), (TWO, 40), (THREE, 60)] {
        assert_eq!(twins.chain.dev.get_balance(payee).await?, U256::from(value));
    }
    Ok(())
}

#[tokio::test]
async fn one_call_that_fails_undoes_all() -> Result<()> {
    let twins = Timelocks::start().await?;
    twins.fund(15).await?;
    let batch = Batch::of(&[(ONE, 10, b""), (TWO, 10, b"")]);
    // What is not ready is refused before its calls are tried.
    let unexpected = Timelock::TimelockUnexpectedOperationState { operationId: batch.id(), expectedStates: READY };
    twins.call(Who::Executor, batch.execute()).await?.refused(unexpected);
    assert!(twins.call(Who::Proposer, batch.schedule(MIN_DELAY)).await?.success);
    twins.chain.advance(MIN_DELAY).await?;
    twins.call(Who::Executor, batch.execute()).await?.refused(Timelock::FailedCall {});
    twins.call(Who::Stranger, batch.state()).await?.returned(U256::from(2));
    assert_eq!(twins.chain.dev.get_balance(ONE).await?, U256::ZERO);
    Ok(())
}

/// Who may not call learns nothing of what is wrong with the call: roles come first.
#[tokio::test]
async fn a_stranger_is_refused_whatever_it_sends() -> Result<()> {
    let twins = Timelocks::start().await?;
    let mut uneven = Batch::of(&[(ONE, 1, b"a"), (TWO, 2, b"b")]);
    uneven.values.pop();
    let lacks = |needed_role: B256| Timelock::AccessControlUnauthorizedAccount {
        account: twins.actor(Who::Stranger),
        neededRole: needed_role,
    };
    twins.call(Who::Stranger, uneven.schedule(0)).await?.refused(lacks(PROPOSER));
    twins.call(Who::Stranger, uneven.execute()).await?.refused(lacks(EXECUTOR));
    let unknown = Timelock::cancelCall { id: uneven.id() }.abi_encode();
    twins.call(Who::Stranger, unknown).await?.refused(lacks(CANCELLER));
    Ok(())
}

#[tokio::test]
async fn lists_are_of_one_length() -> Result<()> {
    let twins = Timelocks::start().await?;
    let whole = Batch::of(&[(ONE, 1, b"a"), (TWO, 2, b"b")]);
    let mut batches = [whole.clone(), whole.clone(), whole];
    batches[0].targets.pop();
    batches[1].values.pop();
    batches[2].payloads.pop();
    for batch in batches {
        let [targets, payloads, values] =
            [batch.targets.len(), batch.payloads.len(), batch.values.len()].map(U256::from);
        let refusal = || Timelock::TimelockInvalidOperationLength { targets, payloads, values };
        twins.call(Who::Proposer, batch.schedule(MIN_DELAY)).await?.refused(refusal());
        twins.call(Who::Executor, batch.execute()).await?.refused(refusal());
    }
    Ok(())
}

#[tokio::test]
async fn a_batch_of_nothing_and_a_batch_of_one_are_batches() -> Result<()> {
    let twins = Timelocks::start().await?;
    for batch in [Batch::default(), Batch::of(&[(ONE, 0, b"x")])] {
        twins.call(Who::Proposer, batch.schedule(MIN_DELAY)).await?.logged(batch.scheduled(MIN_DELAY));
        twins.chain.advance(MIN_DELAY).await?;
        twins.call(Who::Executor, batch.execute()).await?.logged(batch.executed());
        let Batch { targets, values, payloads, predecessor, salt } = batch.clone();
        let call = Timelock::hashOperationBatchCall { targets, values, payloads, predecessor, salt };
        twins.call(Who::Stranger, call.abi_encode()).await?.returned(batch.id());
    }
    Ok(())
}

#[tokio::test]
async fn batches_obey_roles_states_and_predecessors() -> Result<()> {
    let twins = Timelocks::start().await?;
    let first = Batch::of(&[(ONE, 0, b"")]);
    let second = Batch { predecessor: first.id(), ..first.clone() };
    let lacks = |who, neededRole| Timelock::AccessControlUnauthorizedAccount { account: twins.actor(who), neededRole };
    let unexpected = |batch: &Batch, expectedStates| Timelock::TimelockUnexpectedOperationState {
        operationId: batch.id(),
        expectedStates,
    };
    twins.call(Who::Stranger, first.schedule(MIN_DELAY)).await?.refused(lacks(Who::Stranger, PROPOSER));
    twins.call(Who::Stranger, first.execute()).await?.refused(lacks(Who::Stranger, EXECUTOR));
    let refusal = Timelock::TimelockInsufficientDelay { delay: U256::ZERO, minDelay: U256::from(MIN_DELAY) };
    twins.call(Who::Proposer, first.schedule(0)).await?.refused(refusal);

    for batch in [&first, &second] {
        assert!(twins.call(Who::Proposer, batch.schedule(MIN_DELAY)).await?.success);
        twins.call(Who::Proposer, batch.schedule(MIN_DELAY)).await?.refused(unexpected(batch, UNSET));
        twins.call(Who::Executor, batch.execute()).await?.refused(unexpected(batch, READY));
    }
    twins.chain.advance(MIN_DELAY).await?;
    let refusal = Timelock::TimelockUnexecutedPredecessor { predecessorId: first.id() };
    twins.call(Who::Executor, second.execute()).await?.refused(refusal);
    assert!(twins.call(Who::Executor, first.execute()).await?.success);
    assert!(twins.call(Who::Executor, second.execute()).await?.success);
    twins.call(Who::Executor, second.execute()).await?.refused(unexpected(&second, READY));
    Ok(())
}
