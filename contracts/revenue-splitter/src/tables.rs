//! Tables: who the payees are. The ether of a table is settled when it is replaced; tokens are settled when they are
//! released, from the places of the tables, which stay stored and name the account's places before.

use alloc::vec::Vec;

use alloy_primitives::{Address, U256};
use consilium_abi::{List, Panic, Revert, ensure};
use consilium_components::reentrancy::GuardsReentrance;

use crate::RevenueSplitter;
use crate::abi::*;
use crate::rules::{self, BASIS_POINTS, MOST_PAYEES};
use crate::storage::{Entry, Ether, Payee, Pool};

impl RevenueSplitter {
    // ------------------------------------------------------------------------------------------------- views

    pub(crate) fn total_shares(&self) -> u16 {
        BASIS_POINTS
    }

    pub(crate) fn shares(&self, account: Address) -> u16 {
        let payee = self.stored_payee(account);
        if payee.version == self.ether().version { payee.share } else { 0 }
    }

    pub(crate) fn payee(&self, index: U256) -> Result<Address, Revert> {
        let index = u16::try_from(index).map_err(|_| Panic::OutOfBounds)?;
        let account = self.entry((self.ether().version, index)).account;
        if account.is_zero() { Err(Panic::OutOfBounds.into()) } else { Ok(account) }
    }

    pub(crate) fn table_version(&self) -> u32 {
        self.ether().version
    }

    pub(crate) fn table(&self, version: u32) -> (Vec<Address>, Vec<u16>) {
        self.entries_of(version).into_iter().map(|entry| (entry.account, entry.share)).unzip()
    }

    // ---------------------------------------------------------------------------------------------- changing

    /// The tokens are closed before, so that what came of them is the replaced table's.
    pub(crate) fn set_table(
        &mut self,
        recipients: List<'_, Address>,
        basis_points: List<'_, u16>,
        tokens: List<'_, Address>,
    ) -> Result<(), Revert> {
        self.non_reentrant()?;
        let version = self.ether().version;
        for token in tokens.iter() {
            // A token that is listed twice belongs to the next table by now.
            if self.pool(token).version <= version {
                let balance = self.balance_of(token)?;
                let pool = self.observe(token, balance).pool;
                self.close(version, token, pool.received);
                self.set_pool(token, &Pool { version: version + 1, received: 0, ..pool });
            }
        }
        self.replace_table(recipients, basis_points)
    }

    // --------------------------------------------------------------------------------------------- unguarded

    /// Settles the ether of the current table, if there is one, and sets the next one. UNGUARDED: the caller of this
    /// is the constructor, or a function that the declaration restricts.
    pub(crate) fn replace_table(
        &mut self,
        recipients: List<'_, Address>,
        basis_points: List<'_, u16>,
    ) -> Result<(), Revert> {
        let old = self.ether();
        // Ether that was here before there was a table is the first table's.
        let received = if old.version == 0 { 0 } else { self.ether_received() };
        if old.version != 0 {
            self.close(old.version, Address::ZERO, received);
        }
        for Entry { account, share, before, .. } in self.entries_of(old.version) {
            let payee = self.stored_payee(account);
            let settled = payee.settled + rules::final_part(received, before, share);
            self.set_payee(account, &Payee { settled, ..payee });
        }
        let version = old.version.checked_add(1).ok_or(Panic::Arithmetic)?;
        self.set_ether(&Ether { version, offset: old.offset + received, ..old });

        let count = recipients.len();
        ensure!(count == basis_points.len() && count <= MOST_PAYEES, SplitterInvalidTable {});
        TableSet { version, payees: count as u64 }.log(self);
        let mut before = 0;
        for (index, (account, share)) in (0..).zip(recipients.iter().zip(basis_points)) {
            let payee = self.stored_payee(account);
            let is_new = !account.is_zero() && payee.version != version;
            ensure!(is_new && share != 0 && share <= BASIS_POINTS - before, SplitterInvalidTable {});
            let (previous, previous_index) = (payee.version, payee.index);
            self.set_entry((version, index), &Entry { account, share, before, previous, previous_index });
            self.set_payee(account, &Payee { version, index, share, ..payee });
            before += share;
            PayeeAdded { account, shares: share }.log(self);
        }
        ensure!(before == BASIS_POINTS, SplitterInvalidTable {});
        Ok(())
    }

    /// Writes what was received under a table that is replaced.
    pub(crate) fn close(&mut self, version: u32, token: Address, received: u128) {
        if received != 0 {
            self.set_closed(version, token, received);
        }
        TableClosed { version, token, received }.log(self);
    }

    /// The places of a table, in order: until their shares are everything.
    pub(crate) fn entries_of(&self, version: u32) -> Vec<Entry> {
        let mut entries = Vec::new();
        for index in 0..MOST_PAYEES as u16 {
            let entry = self.entry((version, index));
            if entry.account.is_zero() {
                break;
            }
            let is_last = entry.before + entry.share == BASIS_POINTS;
            entries.push(entry);
            if is_last {
                break;
            }
        }
        entries
    }
}
