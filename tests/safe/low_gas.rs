//! Little gas: whoever sends a transaction chooses how much, and must not choose what happens.

use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, U256};
use alloy::providers::Provider;
use alloy::rpc::types::TransactionRequest;
use alloy::sol_types::SolCall;
use eyre::Result;
use harness::answer::Answer;

use crate::transaction::{By, SafeTx, call, signatures};
use crate::twins::{Helpers, Safes, gs, setup};
use crate::version::undone;

/// What a transaction with so much gas would do, on our Safe or the peer's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    /// It runs out of gas, or reverts without a reason, and nothing has happened.
    Nothing,
    /// GS010.
    TooLittle,
    /// GS013.
    Failed,
    /// It succeeds, and says whether the Safe's transaction did.
    Done(bool),
}

struct Execution<'a> {
    safes: &'a Safes,
    from: Address,
    to: Address,
    data: Vec<u8>,
}

impl Execution<'_> {
    async fn with(&self, gas: u64) -> Result<Outcome> {
        let request = TransactionRequest::default()
            .with_from(self.from)
            .with_to(self.to)
            .with_input(self.data.clone())
            .with_gas_limit(gas);
        let Ok(Answer { success, data, .. }) = Answer::asked(self.safes.chain.dev.call(request).await) else {
            return Ok(Outcome::Nothing);
        };
        Ok(match success {
            true => Outcome::Done(data.last() == Some(&1)),
            false if data[..] == gs(10) => Outcome::TooLittle,
            false if data.is_empty() => Outcome::Nothing,
            false if data[..] == undone(&[]) => Outcome::Failed,
            false => Outcome::Nothing,
        })
    }

    /// The least gas with which the outcome is none of these.
    async fn least_beyond(&self, outcomes: &[Outcome]) -> Result<u64> {
        let (mut low, mut high) = (21_000, 3_000_000);
        while high - low > 1 {
            let middle = (low + high) / 2;
            if outcomes.contains(&self.with(middle).await?) { low = middle } else { high = middle }
        }
        Ok(high)
    }
}

impl Safes {
    /// A transaction on ours, signed by two.
    async fn execution(&self, tx: &SafeTx) -> Result<Execution<'_>> {
        let tx = SafeTx { nonce: self.nonce().await?, ..tx.clone() };
        let to = self.ours.safe;
        let data = tx.execution(signatures(tx.hash(to), &self.two()));
        Ok(Execution { safes: self, from: self.sender.address(), to, data })
    }

    /// The first transaction of a Safe, sent by its owner, who signs by that. No signature is checked by a call.
    async fn first_execution(&mut self, tx: &SafeTx) -> Result<Execution<'_>> {
        let owner = self.actors[0];
        self.renew(&setup(&[owner], 1).abi_encode()).await?;
        let to = self.ours.safe;
        let data = tx.execution(signatures(tx.hash(to), &[By::Approval(owner)]));
        Ok(Execution { safes: self, from: owner, to, data })
    }
}

/// Writing the nonce for the first time costs 20,000 gas: not that of the call.
#[tokio::test]
async fn the_nonce_takes_nothing_of_a_promise() -> Result<()> {
    let mut safes = Safes::start().await?;
    let spend = Helpers::spendCall { gas: U256::from(20_000) }.abi_encode();
    let tx = SafeTx { safeTxGas: U256::from(30_000), ..call(safes.target, spend) };
    let execution = safes.first_execution(&tx).await?;
    let least = execution.least_beyond(&[Outcome::Nothing, Outcome::TooLittle]).await?;
    for gas in (least..least + 200).chain((least..least + 100_000).step_by(3_001)) {
        assert_eq!(execution.with(gas).await?, Outcome::Done(true), "{gas} gas");
    }
    Ok(())
}

