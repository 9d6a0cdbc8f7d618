//! What there is, in plain lists and maps, with nothing packed and nothing remembered that follows from something else.

use std::collections::{BTreeMap, BTreeSet};

use alloy::primitives::{Address, B256, U256, aliases::U48};
use harness::walk::signers::Site;

use super::entitlement::{Table, current, cut, settled};
use super::tokens::{Odd, Token};

pub(super) const PUBLISHED: u8 = 1;
pub(super) const DISABLED: u8 = 2;
pub(super) const RECOVERED: u8 = 3;

/// The largest amount of a token that is counted.
pub(super) fn most() -> U256 {
    (U256::ONE << 112) - U256::ONE
}

/// The largest balance that is told apart.
pub(super) fn largest() -> U256 {
    U256::from(u128::MAX)
}

/// A second as the interface has it.
pub(super) fn time(second: u64) -> U48 {
    U48::from(second)
}

/// Ether, or a token, as the contract sees it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Book {
    /// What came under each table, as far as it was noticed.
    pub(super) received: BTreeMap<u32, U256>,
    /// What the pool was given.
    pub(super) given: U256,
    /// What everybody was paid; of a token also what was given up; of the pool what epochs took.
    pub(super) paid: BTreeMap<Address, U256>,
    /// What the contract owes to all.
    pub(super) owed: U256,
    /// The table under which it was looked at last.
    pub(super) seen: u32,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Epoch {
    pub(super) state: u8,
    pub(super) token: Address,
    pub(super) from: u64,
    pub(super) deadline: u64,
    pub(super) total: U256,
    pub(super) remaining: U256,
    pub(super) root: B256,
    pub(super) manifest: B256,
    pub(super) claimed: BTreeSet<U256>,
}

/// A request that the registry knows: custodian, class, and who asked.
pub(super) type Request = (Address, u8, Address);

#[derive(Clone, Debug, PartialEq)]
pub(super) struct State {
    /// All tables, the current one last.
    pub(super) tables: Vec<Table>,
    /// By asset; zero is ether.
    pub(super) books: BTreeMap<Address, Book>,
    pub(super) epochs: Vec<Epoch>,
    pub(super) treasury: Address,
    pub(super) registry: Address,
    pub(super) window: u32,
    pub(super) nonces: BTreeMap<(Address, U256), u64>,
    pub(super) sites: BTreeMap<Address, Site>,
    // What is around the contract.
    pub(super) tokens: BTreeMap<Address, Token>,
    pub(super) odd: BTreeMap<Address, Odd>,
    /// The contract's own ether.
    pub(super) ether: U256,
    pub(super) requests: BTreeMap<(B256, B256), Request>,
    pub(super) pointers: BTreeMap<B256, Request>,
    pub(super) mute: bool,
}

/// A token as it is now: what it has, and how much of that nobody has noticed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Look {
    pub(super) balance: U256,
    pub(super) noticed: U256,
    pub(super) owed: U256,
}

impl State {
    pub(super) fn version(&self) -> u32 {
        self.tables.len() as u32
    }

    pub(super) fn table(&self, version: u32) -> Option<&Table> {
        self.tables.get((version as usize).checked_sub(1)?)
    }

    pub(super) fn book(&self, asset: Address) -> Book {
        self.books.get(&asset).cloned().unwrap_or_default()
    }

    pub(super) fn book_mut(&mut self, asset: Address) -> &mut Book {
        self.books.entry(asset).or_default()
    }

    pub(super) fn epoch(&self, number: u32) -> Option<&Epoch> {
        self.epochs.get((number as usize).checked_sub(1)?)
    }

    pub(super) fn nonce(&self, account: Address, key: U256) -> U256 {
        key << 64 | U256::from(self.nonces.get(&(account, key)).copied().unwrap_or_default())
    }

    /// Seconds at which an epoch opens or ends.
    pub(super) fn seconds_that_matter(&self, now: u64) -> Vec<u64> {
        let live = self.epochs.iter().filter(|epoch| epoch.state == PUBLISHED);
        let mut all: Vec<_> = live.flat_map(|epoch| [epoch.from, epoch.deadline]).filter(|at| *at > now).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// How much more of an asset can be counted.
    pub(super) fn countable(&self, asset: Address) -> U256 {
        let book = self.book(asset);
        let received = book.received.get(&self.version()).copied().unwrap_or_default();
        most() - book.owed.max(received)
    }

    /// A token that has so much, as the contract would see it now.
    pub(super) fn look(&self, token: Address, balance: U256) -> Look {
        let owed = self.book(token).owed;
        let noticed = balance.saturating_sub(owed).min(self.countable(token));
        Look { balance, noticed, owed: owed + noticed }
    }

    /// What came under a table; of the current one also what is noticed now.
    pub(super) fn received(&self, version: u32, asset: Address, noticed: U256) -> U256 {
        let received = self.book(asset).received.get(&version).copied().unwrap_or_default();
        if version == self.version() { received + noticed } else { received }
    }

    /// All that an account is due, of all tables. `pool` says whether it is the contract itself.
    pub(super) fn due(&self, asset: Address, account: Address, pool: bool, noticed: U256) -> U256 {
        let mut sum = if pool { self.book(asset).given } else { U256::ZERO };
        for (table, version) in self.tables.iter().zip(1..) {
            let received = self.received(version, asset, noticed);
            let is_current = version == self.version();
            sum += if is_current { current(table, account, received) } else { settled(table, account, received) };
        }
        sum.saturating_sub(self.book(asset).paid.get(&account).copied().unwrap_or_default())
    }

    /// What `releasable` says.
    pub(super) fn releasable(&self, asset: Address, account: Address, pool: bool, look: Option<Look>) -> U256 {
        let Some(look) = look else { return self.due(asset, account, pool, U256::ZERO) };
        cut(self.due(asset, account, pool, look.noticed), look.balance, look.owed)
    }

    /// What of the current table is nobody's yet.
    pub(super) fn remainder(&self, asset: Address, noticed: U256) -> U256 {
        let version = self.version();
        let (Some(table), received) = (self.table(version), self.received(version, asset, noticed)) else {
            return U256::ZERO;
        };
        received - table.iter().map(|(account, _)| current(table, *account, received)).sum::<U256>()
    }

    /// What a token says that the contract has, where it says something.
    pub(super) fn balance(&self, token: Address, contract: Address) -> Option<U256> {
        match self.tokens.get(&token) {
            Some(token) => Some(token.answers(contract)?.min(largest())),
            None => super::tokens::answers_anything(token).then(largest),
        }
    }
}
