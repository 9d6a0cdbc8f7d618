//! `cargo xtask fidelity`: does the devnode answer what a Nitro node answered?

use clap::Args;
use devnode::DevNode;
use eyre::{Result, ensure};
use harness::fidelity::{Exceptions, Mask, Recording, Report, Selection, data_dir, page, replay};
use indicatif::{ProgressBar, ProgressStyle};

/// What to replay, against what.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// A fresh node that started as `nitro --dev` does; by default the embedded one
    #[arg(long)]
    rpc_url: Option<String>,
    /// Compare only these groups (setup, arbos, evm, opcodes, hostio, interop, activation, contract, rpc, l1fee)
    #[arg(long)]
    group: Vec<String>,
    /// Compare only steps that this regular expression finds
    #[arg(long)]
    step: Option<String>,
    /// Replay the recording of random programs and calls
    #[arg(long)]
    random: bool,
    /// Replay the recording of corners, delegations, fees, precompiles, parameters and malformed programs
    #[arg(long, conflicts_with = "random")]
    more: bool,
    /// Replay all recordings against the embedded node, and write what came of it into crates/devnode/README.md
    #[arg(long, conflicts_with_all = ["rpc_url", "group", "step", "random", "more"])]
    write: bool,
    /// Differences to print of each group
    #[arg(long, default_value_t = 10)]
    limit: usize,
}

/// A recording's file, and what its lines in the devnode's page begin with.
const WRITTEN: (&str, &str) = ("nitro-v3.9.8.raw.jsonl.gz", "");
const RANDOM: (&str, &str) = ("nitro-v3.9.8.random.raw.jsonl.gz", "random: ");
const MORE: (&str, &str) = ("nitro-v3.9.8.more.raw.jsonl.gz", "more: ");

/// Replays, prints a table and the differences.
///
/// # Errors
/// If the node cannot be reached, or answers differently.
pub(crate) fn fidelity(options: Options) -> Result<()> {
    if options.write {
        return write();
    }
    let selection = Selection::new(options.group, options.step.as_deref())?;
    let (file, _) = match (options.random, options.more) {
        (true, _) => RANDOM,
        (_, true) => MORE,
        _ => WRITTEN,
    };
    let report = run(file, options.rpc_url, &selection)?;
    print!("{}", report.details(options.limit));
    println!("{}", report.table());
    ensure!(report.differences().next().is_none(), "the node does not answer as Nitro did");
    Ok(())
}

/// Replays all recordings, and puts what came of it into the devnode's page.
fn write() -> Result<()> {
    let mut rows = Vec::new();
    for (file, recording) in [WRITTEN, RANDOM, MORE] {
        let report = run(file, None, &Selection::default())?;
        println!("{}", report.table());
        rows.extend(page::rows(&report, recording));
    }
    page::write(&rows)
}

/// Replays a recording against a node, or a fresh embedded one.
fn run(file: &str, rpc_url: Option<String>, selection: &Selection) -> Result<Report> {
    let dir = data_dir();
    let recording = Recording::open(&dir.join(file))?;
    let mask = Mask::open(&dir.join("mask.json"))?;
    let exceptions = Exceptions::open(&dir.join("exceptions.toml"))?;
    let (_node, url) = match rpc_url {
        Some(url) => (None, url),
        None => {
            let node = DevNode::builder().bare(true).spawn()?;
            let url = node.http_url();
            (Some(node), url)
        }
    };
    let bar =
        ProgressBar::new(0).with_style(ProgressStyle::with_template("{bar:40} {pos} of {len} requests, {elapsed}")?);
    let report = replay(&url, &recording, &mask, &exceptions, selection, |done, total| {
        bar.set_length(total as u64);
        bar.set_position(done as u64);
    })?;
    bar.finish_and_clear();
    Ok(report)
}
