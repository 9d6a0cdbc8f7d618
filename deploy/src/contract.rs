//! A contract of one kind on a chain: reading, and sending with errors in words.

use alloy::eips::BlockId;
use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, B256, Bytes, U256};
use alloy::providers::Provider;
use alloy::rpc::types::{Filter, Log, TransactionReceipt, TransactionRequest};
use alloy::sol_types::{Eip712Domain, SolCall, SolEvent};
use consilium_bindings::Consent::eip712DomainCall;
use eyre::{OptionExt, Result, bail, ensure, eyre};

use crate::chain::{Chain, Sender, gas_limit};
use crate::explain::{explain, is_execution, revert_data};
use crate::part::Name;
use crate::signing::{Domain, Place};
use crate::{logs, parts};

/// What a contract is, and how its errors are told.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Kind {
    /// Its name.
    pub(crate) name: Name,
    /// Its EIP-712 domain, by which it is known. Whoever opens one without asks it something that others do not have.
    pub(crate) domain: Option<Domain>,
    /// What a revert of it says.
    pub(crate) in_words: fn(&[u8]) -> String,
}

/// A contract of a kind, and the chain it is on.
#[derive(Clone, Debug)]
pub struct Contract {
    kind: &'static Kind,
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

impl Contract {
    /// Finds the contract at an address. One of another kind could answer anything, and is refused.
    ///
    /// # Errors
    /// If there is none, or the node does not answer.
    pub(crate) async fn open(kind: &'static Kind, chain: &Chain, at: Address) -> Result<Self> {
        ensure!(
            !chain.code(at).await?.is_empty(),
            "there is no contract at {at} on chain {}: correct the address, or take a node of the right chain",
            chain.id()
        );
        let contract = Self { kind, chain: chain.clone(), at };
        if let Some(own) = &kind.domain {
            let request = contract.request(Address::ZERO, eip712DomainCall {}.abi_encode().into(), U256::ZERO);
            let domain = match chain.provider().call(request).await {
                Ok(data) => eip712DomainCall::abi_decode_returns_validate(&data).map_err(|_| contract.stranger())?,
                Err(error) if is_execution(&error) => return Err(contract.stranger()),
                Err(error) => bail!("could not ask what stands at {at}: {}", explain(&error)),
            };
            let is_it = (domain.name.as_str(), domain.version.as_str()) == (own.name, own.version);
            ensure!(is_it, contract.stranger());
        }
        Ok(contract)
    }

    /// What it is.
    pub(crate) const fn name(&self) -> Name {
        self.kind.name
    }

    /// Where it is.
    pub const fn address(&self) -> Address {
        self.at
    }

    /// The chain it is on.
    pub const fn chain(&self) -> &Chain {
        &self.chain
    }

    /// Its domain for typed data: what is signed for it counts nowhere else.
    ///
    /// # Panics
    /// If nothing is signed for contracts of its kind.
    pub(crate) fn domain(&self) -> Eip712Domain {
        let domain = self.kind.domain.as_ref().expect("only what is signed for a contract asks for its domain");
        domain.at(&Place { chain: self.chain.id(), contract: self.at })
    }

    /// The time of the newest block, in seconds since 1970: what the contract compares with.
    ///
    /// # Errors
    /// If the node does not answer.
    pub async fn now(&self) -> Result<u64> {
        self.chain.time(self.chain.head().await?).await
    }

    /// What a view answers.
    ///
    /// # Errors
    /// If it reverts, or the node does not answer.
    pub async fn read<C: SolCall>(&self, view: C) -> Result<C::Return> {
        self.read_at(view, BlockId::latest()).await
    }

    /// What a view answered at a block.
    ///
    /// # Errors
    /// As [`Contract::read`].
    pub async fn read_at<C: SolCall>(&self, view: C, block: BlockId) -> Result<C::Return> {
        let request = self.request(Address::ZERO, view.abi_encode().into(), U256::ZERO);
        self.answer(&self.chain, request, block).await.and_then(self.decoded::<C>())
    }

    /// What a view answered at a block; none where the call was executed and failed, for whatever reason.
    pub(crate) async fn try_read_at<C: SolCall>(&self, view: C, block: BlockId) -> Result<Option<C::Return>> {
        let request = self.request(Address::ZERO, view.abi_encode().into(), U256::ZERO);
        match self.chain.provider().call(request).block(block).await {
            Ok(data) => self.decoded::<C>()(data).map(Some),
            Err(error) if is_execution(&error) => Ok(None),
            Err(error) => Err(eyre!("could not call {}: {}", self.at, explain(&error))),
        }
    }

    /// Calls it as an account, through a connection to its chain.
    pub(crate) async fn ask<C: SolCall>(&self, chain: &Chain, from: Address, call: C) -> Result<C::Return> {
        self.ask_input(chain, from, call.abi_encode().into()).await.and_then(self.decoded::<C>())
    }

