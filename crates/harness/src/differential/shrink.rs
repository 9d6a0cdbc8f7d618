//! Making a script that shows a difference as simple as it gets.

use eyre::{OptionExt, Result};

use super::{
    pair::Pair,
    run::{Difference, Tally, run},
    script::Script,
    simpler::simpler,
};

/// How often a script is run again at most. The last of them are spent on bytes of calldata.
const ATTEMPTS: usize = 800;

/// The simplest script found, what it shows, and what its steps did.
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

/// Goes from a script that shows a difference to simpler ones that still show one, each time on fresh DAOs, until none of
/// those that are simpler by one change does, or it was run often enough.
///
/// # Errors
/// Where a chain fails, or the script shows no difference.
pub fn shrink(pair: &mut Pair, script: &Script) -> Result<Found> {
    // What shrinking repeats is counted nowhere: it compares nothing new.
    let tally = &mut Tally::default();
    let mut found = attempt(pair, script.clone(), tally)?.ok_or_eyre("the script shows no difference")?;
    // Where one helped, the next of its kind comes next: the search goes on at its place, and all around.
    let (mut at, mut left) = (0, ATTEMPTS);
    loop {
        let around = simpler(&found.script)?.enumerate().skip(at).chain(simpler(&found.script)?.enumerate().take(at));
        let mut better = None;
        for (place, candidate) in around.take(left) {
            left -= 1;
            if let Some(still) = attempt(pair, candidate, tally)? {
                (at, better) = (place, Some(still));
                break;
            }
        }
        match better {
            Some(still) => found = still,
            None => return Ok(found),
        }
    }
}

/// The script up to where it shows a difference, if it does.
fn attempt(pair: &mut Pair, mut script: Script, tally: &mut Tally) -> Result<Option<Found>> {
    let mut comments = Vec::new();
    let Some(difference) = run(pair, &script, tally, &mut comments)? else { return Ok(None) };
    script.steps.truncate(difference.step.map_or(0, |step| step + 1));
    Ok(Some(Found { script, difference, comments }))
}
