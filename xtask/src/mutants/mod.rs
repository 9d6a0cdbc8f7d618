//! `cargo xtask mutants`: changes one small thing in the contracts at a time, and expects a test to fail each time.
//!
//! 1. [`rules`]: what decides without a chain, changed by cargo-mutants, noticed by its property tests;
//! 2. [`bodies`]: who may call a function, changed by [`declarations`], and the methods that check, write and call, changed by
//!    [`generate`]. Each is built as a program of its own and noticed by the tests that run on a chain, which [`noticing`]
//!    starts.
//!
//! docs/mutants.md says what became of them, and why no test can see the ones that it names. It takes long, so it is no part
//! of `cargo xtask test`.

mod bodies;
mod candidates;
mod declarations;
mod edit;
mod generate;
mod noticing;
mod rules;

use crate::project;
use eyre::{Context, Result};
use std::fs;
use std::path::Path;

/// What is changed.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Only the rules, which need no chain
    #[arg(long, group = "part")]
    rules: bool,
    /// Only the methods that run on a chain
    #[arg(long, group = "part")]
    bodies: bool,
    /// Only the mutants of this part whose name or place (`governor/src/vote.rs`) contains this text; may be given several
    /// times
    #[arg(long, value_name = "TEXT", requires = "part")]
    only: Vec<String>,
    /// Run the methods' mutants for so long, in an order drawn by the seed
    #[arg(long, value_name = "NUMBER", requires = "bodies")]
    minutes: Option<u64>,
    /// Draws the order
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Name the methods' mutants, and run none
    #[arg(long, requires = "bodies")]
    list: bool,
}

/// Runs the mutants, shows what became of them, and fails where too few are noticed or docs/mutants.md does not name a
/// survivor.
///
/// # Errors
/// Where a tool is missing or the unchanged tests fail; where too few are noticed; where a survivor is not explained.
pub(crate) fn mutants(options: &Options) -> Result<()> {
    if !options.bodies {
        rules::mutants(&options.only)?;
    }
    if !options.rules {
        bodies::mutants(options)?;
    }
    Ok(())
}

/// docs/mutants.md, in which a bar is escaped inside a table.
fn explained() -> Result<String> {
    let file = project::root().join("docs/mutants.md");
    let text = fs::read_to_string(&file).with_context(|| file.display().to_string())?;
    Ok(text.replace("\\|", "|"))
}

/// Copies a folder with all that is in it.
pub(crate) fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if entry.file_type()?.is_dir() {
            copy(&from, &to)?;
        } else {
            fs::copy(from, to)?;
        }
    }
    Ok(())
}
