//! Making a script that shows a difference short.

use eyre::{OptionExt, Result};

use super::{
    pair::Pair,
    run::{Difference, Tally, run},
    script::{Script, Setup},
};

/// The shortest script found, what it shows, and what its steps did.
#[derive(Debug)]
pub struct Found {
    /// The script.
    pub script: Script,
    /// What differs at its end.
    pub difference: Difference,
    /// What each step did.
    pub comments: Vec<String>,
}

impl Found {
    /// The script as text, with the difference in its last comment.
    ///
    /// # Errors
    /// As [`Script::print`].
    pub fn print(&self) -> Result<String> {
        let mut text = self.script.print(&self.comments)?;
        text.extend(self.difference.what.lines().map(|line| format!("# {line}\n")));
        Ok(text)
    }
}

/// Leaves out of a script that shows a difference whatever the difference does not need: each time on fresh DAOs, first
/// halves, then smaller parts, at last single steps, until no single step can go.
///
/// # Errors
/// Where a chain fails, or the script shows no difference.
pub fn shrink(pair: &mut Pair, script: &Script) -> Result<Found> {
    // What shrinking repeats is counted nowhere: it compares nothing new.
    let tally = &mut Tally::default();
    let mut found = attempt(pair, script.clone(), tally)?.ok_or_eyre("the script shows no difference")?;
    let plain = Setup { timestamps: script.setup.timestamps, ..Setup::default() };
    if let Some(simpler) = attempt(pair, Script { setup: plain, ..found.script.clone() }, tally)? {
        found = simpler;
    }
    let mut size = found.script.steps.len().div_ceil(2);
    while size > 0 {
        let before = found.script.steps.len();
        let mut at = 0;
        while at < found.script.steps.len() {
            let mut shorter = found.script.clone();
            shorter.steps.drain(at..(at + size).min(shorter.steps.len()));
            match attempt(pair, shorter, tally)? {
                Some(still) => found = still,
                None => at += size,
            }
        }
        if size > 1 || found.script.steps.len() == before {
            size /= 2;
        }
    }
    Ok(found)
}

/// The script up to where it shows a difference, if it does.
fn attempt(pair: &mut Pair, mut script: Script, tally: &mut Tally) -> Result<Option<Found>> {
    let mut comments = Vec::new();
    let Some(difference) = run(pair, &script, tally, &mut comments)? else { return Ok(None) };
    script.steps.truncate(difference.step.map_or(0, |step| step + 1));
    Ok(Some(Found { script, difference, comments }))
}
