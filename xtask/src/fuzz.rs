//! `cargo xtask fuzz`: do our contracts answer as OpenZeppelin's do, for as long as one likes?

use std::{
    fs,
    path::PathBuf,
    sync::Mutex,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use clap::Args;
use eyre::{Context, Result, bail, ensure};
use harness::differential::{
    Pair, Script, Suite, Tally,
    fuzz::{Plan, Until, fuzz},
    run,
    shrink::shrink,
};

/// How long, from where, or which script again.
#[derive(Debug, Args)]
#[command(after_help = "With --contract NAME it takes one contract's own walk instead; --threads does not go with it.")]
pub(crate) struct Options {
    /// How long to run
    #[arg(long, default_value_t = 5.0, value_parser = minutes)]
    minutes: f64,
    /// Where chance begins; the clock's by default. The same seed runs the same scripts
    #[arg(long)]
    seed: Option<u64>,
    /// How many threads; each has two chains
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u64).range(1..=256))]
    threads: u64,
    /// Run a printed script again instead, make it short if the two sides differ, and say what each step did
    #[arg(long)]
    replay: Option<PathBuf>,
}

fn minutes(text: &str) -> Result<f64, String> {
    let minutes: f64 = text.parse().map_err(|_| "it is no number".to_owned())?;
    let possible = minutes.is_finite() && (0.0..=1e6).contains(&minutes);
    possible.then_some(minutes).ok_or_else(|| "it is no time that one could wait for".to_owned())
}

/// Runs, and says how much was compared.
///
/// # Errors
/// If a chain fails, or the two sides differ: then the script that shows it was printed, and written beside the builds.
pub(crate) fn run_fuzz(options: Options) -> Result<()> {
    if let Some(file) = options.replay {
        return replay(&file);
    }
    let seed = match options.seed {
        Some(seed) => seed,
        None => SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs(),
    };
    println!("seed {seed}, {} minutes, {} threads", options.minutes, options.threads);
    let begun = Instant::now();
    let last = Mutex::new(begun);
    let until = Until::Time(Duration::from_secs_f64(options.minutes * 60.0));
    let report = fuzz(Plan { seed, threads: options.threads, until }, |tally| {
        let Ok(mut last) = last.lock() else { return };
        if last.elapsed() > Duration::from_secs(10) {
            *last = Instant::now();
            eprintln!("{:>5} s  {} steps", begun.elapsed().as_secs(), tally.total());
        }
    })?;
    print(&report.tally, report.scripts, begun.elapsed());
    let Some(found) = report.found else { return Ok(()) };
    let text = format!("# seed {seed}\n{}", found.print()?);
    println!("\n{text}");
    let file = crate::project::root().join(format!("target/fuzz-{seed}-{}.script", found.number));
    fs::write(&file, text).wrap_err_with(|| format!("cannot write {}", file.display()))?;
    println!("again: cargo xtask fuzz --replay {}", file.display());
    bail!("the two sides differ")
}

fn print(tally: &Tally, scripts: u64, time: Duration) {
    let [token, governor, timelock, others] = tally.steps;
    let [mutated_token, mutated_governor, mutated_timelock] = tally.mutated;
    let rate = tally.total() as f64 / time.as_secs_f64().max(0.001);
    println!("compared steps   {} ({rate:.0} a second, in {scripts} scripts)", tally.total());
    println!("  voting token   {token}");
    println!("  governor       {governor}");
    println!("  timelock       {timelock}");
    println!("  time, others   {others}");
    println!("calls            {} succeeded, {} reverted", tally.succeeded, tally.reverted);
    println!("views            {}", tally.views);
    let mut outcomes: Vec<_> = tally.outcomes.iter().collect();
    outcomes.sort_by_key(|(_, times)| std::cmp::Reverse(**times));
    for (what, times) in outcomes {
        println!("  {times:>7} {what}");
    }
    let [taken, refused] = tally.deployments;
    println!("deployments      {taken} taken, {refused} refused");
    println!("mutated calls    {mutated_token} token, {mutated_governor} governor, {mutated_timelock} timelock");
}

fn replay(file: &PathBuf) -> Result<()> {
    let text = fs::read_to_string(file).wrap_err_with(|| format!("cannot read {}", file.display()))?;
    let script = Script::read(&text).wrap_err_with(|| format!("{} is no script", file.display()))?;
    let mut pair = Pair::start(Suite::Ours, Suite::OpenZeppelin)?;
    let mut comments = Vec::new();
    let difference = run(&mut pair, &script, &mut Tally::default(), &mut comments)?;
    if difference.is_some() {
        println!("{}", shrink(&mut pair, &script)?.print()?);
    } else {
        println!("{}", script.print(&comments)?);
    }
    ensure!(difference.is_none(), "the two sides differ");
    Ok(())
}
