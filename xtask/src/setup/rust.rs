//! The Rust toolchain that builds WASM: a compiler with the standard library's source, and a linker.
//!
//! The library is built along with each contract (`-Z build-std`), since the ready-made one carries panic messages that
//! double a contract's size. So only the component `rust-src` is needed, no target. The pinned toolchain comes first: with it
//! the same sources give the same bytes on every machine. Where rustup can download nothing, Debian's compiler for web targets
//! serves, with other bytes.

use super::packages;
use crate::{command, project};
use clap::ValueEnum;
use eyre::{Result, bail, eyre};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Where the toolchain comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Choice {
    /// rustup's where it has, or can get, the library's source; else Debian's.
    #[default]
    Auto,
    /// The toolchain that rust-toolchain.toml names.
    Rustup,
    /// Debian's packages rustc-web, cargo-web and rust-web-src.
    Debian,
}

/// A toolchain that builds WASM.
#[derive(Debug)]
pub(crate) struct Toolchain {
    pub(crate) cargo: PathBuf,
    pub(crate) rustc: PathBuf,
    pub(crate) linker: PathBuf,
    /// Where the standard library's source stands, whose path must not enter the programs.
    pub(crate) source: PathBuf,
    /// `rustc 1.95.0 (59807616e 2026-04-14)`.
    pub(crate) version: String,
    /// For a person: where it comes from.
    pub(crate) origin: &'static str,
}

/// Debian's compiler for web targets and what it needs beside it.
const DEBIAN: [&str; 3] = ["rustc-web", "cargo-web", "rust-web-src"];

/// The oldest compiler that knows `-C panic=immediate-abort` and the SDK's language features.
const OLDEST: (u32, u32) = (1, 95);

/// Finds a toolchain, or sets one up.
///
/// # Errors
/// Where neither way works: says what was tried and which command would mend it.
pub(crate) fn wasm_toolchain(choice: Choice) -> Result<Toolchain> {
    match choice {
        Choice::Rustup => rustup(),
        Choice::Debian => debian(),
        Choice::Auto => rustup().or_else(|first| {
            debian()
                .map_err(|second| eyre!("no toolchain can build WASM here.\n  rustup: {first:#}\n  Debian: {second:#}"))
        }),
    }
}

/// The toolchain this program was built with, once the library's source is there.
fn rustup() -> Result<Toolchain> {
    let sysroot = sysroot()?;
    let source = sysroot.join("lib/rustlib/src/rust/library");
    if !source.join("Cargo.lock").is_file() {
        add_source(&sysroot)?;
    }
    let rustc = sysroot.join("bin/rustc");
    Ok(Toolchain {
        cargo: sysroot.join("bin/cargo"),
        version: version(&rustc).ok_or_else(|| eyre!("{} --version fails", rustc.display()))?,
        rustc,
        linker: linker()?,
        source,
        origin: "rustup",
    })
}

/// Adds the library's source by rustup. A refusal is remembered until the next `cargo clean`, so that a machine without
/// that network does not ask at every build.
fn add_source(sysroot: &Path) -> Result<()> {
    let name = sysroot.file_name().unwrap_or_default().to_string_lossy();
    let refused = project::artifacts().join("rustup-refused");
    if std::fs::read_to_string(&refused).is_ok_and(|toolchain| toolchain == name) {
        bail!("rustup could not add rust-src to {name} (tried once; delete {} to try again)", refused.display());
    }
    eprintln!("set-up: rustup component add rust-src --toolchain {name}");
    let added = command::run(Command::new("rustup").args(["component", "add", "rust-src", "--toolchain", &name]));
    added.inspect_err(|_| {
        // Only saves time: if it cannot be written, the next build asks rustup again.
        let _ = std::fs::create_dir_all(project::artifacts()).and_then(|()| std::fs::write(&refused, name.as_bytes()));
    })
}

/// Debian's compiler, installed where that is possible.
fn debian() -> Result<Toolchain> {
    let found = || {
        let [cargo, rustc] = ["/usr/bin/cargo", "/usr/bin/rustc"].map(PathBuf::from);
        let source = PathBuf::from("/usr/lib/rustlib/src/rust/library");
        let version = version(&rustc).filter(|version| new_enough(version))?;
        (cargo.is_file() && source.is_dir()).then_some((cargo, rustc, source, version))
    };
    if found().is_none() {
        packages::install(&DEBIAN, "a Rust compiler with the source of its library")?;
    }
    let (cargo, rustc, source, version) = found().ok_or_else(|| {
        let (major, minor) = OLDEST;
        eyre!("Debian's rustc-web is older than {major}.{minor}; a release with its security updates has a newer one")
    })?;
    Ok(Toolchain { cargo, rustc, linker: linker()?, source, version, origin: "Debian" })
}

/// The linker inside the toolchain this program was built with; Debian's compiler has none of its own.
fn linker() -> Result<PathBuf> {
    let tools = sysroot()?.join("lib/rustlib");
    let hosts = std::fs::read_dir(&tools)?.filter_map(|entry| Some(entry.ok()?.path().join("bin/rust-lld")));
    let linker = hosts.into_iter().find(|path| path.is_file());
    linker.ok_or_else(|| eyre!("{} holds no rust-lld, the linker for WASM; install Rust by rustup", tools.display()))
}

/// The folder of the toolchain that cargo runs with in this repository.
fn sysroot() -> Result<PathBuf> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    Ok(command::output(Command::new(rustc).args(["--print", "sysroot"]).current_dir(project::root()))?.into())
}

fn version(rustc: &Path) -> Option<String> {
    command::ask(Command::new(rustc).arg("--version"))
}

/// Reads `rustc 1.96.0 (…)`.
fn new_enough(version: &str) -> bool {
    let numbers = version.split_whitespace().nth(1).unwrap_or_default();
    let mut parts = numbers.split('.').map(|part| part.parse::<u32>());
    matches!((parts.next(), parts.next()), (Some(Ok(major)), Some(Ok(minor))) if (major, minor) >= OLDEST)
}

#[cfg(test)]
mod tests {
    use super::new_enough;

    #[test]
    fn reads_the_compilers_version() {
        assert!(new_enough("rustc 1.96.0 (ac68faa20 2026-05-25) (built from a source tarball)"));
        assert!(new_enough("rustc 1.95.0"));
        assert!(!new_enough("rustc 1.85.0 (4d91de4e4 2025-02-17)"));
        assert!(!new_enough("rustc"));
    }
}
