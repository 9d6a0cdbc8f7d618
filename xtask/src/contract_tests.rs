//! What a contract's folder of tests brings beside its tests: a random walk for `cargo xtask fuzz --contract NAME`, and a
//! table of gas for `cargo xtask bench`. Tests with a module `walk` walk; those with a module `gas` may keep a table.
//! Which contracts there are stands nowhere here.

use crate::{command, project};
use clap::Parser;
use eyre::{Context, OptionExt, Result, ensure};
use serde::Deserialize;
use std::{fmt::Write, fs, path::PathBuf};

/// A contract's walk, for as long as one likes.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask fuzz", bin_name = "cargo xtask fuzz")]
struct Walk {
    /// The contract, by the name of its folder
    #[arg(long)]
    contract: String,
    /// How long to walk
    #[arg(long, default_value_t = 5.0)]
    minutes: f64,
    /// Where chance begins. The same seed takes the same steps
    #[arg(long)]
    seed: Option<u64>,
    /// Run a printed script again instead, and say what each step did
    #[arg(long)]
    replay: Option<PathBuf>,
}

/// Whether these options of `fuzz` ask for a contract's walk.
pub(crate) fn is_walk(options: &[String]) -> bool {
    options.iter().any(|option| option == "--contract" || option.starts_with("--contract="))
}

/// Walks as the options say.
///
/// # Errors
/// If the contract has no walk, or the walk finds a difference: the script that shows it is printed.
pub(crate) fn walk(options: &[String]) -> Result<()> {
    let Walk { contract, minutes, seed, replay } =
        Walk::try_parse_from(["fuzz".to_owned()].iter().chain(options)).unwrap_or_else(|error| error.exit());
    ensure!(
        has_module(&contract, "walk"),
        "{contract} has no walk: tests/{contract}/main.rs would have it as its module `walk`"
    );
    let mut cargo = command::cargo();
    cargo.args(["test", "--workspace", "--locked", "--test", &contract, "--", "--nocapture", "walk::"]);
    if let Some(file) = replay {
        let file = fs::canonicalize(&file).wrap_err_with(|| format!("cannot read {}", file.display()))?;
        return command::run(cargo.env("CONSILIUM_WALK_REPLAY", file));
    }
    cargo.env("CONSILIUM_WALK_MINUTES", minutes.to_string());
    if let Some(seed) = seed {
        cargo.env("CONSILIUM_WALK_SEED", seed.to_string());
    }
    command::run(&mut cargo)
}

/// Whether a contract's tests have a module, in their folder or in that of another version of the contract.
fn has_module(contract: &str, module: &str) -> bool {
    let main = project::root().join("tests").join(contract).join("main.rs");
    fs::read_to_string(main).is_ok_and(|text| text.lines().any(|line| line == format!("mod {module};")))
}

/// What `harness::gas_table` writes.
#[derive(Debug, Deserialize)]
struct Row {
    action: String,
    peer: Option<u64>,
    uncached: u64,
    cached: u64,
    floor: Option<u64>,
}

/// The tables of gas of all contracts that bring one, in Markdown.
///
/// # Errors
/// If a contract's promises about gas do not hold.
pub(crate) fn gas_tables() -> Result<String> {
    let mut text = String::new();
    let mut folders: Vec<_> = fs::read_dir(project::root().join("contracts"))?.collect::<Result<_, _>>()?;
    folders.sort_by_key(fs::DirEntry::file_name);
    for folder in folders {
        let name = folder.file_name().into_string().ok().ok_or_eyre("a contract's name is text")?;
        if !has_module(&name, "gas") {
            continue;
        }
        let mut cargo = command::cargo();
        cargo.args(["test", "--workspace", "--locked", "--test", &name, "--", "gas::"]);
        command::run(cargo.env("CONSILIUM_BENCH", "1"))?;
        let file = project::root().join("target/bench").join(format!("{name}.json"));
        let Ok(rows) = fs::read(&file) else { continue };
        let rows: Vec<Row> = serde_json::from_slice(&rows).wrap_err_with(|| format!("{}", file.display()))?;
        table(&mut text, &name, &rows)?;
    }
    Ok(text)
}

