//! Step 1: the compiler's raw WASM.

use super::wrapper;
use crate::{command, project, setup::Toolchain};
use eyre::{Context, Result};
use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Stdio};

const TARGET: &str = "wasm32-unknown-unknown";

/// How every contract is compiled, beside the profile `contract` of its workspace.
///
/// - A panic stops the program at once: its message could reach nobody, and is half of a contract's size.
/// - Debug formatting and source locations serve those messages alone.
/// - A copy of more than a word is one `memory.copy`, where the compiler would write a load and a store for each word of
///   it: the numbers here have four. That makes programs a tenth smaller, and cheaper to run.
/// - A stack of 32 KiB instead of 1 MiB: every call pays for each memory page, and two are free.
const FLAGS: [&str; 6] = [
    "-Zunstable-options",
    "-Cpanic=immediate-abort",
    "-Zfmt-debug=none",
    "-Zlocation-detail=none",
    "-Cllvm-args=-max-store-memcpy=1 -max-store-memmove=1 -max-store-memset=1",
    "-Clink-arg=-zstack-size=32768",
];

/// Compiles one contract and gives its raw WASM.
pub(crate) fn compile(name: &str, manifest: &Path, toolchain: &Toolchain) -> Result<Vec<u8>> {
    let target_dir = project::root().join("target/stylus-build");
    command::run(&mut cargo(name, manifest, toolchain, &target_dir)?)?;
    raw(name, &target_dir)
}

/// The same without a word on this terminal: none where the contract does not compile.
///
/// A copy of a contract needs a `target_dir` of its own: the compiler's output has one name wherever its source stands, and
/// cargo would take the copy's for the original's.
pub(crate) fn try_compile(
    name: &str,
    manifest: &Path,
    toolchain: &Toolchain,
    target_dir: &Path,
) -> Result<Option<Vec<u8>>> {
    let mut cargo = cargo(name, manifest, toolchain, target_dir)?;
    let status = command::status(cargo.stdout(Stdio::null()).stderr(Stdio::null()))?;
    status.success().then(|| raw(name, target_dir)).transpose()
}

/// What the compiler has left of a contract.
fn raw(name: &str, target_dir: &Path) -> Result<Vec<u8>> {
    let file = target_dir.join(TARGET).join("contract").join(format!("{}.wasm", name.replace('-', "_")));
    std::fs::read(&file).with_context(|| format!("{} is not there although cargo succeeded", file.display()))
}

fn cargo(name: &str, manifest: &Path, toolchain: &Toolchain, target_dir: &Path) -> Result<Command> {
    let mut cargo = Command::new(&toolchain.cargo);
    clear_environment(&mut cargo);
    // By `-p`, never `--workspace`: there features unify, and stylus-test in one member drops the entrypoint of all.
    cargo
        .args(["build", "--locked", "--lib", "--profile", "contract", "--target", TARGET])
        .args(["-Zbuild-std=core,alloc,std,panic_abort", "-Zbuild-std-features=optimize_for_size"])
        .args(["--package", name])
        .arg("--manifest-path")
        .arg(manifest)
        .arg("--target-dir")
        .arg(target_dir)
        .current_dir(project::root())
        // Both `-Z` options and the flags above are unstable; the variable opens them on a stable compiler.
        .env("RUSTC_BOOTSTRAP", "1")
        .env("RUSTC", &toolchain.rustc)
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", &toolchain.linker)
        .env("CARGO_ENCODED_RUSTFLAGS", rustflags(toolchain)?.join("\u{1f}"));
    wrapper::wrap(&mut cargo)?;
    Ok(cargo)
}

/// The flags, with every folder of this machine renamed, so that the same sources give the same bytes anywhere ([`wrapper`]
/// does the rest).
fn rustflags(toolchain: &Toolchain) -> Result<Vec<String>> {
    let home = std::env::home_dir().unwrap_or_default();
    let cargo_home = std::env::var_os("CARGO_HOME").map_or_else(|| home.join(".cargo"), Into::into);
    let folders = [(project::root(), "/consilium"), (&cargo_home, "/cargo"), (&toolchain.source, "/rust")];
    let renamed = folders.map(|(from, to)| format!("--remap-path-prefix={}={to}", from.display()));
    Ok(FLAGS.map(str::to_owned).into_iter().chain(renamed).collect())
}

/// Takes out what the cargo above this program has set for itself: its toolchain and flags are not the contracts'.
fn clear_environment(cargo: &mut Command) {
    const KEPT: [&str; 6] =
        ["CARGO_HOME", "CARGO_HTTP_", "CARGO_NET_", "CARGO_REGISTR", "CARGO_SOURCE_", "CARGO_TERM_"];
    const DROPPED: [&str; 6] = ["CARGO", "RUSTC", "RUSTDOC", "RUSTFLAGS", "RUSTUP_TOOLCHAIN", "LD_LIBRARY_PATH"];
    let starts = |name: &OsStr, list: &[&str]| list.iter().any(|start| name.to_string_lossy().starts_with(start));
    for (name, _) in std::env::vars_os() {
        if starts(&name, &DROPPED) && !starts(&name, &KEPT) {
            cargo.env_remove(name);
        }
    }
}
