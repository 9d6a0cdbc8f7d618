//! The calls that move money, and the question how much of a token there is. Nobody trusts what is called: no more than
//! a word of an answer is read, and what a token moved is what the balance says.

use alloy_primitives::{Address, U256};
use consilium_abi::{Chain, Revert, encode, ensure};
use stylus_sdk::prelude::*;

use crate::RevenueSplitter;
use crate::abi::*;

/// `balanceOf(address)`.
const BALANCE_OF: [u8; 4] = [0x70, 0xa0, 0x82, 0x31];
/// `transfer(address,uint256)`.
const TRANSFER: [u8; 4] = [0xa9, 0x05, 0x9c, 0xbb];
/// `transferFrom(address,address,uint256)`.
const TRANSFER_FROM: [u8; 4] = [0x23, 0xb8, 0x72, 0xdd];

impl RevenueSplitter {
    /// How much of a token the contract has, or 2^128 - 1 if that is less.
    pub(crate) fn balance_of(&self, token: Address) -> Result<u128, Revert> {
        let call = [&BALANCE_OF[..], &self.vm().contract_address().into_word()[..]].concat();
        let answer = self.static_call_with_gas(u64::MAX, token, &call, 32).ok();
        let word = answer.and_then(|answer| <[u8; 32]>::try_from(answer).ok());
        let Some(word) = word else { return Err(SplitterTokenUnreadable { token }.into()) };
        Ok(at_most(U256::from_be_bytes(word)))
    }

    /// The ether that the contract has.
    pub(crate) fn balance(&self) -> u128 {
        at_most(self.vm().balance(self.vm().contract_address()))
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
        let call = [&TRANSFER_FROM[..], &encode!((address, address, uint256) => from, to, amount)].concat();
        ensure!(self.says_yes(u64::MAX, token, &call), SplitterTransferFailed { token, to, amount });
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
            ensure!(self.call_with_gas(gas, to, U256::from(amount), &[], 0).is_ok(), failed);
            return Ok((amount, before));
        }
        let call = [&TRANSFER[..], &encode!((address, uint256) => to, amount)].concat();
        ensure!(self.says_yes(gas, token, &call), failed);
        let after = self.balance_of(token)?;
        // More than was said is others' money. Nothing is a lie: the account would lose its part.
        let moved = before.saturating_sub(after);
        ensure!(moved != 0 && moved <= amount, failed);
        Ok((moved, after))
    }

    /// Whether a token did what it was told: it did not fail, and said true or, as some do, nothing.
    fn says_yes(&mut self, gas: u64, token: Address, call: &[u8]) -> bool {
        match self.call_with_gas(gas, token, U256::ZERO, call, 32) {
            Ok(answer) => answer.is_empty() || answer[..] == U256::ONE.to_be_bytes::<32>(),
            Err(_) => false,
        }
    }
}

/// A number, or the largest one of 128 bits. No balance that anything is counted of is above.
fn at_most(number: U256) -> u128 {
    number.try_into().unwrap_or(u128::MAX)
}
