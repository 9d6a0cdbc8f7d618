//! A chain of one's own for a test: the embedded devnode, funded accounts, time.

use std::time::Duration;

use alloy::{
    network::{EthereumWallet, TransactionBuilder},
    primitives::{Address, B256, Bytes, U256, keccak256},
    providers::{DynProvider, Provider, ProviderBuilder},
    rpc::types::{TransactionReceipt, TransactionRequest},
    signers::local::PrivateKeySigner,
};
use devnode::{ArbosVersion, DevNode, DevNodeBuilder};
use eyre::{Context, OptionExt, Result, ensure};
use nitro::DEV_KEY;

use crate::answer::Answer;

/// A running devnode and its funded account's connection. Dropping it ends the node.
pub struct Chain {
    node: DevNode,
    /// Sends as the development account.
    pub dev: DynProvider,
}

/// An account of a test: its key and a connection that sends as it.
#[derive(Clone)]
pub struct Account {
    /// The key, to sign typed data with.
    pub signer: PrivateKeySigner,
    /// Sends as this account.
    pub provider: DynProvider,
}

impl Account {
    /// Its address.
    pub fn address(&self) -> Address {
        self.signer.address()
    }

    /// Sends `data` to `to` and waits for the receipt, whatever its status: gas is given, not estimated, so that a
    /// call that reverts is mined.
    ///
    /// # Errors
    /// Where the node refuses the transaction.
    pub async fn send(&self, to: Address, data: impl Into<Bytes>) -> Result<TransactionReceipt> {
        self.send_with(to, data, 0).await
    }

    /// The same with so many wei.
    ///
    /// # Errors
    /// Where the node refuses the transaction.
    pub async fn send_with(&self, to: Address, data: impl Into<Bytes>, wei: u64) -> Result<TransactionReceipt> {
        let transaction = TransactionRequest::default()
            .with_to(to)
            .with_value(U256::from(wei))
            .with_input(data.into())
            .with_gas_limit(20_000_000);
        Ok(self.provider.send_transaction(transaction).await?.get_receipt().await?)
    }
}

impl Chain {
    /// Starts a node of its own. Its clock stands until [`Self::advance`] and its like move it, so that no boundary of time
    /// is missed on a slow machine, nor met by chance on a quick one.
    ///
    /// # Errors
    /// Where no port is free or the node does not answer.
    pub fn start() -> Result<Self> {
        Self::of(DevNode::builder())
    }

    /// Starts a node of its own with an older ArbOS, to be upgraded.
    ///
    /// # Errors
    /// As [`Self::start`].
    pub fn start_with(version: ArbosVersion) -> Result<Self> {
        Self::of(DevNode::builder().arbos_version(version))
    }

    /// The same with the methods of Hardhat, such as `hardhat_setCode`.
    ///
    /// # Errors
    /// As [`Self::start`].
    pub fn start_as_hardhat(version: ArbosVersion) -> Result<Self> {
        Self::of(DevNode::builder().arbos_version(version).hardhat(true))
    }

    /// Starts a node of its own where contracts may have any size: for a peer that is above the limit of all chains
    /// (EIP-170).
    ///
    /// # Errors
    /// As [`Self::start`].
    pub fn start_without_limit() -> Result<Self> {
        Self::of(DevNode::builder().unlimited_code_size(true))
    }

    fn of(node: DevNodeBuilder) -> Result<Self> {
        let node = node.block_timestamp_interval(0).spawn()?;
        let dev = connect(&node, PrivateKeySigner::from_bytes(&DEV_KEY)?)?;
        Ok(Self { node, dev })
    }

    /// Where the node listens.
    pub fn url(&self) -> String {
        self.node.http_url()
    }

    /// The development account.
    ///
    /// # Errors
    /// Where the connection cannot be made.
    pub fn dev_account(&self) -> Result<Account> {
        Ok(Account { signer: PrivateKeySigner::from_bytes(&DEV_KEY)?, provider: self.dev.clone() })
    }

    /// The account called `name`, always the same key, with 100 ether more than before.
    ///
    /// # Errors
    /// Where the node refuses the transfer.
    pub async fn account(&self, name: &str) -> Result<Account> {
        self.account_with(name, 100).await
    }

