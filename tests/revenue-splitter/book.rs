//! A book that the tests keep, in the plainest way: every table, what came under it, and what everybody was paid. Parts
//! are fractions of everything; nothing is remembered between two questions.

use std::collections::BTreeMap;

use alloy::primitives::{Address, U256};

use crate::world::number;

/// A table of the book.
#[derive(Clone, Debug)]
struct Table {
    payees: Vec<(Address, u16)>,
    received: U256,
}

/// The book of ether, or of a token.
#[derive(Clone, Debug, Default)]
pub(crate) struct Book {
    /// The last one is the current one.
    tables: Vec<Table>,
    pub(crate) paid: BTreeMap<Address, U256>,
    /// What was given to the pool.
    pub(crate) given: U256,
    /// What came by transfers that nobody noticed yet.
    pub(crate) unnoticed: U256,
    /// What epochs have.
    pub(crate) epochs: BTreeMap<u32, U256>,
}

impl Book {
    pub(crate) fn table(&mut self, payees: &[(Address, u16)]) {
        self.tables.push(Table { payees: payees.to_vec(), received: U256::ZERO });
    }

    /// The current table receives this, and what was not noticed.
    pub(crate) fn receive(&mut self, amount: U256) {
        let last = self.tables.last_mut().expect("there is a table");
        last.received += amount + self.unnoticed;
        self.unnoticed = U256::ZERO;
    }

    pub(crate) fn received(&self, version: usize) -> U256 {
        let more = if version == self.tables.len() { self.unnoticed } else { U256::ZERO };
        self.tables[version - 1].received + more
    }

    /// All that an account is due, of all tables. `pool` says whether it is the contract itself.
    pub(crate) fn due(&self, account: Address, pool: bool) -> U256 {
        let mut sum = if pool { self.given } else { U256::ZERO };
        for version in 1..=self.tables.len() {
            let (received, mut before) = (self.received(version), U256::ZERO);
            for (payee, share) in &self.tables[version - 1].payees {
                let share = U256::from(*share);
                if *payee == account && version == self.tables.len() {
                    sum += received * share / number(10_000);
                } else if *payee == account {
                    sum += received * (before + share) / number(10_000) - received * before / number(10_000);
                }
                before += share;
            }
        }
        sum - self.paid.get(&account).copied().unwrap_or_default()
    }

    pub(crate) fn pay(&mut self, account: Address, amount: U256) {
        *self.paid.entry(account).or_default() += amount;
    }

    /// All that the contract should have: everything that came, without what left it.
    pub(crate) fn balance(&self, left: U256) -> U256 {
        (1..=self.tables.len()).map(|version| self.received(version)).sum::<U256>() + self.given - left
    }
}
