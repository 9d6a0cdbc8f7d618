//! Epochs: money of the pool that is set aside for the accounts of a Merkle tree. An epoch pays out of what it was
//! given and of nothing else.

use alloy_primitives::{Address, B256, U256};
use consilium_abi::{Panic, Revert, ensure};
use consilium_components::reentrancy::GuardsReentrance;
use stylus_sdk::prelude::*;

use crate::RevenueSplitter;
use crate::abi::*;
use crate::claims::Way;
use crate::rules::{self, DISABLED, PUBLISHED, RECOVERED};
use crate::storage::{EpochWord, Ether, Funds, Payee, Pool, Settings, Taken};

impl RevenueSplitter {
    // ------------------------------------------------------------------------------------------------- views

    pub(crate) fn epoch(&self, number: u32) -> Epoch {
        let (root, manifest) = (self.root(number), self.manifest(number));
        let EpochWord { token, claimable_from, deadline, state } = self.stored_epoch(number, root);
        let Funds { remaining, total } = self.funds(number);
        let (total, remaining) = (U256::from(total), U256::from(remaining));
        Epoch { state, token, claimable_from, deadline, total, remaining, root, manifest }
    }

    pub(crate) fn epoch_count(&self) -> u32 {
        self.settings().epochs
    }

    // ---------------------------------------------------------------------------------------------- changing

    pub(crate) fn publish_epoch(
        &mut self,
        token: Address,
        total: U256,
        root: B256,
        manifest: B256,
        deadline: u64,
    ) -> Result<u32, Revert> {
        self.non_reentrant()?;
        let settings = self.settings();
        let claimable_from = self.vm().block_timestamp() + u64::from(settings.window);
        // 2^40 seconds fit the word.
        let is_in_time = deadline > claimable_from && deadline >> 40 == 0;
        ensure!(!root.is_zero() && !total.is_zero() && is_in_time, SplitterInvalidEpoch {});
        let earlier = self.epoch_of(root, manifest);
        ensure!(earlier == 0, SplitterEpochPublished { number: earlier });
        let number = settings.epochs.checked_add(1).ok_or(Panic::Arithmetic)?;
        let taken = self.take_of_pool(token, total)?;

        self.set_settings(&Settings { epochs: number, ..settings });
        self.set_epoch(number, root, &EpochWord { token, claimable_from, deadline, state: PUBLISHED });
        self.set_hashes(number, root, manifest);
        self.set_funds(number, &Funds { remaining: taken, total: taken });
        self.set_epoch_of(root, manifest, number);

        EpochPublished { number, token, root, manifest, total: taken, claimable_from, deadline }.log(self);
        Ok(number)
    }

    /// No money moves, so nothing can keep a guardian from it.
    pub(crate) fn disable_epoch(&mut self, number: u32) -> Result<(), Revert> {
        self.non_reentrant()?;
        let root = self.root(number);
        let epoch = self.stored_epoch(number, root);
        let is_in_window = epoch.state == PUBLISHED && self.vm().block_timestamp() < epoch.claimable_from;
        ensure!(is_in_window, SplitterNotInWindow { number });
        let (funds, token, this) = (self.funds(number), epoch.token, self.vm().contract_address());

        self.set_epoch(number, root, &EpochWord { state: DISABLED, ..epoch });
        self.set_funds(number, &Funds { remaining: 0, ..funds });
        self.set_epoch_of(root, self.manifest(number), 0);
        if token.is_zero() {
            let payee = self.stored_payee(this);
            self.set_payee(this, &Payee { settled: payee.settled + funds.remaining, ..payee });
        } else {
            let taken = self.taken(token, this);
            self.set_taken(token, this, &Taken { settled: taken.settled + funds.remaining, ..taken });
        }

        EpochDisabled { number, amount: funds.remaining }.log(self);
        Ok(())
    }