    /// The account called `name`, always the same key, with `ether` more than before.
    ///
    /// # Errors
    /// Where the node refuses the transfer.
    pub async fn account_with(&self, name: &str, ether: u64) -> Result<Account> {
        let signer = PrivateKeySigner::from_bytes(&keccak256(name))?;
        let gift = TransactionRequest::default()
            .with_to(signer.address())
            .with_value(U256::from(ether) * U256::from(10).pow(U256::from(18)));
        let receipt = self.dev.send_transaction(gift).await?.get_receipt().await?;
        ensure!(receipt.status(), "{name} was not funded");
        let provider = connect(&self.node, signer.clone())?;
        Ok(Account { signer, provider })
    }

    /// Creates a contract from its creation code, arguments included.
    ///
    /// # Errors
    /// Where creation reverts.
    pub async fn create(&self, init_code: impl Into<Bytes>) -> Result<Address> {
        let transaction = TransactionRequest::default().with_deploy_code(init_code.into());
        let receipt = self.dev.send_transaction(transaction).await?.get_receipt().await?;
        ensure!(receipt.status(), "the constructor reverted");
        receipt.contract_address.ok_or_eyre("a creation has an address")
    }

    /// What a call of `from` would answer in the state of the head.
    ///
    /// # Errors
    /// Where the node does not run the call.
    pub async fn ask(&self, from: Address, to: Address, data: impl Into<Bytes>) -> Result<Answer> {
        let request = TransactionRequest::default().with_from(from).with_to(to).with_input(data.into());
        Answer::asked(self.dev.call(request).await)
    }

    /// The head's timestamp, in seconds.
    ///
    /// # Errors
    /// Where the node does not answer.
    pub async fn now(&self) -> Result<u64> {
        let head = self.dev.get_block(alloy::eips::BlockId::latest()).await?.ok_or_eyre("there is a head")?;
        Ok(head.header.timestamp)
    }

    /// Moves time on by `seconds` and makes a block there.
    ///
    /// # Errors
    /// Where the node cannot move time.
    pub async fn advance(&self, seconds: u64) -> Result<()> {
        self.advance_to(self.now().await? + seconds).await
    }

    /// Moves time on to `time`, unless it is later already, and makes a block there.
    ///
    /// # Errors
    /// Where the node cannot move time.
    pub async fn advance_to(&self, time: u64) -> Result<()> {
        if self.now().await? < time {
            self.set_time(time).await?;
            let _: serde_json::Value = self.rpc("evm_mine", ()).await?;
        }
        Ok(())
    }

    /// The next block is made at `time`, which is not past.
    ///
    /// # Errors
    /// Where it is, or the node cannot move time.
    pub async fn set_time(&self, time: u64) -> Result<()> {
        let _: serde_json::Value = self.rpc("evm_setNextBlockTimestamp", (time,)).await?;
        Ok(())
    }

    /// Sets what `block.number` reads, on Arbitrum the parent chain's, and makes a block there. It never goes back.
    ///
    /// # Errors
    /// Where the node is not the embedded one.
    pub async fn set_block_number(&self, number: u64) -> Result<()> {
        let _: serde_json::Value = self.rpc("devnode_setL1BlockNumber", (number,)).await?;
        let _: serde_json::Value = self.rpc("evm_mine", ()).await?;
        Ok(())
    }

    /// A word of storage of `account`.
    ///
    /// # Errors
    /// Where the node does not answer.
    pub async fn storage(&self, account: Address, slot: U256) -> Result<B256> {
        Ok(self.dev.get_storage_at(account, slot).await?.into())
    }

    /// Any JSON-RPC method.
    ///
    /// # Errors
    /// What the node answers.
    pub async fn rpc<P, R>(&self, method: &'static str, params: P) -> Result<R>
    where
        P: alloy::rpc::json_rpc::RpcSend,
        R: alloy::rpc::json_rpc::RpcRecv,
    {
        self.dev.raw_request(method.into(), params).await.wrap_err(method)
    }
}

fn connect(node: &DevNode, signer: PrivateKeySigner) -> Result<DynProvider> {
    let provider = ProviderBuilder::new()
        .with_simple_nonce_management()
        .wallet(EthereumWallet::from(signer))
        .connect_reqwest(consilium_deploy::client(Duration::from_secs(60))?, node.http_url().parse()?);
    // The node mines at once: there is nothing to wait between two looks.
    provider.client().set_poll_interval(std::time::Duration::from_millis(2));
    Ok(provider.erased())
}
