//! Scripts: a DAO's settings and the steps it is taken through, as text that can be read, kept and run again.
//!
//! The first line is the settings, each further line a step, in JSON. Lines that begin with `#` are comments: a printed
//! script says in them what each step did.

use std::fmt::Write;

use eyre::{Context, OptionExt, Result};

use super::{action::Action, setup::Setup};

/// A DAO's settings and what happens to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Script {
    /// What it is made with.
    pub setup: Setup,
    /// What happens.
    pub steps: Vec<Action>,
}

impl Script {
    /// The script's text. `comments` say what the steps did, as many as are known.
    ///
    /// # Errors
    /// None that a script can have: JSON writes every one.
    pub fn print(&self, comments: &[String]) -> Result<String> {
        let mut text = format!("{}\n", serde_json::to_string(&self.setup)?);
        for (at, step) in self.steps.iter().enumerate() {
            writeln!(text, "{}", serde_json::to_string(step)?)?;
            if let Some(comment) = comments.get(at) {
                comment.lines().try_for_each(|line| writeln!(text, "#   {line}"))?;
            }
        }
        Ok(text)
    }

    /// Reads what [`Script::print`] wrote, or a person.
    ///
    /// # Errors
    /// Where a line is no step; it says which.
    pub fn read(text: &str) -> Result<Self> {
        let mut lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'));
        let (_, first) = lines.next().ok_or_eyre("a script begins with the settings, and this one is empty")?;
        let setup = serde_json::from_str(first).wrap_err("the first line is the settings, in JSON")?;
        let step = |(at, line): (usize, &str)| {
            serde_json::from_str(line).wrap_err_with(|| format!("line {} is no step: {line}", at + 1))
        };
        Ok(Self { setup, steps: lines.map(step).collect::<Result<_>>()? })
    }
}
