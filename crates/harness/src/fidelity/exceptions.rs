//! Where we differ from Nitro on purpose.

use super::{Call, Entry, Mismatch};
use eyre::{Context, Result};
use regex::Regex;
use serde::{Deserialize, Deserializer};
use std::path::Path;

/// The exceptions of `exceptions.toml`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exceptions {
    /// One entry a cause.
    #[serde(default, rename = "exception")]
    pub list: Vec<Exception>,
}

/// A difference that is meant.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exception {
    /// In these recordings.
    pub recordings: Vec<String>,
    /// Steps whose whole name matches.
    #[serde(deserialize_with = "whole")]
    pub step: Regex,
    /// Only requests of this method.
    pub method: Option<String>,
    /// Only requests that Nitro answered with an error.
    #[serde(default)]
    pub refused: bool,
    /// Only where the path of the difference begins so.
    #[serde(default)]
    pub path: String,
    /// Not even sent: it would do something here that it did not do on Nitro, and later answers would tell.
    #[serde(default)]
    pub skip: bool,
    /// Why we answer something else.
    pub why: String,
}

impl Exceptions {
    /// Reads `exceptions.toml`.
    ///
    /// # Errors
    /// If the file cannot be read, or has other keys than it should.
    pub fn open(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path).wrap_err_with(|| format!("cannot read {}", path.display()))?;
        toml::from_str(&text).wrap_err_with(|| format!("{} is not a list of exceptions", path.display()))
    }

    /// Those for one recording of the project.
    pub fn of(mut self, recording: &str) -> Self {
        self.list.retain(|exception| exception.recordings.iter().any(|name| name == recording));
        self
    }

    /// The number of the exception because of which a request is not sent.
    pub fn skipping(&self, entry: &Entry) -> Option<usize> {
        self.list.iter().position(|exception| exception.skip && exception.is_for(entry))
    }

    /// The number of the exception that covers a difference.
    pub fn covering(&self, entry: &Entry, mismatch: &Mismatch) -> Option<usize> {
        self.list.iter().position(|exception| exception.is_for(entry) && mismatch.path.starts_with(&exception.path))
    }
}

impl Exception {
    fn is_for(&self, entry: &Entry) -> bool {
        let refused = matches!(entry.call, Call::Rpc { error: Some(_), .. });
        self.step.is_match(&entry.step)
            && self.method.as_ref().is_none_or(|method| method == entry.method())
            && (refused || !self.refused)
    }
}

fn whole<'de, D: Deserializer<'de>>(from: D) -> Result<Regex, D::Error> {
    let pattern = String::deserialize(from)?;
    Regex::new(&format!("^(?:{pattern})$")).map_err(serde::de::Error::custom)
}
