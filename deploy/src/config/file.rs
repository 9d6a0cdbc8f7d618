//! The shape of the file: its sections, and the keys of those that are no part's, each with its place for the checks to
//! point at.
//!
//! `deploy/config/devnet.toml` documents every key.

use std::ops::Range;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeTable, DeValue, ValueDeserializer};

use super::error::Refusal;
use super::words;
use crate::shown::shortened;

/// The sections that are no part's.
pub(super) const SECTIONS: [&str; 6] = ["chain", "council", "vault", "cache", "programs", "deployer"];

/// The most characters of a section's name that a refusal repeats.
const LONGEST: usize = 60;

/// A file whose sections have not been read yet.
pub(super) struct File<'t> {
    text: &'t str,
    sections: Vec<(String, Range<usize>, Spanned<DeValue<'t>>)>,
}

/// A section of the file.
#[derive(Debug)]
pub struct Section<'t> {
    name: String,
    /// The whole file.
    text: &'t str,
    value: Spanned<DeValue<'t>>,
}

impl<'t> File<'t> {
    /// Finds the sections in a text.
    pub(super) fn read(text: &'t str) -> Result<Self, Refusal> {
        let table = DeTable::parse(text).map_err(|error| words::syntax(&error))?.into_inner();
        let sections = table.into_iter().map(|(key, value)| (key.get_ref().to_string(), key.span(), value)).collect();
        Ok(Self { text, sections })
    }

    /// Refuses a section that nobody reads.
    pub(super) fn expect_none_but(&self, known: &[&str]) -> Result<(), Refusal> {
        let Some((name, span, _)) = self.sections.iter().find(|(name, ..)| !known.contains(&name.as_str())) else {
            return Ok(());
        };
        let known: Vec<String> = known.iter().map(|name| format!("[{name}]")).collect();
        let reason = format!(
            "there is no section [{}]: correct it, or leave it out; the sections are {}",
            shortened(name, LONGEST),
            words::listed(&known)
        );
        Err(Refusal { span: span.clone(), reason })
    }

    /// Takes a section, if the file has it.
    pub(super) fn take(&mut self, name: &str) -> Option<Section<'t>> {
        let at = self.sections.iter().position(|(other, ..)| other == name)?;
        let (name, _, value) = self.sections.swap_remove(at);
        Some(Section { name, text: self.text, value })
    }

    /// Takes a section that the file must have.
    pub(super) fn require(&mut self, name: &str) -> Result<Section<'t>, Refusal> {
        self.take(name).ok_or_else(|| Refusal { span: 0..0, reason: words::without(name) })
    }
}

impl Section<'_> {
    /// Reads it into a type, whose fields are [`Spanned`] where a check may point at them.
    ///
    /// # Errors
    /// The place and the reason, where it has another shape.
    pub fn read<T: DeserializeOwned>(self) -> Result<T, Refusal> {
        let (name, span) = (&self.name, self.value.span());
        if !matches!(self.value.get_ref(), DeValue::Table(_)) {
            let reason = format!("`{name}` is a section: write [{name}] in a line of its own, and its keys below");
            return Err(Refusal { span, reason });
        }
        T::deserialize(ValueDeserializer::from(self.value)).map_err(|error| words::shape(&error, name, span, self.text))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Chain {
    pub(super) id: Spanned<u64>,
    pub(super) salt: Spanned<String>,
    pub(super) create2_factory: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Council {
    pub(super) guardian: Spanned<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Cache {
    pub(super) max_bid: Spanned<String>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Programs {
    pub(super) least_days: Option<Spanned<u64>>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Deployer {
    #[serde(default)]
    pub(super) may_be: Vec<Spanned<String>>,
}
