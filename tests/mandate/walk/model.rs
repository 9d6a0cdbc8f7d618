//! The model.

use std::collections::BTreeMap;

use super::steps::Deed;

/// Somebody's mandates.
#[derive(Default)]
struct Holder {
    until: u64,
    every: u64,
    /// The next date that no report covers.
    due: u64,
    number: u32,
    /// All dates that were logged as missed since the last grant.
    marked: Vec<u64>,
}

/// An allowance, and everything that was spent of it.
#[derive(Default)]
struct Purse {
    limit: u64,
    period: u64,
    /// When its periods began to be counted.
    begun: u64,
    number: u32,
    /// When, and how much.
    payments: Vec<(u64, u64)>,
}

/// Everything.
#[derive(Default)]
pub(super) struct Model {
    holders: BTreeMap<usize, Holder>,
    purses: BTreeMap<(usize, usize), Purse>,
    came: [u64; 2],
    gone: [u64; 2],
}

impl Purse {
    /// Counted from the beginning, one period after the other.
    fn start(&self, now: u64) -> u64 {
        let mut start = self.begun;
        while self.period != 0 && start + self.period <= now {
            start += self.period;
        }
        start
    }

    fn spent(&self, now: u64) -> u64 {
        let start = self.start(now);
        self.payments.iter().filter(|(at, _)| *at >= start).map(|(_, amount)| amount).sum()
    }
}

impl Model {
    fn holder(&self, who: usize) -> (u64, u64, u64, u32) {
        self.holders.get(&who).map_or((0, 0, 0, 0), |holder| (holder.until, holder.every, holder.due, holder.number))
    }

    pub(super) fn mandate(&self, who: usize) -> (u64, u32, u64, u32) {
        let (until, every, due, number) = self.holder(who);
        (until, every as u32, if every != 0 && due <= until { due } else { 0 }, number)
    }

    pub(super) fn is_running(&self, who: usize, now: u64) -> bool {
        now < self.holder(who).0
    }

    /// The dates of the calendar from the next one on that are owed and past.
    fn past(&self, who: usize, now: u64) -> Vec<u64> {
        let (until, every, due, _) = self.holder(who);
        if every == 0 {
            return Vec::new();
        }
        (due..=until).step_by(every as usize).take_while(|date| *date < now).collect()
    }

    pub(super) fn is_overdue(&self, who: usize, now: u64) -> bool {
        !self.past(who, now).is_empty()
    }

    pub(super) fn missed(&self, who: usize, now: u64) -> Option<u64> {
        self.past(who, now).into_iter().find(|date| !self.holders[&who].marked.contains(date))
    }

    pub(super) fn allowance(&self, who: usize, money: usize, now: u64) -> (u64, u64, u32, u64) {
        let none = (0, 0, 0, 0);
        let Some(purse) = self.purses.get(&(who, money)) else { return none };
        if !self.is_running(who, now) || purse.number != self.holder(who).3 || purse.limit == 0 {
            return none;
        }
        let left = purse.limit.saturating_sub(purse.spent(now));
        (purse.limit, left, purse.period as u32, purse.start(now) + purse.period)
    }

    /// What came, and what went.
    pub(super) fn moved(&self, money: usize) -> (u64, u64) {
        (self.came[money], self.gone[money])
    }

    /// Does a deed; what comes of it.
    pub(super) fn does(&mut self, deed: &Deed, now: u64) -> &'static str {
        match *deed {
            Deed::Grant { who, term, every, first } => self.grants(who, now, (term, every, first)),
            Deed::End { who } => {
                if !self.is_running(who, now) {
                    return "end: refused";
                }
                self.holders.entry(who).or_default().until = now;
                "end"
            }
            Deed::Allow { who, money, limit, period } => self.allows(who, money, now, (limit, period)),
            Deed::Spend { who, money, amount } => self.spends(who, money, amount, now),
            Deed::Report { who } => self.reports(who, now),
            Deed::Mark { who } => {
                let Some(date) = self.missed(who, now) else { return "mark: refused" };
                self.holders.entry(who).or_default().marked.push(date);
                "mark"
            }
            Deed::Recover { money, amount } => {
                if self.came[money] - self.gone[money] < amount {
                    return "recover: short";
                }
                self.gone[money] += amount;
                "recover"
            }
            Deed::Pay { money, amount } => {
                self.came[money] += amount;
                "pay"
            }
        }
    }

    fn grants(&mut self, who: usize, now: u64, (term, every, first): (u64, u32, u64)) -> &'static str {
        let date = if first == 0 { 0 } else { now + first - 1 };
        let calendar = if every == 0 { first == 0 } else { date > now && date <= now + term };
        if term == 0 || !calendar {
            return "grant: refused";
        }
        let is_running = self.is_running(who, now);
        let holder = self.holders.entry(who).or_default();
        let number = if is_running { holder.number } else { holder.number + 1 };
        *holder = Holder { until: now + term, every: every.into(), due: date, number, marked: Vec::new() };
        "grant"
    }

    fn allows(&mut self, who: usize, money: usize, now: u64, (limit, period): (u64, u32)) -> &'static str {
        if !self.is_running(who, now) || limit != 0 && period == 0 {
            return "allow: refused";
        }
        let number = self.holder(who).3;
        let purse = self.purses.entry((who, money)).or_default();
        if limit != 0 && purse.period != u64::from(period) {
            // What the running period has had counts for the one that begins.
            purse.payments = vec![(now, purse.spent(now))];
            (purse.period, purse.begun) = (period.into(), now);
        }
        (purse.limit, purse.number) = (limit, number);
        "allow"
    }

    fn spends(&mut self, who: usize, money: usize, amount: u64, now: u64) -> &'static str {
        if !self.is_running(who, now) {
            return "spend: not running";
        }
        if self.is_overdue(who, now) {
            return "spend: overdue";
        }
        if amount > self.allowance(who, money, now).1 {
            return "spend: exceeded";
        }
        if amount > self.came[money] - self.gone[money] {
            return "spend: short";
        }
        self.gone[money] += amount;
        self.purses.entry((who, money)).or_default().payments.push((now, amount));
        "spend"
    }

    fn reports(&mut self, who: usize, now: u64) -> &'static str {
        let (until, every, due, _) = self.holder(who);
        if every == 0 || !self.is_running(who, now) && due > until {
            return "report: refused";
        }
        let holder = self.holders.entry(who).or_default();
        // The next date if it is near enough, and every one up to now.
        if now + every > due {
            holder.due += every;
        }
        while holder.due <= now {
            holder.due += every;
        }
        "report"
    }
}
