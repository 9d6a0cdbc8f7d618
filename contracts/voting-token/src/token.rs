//! ERC-20 on OpenZeppelin's `Erc20`, which keeps balances and supply and logs `Transfer`.
//!
//! Allowances are kept here, because `Erc20` shares the function that sets them only with its own permit, and that permit
//! cannot be used: see [`crate::signed`].

use alloc::vec::Vec;

use alloy_primitives::{Address, U256};
use consilium_abi::{Revert, ensure};
use stylus_sdk::prelude::*;

use crate::{VotingToken, abi::*};

/// Reading.
impl VotingToken {
    pub(crate) fn name(&self) -> Vec<u8> {
        self.stored_name()
    }

    pub(crate) fn symbol(&self) -> Vec<u8> {
        self.stored_symbol()
    }

    pub(crate) fn decimals(&self) -> u8 {
        18
    }

    pub(crate) fn total_supply(&self) -> U256 {
        self.supply()
    }

    pub(crate) fn balance_of(&self, account: Address) -> U256 {
        self.balance(account)
    }

    pub(crate) fn allowance(&self, owner: Address, spender: Address) -> U256 {
        self.allowed(owner, spender)
    }
}

/// Moving tokens.
impl VotingToken {
    pub(crate) fn transfer(&mut self, to: Address, value: U256) -> Result<bool, Revert> {
        let from = self.vm().msg_sender();
        self.move_tokens(from, to, value)?;
        Ok(true)
    }

    pub(crate) fn transfer_from(&mut self, from: Address, to: Address, value: U256) -> Result<bool, Revert> {
        let spender = self.vm().msg_sender();
        self.spend_allowance(from, spender, value)?;
        self.move_tokens(from, to, value)?;
        Ok(true)
    }

    /// Moves tokens and their votes.
    ///
    /// UNGUARDED: whoever calls this has checked that `from` agrees.
    fn move_tokens(&mut self, from: Address, to: Address, value: U256) -> Result<(), Revert> {
        ensure!(!from.is_zero(), ERC20InvalidSender { sender: &from });
        ensure!(!to.is_zero(), ERC20InvalidReceiver { receiver: &to });
        self.update(from, to, value)?;
        self.transfer_votes(from, to, value)
    }
}

/// Allowing.
impl VotingToken {
    pub(crate) fn approve(&mut self, spender: Address, value: U256) -> Result<bool, Revert> {
        let owner = self.vm().msg_sender();
        self.set_allowance(owner, spender, value)?;
        Approval { owner: &owner, spender: &spender, value: &value }.log(self);
        Ok(true)
    }

    /// Uses up `value` of an allowance, unless it is without limit. Logs nothing, as OpenZeppelin since 5.0.
    fn spend_allowance(&mut self, owner: Address, spender: Address, value: U256) -> Result<(), Revert> {
        let allowance = self.allowance(owner, spender);
        if allowance == U256::MAX {
            return Ok(());
        }
        let Some(left) = allowance.checked_sub(value) else {
            return Err(ERC20InsufficientAllowance { spender: &spender, allowance: &allowance, needed: &value }.into());
        };
        self.set_allowance(owner, spender, left)
    }

    /// Sets an allowance.
    ///
    /// UNGUARDED: whoever calls this has checked that `owner` agrees, and logs.
    pub(crate) fn set_allowance(&mut self, owner: Address, spender: Address, value: U256) -> Result<(), Revert> {
        ensure!(!owner.is_zero(), ERC20InvalidApprover { approver: &owner });
        ensure!(!spender.is_zero(), ERC20InvalidSpender { spender: &spender });
        self.set_allowed(owner, spender, value);
        Ok(())
    }
}
