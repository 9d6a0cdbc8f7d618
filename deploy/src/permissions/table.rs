//! The powers as a table for people.

use std::fmt;

use comfy_table::{ContentArrangement, Table, presets};

use super::{Party, Permissions, Power};
use crate::listed::{Listed, listed};
use crate::part::Name;
use crate::shown::{line, lines, wrapped};

/// The columns.
const HEADER: [&str; 6] = ["of", "who", "may", "after", "until", "who can stop it"];

/// The most characters of an account that has code, which does not break.
const WIDEST: usize = 53;

/// The most characters of a row in each column.
const WIDTHS: [usize; 6] = [WIDEST, WIDEST, 48, 24, 22, WIDEST];

impl fmt::Display for Permissions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "Chain {}, block {}, {}", self.chain, self.block, self.time)?;
        let contracts = self.contracts.iter().map(|contract| Listed {
            name: Name::new(contract.name).to_string(),
            address: contract.address,
            is_singleton: contract.singleton,
        });
        f.write_str(&listed(contracts, &self.safes, self.vault))?;
        let mut table = Table::new();
        // The same on every terminal, and in a file.
        table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled).set_header(HEADER);
        for power in &self.powers {
            table.add_row(power.cells());
        }
        writeln!(f, "\n{}", table.trim_fmt())?;
        self.notes.iter().try_for_each(|note| writeln!(f, "note: {}", line(note)))
    }
}

impl fmt::Display for Party {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Contract(name) => write!(f, "the {name}"),
            Self::Account(address) => write!(f, "{address}"),
            Self::AccountWithCode(address) => write!(f, "{address} (has code)"),
            Self::Whoever(words) => f.write_str(words),
        }
    }
}

impl Power {
    /// As a row of the table.
    fn cells(&self) -> [String; 6] {
        let who = if self.by.is_empty() { self.holder.to_string() } else { format!("{}\n({})", self.holder, self.by) };
        let after = match (self.vote, self.delay) {
            (false, 0) => "at once".to_owned(),
            (false, delay) => seconds(delay),
            (true, 0) => "a vote".to_owned(),
            (true, delay) => format!("a vote, and {}", seconds(delay)),
        };
        let after = self.since.map_or_else(|| after.clone(), |since| format!("{after}, from {since} on"));
        let until = self.until.map_or_else(|| "for ever".to_owned(), |until| until.to_string());
        let stop: Vec<String> = self.stop.iter().map(ToString::to_string).collect();
        let stop = if stop.is_empty() { "nobody".to_owned() } else { stop.join("\n") };
        let cells = [self.target.to_string(), who, self.functions.join("\n"), after, until, stop];
        // What comes from a chain cannot widen a column without end, nor move a terminal's cursor.
        let mut widths = WIDTHS.iter();
        cells.map(|cell| wrapped(&lines(&cell), *widths.next().unwrap_or(&WIDEST)))
    }
}

fn seconds(seconds: u64) -> String {
    if seconds == 1 { "1 second".to_owned() } else { format!("{seconds} seconds") }
}
