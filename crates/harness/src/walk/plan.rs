//! How far a walk goes: as the test says, or as the environment does; and what is printed where it finds a difference.
//!
//! | variable | what it says |
//! |---|---|
//! | `CONSILIUM_WALK_MINUTES` | how long to walk, instead of the test's own share |
//! | `CONSILIUM_WALK_SEED` | where chance begins |
//! | `CONSILIUM_WALK_REPLAY` | a printed script, to be run again instead |

use std::{
    env, fs,
    time::{Duration, Instant},
};

use eyre::{Context, OptionExt, Result, bail, eyre};
use proptest::strategy::{Strategy, ValueTree};

use super::{
    Walk,
    pair::Pair,
    run::{Difference, Tally, run},
};
use crate::{
    differential::{simpler::simpler_steps, strategy::runner},
    root,
};

/// How often a script is run again at most, to make it short.
const ATTEMPTS: usize = 400;
/// How often one that runs for minutes says how far it is.
const REPORT: Duration = Duration::from_secs(10);

/// What a test walks where the environment says nothing.
#[derive(Clone, Copy, Debug)]
pub struct Share {
    /// Where chance begins.
    pub seed: u64,
    /// How many scripts.
    pub scripts: u64,
    /// Of so many steps.
    pub steps: usize,
}

/// Walks: as far as the environment says, and then it prints what was compared, or else the test's share, and then it returns
/// that.
///
/// # Errors
/// Where a chain fails, or the two sides differ: then with a script that shows it, made short, which is also written to
/// `target`.
pub fn walked<W: Walk>(share: Share) -> Result<Option<Tally>> {
    if let Ok(file) = env::var("CONSILIUM_WALK_REPLAY") {
        return replay::<W>(&file);
    }
    let seed = number("CONSILIUM_WALK_SEED")?.unwrap_or(share.seed);
    let minutes: Option<f64> = number("CONSILIUM_WALK_MINUTES")?;
    let (begun, mut last) = (Instant::now(), Instant::now());
    let mut pair = Pair::start::<W>()?;
    let mut all = Tally::default();
    for script in 0.. {
        let enough = match minutes {
            Some(minutes) => begun.elapsed().as_secs_f64() >= minutes * 60.0,
            None => script >= share.scripts,
        };
        if enough {
            break;
        }
        let drawn = W::steps(share.steps).new_tree(&mut runner(seed, script));
        let steps = drawn.map_err(|reason| eyre!("no script: {reason}"))?.current();
        let mut tally = Tally::default();
        let difference = run::<W>(&mut pair, &steps, &mut tally, &mut Vec::new())?;
        all.add(&tally);
        if let Some(difference) = difference {
            return Err(told::<W>(&mut pair, &steps, difference, &format!("seed {seed}, script {script}"))?);
        }
        if minutes.is_some() && last.elapsed() > REPORT {
            last = Instant::now();
            eprintln!("{:>5} s  {} steps, {} views", begun.elapsed().as_secs(), all.steps, all.views);
        }
    }
    if minutes.is_some() {
        println!("{}", summary::<W>(&all, seed));
        return Ok(None);
    }
    Ok(Some(all))
}

fn summary<W: Walk>(tally: &Tally, seed: u64) -> String {
    let mut outcomes: Vec<_> = tally.outcomes.iter().collect();
    outcomes.sort_by_key(|(_, times)| std::cmp::Reverse(**times));
    let lines: String = outcomes.iter().map(|(what, times)| format!("  {times:>7} {what}\n")).collect();
    let Tally { steps, views, damaged, .. } = tally;
    let program = W::PROGRAM;
    format!("{program}, seed {seed}: {steps} compared steps, {views} views, {damaged} damaged calls\n{lines}")
}

fn number<T: std::str::FromStr>(name: &str) -> Result<Option<T>> {
    let read = |text: String| text.parse().map_err(|_| eyre!("{name} is {text}: give a number"));
    env::var(name).ok().map(read).transpose()
}

/// A difference with the shortest script that shows it, which is kept in a file.
fn told<W: Walk>(pair: &mut Pair, steps: &[W::Step], found: Difference, where_: &str) -> Result<eyre::Report> {
    let (mut steps, mut found, mut left) = (steps[..steps.len().min(found.step + 1)].to_vec(), found, ATTEMPTS);
    let tally = &mut Tally::default();
    'shorter: loop {
        for candidate in simpler_steps(&steps) {
            if left == 0 {
                break 'shorter;
            }
            left -= 1;
            if let Some(difference) = run::<W>(pair, &candidate, tally, &mut Vec::new())? {
                steps = candidate[..candidate.len().min(difference.step + 1)].to_vec();
                found = difference;
                continue 'shorter;
            }
        }
        break;
    }
    let mut comments = Vec::new();
    run::<W>(pair, &steps, tally, &mut comments)?;
    let mut script = format!("# {where_}\n");
    for (index, step) in steps.iter().enumerate() {
        let comment = comments.get(index).map(String::as_str).unwrap_or_default();
        script += &format!("{}  # {comment}\n", serde_json::to_string(step)?);
    }
    let file = root().join(format!("target/walk-{}-{}.script", W::PROGRAM, W::PEER));
    fs::write(&file, &script).wrap_err_with(|| format!("cannot write {}", file.display()))?;
    let again = format!("again: CONSILIUM_WALK_REPLAY={}", file.display());
    Ok(eyre!("the two sides differ\n{script}{}\n{again}", found.what))
}

/// Runs a printed script again.
fn replay<W: Walk>(file: &str) -> Result<Option<Tally>> {
    let text = fs::read_to_string(file).wrap_err_with(|| format!("cannot read {file}"))?;
    let mut steps = Vec::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let step = serde_json::Deserializer::from_str(line).into_iter().next().ok_or_eyre("an empty line")?;
        steps.push(step.wrap_err_with(|| format!("{line} is no step"))?);
    }
    let (mut tally, mut comments) = (Tally::default(), Vec::new());
    let difference = run::<W>(&mut Pair::start::<W>()?, &steps, &mut tally, &mut comments)?;
    comments.iter().for_each(|comment| println!("{comment}"));
    match difference {
        Some(Difference { step, what }) => bail!("the two sides differ after step {step}\n{what}"),
        None => Ok(None),
    }
}
