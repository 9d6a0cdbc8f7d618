//! Step 2: Binaryen's wasm-opt, from the npm package that `xtask/tools` pins.

use crate::{command, project};
use eyre::{Context, Result};
use std::path::PathBuf;
use std::process::Command;

/// What makes the bytes, for the line that tells the toolchain.
pub(crate) const NAME: &str = "wasm-opt 132";

/// For size, until nothing changes; only the two extensions that Stylus takes.
///
/// First the control flow is taken apart and made anew, which finds shorter forms than the compiler's, then all passes run
/// twice: once to tidy what that left, and once to convergence.
///
/// The lowest kilobyte is the far end of the stack, which lies below all data: no pointer with an offset leads there, so
/// offsets may be folded into loads and stores.
pub(crate) const FLAGS: [&str; 11] = [
    "--flatten",
    "--rereloop",
    "-Oz",
    "-Oz",
    "--converge",
    "--low-memory-unused",
    "--mvp-features",
    "--enable-mutable-globals",
    "--enable-bulk-memory",
    "--enable-sign-ext",
    "--strip-debug",
];

/// Of these, what is left out in a hurry: it takes more than half of the time, and makes a program less than 1 % smaller.
const THOROUGH: &str = "--converge";

/// How hard to try.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Effort {
    /// For a program that is deployed.
    Full,
    /// For one that is tested once.
    Little,
}

impl Effort {
    fn flags(self) -> Vec<&'static str> {
        let mut flags = FLAGS.to_vec();
        if let Self::Little = self {
            flags.retain(|flag| *flag != THOROUGH);
            flags.dedup();
        }
        flags
    }
}

/// The folder whose package.json pins Binaryen.
pub(crate) fn tools() -> PathBuf {
    project::root().join("xtask/tools")
}

/// Optimises one program.
pub(crate) fn optimise(name: &str, raw: &[u8], effort: Effort) -> Result<Vec<u8>> {
    let [input, output] = ["raw", "optimised"].map(|step| project::artifacts().join(format!("{name}.{step}.wasm")));
    std::fs::write(&input, raw)?;
    // By node itself: the file's first line would need `env` and an executable bit.
    command::run(
        Command::new("node")
            .arg(tools().join("node_modules/binaryen/bin/wasm-opt"))
            .args(effort.flags())
            .arg(&input)
            .arg("-o")
            .arg(&output),
    )?;
    let wasm = std::fs::read(&output).with_context(|| format!("wasm-opt wrote no {}", output.display()))?;
    std::fs::remove_file(input)?;
    std::fs::remove_file(output)?;
    Ok(wasm)
}
