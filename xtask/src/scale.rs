//! The table of a contract that holds very much, for `cargo xtask bench --scale`. Where a contract's folder of tests has
//! a module `scale`, that fills the contract and measures. Nothing here says which contracts have one.

use crate::{build, command, contract_tests::grouped, project, setup, solidity};
use eyre::{Context, OptionExt, Result, ensure};
use serde::Deserialize;
use std::{fmt::Write, fs};

/// The marks of the README between which the tables stand.
const MARKS: [&str; 2] = ["<!-- scale: made by `cargo xtask bench --scale`, do not edit -->", "<!-- /scale -->"];

/// A figure at the first and at the last.
#[derive(Debug, Deserialize)]
struct Row {
    what: String,
    first: u64,
    last: u64,
}

/// What `harness::scale_table` writes.
#[derive(Debug, Deserialize)]
struct Table {
    held: Vec<(u64, String)>,
    seconds: u64,
    between: (u64, u64),
    gas: Vec<Row>,
    node: Vec<Row>,
}

/// Fills each contract that has such a test, for so many people, and writes the tables into the README.
///
/// # Errors
/// If something costs more when much is stored, or README.md has lost the marks.
pub(crate) fn bench(people: u64) -> Result<()> {
    build::build_contracts(setup::Choice::Auto)?;
    solidity::peers()?;
    let mut text = String::new();
    for contract in project::contracts()? {
        let name = contract.name.kebab();
        let folder = project::root().join("tests").join(name);
        if !folder.join("scale.rs").exists() && !folder.join("scale").exists() {
            continue;
        }
        let file = project::root().join("target/bench").join(format!("{name}-scale.json"));
        // What an earlier run left there must not count.
        let _ = fs::remove_file(&file);
        let mut cargo = command::cargo();
        cargo.args(["test", "--workspace", "--locked", "--test", name, "--", "--nocapture", "scale::"]);
        command::run(cargo.env("CONSILIUM_BENCH", "1").env("CONSILIUM_SCALE", people.to_string()))?;
        let table = fs::read(&file).wrap_err_with(|| format!("{}", file.display()))?;
        tables(&mut text, name, &serde_json::from_slice(&table)?)?;
    }
    ensure!(!text.is_empty(), "no contract has a test of scale");
    println!("{text}");
    let file = project::root().join("README.md");
    let readme = fs::read_to_string(&file)?;
    let new = between(&readme, &text).ok_or_eyre("README.md has lost the marks of the tables of scale")?;
    Ok(fs::write(file, new)?)
}

fn tables(text: &mut String, name: &str, table: &Table) -> Result<()> {
    let Table { held, seconds, between: (least, most), gas, node } = table;
    let held: Vec<_> = held.iter().map(|(number, of)| format!("{} {of}", grouped(*number))).collect();
    let held = held.join(" of ");
    writeln!(text, "| {name}, gas | at the first | after {held} |\n|---|--:|--:|")?;
    rows(text, gas)?;
    let [least, most] = [least, most].map(|gas| grouped(*gas));
    writeln!(text, "\n| {name}, the devnode | at the first | after {held} |\n|---|--:|--:|")?;
    rows(text, node)?;
    writeln!(
        text,
        "\nStoring it took {} seconds. Each of the transactions that store it took from {least} to {most} gas, less its \
         calldata.",
        grouped(*seconds)
    )?;
    Ok(())
}

fn rows(text: &mut String, rows: &[Row]) -> Result<()> {
    for Row { what, first, last } in rows {
        writeln!(text, "| {what} | {} | {} |", grouped(*first), grouped(*last))?;
    }
    Ok(())
}

fn between(text: &str, new: &str) -> Option<String> {
    crate::contract_tests::between(text, MARKS, new)
}

#[cfg(test)]
mod tests {
    use super::{Row, Table, between, tables};
    use crate::project;

    #[test]
    fn a_table_has_both_columns() {
        let row = |what: &str, first, last| Row { what: what.into(), first, last };
        let table = Table {
            held: vec![(1_000_000, "things".into()), (100_000, "people".into())],
            seconds: 300,
            between: (500, 1_500),
            gas: vec![row("ask", 21_000, 21_000)],
            node: vec![row("memory, MB", 20, 1_200)],
        };
        let mut text = String::new();
        tables(&mut text, "name", &table).unwrap();
        for part in [
            "| name, gas | at the first | after 1,000,000 things of 100,000 people |\n|---|--:|--:|\n",
            "| ask | 21,000 | 21,000 |\n",
            "| memory, MB | 20 | 1,200 |\n\nStoring it took 300 seconds.",
            "took from 500 to 1,500 gas, less its calldata.\n",
        ] {
            assert!(text.contains(part), "{part} in {text}");
        }
    }

    #[test]
    fn the_readme_has_the_marks() {
        let text = std::fs::read_to_string(project::root().join("README.md")).unwrap();
        assert!(between(&text, "").is_some());
    }
}
