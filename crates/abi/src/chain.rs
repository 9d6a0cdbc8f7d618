//! What the layer needs of the chain, whichever SDK is below.

use alloc::vec::Vec;

use alloy_primitives::{Address, U256};

use crate::{Revert, check::check};

/// Calls and logs. `sol_abi!` implements it for the contract that answers an interface.
///
/// A call that may change state borrows the contract mutably, so no storage value read before it can be held across it.
pub trait Chain {
    /// Calls `to` with `value` wei and all gas there is. Returns the return data, or what `to` reverted with.
    fn call(&mut self, to: Address, value: U256, data: &[u8]) -> Result<Vec<u8>, Revert>;
    /// Calls `to`, which then can change nothing.
    fn static_call(&self, to: Address, data: &[u8]) -> Result<Vec<u8>, Revert>;
    /// As [`Chain::static_call`] for a `to` that nobody trusts: it gets at most `gas` gas, and at most `most` bytes of
    /// what it returns are read. A long answer would fill memory, which its reader pays for and never gets back.
    ///
    /// Where less gas is left, `to` gets less: 63 of 64 parts of what is left. So a failure may be the caller's own
    /// lack of gas.
    fn static_call_with_gas(&self, gas: u64, to: Address, data: &[u8], most: usize) -> Result<Vec<u8>, Revert>;
    /// As [`Chain::call`], with the limits of [`Chain::static_call_with_gas`].
    fn call_with_gas(
        &mut self,
        gas: u64,
        to: Address,
        value: U256,
        data: &[u8],
        most: usize,
    ) -> Result<Vec<u8>, Revert>;
    /// Whether `account` has code.
    fn has_code(&self, account: Address) -> bool;
    /// Writes a log: `topics` topics of 32 bytes each stand at the beginning of `data`.
    fn emit(&mut self, data: &[u8], topics: usize);
}

/// The chain for calls of contracts that nobody trusts: see [`Chain::static_call_with_gas`].
#[derive(Debug)]
pub struct Limited<'a, C> {
    /// The chain.
    pub chain: &'a mut C,
    /// The most gas of a call.
    pub gas: u64,
    /// The most bytes that are read of an answer.
    pub most: usize,
}

impl<C: Chain> Chain for Limited<'_, C> {
    fn call(&mut self, to: Address, value: U256, data: &[u8]) -> Result<Vec<u8>, Revert> {
        self.chain.call_with_gas(self.gas, to, value, data, self.most)
    }

    fn static_call(&self, to: Address, data: &[u8]) -> Result<Vec<u8>, Revert> {
        self.chain.static_call_with_gas(self.gas, to, data, self.most)
    }

    fn static_call_with_gas(&self, gas: u64, to: Address, data: &[u8], most: usize) -> Result<Vec<u8>, Revert> {
        self.chain.static_call_with_gas(gas.min(self.gas), to, data, most.min(self.most))
    }

    fn call_with_gas(
        &mut self,
        gas: u64,
        to: Address,
        value: U256,
        data: &[u8],
        most: usize,
    ) -> Result<Vec<u8>, Revert> {
        self.chain.call_with_gas(gas.min(self.gas), to, value, data, most.min(self.most))
    }

    fn has_code(&self, account: Address) -> bool {
        self.chain.has_code(account)
    }

    fn emit(&mut self, data: &[u8], topics: usize) {
        self.chain.emit(data, topics);
    }
}

/// The chain for a call of a contract that has just answered another one: it has code, so nobody looks for it, which costs
/// 807 gas. A precompile has none and answers, too, so the answer must have been one that none gives: a boolean, or a number
/// within bounds.
#[derive(Debug)]
pub struct Answered<'a, C>(pub &'a mut C);

impl<C: Chain> Chain for Answered<'_, C> {
    fn call(&mut self, to: Address, value: U256, data: &[u8]) -> Result<Vec<u8>, Revert> {
        self.0.call(to, value, data)
    }

    fn static_call(&self, to: Address, data: &[u8]) -> Result<Vec<u8>, Revert> {
        self.0.static_call(to, data)
    }

    fn static_call_with_gas(&self, gas: u64, to: Address, data: &[u8], most: usize) -> Result<Vec<u8>, Revert> {
        self.0.static_call_with_gas(gas, to, data, most)
    }

    fn call_with_gas(
        &mut self,
        gas: u64,
        to: Address,
        value: U256,
        data: &[u8],
        most: usize,
    ) -> Result<Vec<u8>, Revert> {
        self.0.call_with_gas(gas, to, value, data, most)
    }

    fn has_code(&self, _: Address) -> bool {
        true
    }

    fn emit(&mut self, data: &[u8], topics: usize) {
        self.0.emit(data, topics);
    }
}

/// Calls a function that returns the types of `returns`, as Solidity does: see `checked`.
pub fn call_checked(
    chain: &mut impl Chain,
    to: &Address,
    value: U256,
    data: &[u8],
    returns: &[u8],
) -> Result<Vec<u8>, Revert> {
    has_code(chain, to, returns)?;
    checked(chain.call(*to, value, data)?, returns)
}

/// Calls a `view` or `pure` function that returns the types of `returns`, as Solidity does: see `checked`.
pub fn static_call_checked(chain: &impl Chain, to: &Address, data: &[u8], returns: &[u8]) -> Result<Vec<u8>, Revert> {
    has_code(chain, to, returns)?;
    checked(chain.static_call(*to, data)?, returns)
}

/// Where something is returned, an account without code fails by returning nothing; else its code is looked for.
fn has_code(chain: &impl Chain, to: &Address, returns: &[u8]) -> Result<(), Revert> {
    if returns.is_empty() && !chain.has_code(*to) { Err(Revert::empty()) } else { Ok(()) }
}

/// Return data that is not what the interface says is refused without data.
fn checked(data: Vec<u8>, returns: &[u8]) -> Result<Vec<u8>, Revert> {
    if check(returns, &data) { Ok(data) } else { Err(Revert::empty()) }
}