    pub(crate) fn recover_epoch(&mut self, number: u32) -> Result<(), Revert> {
        self.non_reentrant()?;
        let root = self.root(number);
        let epoch = self.stored_epoch(number, root);
        let is_over = epoch.state == PUBLISHED && self.vm().block_timestamp() > epoch.deadline;
        ensure!(is_over, SplitterNotEnded { number });
        let (to, remaining) = (self.settings().treasury, self.funds(number).remaining);
        self.set_epoch(number, root, &EpochWord { state: RECOVERED, ..epoch });

        let mut balance = self.balance_for(epoch.token)?;
        // Whoever executes this chooses the second, so a loss is not taken here.
        let way = Way { to, own: false, at_a_loss: false, gas: u64::MAX };
        let amount = self.pay_out(number, epoch.token, remaining, &way, &mut balance)?;
        EpochRecovered { number, to, amount }.log(self);
        self.log_loss(epoch.token, to, remaining - amount);
        Ok(())
    }

    // --------------------------------------------------------------------------------------------- unguarded

    /// Takes an amount of the pool, as if it was released to it. The contract still has it, and still owes it.
    fn take_of_pool(&mut self, token: Address, total: U256) -> Result<u128, Revert> {
        let this = self.vm().contract_address();
        let within = |due: u128| match u128::try_from(total) {
            Ok(total) if total <= due => Ok(total),
            _ => Err(Revert::from(SplitterPoolTooSmall { due: U256::from(due) })),
        };
        if token.is_zero() {
            let (payee, ether) = (self.stored_payee(this), self.ether());
            let total = within(self.ether_due(&payee))?;
            self.set_payee(this, &Payee { released: payee.released + total, ..payee });
            let (released, offset) = (ether.released + total, ether.offset + total);
            self.set_ether(&Ether { released, offset, ..ether });
            return Ok(total);
        }
        let balance = self.balance_of(token)?;
        let look = self.observe(token, balance);
        ensure!(balance >= look.pool.booked, SplitterShort { token });
        let (settled, due) = self.due(token, this, &look);
        let total = within(due)?;
        let (version, released) = (look.pool.version, self.taken(token, this).released + total);
        self.set_pool(token, &look.pool);
        self.set_taken(token, this, &Taken { version, settled, released });
        self.set_total(token, self.total(token) + total);
        Ok(total)
    }

    /// The balance that [`Self::pay_out`] is told: of ether it does not ask.
    pub(crate) fn balance_for(&self, token: Address) -> Result<u128, Revert> {
        if token.is_zero() { Ok(0) } else { self.balance_of(token) }
    }

    /// Pays an amount of an epoch, and returns how much was sent. Where the contract holds too little of the token, it
    /// is less, if the way allows it. If it fails, all is as it was. UNGUARDED: the caller of this has checked who is
    /// paid, and how.
    pub(crate) fn pay_out(
        &mut self,
        number: u32,
        token: Address,
        amount: u128,
        way: &Way,
        balance: &mut u128,
    ) -> Result<u128, Revert> {
        let &Way { to, at_a_loss, gas, .. } = way;
        let funds = self.funds(number);
        let Funds { remaining, total } = funds;
        ensure!(amount <= remaining, SplitterEpochExhausted { number, remaining: U256::from(remaining) });
        let owed = if token.is_zero() { 0 } else { self.pool(token).booked };
        ensure!(at_a_loss || *balance >= owed, SplitterShort { token });
        let paid = rules::payable(amount, *balance, owed);
        ensure!(paid != 0, SplitterNothingDue { account: to });

        self.set_funds(number, &Funds { remaining: remaining - amount, total });
        self.set_owed(token, amount, 0);
        match self.send(gas, token, to, paid, *balance) {
            Ok((moved, after)) => {
                *balance = after;
                Ok(moved)
            }
            Err(reason) => {
                self.set_funds(number, &funds);
                self.set_owed(token, 0, amount);
                Err(reason)
            }
        }
    }

    /// What epochs are owed becomes less or more.
    fn set_owed(&mut self, token: Address, less: u128, more: u128) {
        if token.is_zero() {
            let ether = self.ether();
            self.set_ether(&Ether { offset: ether.offset - less + more, ..ether });
        } else {
            let pool = self.pool(token);
            self.set_pool(token, &Pool { booked: pool.booked - less + more, ..pool });
        }
    }
}
