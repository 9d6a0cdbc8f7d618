//! The splitter on a chain, and the tokens that it deals with.

use std::ops::Deref;

use alloy::primitives::{Address, U256};
use alloy::sol;
use eyre::Result;

use super::errors::in_words;
use crate::chain::Chain;
use crate::contract::{Contract, Kind};
use crate::parts::revenue_splitter::NAME;
use crate::signing::Domain;

sol! {
    /// What is called of a token.
    #[sol(rpc)]
    interface Token {
        function approve(address spender, uint256 amount) external returns (bool);
        function allowance(address owner, address spender) external view returns (uint256);
    }
}

/// What it is.
static KIND: Kind = Kind { name: NAME, domain: Some(DOMAIN), in_words };

/// The domain of what is signed for it.
const DOMAIN: Domain = Domain { name: "Consilium Revenue Splitter", version: "1" };

/// A splitter, and the chain it is on.
#[derive(Clone, Debug)]
pub struct Splitter(Contract);

impl Deref for Splitter {
    type Target = Contract;

    fn deref(&self) -> &Contract {
        &self.0
    }
}

impl Splitter {
    /// Finds the splitter at an address. Another contract could answer anything, and is refused.
    ///
    /// # Errors
    /// If there is none, or the node does not answer.
    pub async fn open(chain: &Chain, at: Address) -> Result<Self> {
        Contract::open(&KIND, chain, at).await.map(Self)
    }

    /// What an account is due, of ether (zero) or a token.
    ///
    /// # Errors
    /// If the token or the node does not answer.
    pub async fn due(&self, token: Address, account: Address) -> Result<U256> {
        use consilium_bindings::RevenueSplitter as abi;
        if token.is_zero() {
            return self.read(abi::releasable_0Call { account }).await;
        }
        self.read(abi::releasable_1Call { token, account }).await
    }

    /// What its pool has.
    ///
    /// # Errors
    /// As [`Splitter::due`].
    pub async fn pool(&self, token: Address) -> Result<U256> {
        self.due(token, self.address()).await
    }
}

/// A token as people read it; zero is ether.
pub fn token_in_words(token: Address) -> String {
    if token.is_zero() { "ether".to_owned() } else { format!("the token {token}") }
}

/// An amount with its unit.
pub fn amount(amount: U256, token: Address) -> String {
    if token.is_zero() { format!("{amount} wei") } else { format!("{amount} units of {token}") }
}
