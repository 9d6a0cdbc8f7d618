//! Failures in the form that Nitro prints them: a chain of causes and the line of Nitro that says so.

use super::places::in_v3_10;
use std::{borrow::Cow, fmt};

/// A failure with its causes, outermost first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    causes: Vec<String>,
    location: Cow<'static, str>,
}

impl Failure {
    /// A failure that begins here; `location` is the place in Nitro v3.9.8 that reports it, under `arbitrator/`.
    pub(crate) fn new(text: impl Into<String>, location: &'static str) -> Self {
        Self { causes: vec![text.into()], location: location.into() }
    }

    /// The same failure, seen from one level further out.
    pub(crate) fn wrap(mut self, text: impl Into<String>) -> Self {
        self.causes.insert(0, text.into());
        self
    }
}

impl Failure {
    /// The failure as Nitro tells it at a Stylus version: v3.10 brought the third, and v3.9.8 has those before.
    pub(crate) fn told_by(&self, stylus_version: u16) -> String {
        match stylus_version {
            ..3 => self.to_string(),
            _ => Self { causes: self.causes.clone(), location: in_v3_10(&self.location).into() }.to_string(),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (first, rest) = self.causes.split_first().expect("a failure has a text");
        f.write_str(first)?;
        if !rest.is_empty() {
            f.write_str("\n\nCaused by:")?;
        }
        for (index, cause) in rest.iter().enumerate() {
            if rest.len() == 1 {
                write!(f, "\n    {}", cause.replace('\n', "\n    "))?;
            } else {
                write!(f, "\n{index:>4}: {}", cause.replace('\n', "\n      "))?;
            }
        }
        write!(f, "\n\nLocation:\n    {}", self.location)
    }
}

/// Text in the red that Nitro prints values in.
pub(crate) fn red(text: impl fmt::Display) -> String {
    format!("\u{1b}[31;1m{text}\u{1b}[0;0m")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_cause_is_not_numbered_and_several_are() {
        let one = Failure::new("too many wasm imports: 514 > 513", "prover/src/binary.rs:685:13");
        assert_eq!(
            one.clone().wrap("failed to parse wasm").to_string(),
            "failed to parse wasm\n\nCaused by:\n    too many wasm imports: 514 > 513\n\nLocation:\n    prover/src/binary.rs:685:13"
        );
        assert_eq!(
            one.wrap("b").wrap("a").to_string(),
            "a\n\nCaused by:\n   0: b\n   1: too many wasm imports: 514 > 513\n\nLocation:\n    prover/src/binary.rs:685:13"
        );
    }
}
