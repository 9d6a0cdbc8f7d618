//! Where every contract of the suite stands, for tests that go through all of them.

use std::collections::BTreeMap;

use alloy::primitives::Address;
use consilium_deploy::proxy_init_code;
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

/// Every contract, activated, before its constructor has run, by its name in Solidity. One that is upgradeable is behind a
/// proxy, as a DAO has it.
///
/// # Errors
/// Where a contract was not built, or the chain does not activate it.
pub async fn before_their_constructors(chain: &Chain) -> Result<BTreeMap<String, Address>> {
    let mut places = BTreeMap::new();
    for contract in suite::contracts(root())? {
        places.insert(contract.name.pascal(), deploy::unconstructed(chain, contract.name.kebab()).await?);
    }
    for (_, interface) in consilium_abi_syntax::contracts(root())? {
        if interface.all_functions().any(|function| function.name == "upgradeToAndCall")
            && let Some(at) = places.get_mut(&interface.contract_name())
        {
            *at = chain.create(proxy_init_code(*at)).await?;
        }
    }
    Ok(places)
}
