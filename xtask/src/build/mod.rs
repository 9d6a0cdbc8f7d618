//! `cargo xtask build`: every contract from source to the bytes that are deployed.
//!
//! 1. [`compile`]: cargo, each contract by itself, the standard library along with it;
//! 2. [`optimise`]: Binaryen's wasm-opt for size;
//! 3. [`normalise`], before and after it: what Stylus refuses or ignores is left out, then all is checked against its rules;
//! 4. [`package`]: brotli and the prefix by which Nitro knows a program.
//!
//! Cargo knows whether the first step has work to do; the others are skipped where their input, and how they work, is
//! unchanged.

mod compile;
mod normalise;
mod optimise;
mod package;
mod sizes;
pub(crate) mod wrapper;

pub(crate) use optimise::Effort;
pub(crate) use package::package_otherwise;

use crate::{project, setup};
use eyre::{Context, Result, bail};
use sha2::{Digest, Sha256};
use sizes::{Report, Sizes};
use std::fs;
use std::path::Path;
use suite::Contract;

/// Changes whenever steps 2 to 4 would make other bytes of the same input.
const PIPELINE: &str = concat!("1 ", include_str!("../../tools/package-lock.json"));

/// Builds all contracts and the programs of the tests, or those named. The report is of the contracts alone.
///
/// # Errors
/// Where a tool is missing and cannot be installed, where a contract does not compile, and where one breaks a rule of Stylus
/// (then nothing of that contract is written) or a limit of this project (then all is written and said).
pub(crate) fn build(choice: setup::Choice, only: &[String]) -> Result<()> {
    build_with(choice, only, &suite::test_programs(project::root())?)
}

/// Builds all contracts, without the programs of the tests: what a chain needs.
///
/// # Errors
/// As [`build`].
pub(crate) fn build_contracts(choice: setup::Choice) -> Result<()> {
    build_with(choice, &[], &[])
}

fn build_with(choice: setup::Choice, only: &[String], test_programs: &[Contract]) -> Result<()> {
    let contracts = project::contracts()?;
    for name in only {
        if !contracts.iter().chain(test_programs).any(|contract| contract.name.kebab() == name) {
            let known: Vec<_> = contracts.iter().map(|contract| contract.name.kebab()).collect();
            bail!("there is no contract {name}; there are {}", known.join(", "));
        }
    }
    let toolchain = setup::wasm_toolchain(choice)?;
    eprintln!("toolchain: {} from {}, {}", toolchain.version, toolchain.origin, optimise::NAME);
    setup::node::install(&optimise::tools())?;

    let mut report = Report::read(&toolchain.version);
    report.keep_only(&contracts);
    let wanted = |contract: &&Contract| only.is_empty() || only.iter().any(|name| name == contract.name.kebab());
    let build = |contract: &Contract| {
        finish(contract, &compile::compile(contract.name.kebab(), &contract.manifest, &toolchain)?)
            .with_context(|| format!("contract {}", contract.name))
    };
    for contract in contracts.iter().filter(wanted) {
        report.set(contract.name.kebab(), build(contract)?);
    }
    for program in test_programs.iter().filter(wanted) {
        build(program)?.within(&program.metadata).with_context(|| format!("test program {}", program.name))?;
    }
    report.write()?;
    println!("{}", report.table(&contracts));
    report.within_budget(&contracts)
}

/// Builds a changed copy of the contract `name`, whose Cargo.toml is `manifest`, in a folder of its own, and gives the WASM
/// and the code to deploy. Writes no artifact. None where the copy does not compile, or where what it compiles to cannot be
/// deployed.
///
/// # Errors
/// Where a tool is missing.
pub(crate) fn changed(
    name: &str,
    manifest: &Path,
    toolchain: &setup::Toolchain,
    target_dir: &Path,
    effort: Effort,
) -> Result<Option<(Vec<u8>, Vec<u8>)>> {
    let raw = compile::try_compile(name, manifest, toolchain, target_dir)?;
    Ok(raw.and_then(|raw| deployable(name, &raw, effort).ok()))
}

/// Steps 2 to 4: the finished WASM, and the code to deploy.
fn deployable(name: &str, raw: &[u8], effort: Effort) -> Result<(Vec<u8>, Vec<u8>)> {
    let wasm = normalise::normalise(&optimise::optimise(name, &normalise::normalise(raw)?, effort)?)?;
    normalise::check(&wasm)?;
    let code = package::package(&wasm)?;
    Ok((wasm, code))
}

/// Takes the compiler's output through the other steps and writes `<name>.wasm` and `<name>.code`.
fn finish(contract: &Contract, raw: &[u8]) -> Result<Sizes> {
    let folder = project::artifacts();
    let [wasm_file, code_file, stamp_file] =
        ["wasm", "code", "stamp"].map(|end| folder.join(format!("{}.{end}", contract.name)));
    let stamp = hex::encode(
        Sha256::new().chain_update(PIPELINE).chain_update(optimise::FLAGS.join(" ")).chain_update(raw).finalize(),
    );

    let fresh = fs::read_to_string(&stamp_file).is_ok_and(|found| found == stamp);
    if let (true, Ok(wasm), Ok(code)) = (fresh, fs::read(&wasm_file), fs::read(&code_file)) {
        // A rule may be younger than what was built.
        normalise::check(&wasm)?;
        return Sizes::measure(raw, &wasm, &code);
    }

    fs::create_dir_all(&folder)?;
    eprintln!("   wasm-opt {}", contract.name);
    let (wasm, code) = deployable(contract.name.kebab(), raw, Effort::Full)?;
    let sizes = Sizes::measure(raw, &wasm, &code)?;
    sizes.deployable()?;
    // The stamp comes last: a build that was interrupted is done again.
    fs::write(wasm_file, &wasm)?;
    fs::write(code_file, &code)?;
    fs::write(stamp_file, stamp)?;
    Ok(sizes)
}
