//! What a holder may spend, and spending it: as Safe's AllowanceModule, from this contract's own balance.

use alloy_primitives::{Address, U256};
use consilium_abi::{Revert, ensure};
use stylus_sdk::prelude::*;

use crate::Mandate;
use crate::abi::*;
use crate::rules;
use crate::storage::{Allowance, Spending};

impl Mandate {
    // ------------------------------------------------------------------------------------------------- views

    pub(crate) fn allowance(&self, holder: Address, token: Address) -> (u128, u128, u32, u64) {
        let (terms, now) = (self.terms(holder), self.vm().block_timestamp());
        let allowance = self.stored_allowance(holder, token);
        if !rules::is_running(&terms, now) || allowance.number != terms.number || allowance.limit == 0 {
            return (0, 0, 0, 0);
        }
        let spent = rules::spent(&allowance, &self.spending(holder, token), now);
        let Allowance { limit, period, .. } = allowance;
        (limit, limit.saturating_sub(spent), period, refills_at(&allowance, now))
    }

    // ------------------------------------ changing; the constructor calls the first too. UNGUARDED: the declaration
    // restricts it

    pub(crate) fn set_allowance(
        &mut self,
        holder: Address,
        token: Address,
        limit: u128,
        period: u32,
    ) -> Result<(), Revert> {
        let (terms, now) = (self.running(holder)?, self.vm().block_timestamp());
        ensure!(limit == 0 || period != 0, MandateInvalidPeriod {});

        let (old, spending) = (self.stored_allowance(holder, token), self.spending(holder, token));
        let (allowance, spending) = rules::limited(&old, &spending, limit, period, terms.number, now);
        self.store_allowance(holder, token, &allowance);
        self.set_spending(holder, token, &spending);

        let (limit, left, period, refills_at) = self.allowance(holder, token);
        let (limit, left) = (U256::from(limit), U256::from(left));
        AllowanceSet { holder, token, limit, left, period, refills_at }.log(self);
        Ok(())
    }

    pub(crate) fn spend(&mut self, token: Address, to: Address, amount: U256) -> Result<(), Revert> {
        let (holder, now) = (self.vm().msg_sender(), self.vm().block_timestamp());
        let terms = self.running(holder)?;
        ensure!(!rules::is_overdue(&terms, now), MandateReportOverdue { holder, due: terms.due });
        let allowance = self.stored_allowance(holder, token);
        let limit = if allowance.number == terms.number { allowance.limit } else { 0 };
        let spent = rules::spent(&allowance, &self.spending(holder, token), now);
        let left = limit.saturating_sub(spent);
        ensure!(amount <= U256::from(left), MandateExceeded { holder, token, left: U256::from(left) });
        // At most what is left, so at most the limit with what was spent.
        let (amount, since) = (amount.to::<u128>(), rules::period_start(&allowance, now));
        self.set_spending(holder, token, &Spending { amount: spent + amount, since });

        let (left, refills_at) = (U256::from(left - amount), refills_at(&allowance, now));
        Spent { holder, token, to, amount: U256::from(amount), left, refills_at }.log(self);
        self.pay(token, to, amount)
    }
}

/// When the next period begins.
fn refills_at(allowance: &Allowance, now: u64) -> u64 {
    rules::period_start(allowance, now) + u64::from(allowance.period)
}
