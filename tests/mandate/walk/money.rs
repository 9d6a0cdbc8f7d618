//! What money does: what is here, and what tokens and payees make of a payment, by the text of their Solidity.

use std::collections::BTreeSet;

use alloy::primitives::{Address, Bytes, U256};
use harness::walk::is_arbos;

use crate::money::{BURN as BURNS, HUGE as HUGE_REFUSAL, REENTER as CALL_BACK, REFUSE, RETURN as GIVE_BACK};
use crate::wild::{BLIND, BURN, HUGE, HUGE_REVERT, LESS, LIE, NO, REENTER, SENDER_FEE, SEVEN, SHORT, SLY};

/// Moods in which the token uses so much gas that calls with little of it end in another way.
pub(super) const HEAVY: [u8; 3] = [BURN, HUGE, HUGE_REVERT];

/// The token that misbehaves.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Wild {
    pub(super) mood: u8,
    pub(super) banned: BTreeSet<Address>,
    /// What it calls while it pays, with what.
    pub(super) armed: Option<(Address, Bytes)>,
}

/// A payee that does something of its own with ether.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Odd {
    pub(super) mood: u8,
    pub(super) payload: Bytes,
}

/// What becomes of a payment in the wild token.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Moved {
    /// How much the contract has less then.
    pub(super) amount: U256,
    /// Whether the answer is a yes.
    pub(super) yes: bool,
}

impl Wild {
    pub(super) fn is_heavy(&self) -> bool {
        HEAVY.contains(&self.mood)
    }

    /// Whether it says how much somebody has.
    pub(super) fn answers(&self) -> bool {
        !matches!(self.mood, BLIND | SHORT)
    }

    /// Whether it gets as far as calling what it is armed with.
    pub(super) fn calls(&mut self, to: Address) -> Option<(Address, Bytes)> {
        if self.mood == REENTER && !self.banned.contains(&to) { self.armed.take() } else { None }
    }

    /// What it moves of the contract's, which has so much; nothing where it reverts.
    pub(super) fn moves(&self, has: U256, to: Address, amount: U256) -> Option<Moved> {
        if self.banned.contains(&to) || matches!(self.mood, BURN | HUGE_REVERT) {
            return None;
        }
        let leaves = match self.mood {
            NO | LIE => U256::ZERO,
            LESS => amount.checked_sub(U256::ONE)?,
            SENDER_FEE => amount + amount / U256::from(100),
            // Also with a fee: that is of what the payee gets.
            _ => amount,
        };
        // It counts in units of 1e18.
        amount.checked_mul(U256::from(10).pow(U256::from(18)))?;
        (leaves <= has).then_some(Moved { amount: leaves, yes: !matches!(self.mood, NO | SEVEN | SLY) })
    }
}

impl Odd {
    /// Whether it takes ether.
    pub(super) fn takes(&self) -> bool {
        !matches!(self.mood, REFUSE | BURNS | HUGE_REFUSAL)
    }

    /// What it calls with how much of the ether that it got.
    pub(super) fn calls(&self, amount: u128) -> Option<(Bytes, u128)> {
        match self.mood {
            CALL_BACK => Some((self.payload.clone(), 0)),
            GIVE_BACK => Some((Bytes::new(), amount)),
            _ => None,
        }
    }
}

/// What contracts that are no tokens answer when they are asked for a balance: some precompiles answer anything with a
/// word.
pub(super) fn answers_anything(account: Address) -> bool {
    (2..=4).any(|low| account == Address::with_last_byte(low))
}

/// Whether an account that is not one of the walk takes ether.
pub(super) fn takes_ether(account: Address) -> bool {
    // Those precompiles refuse calls without data.
    let is_strict = (9..=0x11).any(|low| account == Address::with_last_byte(low));
    !is_strict && !is_arbos(account)
}
