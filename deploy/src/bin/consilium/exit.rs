//! How a run ends: the exit codes, and the errors that have one of their own.

use std::fmt;
use std::process::ExitCode;

use consilium_deploy::Stopped;
use eyre::{Report, Result};

use crate::bar::INTERRUPTED;

/// A command line that is not understood.
pub(crate) const USAGE: u8 = 2;

/// Nothing failed, and it is not done either: somebody else decides, or time has to pass.
const PENDING: u8 = 3;

/// A question that was not answered.
const UNANSWERED: u8 = 4;

/// The end of every help text.
pub(crate) const EXIT_CODES: &str = "\
Exit codes:
    0  done; with verify: everything is as configured; with consent ask: it is permitted
    1  refused or failed: the last line says why; with verify: something is not as configured
    2  the command line is not understood
    3  not done yet: the DAO has to decide it, or it was announced and waits for its delay
    4  not answered: verify, vault show and consent ask, log, verify and export could not find it out
  130  stopped by Ctrl-C: deploy and renew go on when they are run again";

/// The answer to a question is no.
#[derive(Debug)]
pub(crate) struct No(String);

/// A question was not answered: a node is silent, say, or a file is wrong.
#[derive(Debug)]
struct Unanswered(String);

/// A call is not made yet. What has to happen was printed.
#[derive(Debug)]
pub(crate) struct Pending;

impl No {
    /// The answer, with what an error says.
    pub(crate) fn of(error: Report) -> Report {
        Self(format!("{error:#}")).into()
    }
}

/// The end of a command that answers a question: whoever runs it by a timer tells "no" from "nobody knows".
pub(crate) fn answered(done: Result<()>) -> Result<()> {
    done.map_err(|error| if error.is::<No>() { error } else { unanswered(error) })
}

/// An error as that of a question that was not answered.
pub(crate) fn unanswered(error: Report) -> Report {
    Unanswered(format!("{error:#}")).into()
}

/// The exit code of an error.
pub(crate) fn code(error: &Report) -> ExitCode {
    if error.is::<Stopped>() {
        INTERRUPTED.into()
    } else if error.is::<Pending>() {
        PENDING.into()
    } else if error.is::<Unanswered>() {
        UNANSWERED.into()
    } else {
        ExitCode::FAILURE
    }
}

impl fmt::Display for No {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for Unanswered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for Pending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("it is not done yet")
    }
}

impl std::error::Error for No {}
impl std::error::Error for Unanswered {}
impl std::error::Error for Pending {}
