//! Why a configuration file was refused, and where.

use std::fmt;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};

use crate::shown;

/// A refusal before it is known which line it is in: a range of bytes and a reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The bytes of the text that it is about.
    pub span: Range<usize>,
    /// What is wrong, in one sentence.
    pub reason: String,
}

/// A configuration file that was refused. It prints as `file:line:column: reason`, in one line, whatever the file has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError {
    /// The file, as it was named.
    pub file: PathBuf,
    /// Line and column, from 1; none if it is about no line of the file.
    pub place: Option<(usize, usize)>,
    /// What is wrong, in one sentence.
    pub reason: String,
}

impl ConfigError {
    pub(super) fn unreadable(file: &Path, error: &io::Error) -> Self {
        Self { file: file.to_owned(), place: None, reason: format!("cannot be read: {error}") }
    }

    pub(super) fn at(file: &Path, text: &str, refusal: Refusal) -> Self {
        let before = text.get(..refusal.span.start).unwrap_or(text);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        Self { file: file.to_owned(), place: Some((line, column)), reason: refusal.reason }
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", shown::line(&self.file.display().to_string()))?;
        if let Some((line, column)) = self.place {
            write!(f, "{line}:{column}:")?;
        }
        write!(f, " {}", shown::line(&self.reason))
    }
}

impl std::error::Error for ConfigError {}
