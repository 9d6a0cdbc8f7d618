//! What a replay found.

use serde_json::Value;
use std::{
    collections::HashSet,
    fmt::{self, Write},
    time::Duration,
};

/// The outcome of a replay.
#[derive(Debug, Default)]
pub struct Report {
    /// The groups in the recording's order.
    pub groups: Vec<Group>,
    /// How often each exception covered a difference, in the file's order.
    pub excepted: Vec<usize>,
    /// How many blocks from the first on have the hash that they had on Nitro, and how many there are, where their times
    /// were set.
    pub blocks: Option<(usize, usize)>,
    /// How long it took.
    pub took: Duration,
}

/// What was found in a group.
#[derive(Debug, Default)]
pub struct Group {
    /// The part of the step before the slash.
    pub name: String,
    /// Requests sent.
    pub requests: usize,
    /// Answers compared.
    pub compared: usize,
    /// Steps the requests belong to.
    pub steps: HashSet<String>,
    /// Steps with a difference.
    pub differing: HashSet<String>,
    /// Steps with an exception.
    pub excepted: HashSet<String>,
    /// Every difference, in order.
    pub differences: Vec<Difference>,
}

/// A value that differs, and where.
#[derive(Debug, Clone)]
pub struct Difference {
    /// Number of the request.
    pub n: u64,
    /// What the request is a part of.
    pub step: String,
    /// The method's name.
    pub method: String,
    /// Keys of the answer, joined by dots.
    pub path: String,
    /// What Nitro answered.
    pub recorded: Value,
    /// What the node under test answered.
    pub answered: Value,
}

impl Report {
    /// The group of that name, made if it is new.
    pub(super) fn group(&mut self, name: &str) -> &mut Group {
        let at = self.groups.iter().position(|group| group.name == name).unwrap_or_else(|| {
            self.groups.push(Group { name: name.to_owned(), ..Group::default() });
            self.groups.len() - 1
        });
        &mut self.groups[at]
    }

    /// All differences of all groups.
    pub fn differences(&self) -> impl Iterator<Item = &Difference> {
        self.groups.iter().flat_map(|group| &group.differences)
    }

    /// One line a group: how much was compared, and how much of it differs.
    pub fn table(&self) -> String {
        let mut out = String::from("group        requests  compared  steps  steps that differ  differences\n");
        for group in &self.groups {
            let (steps, differing) = (group.steps.len(), group.differing.len());
            let _ = writeln!(
                out,
                "{:12} {:8}  {:8}  {steps:5}  {differing:17}  {:11}",
                group.name,
                group.requests,
                group.compared,
                group.differences.len()
            );
        }
        let _ = write!(
            out,
            "{} differences, {} more are meant (exceptions.toml), {:.1} s",
            self.differences().count(),
            self.excepted.iter().sum::<usize>(),
            self.took.as_secs_f64()
        );
        if let Some((equal, blocks)) = self.blocks {
            let _ = write!(out, "\n{equal} of {blocks} blocks have the hash that they had on Nitro");
        }
        out
    }

    /// The first `limit` differences of each group, in words.
    pub fn details(&self, limit: usize) -> String {
        let mut out = String::new();
        for group in self.groups.iter().filter(|group| !group.differences.is_empty()) {
            let _ = writeln!(out, "== {}: {} differences", group.name, group.differences.len());
            for difference in group.differences.iter().take(limit) {
                let _ = writeln!(out, "{difference}");
            }
            if let Some(more) = group.differences.len().checked_sub(limit + 1) {
                let _ = writeln!(out, "  .. and {} more", more + 1);
            }
        }
        out
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { n, step, method, path, recorded, answered } = self;
        writeln!(f, "  {step}  [{n} {method}]  {path}{}", first_byte(recorded, answered))?;
        writeln!(f, "      Nitro    {}", shortened(recorded))?;
        write!(f, "      answered {}", shortened(answered))
    }
}

/// The first byte at which two long hex strings part.
fn first_byte(a: &Value, b: &Value) -> String {
    let (Some(a), Some(b)) = (a.as_str(), b.as_str()) else { return String::new() };
    if !(a.starts_with("0x") && b.starts_with("0x") && a.len() > 66) {
        return String::new();
    }
    match a.bytes().zip(b.bytes()).position(|(x, y)| x != y) {
        Some(at) => format!(", from byte {}", at / 2 - 1),
        None => format!(", lengths {} and {}", a.len() / 2 - 1, b.len() / 2 - 1),
    }
}

/// A value in at most some 200 characters.
fn shortened(value: &Value) -> String {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let count = text.chars().count();
    if count <= 200 {
        return text;
    }
    let head: String = text.chars().take(160).collect();
    let tail: String = text.chars().skip(count - 24).collect();
    format!("{head}..{tail} ({count} characters)")
}
