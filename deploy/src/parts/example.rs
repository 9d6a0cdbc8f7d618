//! What the tests of parts have in common: the example's file, its refusals at their places, and the declared guards.

use std::collections::BTreeSet;

use crate::config::Config;

/// The example with all parts.
pub(super) const HEALTH: &str = include_str!("../../config/health.toml");
/// Its name in refusals.
pub(super) const NAME_OF_FILE: &str = "health.toml";

/// A file that is valid.
pub(super) fn config(text: &str) -> Config {
    Config::parse(text, NAME_OF_FILE).expect("valid")
}

/// The refusal of a file that is not.
pub(super) fn refusal(text: &str) -> String {
    Config::parse(text, NAME_OF_FILE).expect_err("a refusal").to_string()
}

/// The refusal of the example after one of its texts is another, which must be at that text's line.
pub(super) fn refused(line: &str, by: &str) -> String {
    assert_eq!(HEALTH.matches(line).count(), 1, "{line}");
    let error = refusal(&HEALTH.replace(line, by));
    let place = HEALTH[..HEALTH.find(line).expect("the line")].matches('\n').count() + 1;
    let said = error.strip_prefix(&format!("{NAME_OF_FILE}:{place}:")).unwrap_or_else(|| panic!("{by}: {error}"));
    said.split_once(": ").expect("a column").1.to_owned()
}

/// The example without what is between two of its texts.
pub(super) fn without(from: &str, to: &str) -> String {
    let place = |text: &str| HEALTH.find(text).unwrap_or_else(|| panic!("no {text}"));
    format!("{}{}", &HEALTH[..place(from)], &HEALTH[place(to)..])
}

/// The functions of a contract that somebody may not call, as the contract declares them.
pub(super) fn guarded(contract: &str) -> BTreeSet<&'static str> {
    let declared = include_str!("../../../abi/PERMISSIONS.md");
    let start = declared.find(&format!("## {contract}\n")).expect("the section");
    let rows = declared[start + 3..].split("\n## ").next().expect("a section").lines();
    let guarded = rows.filter_map(|row| {
        let cells: Vec<_> = row.split(" | ").collect();
        let signature = cells.first()?.strip_prefix("| `")?.strip_suffix('`')?;
        let who = cells.get(1)?;
        let is_open =
            who.starts_with("anyone") || who.starts_with("Everybody") || signature.starts_with("constructor(");
        (!is_open).then_some(signature)
    });
    guarded.collect()
}
