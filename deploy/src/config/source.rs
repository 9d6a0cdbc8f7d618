//! The file that settings were read from: where a refusal points that comes after the reading.

use std::path::{Path, PathBuf};

use super::error::{ConfigError, Refusal};

/// A file's name and text. Settings are the same wherever they were read from, so all sources are equal.
#[derive(Clone, Debug, Default)]
pub(super) struct Source {
    file: PathBuf,
    text: String,
}

impl Source {
    pub(super) fn new(file: &Path, text: &str) -> Self {
        Self { file: file.to_owned(), text: text.to_owned() }
    }

    /// The error that names the place of a refusal.
    pub(super) fn refuse(&self, refusal: Refusal) -> ConfigError {
        ConfigError::at(&self.file, &self.text, refusal)
    }

    /// The error that names no place.
    pub(super) fn refuse_whole(&self, reason: String) -> ConfigError {
        ConfigError { file: self.file.clone(), place: None, reason }
    }
}

impl PartialEq for Source {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Source {}