    /// The same with calldata.
    pub(crate) async fn ask_input(&self, chain: &Chain, from: Address, input: Bytes) -> Result<Bytes> {
        self.answer(chain, self.request(from, input, U256::ZERO), BlockId::latest()).await
    }

    /// What a call by an account reverts with; nothing if it does not revert.
    pub(crate) async fn revert_of(&self, from: Address, call: impl SolCall, block: BlockId) -> Result<Option<Bytes>> {
        let request = self.request(from, call.abi_encode().into(), U256::ZERO);
        match self.chain.provider().call(request).block(block).await {
            Ok(_) => Ok(None),
            Err(error) => match revert_data(&error) {
                Some(data) => Ok(Some(data)),
                None => Err(eyre!("could not call {}: {}", self.at, explain(&error))),
            },
        }
    }

    fn request(&self, from: Address, input: Bytes, value: U256) -> TransactionRequest {
        TransactionRequest::default().with_from(from).with_to(self.at).with_input(input).with_value(value)
    }

    async fn answer(&self, chain: &Chain, request: TransactionRequest, block: BlockId) -> Result<Bytes> {
        let said = chain.provider().call(request).block(block).await;
        said.map_err(|error| match revert_data(&error) {
            Some(data) => eyre!("{}", (self.kind.in_words)(&data)),
            None => eyre!("could not call {}: {}", self.at, explain(&error)),
        })
    }

    fn decoded<C: SolCall>(&self) -> impl FnOnce(Bytes) -> Result<C::Return> {
        move |data| C::abi_decode_returns_validate(&data).map_err(|_| self.stranger())
    }

    /// Sends a call, and waits until it is in a block. Nothing is sent if it would revert.
    ///
    /// # Errors
    /// If it would revert, in the contract's words; if it reverts all the same; or the node does not answer.
    pub(crate) async fn send(&self, sender: &Sender, call: impl SolCall) -> Result<TransactionReceipt> {
        self.send_with(sender, call, U256::ZERO).await
    }

    /// The same with ether.
    pub(crate) async fn send_with(
        &self,
        sender: &Sender,
        call: impl SolCall,
        value: U256,
    ) -> Result<TransactionReceipt> {
        self.transact(sender, self.request(sender.account(), call.abi_encode().into(), value)).await
    }

    /// The same with calldata.
    pub(crate) async fn send_input(&self, sender: &Sender, input: Bytes) -> Result<TransactionReceipt> {
        self.transact(sender, self.request(sender.account(), input, U256::ZERO)).await
    }

    async fn transact(&self, sender: &Sender, request: TransactionRequest) -> Result<TransactionReceipt> {
        self.answer(sender.chain(), request.clone(), BlockId::latest()).await?;
        let gas = sender.provider().estimate_gas(request.clone()).await;
        let gas = gas.map_err(|error| match revert_data(&error) {
            Some(data) => eyre!("{}", (self.kind.in_words)(&data)),
            None => eyre!("could not estimate the gas: {}", explain(&error)),
        })?;
        let receipt = sender.transact(request.clone().with_gas_limit(gas_limit(gas)), parts::ALL).await?;
        if !receipt.status() {
            // The state moved since it was asked: what it says now is the reason, if it still says no.
            let reason = self.answer(sender.chain(), request, BlockId::latest()).await.err();
            let reason = reason.map_or_else(String::new, |reason| format!(": {reason:#}"));
            bail!("the transaction {} reverted{reason}", receipt.transaction_hash);
        }
        Ok(receipt)
    }

    /// The event of a receipt: the proof of what was done.
    pub(crate) fn event<E: SolEvent>(&self, receipt: &TransactionReceipt) -> Result<E> {
        self.event_where(receipt, |_| true)
    }

    /// The event of a receipt of several acts that is about one of them.
    pub(crate) fn event_where<E: SolEvent>(
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

    /// The events of a kind that match, from the contract's first block to this one, with their blocks.
    pub(crate) async fn events<E: SolEvent>(&self, filter: Filter, head: u64) -> Result<Vec<(E, Log)>> {
        let from = logs::appearance(&self.chain, self.at, head).await?.unwrap_or(0);
        let filter = filter.address(self.at).event_signature(E::SIGNATURE_HASH);
        let found = logs::collect(&self.chain, &filter, from, head).await?;
        let told = |log: Log| {
            let event =
                Some(&log).filter(|log| log.address() == self.at).and_then(|log| E::decode_log(&log.inner).ok());
            let event = event.ok_or_eyre("the node told of an event that it was not asked for: ask another node")?;
            Ok((event.data, log))
        };
        found.into_iter().map(told).collect()
    }

    /// What is said of a contract of another kind.
    pub(crate) fn stranger(&self) -> eyre::Report {
        eyre!(
            "what stands at {} does not answer as {}: correct the address; or its program has expired, and `consilium \
             renew` renews it",
            self.at,
            self.kind.name.with_article()
        )
    }
}

impl Sent {
    pub(crate) const fn of(receipt: &TransactionReceipt) -> Self {
        Self { transaction: receipt.transaction_hash, gas_used: receipt.gas_used }
    }
}
