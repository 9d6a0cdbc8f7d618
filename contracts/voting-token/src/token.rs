//! ERC-20 on OpenZeppelin's `Erc20`, which keeps balances and supply and logs `Transfer`.
//!
//! Allowances are kept here, because `Erc20` shares the function that sets them only with its own permit, and that permit
//! cannot be used: see [`crate::signed`].

use alloc::vec::Vec;

use alloy_primitives::{Address, U256};
use consilium_abi::Revert;
use openzeppelin_stylus::token::erc20::IErc20;
use stylus_sdk::prelude::*;

use crate::{VotingToken, abi::*, keys::Allowance, storage::read_text};

/// Reading.
impl VotingToken {
    pub(crate) fn name(&self) -> Vec<u8> {
        read_text(&self.name)
    }

    pub(crate) fn symbol(&self) -> Vec<u8> {
        read_text(&self.symbol)
    }

    pub(crate) fn decimals(&self) -> u8 {
        18
    }

    pub(crate) fn total_supply(&self) -> U256 {
        self.erc20.total_supply()
    }

    pub(crate) fn balance_of(&self, account: Address) -> U256 {
        self.erc20.balance_of(account)
    }

    pub(crate) fn allowance(&self, owner: Address, spender: Address) -> U256 {
        self.allowances.get(Allowance { owner, spender })
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

    /// Moves tokens and their votes. Unguarded: the caller answers for the consent of `from`.
    fn move_tokens(&mut self, from: Address, to: Address, value: U256) -> Result<(), Revert> {
        if from.is_zero() {
            return Err(ERC20InvalidSender { sender: from }.into());
        }
        if to.is_zero() {
            return Err(ERC20InvalidReceiver { receiver: to }.into());
        }
        self.update(from, to, value)?;
        self.transfer_votes(from, to, value)
    }

    /// Moves tokens in OpenZeppelin's books, whose errors encode themselves.
    pub(crate) fn update(&mut self, from: Address, to: Address, value: U256) -> Result<(), Revert> {
        self.erc20._update(from, to, value).map_err(|error| Revert::from(Vec::from(error)))
    }
}

/// Allowing.
impl VotingToken {
    pub(crate) fn approve(&mut self, spender: Address, value: U256) -> Result<bool, Revert> {
        let owner = self.vm().msg_sender();
        self.set_allowance(owner, spender, value)?;
        Approval { owner, spender, value }.log(self);
        Ok(true)
    }

    /// Uses up `value` of an allowance, unless it is without limit. Logs nothing, as OpenZeppelin since 5.0.
    fn spend_allowance(&mut self, owner: Address, spender: Address, value: U256) -> Result<(), Revert> {
        let allowance = self.allowance(owner, spender);
        if allowance == U256::MAX {
            return Ok(());
        }
        let Some(left) = allowance.checked_sub(value) else {
            return Err(ERC20InsufficientAllowance { spender, allowance, needed: value }.into());
        };
        self.set_allowance(owner, spender, left)
    }

    /// Unguarded: the caller answers for the consent of `owner`, and logs.
    pub(crate) fn set_allowance(&mut self, owner: Address, spender: Address, value: U256) -> Result<(), Revert> {
        if owner.is_zero() {
            return Err(ERC20InvalidApprover { approver: owner }.into());
        }
        if spender.is_zero() {
            return Err(ERC20InvalidSpender { spender }.into());
        }
        self.allowances.insert(Allowance { owner, spender }, value);
        Ok(())
    }
}
