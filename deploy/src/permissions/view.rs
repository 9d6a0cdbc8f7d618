//! Where a part looks for its powers: the contracts of a DAO, at one block.

use alloy::eips::BlockId;
use alloy::primitives::Address;
use alloy::providers::Provider;
use alloy::rpc::types::{Filter, Log};
use alloy::sol_types::SolEvent;
use eyre::{Result, ensure, eyre};

use super::Party;
use crate::chain::Chain;
use crate::config::moment::Moment;
use crate::explain::{explain, explain_call, is_execution};
use crate::logs;
use crate::part::{Name, Part};

/// The contracts of a DAO, at one block.
#[derive(Debug)]
pub struct View<'a> {
    chain: &'a Chain,
    contracts: Vec<(&'static dyn Part, Address)>,
    block: u64,
    time: Moment,
}

impl<'a> View<'a> {
    /// At the newest block.
    pub(super) async fn new(chain: &'a Chain, contracts: Vec<(&'static dyn Part, Address)>) -> Result<Self> {
        let block = chain.head().await?;
        Ok(Self { chain, contracts, block, time: Moment(chain.time(block).await?) })
    }

    /// The chain.
    pub const fn chain(&self) -> &'a Chain {
        self.chain
    }

    /// The contracts, each with its part.
    pub fn contracts(&self) -> &[(&'static dyn Part, Address)] {
        &self.contracts
    }

    /// The number of the block.
    pub const fn block(&self) -> u64 {
        self.block
    }

    /// The block, for calls.
    pub fn at(&self) -> BlockId {
        self.block.into()
    }

    /// The time of the block.
    pub const fn time(&self) -> Moment {
        self.time
    }

    /// Where a contract stands, if the DAO has it.
    pub fn find(&self, name: Name) -> Option<Address> {
        self.contracts.iter().find(|(part, _)| part.name() == name).map(|(_, address)| *address)
    }

    /// Where the contract stands whose part asks.
    ///
    /// # Panics
    /// If the DAO does not have it.
    pub fn address(&self, name: Name) -> Address {
        self.find(name).unwrap_or_else(|| panic!("the {name} is not among the contracts that are asked"))
    }

    /// An account as a holder: by its name, if it is a contract of the DAO.
    pub fn holder(&self, account: Address) -> Party {
        let contract = self.contracts.iter().find(|(_, address)| *address == account);
        contract.map_or(Party::Account(account), |(part, _)| Party::Contract(part.name()))
    }

    /// Whether an account has code.
    ///
    /// # Errors
    /// If the node does not answer.
    pub(super) async fn has_code(&self, account: Address) -> Result<bool> {
        let code = self.chain.provider().get_code_at(account).block_id(self.at()).await;
        let code = code.map_err(|error| eyre!("could not read the code at {account}: {}", explain(&error)))?;
        Ok(!code.is_empty())
    }

    /// A function of a contract: by its signature, if the contract is known, else by its selector.
    pub fn function(&self, target: Address, selector: [u8; 4]) -> String {
        let contract = self.contracts.iter().find(|(_, address)| *address == target);
        let signature = contract.and_then(|(part, _)| (part.interface().function)(selector));
        signature.map_or_else(|| format!("0x{}", alloy::primitives::hex::encode(selector)), str::to_owned)
    }

    /// All events of a contract that match, in order, up to the block. The first of them must be one that its constructor
    /// logs: a node that has forgotten old events is refused, and never taken for one with less to tell.
    ///
    /// # Errors
    /// If the node does not serve them.
    pub async fn history(&self, filter: Filter, name: Name, first: impl Fn(&Log) -> bool) -> Result<Vec<Log>> {
        let address = self.address(name);
        let from = logs::appearance(self.chain, address, self.block).await?.unwrap_or(0);
        let found = logs::collect(self.chain, &filter.address(address), from, self.block).await?;
        ensure!(
            found.first().is_some_and(first),
            "the node does not serve the events of the {name} since its creation: ask a node that serves old events"
        );
        Ok(found)
    }
}

/// What a contract of unknown kind answered to a call: the value, or why it has no such function. A node that does not
/// execute the call says nothing about the contract.
pub(crate) fn answer<T>(said: Result<T, alloy::contract::Error>) -> Result<Result<T, String>> {
    match said {
        Ok(value) => Ok(Ok(value)),
        Err(alloy::contract::Error::TransportError(error)) if !is_execution(&error) => {
            Err(explain_call(alloy::contract::Error::TransportError(error))
                .wrap_err("could not ask of what kind it is"))
        }
        Err(error) => Ok(Err(explain_call(error).to_string())),
    }
}

/// An event of a log, if it is this one.
pub(crate) fn event<E: SolEvent>(log: &Log) -> Option<E> {
    log.log_decode::<E>().ok().map(|log| log.inner.data)
}