/// A call that fails for lack of gas, where the owners promised it enough, would use the nonce up: it must not begin.
#[tokio::test]
async fn a_promise_of_gas_is_kept() -> Result<()> {
    let safes = Safes::start().await?;
    safes.fund(1_000).await?;
    for (promised, value) in [(30_000, 0), (520_000, 0), (1_500_000, 0), (30_000, 1), (1_500_000, 1)] {
        // Beside what it spends it answers; ether brings 2,300 more.
        let spend = Helpers::spendCall { gas: U256::from(promised - 1_000) }.abi_encode();
        let (safeTxGas, value) = (U256::from(promised), U256::from(value));
        let tx = SafeTx { safeTxGas, value, ..call(safes.target, spend) };
        let execution = safes.execution(&tx).await?;
        let least = execution.least_beyond(&[Outcome::Nothing, Outcome::TooLittle]).await?;
        for gas in (least..least + 200).chain((least..least + 200_000).step_by(3_001)) {
            assert_eq!(execution.with(gas).await?, Outcome::Done(true), "{promised} promised, {value} wei, {gas} gas");
        }
    }
    Ok(())
}

/// A call that uses up all it gets leaves enough for the event of its failure, however little there was.
#[tokio::test]
async fn a_failure_is_told_with_the_least_gas_there_is() -> Result<()> {
    let safes = Safes::start().await?;
    safes.fund(1_000).await?;
    for (promised, value) in [(1, 0), (1_000, 0), (100_000, 0), (300_000, 0), (1, 1), (300_000, 1)] {
        let burn = Helpers::burnCall {}.abi_encode();
        let (safeTxGas, value) = (U256::from(promised), U256::from(value));
        let tx = SafeTx { safeTxGas, value, ..call(safes.target, burn) };
        let execution = safes.execution(&tx).await?;
        let least = execution.least_beyond(&[Outcome::Nothing, Outcome::TooLittle]).await?;
        let enough = execution.least_beyond(&[Outcome::Nothing]).await?;
        assert!(enough < least, "GS010 is told below");
        for gas in (least..least + 200).chain((least..least + 200_000).step_by(3_001)) {
            assert_eq!(execution.with(gas).await?, Outcome::Done(false), "{promised} promised, {value} wei, {gas} gas");
        }
        // Nothing runs out of gas where GS010 could have said so.
        for gas in (enough + 100..least).step_by(997) {
            assert_eq!(execution.with(gas).await?, Outcome::TooLittle, "{promised} promised, {value} wei, {gas} gas");
        }
    }
    Ok(())
}

/// Where nothing is promised, a call that lacks gas undoes all: there is an amount from which on it succeeds, and below
/// it nothing has happened.
#[tokio::test]
async fn without_a_promise_nothing_happens_by_halves() -> Result<()> {
    let safes = Safes::start().await?;
    let spend = Helpers::spendCall { gas: U256::from(30_000) }.abi_encode();
    let execution = safes.execution(&call(safes.target, spend)).await?;
    let least = execution.least_beyond(&[Outcome::Nothing, Outcome::TooLittle, Outcome::Failed]).await?;
    for gas in (least..least + 300).chain((least..least + 300_000).step_by(2_003)) {
        assert_eq!(execution.with(gas).await?, Outcome::Done(true), "{gas} gas");
    }
    for gas in (21_000..least).step_by(511) {
        assert!(!matches!(execution.with(gas).await?, Outcome::Done(_)), "{gas} gas");
    }
    Ok(())
}

/// Whoever sends a transaction that pays for its gas would be paid for one that it starves: it must not begin.
#[tokio::test]
async fn nobody_is_paid_for_a_transaction_that_it_starves() -> Result<()> {
    let safes = Safes::start().await?;
    let spend = Helpers::spendCall { gas: U256::from(40_000) }.abi_encode();
    let [safeTxGas, gasPrice, value] = [50_000, 1, 3].map(U256::from);
    let refundReceiver = Address::repeat_byte(0x51);
    let pays = SafeTx { safeTxGas, gasPrice, refundReceiver, ..call(safes.target, spend) };
    for tx in [pays.clone(), SafeTx { value, ..pays }] {
        let execution = safes.execution(&tx).await?;
        for gas in (60_000..400_000).step_by(499) {
            assert_ne!(execution.with(gas).await?, Outcome::Done(false), "{gas} gas");
        }
        assert_eq!(execution.with(400_000).await?, Outcome::Done(true));
    }
    Ok(())
}
