//! `cargo xtask fidelity`: does the devnode answer what a Nitro node answered?

use clap::Args;
use devnode::DevNode;
use eyre::{Result, ensure};
use indicatif::{ProgressBar, ProgressStyle};
use test_support::fidelity::{Exceptions, Mask, Recording, Selection, data_dir, replay};

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
    /// Differences to print of each group
    #[arg(long, default_value_t = 10)]
    limit: usize,
}

/// Replays, prints a table and the differences.
///
/// # Errors
/// If the node cannot be reached, or answers differently.
pub(crate) fn fidelity(options: Options) -> Result<()> {
    let dir = data_dir();
    let file = if options.random { "nitro-v3.9.8.random.raw.jsonl.gz" } else { "nitro-v3.9.8.raw.jsonl.gz" };
    let recording = Recording::open(&dir.join(file))?;
    let mask = Mask::open(&dir.join("mask.json"))?;
    let exceptions = Exceptions::open(&dir.join("exceptions.toml"))?;
    let selection = Selection::new(options.group, options.step.as_deref())?;
    let (_node, url) = match options.rpc_url {
        Some(url) => (None, url),
        None => {
            let node = DevNode::builder().bare(true).spawn()?;
            let url = node.http_url();
            (Some(node), url)
        }
    };
    let bar =
        ProgressBar::new(0).with_style(ProgressStyle::with_template("{bar:40} {pos} of {len} requests, {elapsed}")?);
    let report = replay(&url, &recording, &mask, &exceptions, &selection, |done, total| {
        bar.set_length(total as u64);
        bar.set_position(done as u64);
    })?;
    bar.finish_and_clear();
    print!("{}", report.details(options.limit));
    println!("{}", report.table());
    ensure!(report.differences().next().is_none(), "the node does not answer as Nitro did");
    Ok(())
}
