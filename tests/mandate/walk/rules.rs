//! The rules in the plainest way: every date of the calendar, every payment with its time. Nothing is packed, and nothing
//! is remembered between two questions.

use std::collections::BTreeMap;

use alloy::primitives::Address;

/// The last second that can be said.
const LAST: u64 = (1 << 48) - 1;
/// The largest amount.
const MOST: u128 = u128::MAX;

/// Somebody's mandates.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Holder {
    pub(super) until: u64,
    pub(super) every: u32,
    /// The next date that no report covers.
    pub(super) due: u64,
    pub(super) number: u32,
    /// All dates that were logged as missed since the last grant.
    marked: Vec<u64>,
}

/// An allowance, and everything that was spent of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Purse {
    pub(super) limit: u128,
    pub(super) period: u32,
    /// When its periods began to be counted.
    begun: u64,
    number: u32,
    /// When, and how much.
    payments: Vec<(u64, u128)>,
}

/// Everybody's.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Rules {
    holders: BTreeMap<Address, Holder>,
    purses: BTreeMap<(Address, Address), Purse>,
}

impl Holder {
    /// Dates up to the end of the mandate are owed.
    pub(super) fn owed(&self) -> Option<u64> {
        (self.every != 0 && self.due <= self.until).then_some(self.due)
    }

    pub(super) fn is_running(&self, now: u64) -> bool {
        now < self.until
    }

    /// The dates of the calendar from the next one on that are owed and past.
    fn past(&self, now: u64) -> impl Iterator<Item = u64> {
        let dates = (self.due..=self.until).step_by((self.every as usize).max(1));
        dates.take_while(move |date| *date < now).take(if self.every == 0 { 0 } else { usize::MAX })
    }

    pub(super) fn is_overdue(&self, now: u64) -> bool {
        self.past(now).next().is_some()
    }

    pub(super) fn missed(&self, now: u64) -> Option<u64> {
        self.past(now).find(|date| !self.marked.contains(date))
    }

    /// A date is logged as missed.
    pub(super) fn mark(&mut self, date: u64) {
        self.marked.push(date);
    }

    /// A report comes: the next date if it is near enough, and every one up to now, are covered.
    pub(super) fn report(&mut self, now: u64) {
        let every = u64::from(self.every);
        if now + every > self.due {
            self.due += every;
        }
        while self.due <= now {
            self.due += every;
        }
        self.due = self.due.min(LAST);
    }

    /// A mandate is given: the same one where it is running, else the next.
    pub(super) fn grant(&mut self, until: u64, every: u32, first: u64, now: u64) {
        let number = if self.is_running(now) { self.number } else { self.number + 1 };
        *self = Self { until, every, due: first, number, marked: Vec::new() };
    }
}

impl Purse {
    /// When the period began that runs now: counted from the beginning, one after the other.
    pub(super) fn start(&self, now: u64) -> u64 {
        let mut start = self.begun;
        while self.period != 0 && start + u64::from(self.period) <= now {
            start += u64::from(self.period);
        }
        start
    }

    /// When the next begins.
    pub(super) fn refills_at(&self, now: u64) -> u64 {
        self.start(now) + u64::from(self.period)
    }

    fn spent(&self, now: u64) -> u128 {
        let start = self.start(now);
        let payments = self.payments.iter().filter(|(at, _)| *at >= start);
        payments.fold(0, |sum: u128, (_, amount)| sum.checked_add(*amount).unwrap_or(MOST))
    }

    fn left(&self, now: u64) -> u128 {
        self.limit.saturating_sub(self.spent(now))
    }
}

impl Rules {
    pub(super) fn holder(&self, who: Address) -> Holder {
        self.holders.get(&who).cloned().unwrap_or_default()
    }

    pub(super) fn holder_mut(&mut self, who: Address) -> &mut Holder {
        self.holders.entry(who).or_default()
    }

    /// An allowance in force, with what is left of it.
    pub(super) fn allowance(&self, who: Address, token: Address, now: u64) -> Option<(Purse, u128)> {
        let (holder, purse) = (self.holder(who), self.purses.get(&(who, token))?);
        let is_in_force = holder.is_running(now) && purse.number == holder.number && purse.limit != 0;
        is_in_force.then(|| (purse.clone(), purse.left(now)))
    }

    /// An allowance is set. What the running period has had counts for the one that begins.
    pub(super) fn allow(&mut self, who: Address, token: Address, limit: u128, period: u32, now: u64) {
        let number = self.holder(who).number;
        let purse = self.purses.entry((who, token)).or_default();
        if limit != 0 && purse.period != period {
            purse.payments = vec![(now, purse.spent(now))];
            (purse.period, purse.begun) = (period, now);
        }
        (purse.limit, purse.number) = (limit, number);
    }

    /// Something is spent; when the purse is full again, and what is left.
    pub(super) fn spend(&mut self, who: Address, token: Address, amount: u128, now: u64) -> (u64, u128) {
        let left = self.allowance(who, token, now).map_or(0, |(_, left)| left) - amount;
        let purse = self.purses.entry((who, token)).or_default();
        purse.payments.push((now, amount));
        (purse.refills_at(now), left)
    }

    /// Seconds at which something ends, is due or begins.
    pub(super) fn seconds_that_matter(&self, now: u64) -> Vec<u64> {
        let holders = self.holders.values().flat_map(|holder| [holder.until, holder.due, holder.due + 1]);
        let purses = self.purses.values().map(|purse| purse.refills_at(now));
        let mut all: Vec<_> = holders.chain(purses).filter(|at| *at > now).collect();
        all.sort_unstable();
        all.dedup();
        all
    }
}
