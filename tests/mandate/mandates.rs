//! Giving, renewing and ending mandates.

use alloy::primitives::Address;
use consilium_bindings::Mandate::*;
use eyre::Result;

use crate::world::*;

fn granted(holder: Address, number: u32, until: u64, reportEvery: u32, due: u64) -> alloy::primitives::LogData {
    log(MandateGranted { holder, number, until: time(until), reportEvery, due: time(due) })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mandate_is_what_was_granted_until_its_end() -> Result<()> {
    let world = World::start().await?;
    let (holder, now) = (world.anna.address(), world.at_once().await?);
    let (until, first) = (now + 1_000, now + 100);
    assert!(!world.read(isRunningCall { holder }).await?);
    world.logs(&world.dao, grant(holder, until, 50, first), &[granted(holder, 1, until, 50, first)]).await?;
    let found = world.read(mandateCall { holder }).await?;
    assert_eq!((found.until, found.reportEvery, found.due, found.number), (time(until), 50, time(first), 1));
    world.chain.advance_to(until - 1).await?;
    assert!(world.read(isRunningCall { holder }).await?);
    world.chain.advance_to(until).await?;
    assert!(!world.read(isRunningCall { holder }).await?);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_mandate_is_refused() -> Result<()> {
    let world = World::start().await?;
    let (anna, now) = (world.anna.address(), world.at_once().await?);
    for holder in [Address::ZERO, world.at, world.manager] {
        for until in [now + 9, now] {
            world.refuses(&world.dao, grant(holder, until, 0, 0), MandateInvalidHolder { holder }).await?;
        }
    }
    for until in [0, now - 1, now] {
        let refusal = MandateInvalidEnd { until: time(until) };
        world.refuses(&world.dao, grant(anna, until, 0, 0), refusal).await?;
    }
    for (reportEvery, first) in [(0, now + 5), (5, 0), (5, now), (5, now + 10)] {
        let refusal = MandateInvalidReport { reportEvery, firstReportBy: time(first) };
        world.refuses(&world.dao, grant(anna, now + 9, reportEvery, first), refusal).await?;
    }
    // The last second of a report is the end at most, and the latest times there are do no harm.
    world.grants(&world.anna, now + 9, 5, now + 9).await?;
    let last = (1 << 48) - 1;
    world.grants(&world.ben, last, u32::MAX, last).await?;
    world.reports(&world.ben).await?;
    assert_eq!(world.due(&world.ben).await?, last);
    Ok(())
}

/// A renewal changes the terms and leaves the allowances. After an end they are gone.
#[tokio::test(flavor = "multi_thread")]
async fn a_mandate_is_renewed_while_it_runs_and_else_a_new_one() -> Result<()> {
    let (world, now) = World::with(ETHER, true).await?;
    let holder = world.anna.address();
    let until = now + TERM + 5;
    world.chain.advance_to(now + u64::from(EVERY) + 1).await?;
    assert!(world.read(isOverdueCall { holder }).await?);
    world.logs(&world.dao, grant(holder, until, 0, 0), &[granted(holder, 1, until, 0, 0)]).await?;
    assert!(!world.read(isOverdueCall { holder }).await?);
    world.spends(&world.anna, ETHER, 10).await?;

    world.chain.advance_to(until).await?;
    world.refuses(&world.anna, spend(ETHER, 10), MandateNotRunning { holder }).await?;
    let later = until + TERM;
    world.logs(&world.dao, grant(holder, later, 0, 0), &[granted(holder, 2, later, 0, 0)]).await?;
    let left = number(0);
    world.refuses(&world.anna, spend(ETHER, 10), MandateExceeded { holder, token: ETHER, left }).await?;
    let found = world.read(allowanceCall { holder, token: ETHER }).await?;
    assert_eq!((found.limit, found.left, found.period, found.refillsAt), (left, left, 0, time(0)));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_dao_ends_a_mandate_at_once() -> Result<()> {
    let (world, now) = World::with(ETHER, true).await?;
    let holder = world.anna.address();
    world.chain.advance_to(now + 7).await?;
    let ended = log(MandateEnded { holder, number: 1 });
    world.logs(&world.dao, endMandateCall { holder }, &[ended]).await?;
    world.refuses(&world.anna, spend(ETHER, 1), MandateNotRunning { holder }).await?;
    world.refuses(&world.dao, endMandateCall { holder }, MandateNotRunning { holder }).await?;
    let allow = setAllowanceCall { holder, token: ETHER, limit: 1, period: 1 };
    world.refuses(&world.dao, allow, MandateNotRunning { holder }).await?;
    // The report of later is not owed any more.
    let found = world.read(mandateCall { holder }).await?;
    assert_eq!((found.until, found.due), (time(now + 7), time(0)));
    world.refuses(&world.anna, report(), MandateNoReport { holder }).await?;
    // Nobody else's mandate is touched.
    let nobody = world.stranger.address();
    world.refuses(&world.dao, endMandateCall { holder: nobody }, MandateNotRunning { holder: nobody }).await
}
