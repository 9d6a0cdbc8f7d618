//! The registry on a chain: reading, and sending with errors in words.

use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, B256, Bytes};
use alloy::providers::Provider;
use alloy::rpc::types::{Filter, Log, TransactionReceipt, TransactionRequest};
use alloy::sol_types::{SolCall, SolEvent};
use consilium_bindings::DataPointerRegistry as abi;
use eyre::{OptionExt, Result, bail, ensure, eyre};

use super::act::Act;
use super::errors::in_words;
use crate::chain::{Chain, Sender, gas_limit};
use crate::explain::{explain, revert_data};
use crate::signing::Signable as _;
use crate::{logs, parts};

/// A registry, and the chain it is on.
#[derive(Clone, Debug)]
pub struct Registry {
    chain: Chain,
    at: Address,
}

/// A transaction that is in a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sent {
    /// Its hash.
    pub transaction: B256,
    /// The gas that it used.
    pub gas_used: u64,
}

impl Registry {
    /// Finds the registry at an address. Another contract could answer anything, and is refused.
    ///
    /// # Errors
    /// If there is none, or the node does not answer.
    pub async fn open(chain: &Chain, at: Address) -> Result<Self> {
        ensure!(
            !chain.code(at).await?.is_empty(),
            "there is no contract at {at} on chain {}: correct the address, or take a node of the right chain",
            chain.id()
        );
        let registry = Self { chain: chain.clone(), at };
        let domain = registry.read(abi::eip712DomainCall {}).await.map_err(|_| stranger(at))?;
        ensure!(
            (domain.name.as_str(), domain.version.as_str()) == (Act::DOMAIN.name, Act::DOMAIN.version),
            stranger(at)
        );
        Ok(registry)
    }

    /// Where it is.
    pub const fn address(&self) -> Address {
        self.at
    }

    /// The chain it is on.
    pub const fn chain(&self) -> &Chain {
        &self.chain
    }

    /// What a view answers.
    ///
    /// # Errors
    /// If it reverts, or the node does not answer.
    pub async fn read<C: SolCall>(&self, view: C) -> Result<C::Return> {
        self.ask(&self.chain, Address::ZERO, view).await
    }

    /// Calls it as an account, through a connection to its chain.
    pub(super) async fn ask<C: SolCall>(&self, chain: &Chain, from: Address, call: C) -> Result<C::Return> {
        let data = self.ask_input(chain, from, call.abi_encode().into()).await?;
        C::abi_decode_returns_validate(&data).map_err(|_| stranger(self.at))
    }

    /// The same with calldata.
    pub(super) async fn ask_input(&self, chain: &Chain, from: Address, input: Bytes) -> Result<Bytes> {
        let answer = chain.provider().call(self.request(from, input)).await;
        answer.map_err(|error| match revert_data(&error) {
            Some(data) => eyre!("{}", in_words(&data)),
            None => eyre!("could not call {}: {}", self.at, explain(&error)),
        })
    }

    fn request(&self, from: Address, input: Bytes) -> TransactionRequest {
        TransactionRequest::default().with_from(from).with_to(self.at).with_input(input)
    }

    /// Sends a call, and waits until it is in a block. Nothing is sent if it would revert.
    ///
    /// # Errors
    /// If it would revert, in the contract's words; if it reverts all the same; or the node does not answer.
    pub(super) async fn send(&self, sender: &Sender, call: impl SolCall) -> Result<TransactionReceipt> {
        self.send_input(sender, call.abi_encode().into()).await
    }

    /// The same with calldata.
    pub(super) async fn send_input(&self, sender: &Sender, input: Bytes) -> Result<TransactionReceipt> {
        self.ask_input(sender.chain(), sender.account(), input.clone()).await?;
        let request = self.request(sender.account(), input.clone());
        let gas = sender.provider().estimate_gas(request.clone()).await;
        let gas = gas.map_err(|error| match revert_data(&error) {
            Some(data) => eyre!("{}", in_words(&data)),
            None => eyre!("could not estimate the gas: {}", explain(&error)),
        })?;
        let receipt = sender.transact(request.with_gas_limit(gas_limit(gas)), parts::ALL).await?;
        if !receipt.status() {
            // The state moved since it was asked: what it says now is the reason, if it still says no.
            let reason = self.ask_input(sender.chain(), sender.account(), input).await.err();
            let reason = reason.map_or_else(String::new, |reason| format!(": {reason:#}"));
            bail!("the transaction {} reverted{reason}", receipt.transaction_hash);
        }
        Ok(receipt)
    }

    /// The event of a receipt: the proof of what was done.
    pub(super) fn event<E: SolEvent>(&self, receipt: &TransactionReceipt) -> Result<E> {
        self.event_where(receipt, |_| true)
    }

    /// The event of a receipt of several acts that is about one of them.
    pub(super) fn event_where<E: SolEvent>(
        &self,
        receipt: &TransactionReceipt,
        is_its: impl Fn(&E) -> bool,
    ) -> Result<E> {
        let own = receipt.logs().iter().filter(|log| log.address() == self.at);
        let event = own.filter_map(|log| E::decode_log(&log.inner).ok()).find(|event| is_its(&event.data));
        let event = event.ok_or_else(|| {
            eyre!("the transaction {} has no event of it: look at it by another node", receipt.transaction_hash)
        })?;
        Ok(event.data)
    }

    /// The events of a kind about a pointer, with their blocks.
    pub(super) async fn events<E: SolEvent>(&self, id: B256) -> Result<Vec<(E, Log)>> {
        let head = self.chain.head().await?;
        let from = logs::appearance(&self.chain, self.at, head).await?.unwrap_or(0);
        let filter = Filter::new().address(self.at).event_signature(E::SIGNATURE_HASH).topic1(id);
        let found = logs::collect(&self.chain, &filter, from, head).await?;
        let told = |log: Log| {
            let event =
                Some(&log).filter(|log| log.address() == self.at).and_then(|log| E::decode_log(&log.inner).ok());
            let event = event.ok_or_eyre("the node told of an event that it was not asked for: ask another node")?;
            Ok((event.data, log))
        };
        found.into_iter().map(told).collect()
    }
}

impl Sent {
    pub(super) const fn of(receipt: &TransactionReceipt) -> Self {
        Self { transaction: receipt.transaction_hash, gas_used: receipt.gas_used }
    }
}

fn stranger(contract: Address) -> eyre::Report {
    eyre!(
        "what stands at {contract} does not answer as a data pointer registry: correct the address; or its program has \
         expired, and `consilium renew` renews it"
    )
}
