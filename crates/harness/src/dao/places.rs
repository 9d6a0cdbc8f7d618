//! Where every contract of the suite stands, for tests that go through all of them.

use std::collections::BTreeMap;

use alloy::primitives::{Address, Bytes, U256};
use alloy::sol_types::SolCall;
use consilium_bindings::Safe::setupCall;
use consilium_deploy::proxy_init_code;
use eyre::{Result, ensure};

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
/// proxy, as a DAO has it. One that is set up by a function is set up.
///
/// # Errors
/// Where a contract was not built, or the chain does not activate it.
pub async fn before_their_constructors(chain: &Chain) -> Result<BTreeMap<String, Address>> {
    let mut places = BTreeMap::new();
    for contract in suite::contracts(root())? {
        places.insert(contract.name.pascal(), deploy::unconstructed(chain, contract.name.kebab()).await?);
    }
    for (_, interface) in consilium_abi_syntax::contracts(root())? {
        let Some(at) = places.get_mut(&interface.contract_name()) else { continue };
        if interface.all_functions().any(|function| function.name == "upgradeToAndCall") {
            *at = chain.create(proxy_init_code(*at)).await?;
        }
        if interface.all_functions().any(|function| function.selector() == setupCall::SELECTOR) {
            set_up(chain, *at).await?;
        }
    }
    Ok(places)
}

/// Sets a Safe of any version up, which has no constructor. Without owners it refuses to list them, as if it was sent
/// ether.
async fn set_up(chain: &Chain, safe: Address) -> Result<()> {
    let (owners, zero) = (vec![Address::with_last_byte(2)], Address::ZERO);
    let setup = setupCall {
        owners,
        threshold: U256::from(1),
        to: zero,
        data: Bytes::new(),
        fallbackHandler: zero,
        paymentToken: zero,
        payment: U256::ZERO,
        paymentReceiver: zero,
    };
    ensure!(chain.dev_account()?.send(safe, setup.abi_encode()).await?.status(), "the Safe was not set up");
    Ok(())
}
