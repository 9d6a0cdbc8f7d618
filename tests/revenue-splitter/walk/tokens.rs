//! What tokens and odd payees do, by the text of their Solidity.

use std::collections::{BTreeMap, BTreeSet};

use alloy::{
    primitives::{Address, Bytes, U256},
    sol_types::SolCall,
    uint,
};
use harness::walk::is_arbos;

use crate::wild::{
    BLIND, BURN, FEE, HUGE, HUGE_REVERT, LESS, LIE, LONG, NO, PLAIN, REENTER, SENDER_FEE, SEVEN, SHORT, SLY,
};
use crate::world::Token as T;

const UNIT: U256 = uint!(1_000_000_000_000_000_000_U256);

/// Moods in which a token uses so much gas that calls with little of it end in another way.
pub(super) const HEAVY: [u8; 3] = [BURN, HUGE, HUGE_REVERT];

/// The moods of the walk: all but those that answer `balanceOf` with a megabyte, for which all questions together have
/// too little gas, and with the largest number (`wild.rs` tries both).
pub(super) const MOODS: u8 = LONG;

/// A token.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Token {
    /// OpenZeppelin's, which has allowances.
    pub(super) is_plain: bool,
    pub(super) mood: u8,
    pub(super) scale: U256,
    pub(super) held: BTreeMap<Address, U256>,
    pub(super) banned: BTreeSet<Address>,
    pub(super) approved: BTreeSet<Address>,
    /// What it calls, and with what.
    pub(super) armed: Option<(Address, Bytes)>,
}

/// A payee that does something of its own with ether.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Odd {
    pub(super) mood: u8,
    pub(super) payload: Bytes,
}

/// What an odd payee does: its moods, as `SplitterPayees.sol` has them.
pub(super) const REFUSE: u8 = 1;
pub(super) const BURNS: u8 = 2;
pub(super) const HUGE_REFUSAL: u8 = 3;
pub(super) const CALL_BACK: u8 = 4;
pub(super) const GIVE_BACK: u8 = 5;

/// How a token moves what it was told to.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Moved {
    /// Whether the answer is a yes.
    pub(super) yes: bool,
    /// What it called meanwhile.
    pub(super) called: Option<(Address, Bytes)>,
}

impl Token {
    pub(super) fn new(is_plain: bool) -> Self {
        Self {
            is_plain,
            mood: PLAIN,
            scale: UNIT,
            held: BTreeMap::new(),
            banned: BTreeSet::new(),
            approved: BTreeSet::new(),
            armed: None,
        }
    }

    /// What an account has.
    pub(super) fn has(&self, account: Address) -> U256 {
        let held = self.held.get(&account).copied().unwrap_or_default();
        if self.is_plain { held } else { held * self.scale / UNIT }
    }

    /// What it answers when it is asked that, where it does.
    pub(super) fn answers(&self, account: Address) -> Option<U256> {
        (!matches!(self.mood, BLIND | SHORT)).then(|| self.has(account))
    }

    /// Moves an amount, with much gas or with the little of one of many claims; nothing where it reverts. `by` calls.
    pub(super) fn moves(
        &mut self,
        by: Address,
        from: Address,
        to: Address,
        amount: U256,
        little: bool,
    ) -> Option<Moved> {
        let before = self.clone();
        let moved = if self.is_plain { self.plain(by, from, to, amount) } else { self.wild(from, to, amount, little) };
        if moved.is_none() {
            *self = before;
        }
        moved
    }

    fn plain(&mut self, by: Address, from: Address, to: Address, amount: U256) -> Option<Moved> {
        let may = by == from || self.approved.contains(&from) || amount.is_zero();
        if !may || to.is_zero() || from.is_zero() {
            return None;
        }
        self.shift(from, to, amount, amount)?;
        Some(Moved { yes: true, called: None })
    }

    fn wild(&mut self, from: Address, to: Address, amount: U256, little: bool) -> Option<Moved> {
        let no = |yes| Some(Moved { yes, called: None });
        if self.banned.contains(&from) || self.banned.contains(&to) {
            return None;
        }
        match self.mood {
            BURN | HUGE_REVERT => return None,
            HUGE if little => return None,
            NO => return no(false),
            LIE => return no(true),
            _ => {}
        }
        let called = if self.mood == REENTER { self.armed.take() } else { None };
        let amount = if self.mood == LESS { amount.checked_sub(U256::ONE)? } else { amount };
        let parts = amount.checked_mul(UNIT)?.checked_div(self.scale)?;
        let hundredth = parts / U256::from(100);
        let leaves = if self.mood == SENDER_FEE { parts.checked_add(hundredth)? } else { parts };
        let comes = if self.mood == FEE { parts - hundredth } else { parts };
        self.shift(from, to, leaves, comes)?;
        Some(Moved { yes: !matches!(self.mood, SEVEN | SLY), called })
    }

    fn shift(&mut self, from: Address, to: Address, leaves: U256, comes: U256) -> Option<()> {
        let held = self.held.entry(from).or_default();
        *held = held.checked_sub(leaves)?;
        let held = self.held.entry(to).or_default();
        *held = held.checked_add(comes)?;
        Some(())
    }

    /// What somebody tells it; what it called where it moved something, and whether it did not revert.
    pub(super) fn told(&mut self, by: Address, data: &[u8]) -> Option<Option<(Address, Bytes)>> {
        if let Ok(T::mintCall { to, amount }) = T::mintCall::abi_decode(data) {
            let more = if self.is_plain { amount } else { amount.checked_mul(UNIT)?.checked_div(self.scale)? };
            let held = self.held.entry(to).or_default();
            *held = held.checked_add(more)?;
        } else if let Ok(T::transferCall { to, amount }) = T::transferCall::abi_decode(data) {
            return Some(self.moves(by, by, to, amount, false)?.called);
        } else if data.starts_with(&T::approveCall::SELECTOR) {
            if !self.is_plain {
                return None;
            }
            self.approved.insert(by);
        } else if self.is_plain {
            return None;
        } else if let Ok(T::beCall { mood }) = T::beCall::abi_decode(data) {
            self.mood = mood;
        } else if let Ok(T::banCall { account, yes }) = T::banCall::abi_decode(data) {
            if yes {
                self.banned.insert(account);
            } else {
                self.banned.remove(&account);
            }
        } else if let Ok(T::rebaseCall { percent }) = T::rebaseCall::abi_decode(data) {
            self.scale = self.scale * percent / U256::from(100);
        } else if let Ok(T::armCall { to, data }) = T::armCall::abi_decode(data) {
            self.armed = (!to.is_zero()).then_some((to, data));
        }
        Some(None)
    }
}

impl Odd {
    /// Whether it takes ether.
    pub(super) fn takes(&self) -> bool {
        !matches!(self.mood, REFUSE | BURNS | HUGE_REFUSAL)
    }
}

/// What contracts that are no tokens answer when they are asked for a balance: some precompiles answer anything with a
/// word, whose number is larger than all that is counted.
pub(super) fn answers_anything(account: Address) -> bool {
    (2..=4).any(|low| account == Address::with_last_byte(low))
}

/// Whether an account that is not one of the walk takes ether.
pub(super) fn takes_ether(account: Address) -> bool {
    // Those precompiles refuse calls without data.
    let is_strict = (9..=0x11).any(|low| account == Address::with_last_byte(low));
    !is_strict && !is_arbos(account)
}
