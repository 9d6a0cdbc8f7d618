//! Where every contract of the suite stands, for tests that go through all of them.

use std::collections::BTreeMap;

use alloy::primitives::Address;
use eyre::Result;

use super::Dao;
use crate::{chain::Chain, deploy, root};

impl Dao {
    /// The address of every contract, by its name in Solidity (`VotingToken`): those of the DAO, and each other one as
    /// it is before its constructor has run.
    ///
    /// # Errors
    /// Where a contract was not built, or the chain does not activate it.
    pub async fn places(&self) -> Result<BTreeMap<String, Address>> {
        let mut places = before_their_constructors(&self.chain).await?;
        let core = [("VotingToken", self.token), ("Timelock", self.timelock), ("Governor", self.governor)];
        places.extend(core.map(|(name, at)| (name.to_owned(), at)));
        Ok(places)
    }
}

/// Every contract, activated, before its constructor has run, by its name in Solidity.
///
/// # Errors
/// Where a contract was not built, or the chain does not activate it.
pub async fn before_their_constructors(chain: &Chain) -> Result<BTreeMap<String, Address>> {
    let mut places = BTreeMap::new();
    for contract in suite::contracts(root())? {
        places.insert(contract.name.pascal(), deploy::unconstructed(chain, contract.name.kebab()).await?);
    }
    Ok(places)
}
