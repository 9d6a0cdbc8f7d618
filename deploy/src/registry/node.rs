//! The registry on a chain.

use std::ops::Deref;

use alloy::primitives::{Address, B256};
use alloy::rpc::types::{Filter, Log};
use alloy::sol_types::SolEvent;
use eyre::Result;

use super::act::Act;
use super::errors::in_words;
use crate::chain::Chain;
use crate::contract::{Contract, Kind};
use crate::parts::data_pointer_registry::NAME;
use crate::signing::Signable as _;

/// What it is.
static KIND: Kind = Kind { name: NAME, domain: Some(Act::DOMAIN), in_words };

/// A registry, and the chain it is on.
#[derive(Clone, Debug)]
pub struct Registry(Contract);

impl Deref for Registry {
    type Target = Contract;

    fn deref(&self) -> &Contract {
        &self.0
    }
}

impl Registry {
    /// Finds the registry at an address. Another contract could answer anything, and is refused.
    ///
    /// # Errors
    /// If there is none, or the node does not answer.
    pub async fn open(chain: &Chain, at: Address) -> Result<Self> {
        Contract::open(&KIND, chain, at).await.map(Self)
    }

    /// The events of a kind about a pointer, with their blocks.
    pub(super) async fn about<E: SolEvent>(&self, id: B256) -> Result<Vec<(E, Log)>> {
        self.events(Filter::new().topic1(id), self.chain().head().await?).await
    }
}
