//! The rules as pure functions. `now` is a block's time, which never goes back. Times that are stored are below 2^48, and
//! spans below 2^32, so their sums fit 64 bits.

use crate::storage::{Allowance, Spending, Terms};

/// The last second that is stored.
pub(crate) const LAST: u64 = (1 << 48) - 1;

// --------------------------------------------------------------------------------------------------- mandates

/// Whether a mandate is running: it has ended from the second `until` on.
pub(crate) fn is_running(terms: &Terms, now: u64) -> bool {
    now < terms.until
}

/// Whether there is such a calendar of reports: none at all, or a first date after now, and not after the end.
pub(crate) fn is_calendar(report_every: u32, first: u64, until: u64, now: u64) -> bool {
    if report_every == 0 { first == 0 } else { now < first && first <= until }
}

/// The mandate that a grant makes of what there was: the same one where it is running, else the next.
pub(crate) fn granted(old: &Terms, until: u64, report_every: u32, first: u64, now: u64) -> Terms {
    // Each number is a decision of the DAO: 2^32 of them take longer than there are blocks.
    let number = if is_running(old, now) { old.number } else { old.number.wrapping_add(1) };
    Terms { until, report_every, due: first, marked: 0, number }
}

// ---------------------------------------------------------------------------------------------------- reports

/// Whether a report is owed, now or later: dates up to the mandate's end are due.
pub(crate) fn is_owed(terms: &Terms) -> bool {
    terms.report_every != 0 && terms.due <= terms.until
}

/// Whether a report is overdue: its last second has passed.
pub(crate) fn is_overdue(terms: &Terms, now: u64) -> bool {
    is_owed(terms) && terms.due < now
}

/// The next due date after a report: the first of the calendar after what the report covers. That is everything up to
/// now, or the next due date, if the report is at most one interval before it. Reports are owed at intervals that are
/// not zero.
pub(crate) fn due_after_report(due: u64, report_every: u32, now: u64) -> u64 {
    let every = u64::from(report_every);
    if now + every <= due {
        return due;
    }
    let late = now.saturating_sub(due);
    (due + (late / every + 1) * every).min(LAST)
}

/// The first due date that was missed and not logged.
pub(crate) fn missed(terms: &Terms, now: u64) -> Option<u64> {
    if !is_overdue(terms, now) {
        return None;
    }
    // What was logged before the last report is before the next due date.
    let first = if terms.marked < terms.due { terms.due } else { terms.marked + u64::from(terms.report_every) };
    (first < now && first <= terms.until).then_some(first)
}

// ------------------------------------------------------------------------------------------------- allowances

/// When the period began that runs now. Periods follow each other without a gap, as those of Safe's AllowanceModule.
pub(crate) fn period_start(allowance: &Allowance, now: u64) -> u64 {
    let Allowance { since, period, .. } = *allowance;
    if period == 0 { since } else { now - (now - since) % u64::from(period) }
}

/// What was spent in the period that runs now.
pub(crate) fn spent(allowance: &Allowance, spending: &Spending, now: u64) -> u128 {
    if spending.since == period_start(allowance, now) { spending.amount } else { 0 }
}

/// What a new limit makes of an allowance, and of what was spent: nothing of that is forgotten before the period ends.
/// A limit that is not zero has a period that is not.
pub(crate) fn limited(
    old: &Allowance,
    spending: &Spending,
    limit: u128,
    period: u32,
    number: u32,
    now: u64,
) -> (Allowance, Spending) {
    if limit == 0 || period == old.period {
        return (Allowance { limit, number, ..*old }, *spending);
    }
    // A period that is longer than the one before would else have begun before now, and one that is shorter might end at
    // once.
    let spending = Spending { amount: spent(old, spending, now), since: now };
    (Allowance { limit, period, since: now, number }, spending)
}

#[cfg(test)]
mod tests;
