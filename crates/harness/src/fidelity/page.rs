//! The devnode's page: a table in it says how much of the recordings is answered as Nitro did.

use super::{Group, Report};
use crate::root;
use eyre::{Context, OptionExt, Result};
use std::{fs, path::PathBuf};

const BEGIN: &str = "<!-- fidelity: made by `cargo xtask fidelity --write`, do not edit -->";
const END: &str = "<!-- /fidelity -->";
const HEAD: &str =
    "| recorded | what it holds | requests | steps | steps that differ | on purpose |\n|---|---|--:|--:|--:|--:|";

/// What the recorded groups hold.
const GROUPS: &[(&str, &str)] = &[
    ("setup", "a fresh node, its contracts and settings"),
    ("arbos", "every getter of the precompiles with its gas, codes, blocks, headers"),
    ("evm", "EVM code: gas, calls, creations, refunds"),
    ("opcodes", "the ink of each WASM opcode, by size and by length"),
    ("hostio", "each host call: ink, values, refusals"),
    ("interop", "EVM code and programs in one another; storage, reverts, re-entrance, depth"),
    ("activation", "what is accepted and refused, with its error and gas; life, cache, parameters"),
    ("contract", "an ERC-20 in Stylus, uncached and cached"),
    ("rpc", "JSON-RPC: errors, filters, estimates, tracers, simulations, proofs"),
    ("l1fee", "the fee for L1 data in transactions, calls and estimates"),
    ("programs", "random programs, each with four inputs and a low gas limit"),
    ("scripts", "random nests of EVM and Stylus calls"),
    ("special", "corners of calls and precompiles"),
    ("7702", "accounts that delegate to code (EIP-7702), programs among it"),
    ("l1", "the fee for L1 data, at random prices and sizes"),
    ("precompiles", "random calldata, gas and value for every method of the precompiles"),
    ("params", "calls under random Stylus parameters"),
    ("mutants", "activation of programs with random bytes changed"),
    ("fragments", "programs in fragments: deployment, prices, gas limits, what is refused, limits"),
    ("recent", "programs that a block has called lately, and parameters that change meanwhile"),
    ("version3", "what Stylus version 3 refuses; memory.fill, memory.grow, the limit of open pages"),
    ("methods60", "activation gas, owners, filtering, tips, prices by several resources"),
    ("upgrade", "programs before and after an upgrade of ArbOS, activated again by anyone"),
];

/// A report's lines of the table; `recording` is put before each name.
pub fn rows(report: &Report, recording: &str) -> Vec<String> {
    let groups = report.groups.iter().map(|group| row(group, recording));
    groups.chain(report.blocks.map(|(equal, blocks)| blocks_row(equal, blocks, recording))).collect()
}

/// All blocks are counted from the first that differs: it is in the history of the others.
fn blocks_row(equal: usize, blocks: usize, recording: &str) -> String {
    let what = "the hash of each block: header, transactions, receipts, the whole state";
    format!("| {recording}blocks | {what} | | {blocks} | {} | |", blocks - equal)
}

fn row(group: &Group, recording: &str) -> String {
    let what = GROUPS.iter().find(|(name, _)| *name == group.name).map_or("", |(_, what)| what);
    let (requests, steps) = (group.requests, group.steps.len());
    let (differing, excepted) = (group.differing.len(), group.excepted.len());
    format!("| {recording}{} | {what} | {requests} | {steps} | {differing} | {excepted} |", group.name)
}

/// The lines that stand in the page.
///
/// # Errors
/// If it cannot be read, or has lost its marks.
pub fn written() -> Result<Vec<String>> {
    let text = fs::read_to_string(file()).wrap_err("the devnode's page")?;
    let (_, table, _) = parts(&text).ok_or_eyre("the devnode's page has lost the marks of its table")?;
    Ok(table.trim().strip_prefix(HEAD).unwrap_or(table).trim().lines().map(str::to_owned).collect())
}

/// Puts lines into the page.
///
/// # Errors
/// If it cannot be read or written, or has lost its marks.
pub fn write(rows: &[String]) -> Result<()> {
    let text = fs::read_to_string(file()).wrap_err("the devnode's page")?;
    let (before, _, after) = parts(&text).ok_or_eyre("the devnode's page has lost the marks of its table")?;
    let text = format!("{before}{BEGIN}\n{HEAD}\n{}\n{END}{after}", rows.join("\n"));
    fs::write(file(), text).wrap_err("the devnode's page")
}

fn file() -> PathBuf {
    root().join("crates/devnode/README.md")
}

fn parts(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once(BEGIN)?;
    let (table, after) = rest.split_once(END)?;
    Some((before, table, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_between_the_marks_is_the_table() {
        let text = format!("a{BEGIN}\nold\n{END}b");
        assert_eq!(parts(&text), Some(("a", "\nold\n", "b")));
        assert_eq!(parts("no marks"), None);
    }

    #[test]
    fn blocks_have_a_row() {
        let what = "the hash of each block: header, transactions, receipts, the whole state";
        assert_eq!(blocks_row(3, 5, "60: "), format!("| 60: blocks | {what} | | 5 | 2 | |"));
    }

    #[test]
    fn a_row_counts_steps() {
        let mut group = Group { name: "l1fee".into(), requests: 3, ..Group::default() };
        group.steps.extend(["l1fee/a".into(), "l1fee/b".into()]);
        group.differing.insert("l1fee/b".into());
        group.excepted.insert("l1fee/a".into());
        let what = "the fee for L1 data in transactions, calls and estimates";
        assert_eq!(row(&group, "random: "), format!("| random: l1fee | {what} | 3 | 2 | 1 | 1 |"));
    }
}
