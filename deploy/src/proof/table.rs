//! The facts as a table for people.

use std::fmt;

use comfy_table::{Table, presets};

use super::Proof;
use crate::shown::{line, wrapped};

/// The most characters of a row in a column. A list of holders may have any length.
const WIDTH: usize = 70;

impl fmt::Display for Proof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut table = Table::new();
        table.load_style(presets::NOTHING).set_header(["", "what", "on the chain", "configured"]);
        for check in &self.checks {
            let (mark, configured) = if check.holds() { ("ok", "") } else { ("NO", check.expected.as_str()) };
            let [subject, found, configured] =
                [&check.subject, &check.found, configured].map(|text| wrapped(&line(text), WIDTH));
            table.add_row([mark.to_owned(), subject, found, configured]);
        }
        writeln!(f, "{table}")?;
        self.notes.iter().try_for_each(|note| writeln!(f, "note: {}", line(note)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_or_hostile_fact_is_wrapped_and_escaped() {
        let mut proof = Proof::default();
        proof.check("members", "nobody", "0x1234, ".repeat(100));
        proof.check("token.name", "Vote", "V\u{1b}[2Jote");
        let shown = proof.to_string();
        assert!(shown.lines().all(|row| row.chars().count() < 200), "{shown}");
        assert!(shown.contains("V\\u{1b}[2Jote") && !shown.contains('\u{1b}'), "{shown}");
        assert_eq!(shown.matches("0x1234").count(), 100);
    }
}
