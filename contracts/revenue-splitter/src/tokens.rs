//! What payees are due in a token, and releasing it.
//!
//! A token's balance is what it says. More than is owed was received; less is a loss, which all bear in proportion.

use alloy_primitives::Address;
use consilium_abi::{Revert, ensure};
use stylus_sdk::prelude::*;

use crate::RevenueSplitter;
use crate::abi::*;
use crate::rules;
use crate::storage::{Pool, Taken};

/// A token as it is now.
pub(crate) struct Look {
    /// The holdings as they are to be stored.
    pub(crate) pool: Pool,
    /// A table that was replaced since the token was looked at, and what was received under it.
    pub(crate) replaced: Option<(u32, u128)>,
    /// How much is noticed now.
    pub(crate) noticed: u128,
}

impl RevenueSplitter {
    // ------------------------------------------------------------------------------------------------- views

    pub(crate) fn total_released_token(&self, token: Address) -> u128 {
        self.total(token)
    }

    pub(crate) fn released_token(&self, token: Address, account: Address) -> u128 {
        self.taken(token, account).released
    }

    pub(crate) fn releasable_token(&self, token: Address, account: Address) -> Result<u128, Revert> {
        let balance = self.balance_of(token)?;
        let look = self.look(token, balance);
        let (_, due) = self.due(token, account, &look);
        Ok(rules::payable(due, balance, look.pool.booked))
    }

    pub(crate) fn remainder(&self, token: Address) -> Result<u128, Revert> {
        let version = self.ether().version;
        let received = self.received(version, token)?;
        let parts = self.entries_of(version).iter().map(|entry| rules::part(received, entry.share)).sum::<u128>();
        Ok(received - parts)
    }

    pub(crate) fn received(&self, version: u32, token: Address) -> Result<u128, Revert> {
        let is_current = version == self.ether().version;
        if token.is_zero() {
            return Ok(if is_current { self.ether_received() } else { self.closed(version, token) });
        }
        let look = self.look(token, self.balance_of(token)?);
        Ok(if is_current { look.pool.received } else { self.received_in(version, token, &look) })
    }

    /// A token as it is, where the contract has so much of it.
    fn look(&self, token: Address, balance: u128) -> Look {
        let (stored, version) = (self.pool(token), self.ether().version);
        let mut pool = Pool { version, ..stored };
        let replaced = (stored.version != version && stored.received != 0).then(|| {
            pool.received = 0;
            (stored.version, stored.received)
        });
        let noticed = rules::unannounced(balance, &pool);
        pool.received += noticed;
        pool.booked += noticed;
        Look { pool, replaced, noticed }
    }

    /// What was received under a table that was replaced.
    fn received_in(&self, version: u32, token: Address, look: &Look) -> u128 {
        match look.replaced {
            Some((replaced, received)) if replaced == version => received,
            _ => self.closed(version, token),
        }
    }

    /// An account's parts of all tables that were replaced, and what it is due. The account's places name each other
    /// back to the first, so only tables that it was in are read.
    pub(crate) fn due(&self, token: Address, account: Address, look: &Look) -> (u128, u128) {
        let (payee, Taken { version: from, mut settled, released }) =
            (self.stored_payee(account), self.taken(token, account));
        let current = look.pool.version;
        let (mut version, mut index) = (payee.version, payee.index);
        while version != 0 && version >= from {
            // The current table is not settled, and nothing before it may be left to settle.
            if version == current && from == current {
                break;
            }
            let entry = self.entry((version, index));
            if version != current {
                let received = self.received_in(version, token, look);
                settled += rules::final_part(received, entry.before, entry.share);
            }
            (version, index) = (entry.previous, entry.previous_index);
        }
        let is_current = payee.version == current;
        let part = if is_current { rules::part(look.pool.received, payee.share) } else { 0 };
        // As of ether: nobody was paid more than this.
        (settled, (settled + part).saturating_sub(released))
    }

    // ---------------------------------------------------------------------------------------------- changing

    pub(crate) fn release_token(&mut self, token: Address, account: Address) -> Result<(), Revert> {
        let balance = self.balance_of(token)?;
        let look = self.observe(token, balance);
        let (settled, due) = self.due(token, account, &look);
        let (pool, Taken { released, .. }) = (look.pool, self.taken(token, account));
        let is_short = balance < pool.booked;
        ensure!(!is_short || account == self.vm().msg_sender(), SplitterShort { token });
        let amount = rules::payable(due, balance, pool.booked);
        ensure!(amount != 0, SplitterNothingDue { account });
        let (version, total) = (pool.version, self.total(token));

        self.set_pool(token, &Pool { booked: pool.booked - due, ..pool });
        self.set_taken(token, account, &Taken { version, settled, released: released + due });
        self.set_total(token, total + due);

        let (moved, _) = self.send(u64::MAX, token, account, amount, balance)?;
        // Some tokens round, and move a little less: that is still due, unless the account takes a loss anyway.
        let lost = if is_short { due - moved } else { 0 };
        if moved != amount && !is_short {
            let rest = amount - moved;
            self.set_pool(token, &Pool { booked: pool.booked - moved, ..pool });
            self.set_taken(token, account, &Taken { version, settled, released: released + due - rest });
            self.set_total(token, total + due - rest);
        }
        ERC20PaymentReleased { token, to: account, amount: moved }.log(self);
        self.log_loss(token, account, lost);
        Ok(())
    }

    // --------------------------------------------------------------------------------------------- unguarded

    /// A token as it is, which logs what is new about it. UNGUARDED: the caller of this writes the holdings.
    pub(crate) fn observe(&mut self, token: Address, balance: u128) -> Look {
        let look = self.look(token, balance);
        if let Some((version, received)) = look.replaced {
            self.close(version, token, received);
        }
        if look.noticed != 0 {
            Noticed { token, version: look.pool.version, amount: look.noticed }.log(self);
        }
        look
    }

    pub(crate) fn log_loss(&mut self, token: Address, account: Address, amount: u128) {
        if amount != 0 {
            LossTaken { token, account, amount }.log(self);
        }
    }
}
