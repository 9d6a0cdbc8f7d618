//! Activation: a program is checked, judged, and what that costs is paid.

use alloy_primitives::B256;
use thiserror::Error;

use super::{
    module_hash::module_hash,
    wasm::{Binary, Failure, Figures, check_limits, check_module, instrument},
};

/// Figures that ArbOS records of a program when it is activated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Activation {
    /// Hash of the module as the fraud prover sees it.
    pub module_hash: B256,
    /// Units of init gas when it is not cached.
    pub init_cost: u16,
    /// Units of init gas when it is cached.
    pub cached_init_cost: u16,
    /// Estimate of the machine code's size, in bytes: what the data fee is for.
    pub asm_estimate: u32,
    /// Pages of 64 KiB that the program starts with.
    pub footprint: u16,
}

/// Why a program cannot be activated: Nitro's text, with its cause and the place in Nitro that says so.
///
/// Shown by nodes as `program activation failed: <text>`; all gas of the call is taken.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{0}")]
pub struct ActivationError(pub String);

/// What [`activate`] is to assume.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ActivationRules {
    /// Stylus version to activate for.
    pub version: u16,
    /// Most pages that the program may start with.
    pub page_limit: u16,
    /// Whether the chain allows `console` imports.
    pub debug: bool,
}

/// Judges a program for activation (Nitro: prover/src/programs/mod.rs, `Module::activate`).
///
/// Takes what that costs from `gas`; on failure what was spent until then is gone.
///
/// # Errors
/// [`ActivationError`] if it is not a valid program or the gas does not suffice.
pub fn activate(
    wasm: &[u8],
    code_hash: B256,
    rules: ActivationRules,
    gas: &mut u64,
) -> Result<Activation, ActivationError> {
    judge(wasm, code_hash, rules, gas).map_err(|failure| ActivationError(failure.told_by(rules.version)))
}

fn judge(wasm: &[u8], code_hash: B256, rules: ActivationRules, gas: &mut u64) -> Result<Activation, Failure> {
    let (binary, figures) = prepare(wasm, rules)?;
    pay(&binary, gas)?;
    check_module(&binary, rules.debug).map_err(|failure| failure.wrap("failed to build user module"))?;
    Ok(Activation {
        module_hash: module_hash(&binary, &figures, code_hash, rules.version),
        init_cost: figures.init_cost,
        cached_init_cost: figures.cached_init_cost,
        asm_estimate: figures.asm_estimate,
        footprint: figures.footprint,
    })
}

/// Reads, checks and meters a program.
fn prepare(wasm: &[u8], rules: ActivationRules) -> Result<(Binary<'_>, Figures), Failure> {
    let wrap = |failure: Failure| failure.wrap("failed to parse wasm");
    let mut binary = Binary::parse(wasm, rules.version).map_err(wrap)?;
    let figures = instrument(&mut binary, rules.version).map_err(wrap)?;
    check_limits(&binary, rules.page_limit).map_err(wrap)?;
    Ok((binary, figures))
}

/// Takes the gas for reading and checking a program of this size.
fn pay(binary: &Binary<'_>, gas: &mut u64) -> Result<(), Failure> {
    let data: u64 = binary.datas.iter().map(|data| data.data.len() as u64).sum();
    let elements: u64 = binary.elements.iter().map(|element| element.range.len() as u64).sum();
    let operators: u64 = binary.codes.iter().map(|code| code.ops.len() as u64).sum();
    // Microseconds that each part takes to check.
    let parts = [
        binary.wasm.len() as u64 * 31_733 / 100_000,
        binary.functions.len() as u64 * 17_263 / 100_000,
        data * 17_376 / 100_000,
        elements * 17_376 / 100_000,
        binary.memories[0].initial * 2_217,
        operators * 535 / 1_000,
    ];
    for micros in parts {
        // 7,000,000 gas a second, doubled to be safe, at half of real time.
        let price = micros * 2 * 7_000_000 / 500_000;
        match gas.checked_sub(price) {
            Some(left) => *gas = left,
            None => {
                *gas = 0;
                return Err(Failure::new("out of gas", "prover/src/programs/mod.rs:473:13"));
            }
        }
    }
    Ok(())
}
