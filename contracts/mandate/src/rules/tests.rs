//! Properties of the rules. The calendar and the periods are compared with ones that go step by step.

use proptest::prelude::*;

use super::*;

/// A moment, with small ones as often as large ones.
fn time() -> impl Strategy<Value = u64> {
    prop_oneof![0..300_u64, 0..LAST]
}

fn span() -> impl Strategy<Value = u32> {
    prop_oneof![1..40_u32, 1..=u32::MAX]
}

fn terms() -> impl Strategy<Value = Terms> {
    (time(), prop_oneof![Just(0), span()], time(), time(), 1..9_u32)
        .prop_map(|(until, report_every, due, marked, number)| Terms { until, report_every, due, marked, number })
}

/// An allowance and what was spent of it, as they are at a time.
fn purse() -> impl Strategy<Value = (Allowance, Spending, u64)> {
    (any::<u64>(), prop_oneof![Just(0), span()], time(), any::<u64>(), time()).prop_map(
        |(limit, period, since, amount, later)| {
            let now = since + later;
            let allowance = Allowance { limit: limit.into(), period, since, number: 1 };
            let spending = Spending { amount: amount.into(), since: period_start(&allowance, now) };
            (allowance, spending, now)
        },
    )
}

/// A time is kept in 48 bits, and a calendar that would go on longer ends there.
#[test]
fn the_last_second_fits_its_field() {
    let of = |due| Terms { until: LAST, report_every: 1, due, marked: 0, number: 1 };
    assert_eq!(Terms::unpack(of(LAST).pack()), of(LAST));
    assert_eq!(LAST, 281_474_976_710_655);
    for (due, next) in [(LAST - 7, LAST - 2), (LAST - 5, LAST), (LAST - 4, LAST), (LAST, LAST)] {
        assert_eq!(due_after_report(due, 5, due), next, "{due}");
    }
}

