//! `docs/invariants.md` names every rule with its test, and every test is one of its rules.

use std::collections::BTreeSet;

const BOOK: &str = include_str!("../../docs/invariants.md");

/// The files whose tests are rules.
const RULES: [(&str, &str); 7] = [
    ("votes", include_str!("votes.rs")),
    ("nonces", include_str!("nonces.rs")),
    ("access", include_str!("access.rs")),
    ("timelock", include_str!("timelock.rs")),
    ("governor", include_str!("governor.rs")),
    ("settings", include_str!("settings.rs")),
    ("events", include_str!("events.rs")),
];

fn is_of_a_walk(row: &str) -> bool {
    ["invariants::", "walk::", "conservation::"].iter().any(|walk| row.starts_with(walk))
}

#[test]
fn the_book_and_the_tests_name_the_same_rules() {
    let mut tested = BTreeSet::new();
    for (file, text) in RULES {
        let mut lines = text.lines();
        while lines.by_ref().any(|line| line == "#[test]") {
            let line = lines.next().expect("a test has a name");
            let name = line.strip_prefix("fn ").and_then(|rest| rest.split('(').next()).expect("a test is a function");
            tested.insert(format!("{file}::{name}"));
        }
    }
    // A rule is a row of a table that begins with its test's name. Those of a walk are compared with the walk, beside it.
    let rows = BOOK.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next());
    let named: BTreeSet<String> = rows.filter(|row| !is_of_a_walk(row)).map(str::to_owned).collect();
    assert_eq!(named, tested);
    assert!(named.len() > 30, "{} rules", named.len());
}
