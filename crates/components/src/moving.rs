//! The calls that move ether and ERC-20 tokens, and the question how much there is. Nobody trusts what is called: no more
//! than a word of an answer is read, and what a token moved is what the balance says.

use alloy_primitives::{Address, U256};
use consilium_abi::{Chain, encode};
use stylus_sdk::prelude::*;

/// `balanceOf(address)`.
const BALANCE_OF: [u8; 4] = [0x70, 0xa0, 0x82, 0x31];
/// `transfer(address,uint256)`.
const TRANSFER: [u8; 4] = [0xa9, 0x05, 0x9c, 0xbb];
/// `transferFrom(address,address,uint256)`.
const TRANSFER_FROM: [u8; 4] = [0x23, 0xb8, 0x72, 0xdd];

/// The methods. They answer whether it was done; the contract says with which error it refuses. At most `gas` gas goes
/// along.
///
/// UNGUARDED: those that move money. The caller of one has checked that the caller of the contract may, and written that
/// the money is not here any more.
pub trait MovesMoney: HostAccess + Chain + Sized {
    /// How much of a token the contract has, or 2^128 - 1 if that is less. None if the token does not answer with a word.
    #[inline(always)]
    fn token_balance(&self, token: Address) -> Option<u128> {
        let call = [&BALANCE_OF[..], &self.vm().contract_address().into_word()[..]].concat();
        let answer = self.static_call_with_gas(u64::MAX, token, &call, 32).ok()?;
        let word = <[u8; 32]>::try_from(answer).ok()?;
        Some(at_most(U256::from_be_bytes(word)))
    }

    /// The ether that the contract has, or 2^128 - 1 if that is less.
    #[inline(always)]
    fn ether_balance(&self) -> u128 {
        at_most(self.vm().balance(self.vm().contract_address()))
    }

    /// Sends ether. False if it was not taken, or is not there.
    #[inline(always)]
    fn send_ether(&mut self, gas: u64, to: Address, amount: u128) -> bool {
        self.call_with_gas(gas, to, U256::from(amount), &[], 0).is_ok()
    }

    /// Sends tokens. What it did is what the balance says then: see [`is_moved`].
    #[inline(always)]
    fn transfer(&mut self, gas: u64, token: Address, to: Address, amount: u128) -> bool {
        let call = [&TRANSFER[..], &encode!((address, uint256) => to, U256::from(amount))].concat();
        self.says_yes(gas, token, &call)
    }

    /// Takes tokens of an account that allowed it. What it did is what the balance says then.
    #[inline(always)]
    fn transfer_from(&mut self, gas: u64, token: Address, from: Address, amount: U256) -> bool {
        let to = self.vm().contract_address();
        let call = [&TRANSFER_FROM[..], &encode!((address, address, uint256) => from, to, amount)].concat();
        self.says_yes(gas, token, &call)
    }

    /// Whether a token did what it was told: it did not fail, and said true or, as some do, nothing.
    fn says_yes(&mut self, gas: u64, token: Address, call: &[u8]) -> bool {
        match self.call_with_gas(gas, token, U256::ZERO, call, 32) {
            Ok(answer) => answer.is_empty() || answer[..] == U256::ONE.to_be_bytes::<32>(),
            Err(_) => false,
        }
    }
}

/// Whether a token took of the contract what it was told to send, by the balance before and after. More is others' money.
/// Nothing is a lie. Less is a token that rounds.
#[inline(always)]
pub fn is_moved(before: u128, after: u128, amount: u128) -> bool {
    let moved = before.saturating_sub(after);
    moved != 0 && moved <= amount
}

/// A number, or the largest one of 128 bits. No balance that anything is counted of is above.
#[inline]
pub fn at_most(number: U256) -> u128 {
    number.try_into().unwrap_or(u128::MAX)
}

#[cfg(test)]
mod tests {
    use alloy_primitives::keccak256;

    use super::*;

    #[test]
    fn selectors() {
        for (selector, signature) in [
            (BALANCE_OF, "balanceOf(address)"),
            (TRANSFER, "transfer(address,uint256)"),
            (TRANSFER_FROM, "transferFrom(address,address,uint256)"),
        ] {
            assert_eq!(selector, keccak256(signature)[..4], "{signature}");
        }
    }

    #[test]
    fn a_token_takes_something_and_no_more_than_it_was_told() {
        for (before, after, is) in [(10, 7, true), (10, 9, true), (10, 10, false), (10, 11, false), (10, 6, false)] {
            assert_eq!(is_moved(before, after, 3), is, "{before} to {after}");
        }
        assert_eq!(
            (at_most(U256::MAX), at_most(U256::from(u128::MAX)), at_most(U256::from(7))),
            (u128::MAX, u128::MAX, 7)
        );
    }
}
