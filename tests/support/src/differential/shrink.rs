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
    let mut candidates = simpler(&found.script)?;
    // Where one helped, the next of its kind comes next: the place is kept, and failures are counted all around.
    let (mut at, mut failures) = (0, 0);
    for _ in 0..ATTEMPTS {
        if failures == candidates.len() {
            break;
        }
        at %= candidates.len();
        match attempt(pair, candidates[at].clone(), tally)? {
            Some(still) => {
                found = still;
                candidates = simpler(&found.script)?;
                failures = 0;
            }
            None => (at, failures) = (at + 1, failures + 1),
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