/// The floor has a column where it was measured.
fn table(text: &mut String, name: &str, rows: &[Row]) -> Result<()> {
    let has_floor = rows.iter().any(|row| row.floor.is_some());
    let [title, line] = if has_floor { [" floor |", "--:|"] } else { ["", ""] };
    writeln!(text, "| {name} | Solidity | ours, not cached | ours, cached |{title} cached / Solidity |")?;
    writeln!(text, "|---|--:|--:|--:|{line}--:|")?;
    for Row { action, peer, uncached, cached, floor } in rows {
        let ratio = peer.map_or(String::new(), |peer| format!("{:.2}", *cached as f64 / peer as f64));
        let peer = peer.map_or(String::new(), grouped);
        let floor = floor.map(|floor| format!(" {} |", grouped(floor)));
        let floor = floor.unwrap_or_else(|| if has_floor { "  |".to_owned() } else { String::new() });
        writeln!(text, "| {action} | {peer} | {} | {} |{floor} {ratio} |", grouped(*uncached), grouped(*cached))?;
    }
    writeln!(text)?;
    Ok(())
}

/// The marks of the README between which the tables stand.
const MARKS: [&str; 2] = ["<!-- contracts: made by `cargo xtask bench`, do not edit -->", "<!-- /contracts -->"];

/// Measures, prints and writes the tables of all contracts that bring one.
///
/// # Errors
/// As [`gas_tables`], or if README.md has lost the marks.
pub(crate) fn bench() -> Result<()> {
    let tables = gas_tables()?;
    println!("{tables}");
    let file = project::root().join("README.md");
    let text = fs::read_to_string(&file)?;
    Ok(fs::write(
        file,
        between(&text, MARKS, &tables).ok_or_eyre("README.md has lost the marks of the contracts' tables")?,
    )?)
}

/// A text with something new between two marks, if it has them.
pub(crate) fn between(text: &str, [begin, end]: [&str; 2], new: &str) -> Option<String> {
    let (before, rest) = text.split_once(begin)?;
    let (_, after) = rest.split_once(end)?;
    Some(format!("{before}{begin}\n{new}{end}{after}"))
}

/// A number in groups of three digits.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let head = digits.len() % 3;
    let groups = digits.as_bytes()[head..].chunks(3).map(|group| String::from_utf8_lossy(group).into_owned());
    let first = (head > 0).then(|| digits[..head].to_owned());
    first.into_iter().chain(groups).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::{MARKS, Row, between, grouped, is_walk, table};
    use crate::project;

    #[test]
    fn numbers_are_grouped_from_the_right() {
        assert_eq!([0, 12, 999, 1_000, 1_234_567].map(grouped), ["0", "12", "999", "1,000", "1,234,567"]);
    }

    #[test]
    fn a_table_says_what_was_measured() {
        let rows = [
            Row { action: "a".into(), peer: Some(2_000), uncached: 3_000, cached: 1_800, floor: None },
            Row { action: "b".into(), peer: None, uncached: 3_000, cached: 1_800, floor: None },
        ];
        let mut text = String::new();
        table(&mut text, "name", &rows).unwrap();
        assert!(text.contains("| a | 2,000 | 3,000 | 1,800 | 0.90 |\n| b |  | 3,000 | 1,800 |  |\n"), "{text}");
        let row = Row { action: "c".into(), peer: Some(2_000), uncached: 3_000, cached: 1_800, floor: Some(1_500) };
        table(&mut text, "name", &[row]).unwrap();
        assert!(text.contains("| c | 2,000 | 3,000 | 1,800 | 1,500 | 0.90 |\n"), "{text}");
    }

    #[test]
    fn the_readme_has_the_marks() {
        let text = std::fs::read_to_string(project::root().join("README.md")).unwrap();
        assert!(between(&text, MARKS, "").is_some());
    }

    #[test]
    fn a_contract_s_walk_is_asked_for_by_name() {
        let options = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        assert!(is_walk(&options("--minutes 1 --contract a")) && is_walk(&options("--contract=a")));
        assert!(!is_walk(&options("--minutes 1")));
    }
}