proptest! {
    // ----------------------------------------------------------------------------------------------- mandates

    #[test]
    fn a_mandate_runs_before_its_end(terms in terms(), now in time()) {
        prop_assert_eq!(is_running(&terms, now), now < terms.until);
        prop_assert!(!is_running(&terms, terms.until));
    }

    #[test]
    fn a_first_report_is_due_after_now_and_not_after_the_end(every in span(), first in time(), until in time(), now in time()) {
        prop_assert_eq!(is_calendar(every, first, until, now), now < first && first <= until);
        prop_assert_eq!(is_calendar(0, first, until, now), first == 0);
        // At the edges: now is too late, and the end is not.
        prop_assert!(!is_calendar(every, now, until, now));
        prop_assert_eq!(is_calendar(every, until, until, now), now < until);
    }

    /// A renewal keeps the number, by which allowances belong to a mandate; anything else is the next mandate.
    #[test]
    fn a_grant_renews_what_runs(old in terms(), now in time(), first in time(), every in any::<u32>(), until in time()) {
        let new = granted(&old, until, every, first, now);
        prop_assert_eq!(new.number, old.number + u32::from(!is_running(&old, now)));
        prop_assert_eq!((new.until, new.report_every, new.due, new.marked), (until, every, first, 0));
    }

    // ------------------------------------------------------------------------------------------------ reports

    #[test]
    fn overdue_is_after_a_date_that_is_owed(terms in terms(), now in time()) {
        prop_assert_eq!(is_owed(&terms), terms.report_every != 0 && terms.due <= terms.until);
        prop_assert_eq!(is_overdue(&terms, now), is_owed(&terms) && now > terms.due);
    }

    /// Step by step: the first date of the calendar that the report does not cover.
    #[test]
    fn the_next_date_is_the_calendars(due in 1..400_u64, every in 1..40_u32, now in 0..2_000_u64) {
        let next = due_after_report(due, every, now);
        let covers = |date: u64| date <= now || date == due && now + u64::from(every) > due;
        let mut date = due;
        while covers(date) {
            date += u64::from(every);
        }
        prop_assert_eq!(next, date);
    }

    /// A late report covers what is past, one more the interval that runs, and no other moves the date.
    #[test]
    fn nobody_is_ahead_of_the_interval_that_runs(due in time(), every in span(), now in time(), more in 3..9_usize) {
        let reports = |count: usize| (0..count).fold(due, |due, _| due_after_report(due, every, now));
        let once = reports(1);
        prop_assert!(once >= due && once <= due.max(now) + u64::from(every) && (once > now || once == LAST));
        prop_assert!(reports(2) <= due.max(now + 2 * u64::from(every)));
        prop_assert_eq!(reports(more), reports(2));
        if due >= now {
            prop_assert_eq!(reports(2), once);
        }
    }

    /// Every date that is missed is logged once, in order, and none that is not.
    #[test]
    fn each_missed_date_is_logged_once(due in 1..200_u64, every in 1..40_u32, until in 1..400_u64, now in 0..500_u64) {
        let mut terms = Terms { until, report_every: every, due, marked: 0, number: 1 };
        let mut logged = Vec::new();
        while let Some(date) = missed(&terms, now) {
            logged.push(date);
            terms.marked = date;
        }
        let dates = (due..=until).step_by(every as usize).filter(|date| *date < now);
        prop_assert_eq!(logged, dates.collect::<Vec<_>>());
    }

    /// What was logged before a report is not in the way of the dates after it.
    #[test]
    fn a_report_begins_the_next_dates(due in 1..200_u64, every in 1..40_u32, now in 0..500_u64, later in 0..200_u64) {
        let mut terms = Terms { until: LAST, report_every: every, due, marked: 0, number: 1 };
        while let Some(date) = missed(&terms, now) {
            terms.marked = date;
        }
        terms.due = due_after_report(due, every, now);
        prop_assert!(!is_overdue(&terms, now));
        prop_assert_eq!(missed(&terms, now + later), (terms.due < now + later).then_some(terms.due));
    }

    // --------------------------------------------------------------------------------------------- allowances

    #[test]
    fn periods_follow_each_other((allowance, _, now) in purse()) {
        let start = period_start(&allowance, now);
        prop_assert!(start <= now && start >= allowance.since);
        let period = u64::from(allowance.period);
        if period == 0 {
            prop_assert_eq!(start, allowance.since);
        } else {
            prop_assert!(now - start < period && (start - allowance.since).is_multiple_of(period));
        }
    }

    #[test]
    fn a_purse_is_full_again_in_the_next_period((allowance, spending, now) in purse(), later in time()) {
        prop_assert_eq!(spent(&allowance, &spending, now), spending.amount);
        let is_same = period_start(&allowance, now + later) == spending.since;
        prop_assert_eq!(spent(&allowance, &spending, now + later), if is_same { spending.amount } else { 0 });
    }

    /// Whatever is set, what was spent stays spent at once, and an allowance that was ended and set again is as before.
    #[test]
    fn a_new_limit_forgets_nothing(
        (allowance, spending, now) in purse(), limit in any::<u64>(), period in span(), ended in any::<bool>(),
    ) {
        let (mut old, mut then) = (allowance, spending);
        if ended {
            (old, then) = limited(&old, &then, 0, 0, 2, now);
            prop_assert_eq!((old.limit, old.period, old.since), (0, allowance.period, allowance.since));
        }
        let (new, kept) = limited(&old, &then, limit.into(), period, 3, now);
        prop_assert_eq!(spent(&new, &kept, now), spending.amount);
        prop_assert_eq!((new.limit, new.number), (u128::from(limit), 3));
        if limit != 0 {
            prop_assert_eq!(new.period, period);
        }
    }

    /// A period of the same length goes on: its end does not move.
    #[test]
    fn the_same_period_goes_on((allowance, spending, now) in purse(), limit in 1..u64::MAX) {
        prop_assume!(allowance.period != 0);
        let (new, _) = limited(&allowance, &spending, limit.into(), allowance.period, 2, now);
        prop_assert_eq!((period_start(&new, now), new.number), (period_start(&allowance, now), 2));
        let (other, kept) = limited(&allowance, &spending, limit.into(), allowance.period.wrapping_add(1).max(1), 1, now);
        prop_assert_eq!((period_start(&other, now), kept.since), (now, now));
    }
}
