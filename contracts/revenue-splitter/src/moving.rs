//! The calls that move money, with this contract's refusals. What a token moved is what the balance says.

use alloy_primitives::{Address, U256};
use consilium_abi::{Revert, ensure};
use consilium_components::moving::{MovesMoney, at_most, is_moved};
use stylus_sdk::prelude::*;

use crate::RevenueSplitter;
use crate::abi::*;

impl RevenueSplitter {
    /// How much of a token the contract has, or 2^128 - 1 if that is less.
    pub(crate) fn balance_of(&self, token: Address) -> Result<u128, Revert> {
        self.token_balance(token).ok_or_else(|| SplitterTokenUnreadable { token }.into())
    }

    /// The ether that the contract has.
    pub(crate) fn balance(&self) -> u128 {
        self.ether_balance()
    }

    /// Takes an amount of the caller: what there was before, and how much more there is. Of ether, which comes with
    /// the call, the first is zero.
    pub(crate) fn take(&mut self, token: Address, amount: U256) -> Result<(u128, u128), Revert> {
        let value = self.vm().msg_value();
        if token.is_zero() {
            ensure!(value == amount && !value.is_zero(), SplitterWrongValue { value });
            return Ok((0, at_most(value)));
        }
        ensure!(value.is_zero(), SplitterWrongValue { value });
        let (from, to) = (self.vm().msg_sender(), self.vm().contract_address());
        let before = self.balance_of(token)?;
        ensure!(self.transfer_from(u64::MAX, token, from, amount), SplitterTransferFailed { token, to, amount });
        // What came beside the payment, or a token gained meanwhile, is nobody's payment: it is noticed later.
        let received = self.balance_of(token)?.saturating_sub(before).min(at_most(amount));
        ensure!(received != 0, SplitterNothingReceived { token });
        Ok((before, received))
    }

    /// Sends an amount, with at most so much gas; how much left the contract, and how much of the token is left. Of
    /// ether the latter is not looked at. UNGUARDED: the caller of this has written that the amount is not here any
    /// more.
    pub(crate) fn send(
        &mut self,
        gas: u64,
        token: Address,
        to: Address,
        amount: u128,
        before: u128,
    ) -> Result<(u128, u128), Revert> {
        self.can_be_paid(to)?;
        let failed = SplitterTransferFailed { token, to, amount: U256::from(amount) };
        if token.is_zero() {
            ensure!(self.send_ether(gas, to, amount), failed);
            return Ok((amount, before));
        }
        ensure!(self.transfer(gas, token, to, amount), failed);
        let after = self.balance_of(token)?;
        // Who is paid nothing would lose its part.
        ensure!(is_moved(before, after, amount), failed);
        Ok((before - after, after))
    }
}
