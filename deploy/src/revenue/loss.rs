//! Losses. Where the splitter holds less of a token than it owes, who takes its part gives up the rest of it.

use alloy::eips::BlockId;
use alloy::primitives::{Address, U256};
use alloy::rpc::types::TransactionReceipt;
use alloy::sol_types::{SolError, SolEvent};
use consilium_bindings::RevenueSplitter as abi;
use eyre::{Result, ensure};

use super::node::Splitter;
use crate::contract::Sent;

/// What an account was paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Payout {
    /// How much it was paid.
    pub paid: U256,
    /// How much it gave up by that.
    pub lost: U256,
    /// The transaction.
    pub sent: Sent,
}

impl Splitter {
    /// Whether it holds less of a token than it owes.
    async fn is_short(&self, token: Address) -> Result<bool> {
        if token.is_zero() {
            return Ok(false);
        }
        // Whoever asks for another account is refused by SplitterShort before anything else is looked at. The pool is
        // nobody who asks, and is never paid out in this way.
        let call = abi::release_1Call { token, account: self.address() };
        let reason = self.revert_of(Address::ZERO, call, BlockId::latest()).await?;
        Ok(reason.is_some_and(|data| abi::SplitterShort::abi_decode_validate(&data).is_ok()))
    }

    /// Refuses to pay an account that would give up a part of what it is owed, unless it agrees.
    pub(super) async fn agree(&self, token: Address, account: Address, at_a_loss: bool) -> Result<()> {
        ensure!(
            at_a_loss || !self.is_short(token).await?,
            "the splitter has less of {token} than it owes: {account} would be paid less, and give up the rest for \
             good. Wait until the token has recovered, or give --at-a-loss"
        );
        Ok(())
    }

    /// What an account gave up in a transaction.
    pub(super) fn lost(&self, receipt: &TransactionReceipt, token: Address, account: Address) -> U256 {
        let own = receipt.logs().iter().filter(|log| log.address() == self.address());
        let events = own.filter_map(|log| abi::LossTaken::decode_log(&log.inner).ok());
        events.filter(|log| (log.token, log.account) == (token, account)).map(|log| log.amount).sum()
    }
}
