//! `cargo xtask fidelity`: does the devnode answer what a Nitro node answered?

use clap::{Args, builder::PossibleValuesParser};
use devnode::ArbosVersion;
use eyre::{OptionExt, Result, ensure};
use harness::fidelity::{
    ALL, Exceptions, Kept, Mask, Recording, Report, Selection, data_dir, page, replay, replay_embedded,
};
use indicatif::{ProgressBar, ProgressStyle};
use std::path::{Path, PathBuf};

/// What to replay, against what.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// A fresh node that started as the recorded one did; by default the embedded one
    #[arg(long)]
    rpc_url: Option<String>,
    /// The recording to replay
    #[arg(long, default_value = "51", value_parser = PossibleValuesParser::new(Kept::names()))]
    recording: String,
    /// Replay this file, which the project does not keep
    #[arg(long, conflicts_with = "recording", requires = "arbos")]
    file: Option<PathBuf>,
    /// The version of ArbOS that the node of `--file` started with
    #[arg(long, requires = "file")]
    arbos: Option<ArbosVersion>,
    /// Compare only these groups (setup, arbos, evm, opcodes, hostio, interop, activation, contract, rpc, l1fee)
    #[arg(long)]
    group: Vec<String>,
    /// Compare only steps that this regular expression finds
    #[arg(long)]
    step: Option<String>,
    /// Replay all recordings against the embedded node, and write what came of it into crates/devnode/README.md
    #[arg(long, conflicts_with_all = ["rpc_url", "group", "step", "recording", "file"])]
    write: bool,
    /// Differences to print of each group
    #[arg(long, default_value_t = 10)]
    limit: usize,
}

/// Replays, prints a table and the differences.
///
/// # Errors
/// If the node cannot be reached, or answers differently.
pub(crate) fn fidelity(options: Options) -> Result<()> {
    if options.write {
        return write();
    }
    let selection = Selection::new(options.group, options.step.as_deref())?;
    let exceptions = Exceptions::open(&data_dir().join("exceptions.toml"))?;
    let (path, version, exceptions) = match (options.file, options.arbos) {
        (Some(file), Some(version)) => (file, version, exceptions),
        _ => {
            let kept = Kept::named(&options.recording).ok_or_eyre("there is no such recording")?;
            (kept.path(), kept.version, exceptions.of(kept.name))
        }
    };
    let report = run(&path, version, options.rpc_url, &exceptions, &selection)?;
    print!("{}", report.details(options.limit));
    println!("{}", report.table());
    ensure!(report.differences().next().is_none(), "the node does not answer as Nitro did");
    Ok(())
}

/// Replays all recordings, and puts what came of it into the devnode's page.
fn write() -> Result<()> {
    let mut rows = Vec::new();
    for kept in ALL {
        let exceptions = Exceptions::open(&data_dir().join("exceptions.toml"))?.of(kept.name);
        let report = run(&kept.path(), kept.version, None, &exceptions, &Selection::default())?;
        println!("{}", report.table());
        rows.extend(page::rows(&report, kept.label));
    }
    page::write(&rows)
}

/// Replays a recording against a node, or a fresh embedded one.
fn run(
    path: &Path,
    version: ArbosVersion,
    rpc_url: Option<String>,
    exceptions: &Exceptions,
    selection: &Selection,
) -> Result<Report> {
    let recording = Recording::open(path)?;
    let bar =
        ProgressBar::new(0).with_style(ProgressStyle::with_template("{bar:40} {pos} of {len} requests, {elapsed}")?);
    let progress = |done, total| {
        bar.set_length(total as u64);
        bar.set_position(done as u64);
    };
    let report = match rpc_url {
        Some(url) => replay(&url, &recording, None, &Mask::with_clock()?, exceptions, selection, progress),
        None => replay_embedded(version, &recording, exceptions, selection, progress),
    }?;
    bar.finish_and_clear();
    Ok(report)
}
