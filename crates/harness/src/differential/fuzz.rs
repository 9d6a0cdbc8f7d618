//! Scripts without end: generated from a seed, run on as many threads as there are to be, until time is over or the two
//! sides differ.

use std::{
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use eyre::{Context, Result, eyre};
use proptest::{
    strategy::{Strategy, ValueTree},
    test_runner::TestRunner,
};

use super::{
    calldata::Manner,
    pair::{Pair, Suite},
    run::{Begun, Difference, Run, Tally, run},
    script::Script,
    setups::odd_setups,
    shrink::{Found, shrink},
    strategy::{runner, scripts},
};

/// Steps of a script: several proposals' lives. The more there are, the more views each step asks for.
const STEPS: usize = 50;
/// Rounds of mutated calldata after each script.
const ROUNDS: usize = 1;

/// What is to be run.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// Everything follows from it but the number of scripts that time allows.
    pub seed: u64,
    /// How many threads, each with two chains.
    pub threads: u64,
    /// Stops before the next script begins.
    pub until: Until,
}

/// When it is enough.
#[derive(Clone, Copy, Debug)]
pub enum Until {
    /// After so long.
    Time(Duration),
    /// After so many scripts.
    Scripts(u64),
}

/// What was compared, and what was found.
#[derive(Debug, Default)]
pub struct Report {
    /// How much was compared.
    pub tally: Tally,
    /// How many scripts were run.
    pub scripts: u64,
    /// The first difference, made short.
    pub found: Option<Finding>,
}

/// A difference, made short.
#[derive(Debug)]
pub struct Finding {
    /// The number of the script that showed it.
    pub number: u64,
    /// What is left of the script.
    pub found: Found,
}

impl Finding {
    /// All that is needed to see it again.
    ///
    /// # Errors
    /// As [`Found::print`].
    pub fn print(&self) -> Result<String> {
        Ok(format!("# script {}, made short\n{}", self.number, self.found.print()?))
    }
}

/// Runs `plan`. `progress` is told, after each script, what was compared so far.
///
/// # Errors
/// Where a chain fails. Differences are no error: they are in the report.
pub fn fuzz(plan: Plan, progress: impl Fn(&Tally) + Sync) -> Result<Report> {
    let begun = Instant::now();
    let (next, stop) = (AtomicU64::new(0), AtomicBool::new(false));
    let report = Mutex::new(Report::default());
    let worker = || -> Result<()> {
        let mut pair = Pair::start(Suite::Ours, Suite::OpenZeppelin)?;
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let enough = match plan.until {
                Until::Time(time) => begun.elapsed() >= time,
                Until::Scripts(scripts) => number >= scripts,
            };
            if enough || stop.load(Ordering::Relaxed) {
                return Ok(());
            }
            let (tally, found) = numbered(&mut pair, plan.seed, number)?;
            let mut report = report.lock().map_err(|_| eyre!("another thread failed"))?;
            report.tally.add(&tally);
            report.scripts += 1;
            if let Some(found) = found {
                stop.store(true, Ordering::Relaxed);
                report.found.get_or_insert(Finding { number, found });
            }
            progress(&report.tally);
        }
    };
    thread::scope(|scope| {
        let workers: Vec<_> = (0..plan.threads).map(|_| scope.spawn(worker)).collect();
        workers.into_iter().try_for_each(|worker| worker.join().map_err(|_| eyre!("a thread panicked"))?)
    })?;
    Ok(report.into_inner()?)
}

/// Runs script `number`, and a deployment with odd arguments before it.
fn numbered(pair: &mut Pair, seed: u64, number: u64) -> Result<(Tally, Option<Found>)> {
    let mut chance = runner(seed, number);
    let mut tally = Tally::default();
    let odd = Script { setup: draw(odd_setups(), &mut chance)?, steps: Vec::new() };
    if run(pair, &odd, &mut tally, &mut Vec::new())?.is_some() {
        return Ok((tally, Some(shrink(pair, &odd)?)));
    }
    let script = draw(scripts(STEPS), &mut chance)?;
    let found = script_and_calldata(pair, script, &mut chance, (Manner::Damaged, ROUNDS), &mut tally)?;
    Ok((tally, found))
}

fn draw<S: Strategy>(strategy: S, chance: &mut TestRunner) -> Result<S::Value> {
    Ok(strategy.new_tree(chance).map_err(|reason| eyre!("no script: {reason}"))?.current())
}

/// Runs a script, and then rounds of calldata on the DAOs that it leaves. What differs is made short.
///
/// # Errors
/// Where a chain fails. A difference is no error.
pub fn script_and_calldata(
    pair: &mut Pair,
    mut script: Script,
    chance: &mut TestRunner,
    rounds: (Manner, usize),
    tally: &mut Tally,
) -> Result<Option<Found>> {
    let difference = match Run::begin(pair, &script, tally)? {
        Begun::Running(mut run) => match run.all(&script.steps, &mut Vec::new())? {
            None => run.probe_all(chance, rounds, &mut script.steps)?,
            difference => difference,
        },
        Begun::Refused => None,
        Begun::Different(difference) => Some(difference),
    };
    // One that does not come again cannot be made short, but is told all the same.
    let again = |difference: Difference| {
        shrink(pair, &script).wrap_err_with(|| format!("{}{}", script.print(&[]).unwrap_or_default(), difference.what))
    };
    difference.map(again).transpose()
}
