//! What is called may call back. The state of the operation, looked at before the calls and after them, is the guard.

use alloy::primitives::{Address, LogData, U256};
use alloy::sol;
use alloy::sol_types::{SolCall, SolEvent};
use eyre::{Result, ensure};
use harness::answer::Answer;
use harness::peers;

use crate::setup::{CANCELLER, EXECUTOR, Operation, READY, Timelock, grant};
use crate::twins::{Timelocks, Who};

sol! {
    interface Reenterer {
        event Reentered(bool success, bytes data);
        function arm(address to, bytes data) external;
    }
}

/// The twins, and for each a contract that calls back; these may execute and cancel.
struct Reentry {
    twins: Timelocks,
    ours: Address,
    peer: Address,
}

impl Reentry {
    async fn start() -> Result<Self> {
        let twins = Timelocks::start().await?;
        let ours = peers::create(&twins.chain, "Reenterer", &[]).await?;
        let peer = peers::create(&twins.chain, "Reenterer", &[]).await?;
        twins.stands_for(ours, peer);
        let test = Self { twins, ours, peer };
        let operation = test.operation();
        for role in [EXECUTOR, CANCELLER] {
            let grant = |timelock| grant(role, operation(timelock).target);
            ensure!(test.twins.call_each(Who::Admin, grant).await?.success);
        }
        Ok(test)
    }

    /// A call of the contract that calls back.
    fn operation(&self) -> impl Fn(Address) -> Operation + use<> {
        let (ours, peer, first) = (self.ours, self.peer, self.twins.ours);
        move |timelock| Operation::new(if timelock == first { ours } else { peer }, *b"go")
    }

    /// Executes the operation while `call` is made from within.
    async fn execute_with(&self, call: impl Fn(Address) -> Vec<u8>) -> Result<Answer> {
        for (reenterer, to) in [(self.ours, self.twins.ours), (self.peer, self.twins.peer)] {
            let arm = Reenterer::armCall { to, data: call(to).into() };
            ensure!(self.twins.sender.send(reenterer, arm.abi_encode()).await?.status());
        }
        let operation = self.operation();
        self.twins.call_each(Who::Executor, |timelock| operation(timelock).execute()).await
    }

    /// Asserts that the operation is in a state.
    async fn expect_state(&self, state: u8) -> Result<()> {
        let operation = self.operation();
        let answer = self.twins.call_each(Who::Stranger, |timelock| operation(timelock).state()).await?;
        answer.returned(U256::from(state));
        Ok(())
    }
}

fn reentered() -> LogData {
    Reenterer::Reentered { success: true, data: Default::default() }.encode_log_data()
}

#[tokio::test]
async fn another_operation_is_executed_from_within() -> Result<()> {
    let test = Reentry::start().await?;
    let (outer, inner) = (test.operation(), Operation::new(Address::repeat_byte(1), []));
    test.twins.ready(|_| inner.clone()).await?;
    test.twins.ready(&outer).await?;
    let answer = test.execute_with(|_| inner.execute()).await?;
    answer.logged([inner.executed(), reentered(), outer(test.twins.ours).executed()]);
    test.expect_state(3).await
}

#[tokio::test]
async fn an_operation_executed_from_within_itself_is_undone() -> Result<()> {
    let test = Reentry::start().await?;
    let operation = test.operation();
    test.twins.ready(&operation).await?;
    let answer = test.execute_with(|timelock| operation(timelock).execute()).await?;
    let operationId = operation(test.twins.ours).id();
    answer.refused(Timelock::TimelockUnexpectedOperationState { operationId, expectedStates: READY });
    test.expect_state(2).await
}

#[tokio::test]
async fn an_operation_cancelled_from_within_itself_is_undone() -> Result<()> {
    let test = Reentry::start().await?;
    let operation = test.operation();
    test.twins.ready(&operation).await?;
    let answer = test.execute_with(|timelock| operation(timelock).cancel()).await?;
    let operationId = operation(test.twins.ours).id();
    answer.refused(Timelock::TimelockUnexpectedOperationState { operationId, expectedStates: READY });
    test.expect_state(2).await
}

#[tokio::test]
async fn cancelling_another_operation_from_within_stands() -> Result<()> {
    let test = Reentry::start().await?;
    let (outer, other) = (test.operation(), Operation::new(Address::repeat_byte(1), []));
    test.twins.ready(|_| other.clone()).await?;
    test.twins.ready(&outer).await?;
    let answer = test.execute_with(|_| other.cancel()).await?;
    answer.logged([other.cancelled(), reentered(), outer(test.twins.ours).executed()]);
    test.twins.call(Who::Stranger, other.state()).await?.returned(U256::ZERO);
    Ok(())
}
