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

use eyre::{Result, eyre};
use proptest::strategy::{Strategy, ValueTree};

use super::{
    pair::{Pair, Suite},
    run::{Run, Tally},
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

/// A difference.
#[derive(Debug)]
pub enum Finding {
    /// Between the DAOs, in the script of this number, made short.
    Script(u64, Box<Found>),
    /// In what they answer mutated calldata with, after the script of that number.
    Calldata(u64, String),
}

impl Finding {
    /// All that is needed to see it again.
    ///
    /// # Errors
    /// As [`Found::print`].
    pub fn print(&self) -> Result<String> {
        match self {
            Self::Script(number, found) => Ok(format!("# script {number}, made short\n{}", found.print()?)),
            Self::Calldata(number, what) => Ok(format!("# mutated calldata after script {number}\n{what}")),
        }
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
            let (tally, found) = script(&mut pair, plan.seed, number)?;
            let mut report = report.lock().map_err(|_| eyre!("another thread failed"))?;
            report.tally.add(&tally);
            report.scripts += 1;
            if found.is_some() {
                stop.store(true, Ordering::Relaxed);
                report.found = report.found.take().or(found);
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

/// Runs script `number`, and mutated calldata on the DAOs that it leaves.
fn script(pair: &mut Pair, seed: u64, number: u64) -> Result<(Tally, Option<Finding>)> {
    let mut chance = runner(seed, number);
    let script = scripts(STEPS).new_tree(&mut chance).map_err(|reason| eyre!("no script: {reason}"))?.current();
    let mut tally = Tally::default();
    let difference = match Run::begin(pair, &script, &mut tally)? {
        Err(difference) => Some(difference),
        Ok(mut run) => match run.all(&script.steps, &mut Vec::new())? {
            Some(difference) => Some(difference),
            None => {
                let what = run.mutate(&mut chance, ROUNDS)?;
                return Ok((tally, what.map(|what| Finding::Calldata(number, what))));
            }
        },
    };
    let found = difference.map(|_| shrink(pair, &script)).transpose()?;
    Ok((tally, found.map(|found| Finding::Script(number, Box::new(found)))))
}
