//! The books of a walk: what the views say, and what the events alone say came and went.

use std::collections::{BTreeMap, BTreeSet};

use alloy::primitives::{Address, Log, U256};
use alloy::sol_types::SolEventInterface;
use consilium_bindings::RevenueSplitter::RevenueSplitterEvents as E;

use super::entitlement::Table;
use super::state::{DISABLED, PUBLISHED, RECOVERED};

/// What the views say; zero is ether.
#[derive(Clone, Debug, Default)]
pub(super) struct Facts {
    pub(super) balances: BTreeMap<Address, U256>,
    /// By asset and account.
    pub(super) payable: BTreeMap<(Address, Address), U256>,
    pub(super) remainder: BTreeMap<Address, U256>,
    /// What was paid and given up in all.
    pub(super) total: BTreeMap<Address, U256>,
    /// By table and asset.
    pub(super) received: BTreeMap<(u32, Address), U256>,
    /// State, and what is left.
    pub(super) epochs: BTreeMap<u32, (u8, U256)>,
}

/// An epoch as the logs tell it.
#[derive(Clone, Debug, Default)]
pub(super) struct Told {
    pub(super) token: Address,
    pub(super) from: u64,
    pub(super) deadline: u64,
    pub(super) total: U256,
    /// What was paid of it, and given up.
    pub(super) gone: U256,
    pub(super) state: u8,
    claimed: BTreeSet<U256>,
}

/// What was logged in a script.
#[derive(Clone, Debug, Default)]
pub(super) struct Seen {
    pub(super) tables: BTreeMap<u32, Table>,
    pub(super) version: u32,
    /// What came under tables.
    pub(super) received: BTreeMap<(u32, Address), U256>,
    /// What the pool was given.
    pub(super) given: BTreeMap<Address, U256>,
    /// What came and did not go.
    pub(super) owed: BTreeMap<Address, U256>,
    pub(super) epochs: BTreeMap<u32, Told>,
    /// What payees were paid and gave up, and what epochs took of the pool, by asset and account.
    pub(super) paid: BTreeMap<(Address, Address), U256>,
    pub(super) pool: Address,
    /// What went in and out in the last step.
    pub(super) flows: BTreeMap<Address, [U256; 2]>,
    /// What an epoch did that it may not.
    pub(super) faults: Vec<String>,
}

impl Seen {
    pub(super) fn new(first: Table, pool: Address) -> Self {
        Self { tables: BTreeMap::from([(1, first)]), version: 1, pool, ..Self::default() }
    }

    fn comes(&mut self, asset: Address, amount: U256, moves: bool) {
        *self.owed.entry(asset).or_default() += amount;
        if moves {
            self.flows.entry(asset).or_default()[0] += amount;
        }
    }

    fn goes(&mut self, asset: Address, amount: U256, moves: bool) {
        let owed = self.owed.entry(asset).or_default();
        if amount > *owed {
            self.faults.push(format!("{amount} of {asset} leaves, and only {owed} came"));
        }
        *owed = owed.saturating_sub(amount);
        if moves {
            self.flows.entry(asset).or_default()[1] += amount;
        }
    }

    fn is_received(&mut self, version: u32, asset: Address, amount: U256) {
        *self.received.entry((version, asset)).or_default() += amount;
    }

    /// What came under a table; of the current one the views also tell what was not noticed.
    pub(super) fn received(&self, version: u32, asset: Address, facts: &Facts) -> U256 {
        let told = facts.received.get(&(version, asset)).filter(|_| version == self.version);
        told.or_else(|| self.received.get(&(version, asset))).copied().unwrap_or_default()
    }

    fn is_paid(&mut self, asset: Address, account: Address, amount: U256) {
        *self.paid.entry((asset, account)).or_default() += amount;
    }

    /// Takes in what a step logged.
    pub(super) fn fold(&mut self, logs: &[&Log], now: u64) {
        self.flows.clear();
        let mut paying = None;
        for log in logs {
            let Ok(event) = E::decode_raw_log(log.topics(), &log.data.data) else { continue };
            let earlier: Option<u32> = paying.take();
            match event {
                E::PaymentReceived(found) => {
                    self.comes(Address::ZERO, found.amount, true);
                    self.is_received(self.version, Address::ZERO, found.amount);
                }
                // Ether was logged by itself.
                E::RevenueReceived(found) if !found.token.is_zero() => {
                    self.comes(found.token, found.amount, true);
                    self.is_received(found.version, found.token, found.amount);
                }
                E::Noticed(found) => {
                    self.comes(found.token, found.amount, false);
                    self.is_received(found.version, found.token, found.amount);
                }
                E::PoolFunded(found) => {
                    self.comes(found.token, found.amount, true);
                    *self.given.entry(found.token).or_default() += found.amount;
                }
                E::PaymentReleased(found) => {
                    self.goes(Address::ZERO, found.amount, true);
                    self.is_paid(Address::ZERO, found.to, found.amount);
                }
                E::ERC20PaymentReleased(found) => {
                    self.goes(found.token, found.amount, true);
                    self.is_paid(found.token, found.to, found.amount);
                }
                E::LossTaken(found) => {
                    self.goes(found.token, found.amount, false);
                    match earlier.and_then(|number| self.epochs.get_mut(&number)) {
                        Some(told) => told.gone += found.amount,
                        None => self.is_paid(found.token, found.account, found.amount),
                    }
                }
                E::TableSet(found) => {
                    self.version = found.version;
                    self.tables.insert(found.version, Table::new());
                }
                E::PayeeAdded(found) => {
                    let table = self.tables.entry(self.version).or_default();
                    table.push((found.account, found.shares.to()));
                }
                E::EpochPublished(found) => {
                    let (from, deadline) = (found.claimableFrom.to(), found.deadline.to());
                    let told = Told { token: found.token, from, deadline, total: found.total, ..Told::default() };
                    self.epochs.insert(found.number, Told { state: PUBLISHED, ..told });
                    self.is_paid(found.token, self.pool, found.total);
                }
                E::EpochDisabled(found) => {
                    let Some(told) = self.epochs.get_mut(&found.number) else { continue };
                    if now >= told.from || !told.claimed.is_empty() || found.amount != told.total {
                        self.faults.push(format!("{} is disabled after it opened", found.number));
                    }
                    told.state = DISABLED;
                    *self.given.entry(told.token).or_default() += found.amount;
                }
                E::EpochRecovered(found) => {
                    self.pays(found.number, found.amount, now, None);
                    paying = Some(found.number);
                }
                E::Claimed(found) => {
                    self.pays(found.number, found.amount, now, Some(found.index));
                    paying = Some(found.number);
                }
                _ => {}
            }
        }
    }

    /// An epoch pays a claim, or the rest to the treasury.
    fn pays(&mut self, number: u32, amount: U256, now: u64, index: Option<U256>) {
        let Some(told) = self.epochs.get_mut(&number) else {
            return self.faults.push(format!("{number} pays and was never published"));
        };
        told.gone += amount;
        let (token, is_published) = (told.token, told.state == PUBLISHED);
        let is_right = match index {
            Some(index) => told.claimed.insert(index) && now >= told.from && now <= told.deadline,
            None => now > told.deadline,
        };
        if index.is_none() {
            told.state = RECOVERED;
        }
        if !is_right || !is_published {
            self.faults.push(format!("{number} pays {index:?} at {now}: {told:?}"));
        }
        self.goes(token, amount, true);
    }
}
