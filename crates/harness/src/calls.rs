//! The calls of one contract, and what a test says about them.

use alloy::{
    network::TransactionBuilder,
    primitives::{Address, LogData, U256},
    providers::Provider,
    rpc::types::TransactionRequest,
    sol_types::{SolCall, SolError},
};
use eyre::{Result, ensure};

use crate::{
    answer::Answer,
    chain::{Account, Chain},
};

impl From<&Account> for Address {
    fn from(account: &Account) -> Self {
        account.address()
    }
}

/// A test's world around one contract. It says where the contract is; the assertions follow.
#[expect(async_fn_in_trait, reason = "each implementor is one concrete type, so its futures are as `Send` as it is")]
pub trait Calls {
    /// The chain.
    fn chain(&self) -> &Chain;

    /// The contract.
    fn at(&self) -> Address;

    /// Whether a contract's events are among those that [`Calls::sent`] and [`Calls::logs`] look at.
    fn hears(&self, contract: Address) -> bool {
        let _ = contract;
        true
    }

    /// What a view answers.
    ///
    /// # Errors
    /// Where the node does not run it.
    ///
    /// # Panics
    /// Where it reverts.
    async fn read<C: SolCall>(&self, view: C) -> Result<C::Return> {
        Ok(self.asked(Address::ZERO, view).await?.output::<C>())
    }

    /// What a call would answer, without a transaction.
    ///
    /// # Errors
    /// Where the node does not run it.
    async fn asked(&self, by: impl Into<Address>, call: impl SolCall) -> Result<Answer> {
        self.chain().ask(by.into(), self.at(), call.abi_encode()).await
    }

    /// The same with ether, in wei.
    ///
    /// # Errors
    /// Where the node does not run it.
    async fn asked_with(&self, by: impl Into<Address>, call: impl SolCall, wei: u64) -> Result<Answer> {
        Answer::asked(self.chain().dev.call(request(by.into(), self.at(), &call, wei)).await)
    }

    /// Sends a call that must succeed; what it returned, as it was simulated, and the events that the world
    /// [hears](Calls::hears).
    ///
    /// # Errors
    /// Where it reverts, or the node does not answer.
    async fn sent<C: SolCall>(&self, by: &Account, call: C) -> Result<(C::Return, Vec<LogData>)> {
        self.sent_with(by, call, 0).await
    }

    /// The same with ether, in wei.
    ///
    /// # Errors
    /// As [`Calls::sent`].
    async fn sent_with<C: SolCall>(&self, by: &Account, call: C, wei: u64) -> Result<(C::Return, Vec<LogData>)> {
        // In the next block, whose time a test may have set.
        let simulated = self.chain().dev.call(request(by.into(), self.at(), &call, wei)).pending().await;
        let returned = Answer::asked(simulated)?.output::<C>();
        let receipt = by.send_with(self.at(), call.abi_encode(), wei).await?;
        ensure!(receipt.status(), "{} reverted", C::SIGNATURE);
        let heard = receipt.logs().iter().filter(|log| self.hears(log.address()));
        Ok((returned, heard.map(|log| log.data().clone()).collect()))
    }

    /// Sends a call that must succeed; what it returned.
    ///
    /// # Errors
    /// As [`Calls::sent`].
    async fn does<C: SolCall>(&self, by: &Account, call: C) -> Result<C::Return> {
        Ok(self.sent(by, call).await?.0)
    }

    /// Sends a call that must succeed, with just these events; what it returned.
    ///
    /// # Errors
    /// As [`Calls::sent`].
    ///
    /// # Panics
    /// Where it logs other events.
    async fn logs<C: SolCall>(&self, by: &Account, call: C, events: &[LogData]) -> Result<C::Return> {
        self.logs_with(by, call, 0, events).await
    }

    /// The same with ether, in wei.
    ///
    /// # Errors
    /// As [`Calls::sent`].
    ///
    /// # Panics
    /// Where it logs other events.
    async fn logs_with<C: SolCall>(&self, by: &Account, call: C, wei: u64, events: &[LogData]) -> Result<C::Return> {
        let (returned, logs) = self.sent_with(by, call, wei).await?;
        assert_eq!(logs, events, "{}", C::SIGNATURE);
        Ok(returned)
    }

    /// A call must be refused with just this error.
    ///
    /// # Errors
    /// Where the node does not run it.
    ///
    /// # Panics
    /// Where it is not refused, or with another error.
    async fn refuses(&self, by: impl Into<Address>, call: impl SolCall, error: impl SolError) -> Result<()> {
        self.asked(by, call).await?.refused(error);
        Ok(())
    }
}

fn request(by: Address, to: Address, call: &impl SolCall, wei: u64) -> TransactionRequest {
    let request = TransactionRequest::default().with_from(by).with_to(to).with_value(U256::from(wei));
    request.with_input(call.abi_encode())
}
