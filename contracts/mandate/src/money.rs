//! The money: what comes, what goes, what the DAO takes back. A token is trusted with nothing but the money in it.

use alloy_primitives::{Address, U256};
use consilium_abi::{Revert, ensure};
use consilium_components::moving::{self, MovesMoney};
use consilium_components::reentrancy::GuardsReentrance;
use stylus_sdk::prelude::*;

use crate::Mandate;
use crate::abi::*;

impl Mandate {
    /// Guarded here too: anybody executes what the DAO decided, also a token that is being paid.
    pub(crate) fn recover(&mut self, token: Address, to: Address, amount: U256) -> Result<(), Revert> {
        self.non_reentrant()?;
        let failed = MandateTransferFailed { token, to, amount };
        // Nothing has more.
        let Ok(amount) = u128::try_from(amount) else { return Err(failed.into()) };
        Recovered { token, to, amount: U256::from(amount) }.log(self);
        self.pay(token, to, amount)
    }

    // --------------------------------------------------------------------------------------------- unguarded

    /// Sends an amount. UNGUARDED: the caller of this has checked that the caller of the contract may, and written that
    /// the amount is not here any more.
    pub(crate) fn pay(&mut self, token: Address, to: Address, amount: u128) -> Result<(), Revert> {
        let can_be_paid = !to.is_zero() && to != self.vm().contract_address();
        ensure!(can_be_paid, MandateInvalidRecipient { to });
        ensure!(amount != 0, MandateInvalidAmount {});
        let failed = MandateTransferFailed { token, to, amount: U256::from(amount) };
        if token.is_zero() {
            ensure!(self.send_ether(u64::MAX, to, amount), failed);
            return Ok(());
        }
        let before = self.readable(token)?;
        ensure!(self.transfer(u64::MAX, token, to, amount), failed);
        ensure!(moving::is_moved(before, self.readable(token)?, amount), failed);
        Ok(())
    }

    fn readable(&self, token: Address) -> Result<u128, Revert> {
        self.token_balance(token).ok_or_else(|| MandateTokenUnreadable { token }.into())
    }
}
