//! Payments: what a holder spends, and what the DAO takes back.

use alloy::{
    primitives::{Address, U256},
    sol_types::SolError,
};
use consilium_bindings::Mandate as M;

use super::model::{Context, Model, Outcome, ensure};
use super::money::{answers_anything, takes_ether};
use super::resolve::second;

impl Model {
    pub(super) fn spend(&mut self, context: Context, call: &M::spendCall) -> Outcome {
        let (holder, now) = (context.by, context.now);
        let M::spendCall { token, to, amount } = *call;
        let of = self.rules.holder(holder);
        ensure(of.is_running(now), M::MandateNotRunning { holder })?;
        ensure(!of.is_overdue(now), M::MandateReportOverdue { holder, due: second(of.due) })?;
        let left = self.allowance(holder, token, now).1;
        ensure(amount <= left, M::MandateExceeded { holder, token, left })?;
        let (refills_at, left) = self.rules.spend(holder, token, amount.to(), now);
        let (left, refillsAt) = (U256::from(left), second(refills_at));
        self.log(M::Spent { holder, token, to, amount, left, refillsAt });
        self.pay(context, token, to, amount)
    }

    pub(super) fn recover(&mut self, context: Context, call: &M::recoverCall) -> Outcome {
        let M::recoverCall { token, to, amount } = *call;
        ensure(u128::try_from(amount).is_ok(), M::MandateTransferFailed { token, to, amount })?;
        self.log(M::Recovered { token, to, amount });
        self.pay(context, token, to, amount)
    }

    fn pay(&mut self, context: Context, token: Address, to: Address, amount: U256) -> Outcome {
        ensure(!to.is_zero() && to != self.people.contract, M::MandateInvalidRecipient { to })?;
        ensure(!amount.is_zero(), M::MandateInvalidAmount {})?;
        let [plain, wild] = self.people.tokens;
        let is_token = token == plain || token == wild;
        let readable = token != wild || self.wild.answers();
        if !token.is_zero() && (!is_token && !answers_anything(token) || !readable) {
            return Err(M::MandateTokenUnreadable { token }.abi_encode());
        }
        let is_paid = match token {
            Address::ZERO => self.ether(context, to, amount),
            _ if token == plain => self.leaves(token, amount),
            _ if token == wild => self.of_wild(context, to, amount),
            _ => false,
        };
        ensure(is_paid, M::MandateTransferFailed { token, to, amount })
    }

    /// So much of a kind of money leaves, if it is here.
    fn leaves(&mut self, money: Address, amount: U256) -> bool {
        let rest = self.here(money).checked_sub(amount);
        rest.is_some_and(|rest| self.here.insert(money, rest).is_some())
    }

    fn ether(&mut self, context: Context, to: Address, amount: U256) -> bool {
        if !self.leaves(Address::ZERO, amount) {
            return false;
        }
        let Some(odd) = self.odd.get(&to).cloned() else {
            let refuses = self.people.tokens.contains(&to) || to == self.people.authority;
            return !refuses && takes_ether(to);
        };
        if let Some((data, wei)) = odd.calls(amount.to()) {
            let answer = self.call(Context { by: to, wei, ..context }, &data);
            // It insists that what it sends back is taken, and on nothing else.
            return wei == 0 || matches!(answer, Some(Ok(_)));
        }
        odd.takes()
    }

    fn of_wild(&mut self, context: Context, to: Address, amount: U256) -> bool {
        let token = self.people.tokens[1];
        if let Some((target, data)) = self.wild.calls(to)
            && target == self.people.contract
        {
            self.call(Context { by: token, wei: 0, ..context }, &data);
        }
        let Some(moved) = self.wild.moves(self.here(token), to, amount) else { return false };
        self.leaves(token, moved.amount) && moved.yes && !moved.amount.is_zero() && moved.amount <= amount
    }
}
