//! Two timelocks, ours and OpenZeppelin's, and who holds roles in both.

use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, U256};
use alloy::providers::Provider;
use alloy::rpc::types::{TransactionReceipt, TransactionRequest};
use eyre::{Result, ensure};
use harness::actor::actors;
use harness::answer::Answer;
use harness::chain::Chain;
use harness::deploy;
use harness::peers;
use harness::twins::Twins;

use crate::setup::{MIN_DELAY, Operation, constructor};

/// Who makes a call: each is a contract.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Who {
    /// Holds PROPOSER_ROLE and CANCELLER_ROLE.
    Proposer,
    /// Holds EXECUTOR_ROLE.
    Executor,
    /// Holds DEFAULT_ADMIN_ROLE.
    Admin,
    /// Holds nothing.
    Stranger,
}

/// Both timelocks and who deals with them.
pub(crate) struct Timelocks {
    twins: Twins<Address>,
}

harness::deref_to_twins!(Timelocks, Address);

impl Timelocks {
    /// Both timelocks, freshly deployed.
    pub(crate) async fn start() -> Result<Self> {
        let chain = Chain::start()?;
        let actors = actors(&chain, 4).await?;
        let arguments = constructor(MIN_DELAY, vec![actors[0]], vec![actors[1]], actors[2]);
        let peer = peers::create(&chain, "PeerTimelock", &arguments).await?;
        let ours = deploy::program(&chain, "timelock", &arguments).await?;
        let twins = Twins::new(chain, [ours, peer], actors)?;
        twins.stands_for(ours, peer);
        Ok(Self { twins })
    }

    /// An account.
    pub(crate) fn actor(&self, who: Who) -> Address {
        self.actors[who as usize]
    }

    /// Makes a call on both.
    ///
    /// # Errors
    /// Where they differ.
    pub(crate) async fn call(&self, who: Who, call: impl Into<Vec<u8>>) -> Result<Answer> {
        let call = call.into();
        self.call_each(who, |_| call.clone()).await
    }

    /// Makes calls on both that depend on the timelock's address.
    ///
    /// # Errors
    /// Where they differ.
    pub(crate) async fn call_each(&self, who: Who, call: impl Fn(Address) -> Vec<u8>) -> Result<Answer> {
        self.at(who as usize, |timelock| (*timelock, call(*timelock))).await
    }

    /// Lets the ids of an operation on the timelock itself stand for each other: they hash its address.
    pub(crate) fn alike(&self, operation: impl Fn(Address) -> Operation) {
        self.stands_for(operation(self.ours).id(), operation(self.peer).id());
    }

    /// Schedules an operation on both and waits until it is ready.
    ///
    /// # Errors
    /// Where they differ, or refuse it.
    pub(crate) async fn ready(&self, operation: impl Fn(Address) -> Operation) -> Result<()> {
        self.alike(&operation);
        let answer = self.call_each(Who::Proposer, |timelock| operation(timelock).schedule(MIN_DELAY)).await?;
        ensure!(answer.success, "not scheduled: {}", answer.data);
        self.chain.advance(MIN_DELAY).await
    }

    /// Sends ether to both.
    ///
    /// # Errors
    /// Where one does not take it.
    pub(crate) async fn fund(&self, wei: u64) -> Result<()> {
        for timelock in [self.ours, self.peer] {
            let receipt = self.pay(timelock, Vec::new(), U256::from(wei)).await?;
            ensure!(receipt.status(), "{timelock} refused ether");
        }
        Ok(())
    }

    /// Sends ether and a call from the account behind the actors, and waits for the receipt, whatever its status.
    ///
    /// # Errors
    /// Where the node refuses the transaction.
    pub(crate) async fn pay(&self, to: Address, data: Vec<u8>, value: U256) -> Result<TransactionReceipt> {
        let request = TransactionRequest::default().with_to(to).with_input(data).with_value(value);
        let sent = self.sender.provider.send_transaction(request.with_gas_limit(2_000_000)).await?;
        Ok(sent.get_receipt().await?)
    }
}
