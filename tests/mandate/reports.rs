//! Reports: in time, late, many at once, after the end; and what is overdue.

use consilium_bindings::Mandate::*;
use eyre::Result;

use crate::world::*;

const EACH: u64 = EVERY as u64;

#[tokio::test(flavor = "multi_thread")]
async fn a_report_moves_the_date_by_one_interval() -> Result<()> {
    let (world, now) = World::with(ETHER, true).await?;
    let first = now + EACH;
    world.logs(&world.anna, report(), &[reported(&world.anna, first, first)]).await?;
    // A second later the interval of the first date has begun.
    world.chain.advance_to(now + 1).await?;
    world.logs(&world.anna, report(), &[reported(&world.anna, first, first + EACH)]).await?;
    // More of the same interval are logged, and nobody gets ahead by them.
    for _ in 0..3 {
        let next = first + EACH;
        world.logs(&world.anna, report(), &[reported(&world.anna, next, next)]).await?;
    }
    // In the last second of the date a report is in time.
    world.chain.advance_to(first + EACH).await?;
    assert!(!world.read(isOverdueCall { holder: world.anna.address() }).await?);
    world.logs(&world.anna, report(), &[reported(&world.anna, first + EACH, first + 2 * EACH)]).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_overdue_report_stops_spending_and_a_late_one_ends_that() -> Result<()> {
    let (world, now) = World::with(ETHER, true).await?;
    let (holder, due) = (world.anna.address(), now + EACH);
    world.chain.advance_to(due).await?;
    world.spends(&world.anna, ETHER, 1).await?;
    world.refuses(&world.stranger, markOverdueCall { holder }, MandateNotOverdue { holder, due: time(due) }).await?;
    world.chain.advance_to(due + 1).await?;
    assert!(world.read(isOverdueCall { holder }).await?);
    assert_eq!(world.read(missedCall { holder }).await?, time(due));
    world.refuses(&world.anna, spend(ETHER, 1), MandateReportOverdue { holder, due: time(due) }).await?;

    // It covers one date, and the calendar is as before.
    world.chain.advance_to(due + 50).await?;
    world.logs(&world.anna, report(), &[reported(&world.anna, due, due + EACH)]).await?;
    world.spends(&world.anna, ETHER, 1).await?;
    assert!(!world.read(isOverdueCall { holder }).await?);
    // A report that is very late covers all dates before it, and none after it.
    world.chain.advance_to(due + 4 * EACH + 3).await?;
    world.logs(&world.anna, report(), &[reported(&world.anna, due + EACH, due + 5 * EACH)]).await?;
    // One more covers the interval that runs, and then no other does.
    for next in [6, 6] {
        let before = world.due(&world.anna).await?;
        world.logs(&world.anna, report(), &[reported(&world.anna, before, due + next * EACH)]).await?;
    }
    // One at a date covers that one too.
    world.chain.advance_to(due + 7 * EACH).await?;
    world.logs(&world.anna, report(), &[reported(&world.anna, due + 6 * EACH, due + 8 * EACH)]).await?;
    Ok(())
}

/// Anybody has each missed date logged, once.
#[tokio::test(flavor = "multi_thread")]
async fn each_missed_date_is_logged_once() -> Result<()> {
    let (world, now) = World::with(ETHER, true).await?;
    let (holder, due) = (world.anna.address(), now + EACH);
    let overdue = |due| log(ReportOverdue { holder, due: time(due) });
    world.chain.advance_to(due + 1).await?;
    world.logs(&world.stranger, markOverdueCall { holder }, &[overdue(due)]).await?;
    let none = MandateNotOverdue { holder, due: time(due) };
    world.refuses(&world.stranger, markOverdueCall { holder }, none.clone()).await?;
    world.chain.advance_to(due + 3 * EACH).await?;
    for date in [due + EACH, due + 2 * EACH] {
        assert_eq!(world.read(missedCall { holder }).await?, time(date));
        world.logs(&world.ben, markOverdueCall { holder }, &[overdue(date)]).await?;
    }
    world.refuses(&world.stranger, markOverdueCall { holder }, none).await?;
    assert_eq!(world.read(missedCall { holder }).await?, time(0));
    // Whether it was logged does not matter to the holder.
    assert!(world.read(isOverdueCall { holder }).await?);
    world.reports(&world.anna).await?;
    let next = due + 4 * EACH;
    assert_eq!(world.due(&world.anna).await?, next);
    world.chain.advance_to(next + 1).await?;
    world.logs(&world.stranger, markOverdueCall { holder }, &[overdue(next)]).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn who_owes_no_report_reports_none() -> Result<()> {
    let (world, _) = World::with(ETHER, false).await?;
    for by in [&world.anna, &world.stranger] {
        let holder = by.address();
        world.refuses(by, report(), MandateNoReport { holder }).await?;
        world.refuses(&world.ben, markOverdueCall { holder }, MandateNotOverdue { holder, due: time(0) }).await?;
        assert!(!world.read(isOverdueCall { holder }).await?);
    }
    let empty = reportCall { hash: alloy::primitives::B256::ZERO, locator: LOCATOR.to_owned() };
    world.refuses(&world.anna, empty, MandateEmptyReport {}).await
}

/// What was owed before the end is owed after it; what would have been due later is not.
#[tokio::test(flavor = "multi_thread")]
async fn the_end_does_not_end_what_is_owed() -> Result<()> {
    let (world, now) = World::with(ETHER, true).await?;
    let (holder, due) = (world.anna.address(), now + EACH);
    world.chain.advance_to(due + 1).await?;
    world.sent(&world.dao, endMandateCall { holder }).await?;
    assert!(world.read(isOverdueCall { holder }).await?);
    world.logs(&world.stranger, markOverdueCall { holder }, &[log(ReportOverdue { holder, due: time(due) })]).await?;
    world.chain.advance_to(due + 2 * EACH).await?;
    // No date after the end was missed.
    let none = MandateNotOverdue { holder, due: time(due) };
    world.refuses(&world.stranger, markOverdueCall { holder }, none).await?;
    world.logs(&world.anna, report(), &[reported(&world.anna, due, due + 3 * EACH)]).await?;
    assert!(!world.read(isOverdueCall { holder }).await?);
    assert_eq!(world.due(&world.anna).await?, 0);
    world.refuses(&world.anna, report(), MandateNoReport { holder }).await
}

/// A mandate that ends at its last date owes that report.
#[tokio::test(flavor = "multi_thread")]
async fn the_last_report_is_due_at_the_end() -> Result<()> {
    let world = World::start().await?;
    let (holder, now) = (world.anna.address(), world.at_once().await?);
    world.grants(&world.anna, now + EACH, EVERY, now + EACH).await?;
    world.chain.advance_to(now + EACH + 1).await?;
    assert!(!world.read(isRunningCall { holder }).await? && world.read(isOverdueCall { holder }).await?);
    world.reports(&world.anna).await?;
    assert!(!world.read(isOverdueCall { holder }).await?);
    Ok(())
}

/// A locator may be long or empty; only whoever sends it pays for it.
#[tokio::test(flavor = "multi_thread")]
async fn a_locator_has_any_length() -> Result<()> {
    let (world, now) = World::with(ETHER, true).await?;
    world.chain.advance_to(now + 1).await?;
    for locator in [String::new(), "a".repeat(5_000)] {
        let due = world.due(&world.anna).await?;
        let holder = world.anna.address();
        let nextDue = time(now + 2 * EACH);
        let event = Reported { holder, due: time(due), hash: HASH, locator: locator.clone(), nextDue };
        world.logs(&world.anna, reportCall { hash: HASH, locator }, &[log(event)]).await?;
    }
    Ok(())
}
