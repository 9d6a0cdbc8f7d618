//! The compiler as cargo starts it for a contract, with crates told apart by what they are and not by where they stand.
//!
//! Cargo names each crate by a hash (`-C metadata`) into which goes the absolute path of every source that is in neither the
//! workspace nor a registry: the standard library's, and for a contract with a workspace of its own the suite's other crates'.
//! The compiler takes that name into the name of every function, and their order into the program. So the same sources would
//! give other bytes, at another address, in another folder.
//!
//! For the time of such a build this program is cargo's `RUSTC_WRAPPER`: it names the crate anew and starts the compiler.

use eyre::{Context, OptionExt, Result};
use sha2::{Digest, Sha256};
use std::env;
use std::process::{Command, ExitCode};

/// Set where this program was started by cargo in the compiler's place.
const MARK: &str = "CONSILIUM_COMPILES";
/// What cargo's hash looks like among the compiler's arguments.
const METADATA: &str = "metadata=";

/// Has `cargo` start its compiler through this program.
pub(super) fn wrap(cargo: &mut Command) -> Result<()> {
    let here = env::current_exe().context("cannot tell where this program is")?;
    cargo.env("RUSTC_WRAPPER", here).env(MARK, "1");
    Ok(())
}

/// Compiles, if that is what this program was started for.
pub(crate) fn compile() -> Option<ExitCode> {
    env::var_os(MARK)?;
    let done = run(env::args().skip(1).collect());
    Some(done.unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::FAILURE
    }))
}

/// `arguments` are the compiler and what it was to be started with.
fn run(arguments: Vec<String>) -> Result<ExitCode> {
    let (compiler, arguments) = arguments.split_first().ok_or_eyre("cargo named no compiler")?;
    let package = ["CARGO_PKG_NAME", "CARGO_PKG_VERSION"].map(|name| env::var(name).unwrap_or_default());
    let status = Command::new(compiler)
        .args(renamed(arguments, &package.join(" ")))
        .status()
        .with_context(|| format!("cannot start {compiler}"))?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The arguments with the crate's hash made of its package, its name, its kind and its features. The compiler refuses a build
/// with two crates of one name.
fn renamed(arguments: &[String], package: &str) -> Vec<String> {
    let mut hash = Sha256::new_with_prefix(package);
    for pair in
        arguments.windows(2).filter(|pair| ["--crate-name", "--crate-type", "--cfg"].contains(&pair[0].as_str()))
    {
        hash.update([b"\0", pair[1].as_bytes()].concat());
    }
    let hash = hex::encode(&hash.finalize()[..8]);
    let name = |argument: &String| match argument.strip_prefix(METADATA) {
        Some(_) => format!("{METADATA}{hash}"),
        None => argument.clone(),
    };
    arguments.iter().map(name).collect()
}

#[cfg(test)]
mod tests {
    use super::renamed;

    fn arguments(feature: &str, metadata: &str, source: &str) -> Vec<String> {
        let words = format!(
            "--crate-name a {source}/lib.rs --crate-type lib --cfg {feature} -C metadata={metadata} -C extra-filename=-{metadata}"
        );
        words.split(' ').map(str::to_owned).collect()
    }

    fn metadata(arguments: &[String], package: &str) -> String {
        let renamed = renamed(arguments, package);
        renamed.into_iter().find(|argument| argument.starts_with("metadata=")).expect("kept")
    }

    #[test]
    fn a_crate_is_named_by_what_it_is() {
        let here = metadata(&arguments("x", "0123", "/here"), "a 1.0");
        assert_eq!(here, metadata(&arguments("x", "4567", "/there"), "a 1.0"));
        assert_ne!(here, metadata(&arguments("y", "0123", "/here"), "a 1.0"));
        assert_ne!(here, metadata(&arguments("x", "0123", "/here"), "a 1.1"));
    }

    #[test]
    fn all_else_stays() {
        let asked = arguments("x", "0123", "/here");
        let kept = |all: Vec<String>| all.into_iter().filter(|one| !one.starts_with("metadata=")).collect::<Vec<_>>();
        assert_eq!(kept(renamed(&asked, "a 1.0")), kept(asked));
    }
}
