//! What differs even between two Nitro nodes.

use super::{Entry, data_dir};
use eyre::{Context, Result};
use regex::Regex;
use serde::{Deserialize, Deserializer};
use std::path::Path;

/// The rules of `mask.json`, and of `clock.json` where the node's clock cannot be set. The first rule that fits a path
/// counts.
#[derive(Debug, Clone, Deserialize)]
#[serde(transparent)]
pub struct Mask {
    /// The rules in the file's order.
    pub rules: Vec<Rule>,
}

/// One rule: which values of which answers vary, and how far.
///
/// A masked value must still be there and be of the same JSON type; only `set` touches objects and lists.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// The methods it is for.
    #[serde(deserialize_with = "one_or_many")]
    pub method: Vec<String>,
    /// Keys of the answer, `*` for any one, beginning with result, error or http.
    #[serde(deserialize_with = "dotted")]
    pub path: Vec<String>,
    /// Only in steps whose whole name matches.
    #[serde(default, deserialize_with = "whole")]
    pub step: Option<Regex>,
    /// Not in steps whose whole name matches.
    #[serde(default, deserialize_with = "whole")]
    pub not: Option<Regex>,
    /// Only where the calldata begins so.
    #[serde(default)]
    pub data: Option<String>,
    /// Only these byte ranges `[from, to)` of a hex string; a `to` of -1 is its end.
    #[serde(default)]
    pub bytes: Vec<(usize, isize)>,
    /// A list in any order, its inner lists too.
    #[serde(default)]
    pub set: bool,
    /// The key may be absent on either side.
    #[serde(default)]
    pub optional: bool,
    /// Equal recorded values must have equal answers, so that a receipt's block hash is still checked against the block.
    #[serde(default)]
    pub same: bool,
    /// A balance that gets all fees: without those that receipts have shown so far it must be equal.
    #[serde(default)]
    pub fees: bool,
    /// Why it varies.
    pub why: String,
}

impl Mask {
    /// What differs even if the blocks are made at the recorded times.
    ///
    /// # Errors
    /// If the file cannot be read, or is not a list of rules.
    pub fn kept() -> Result<Self> {
        Self::open(&data_dir().join("mask.json"))
    }

    /// The same, and what the clock decides.
    ///
    /// # Errors
    /// If a file cannot be read, or is not a list of rules.
    pub fn with_clock() -> Result<Self> {
        let mut mask = Self::open(&data_dir().join("clock.json"))?;
        mask.rules.extend(Self::kept()?.rules);
        Ok(mask)
    }

    fn open(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path).wrap_err_with(|| format!("cannot read {}", path.display()))?;
        serde_json::from_str(&text).wrap_err_with(|| format!("{} is not a mask", path.display()))
    }

    /// The numbers of the rules for an entry, in order.
    pub fn rules_for(&self, entry: &Entry) -> Vec<usize> {
        let fits = |rule: &Rule| {
            rule.method.iter().any(|method| method == entry.method())
                && rule.step.as_ref().is_none_or(|step| step.is_match(&entry.step))
                && rule.not.as_ref().is_none_or(|not| !not.is_match(&entry.step))
                && rule.data.as_ref().is_none_or(|data| entry.calldata().starts_with(data.as_str()))
        };
        (0..self.rules.len()).filter(|&k| fits(&self.rules[k])).collect()
    }
}

impl Rule {
    /// Whether the rule names this path.
    pub fn names(&self, path: &[String]) -> bool {
        self.path.len() == path.len() && self.path.iter().zip(path).all(|(rule, key)| rule == "*" || rule == key)
    }
}

fn one_or_many<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum OneOrMany {
        One(String),
        Many(Vec<String>),
    }
    Ok(match OneOrMany::deserialize(from)? {
        OneOrMany::One(one) => vec![one],
        OneOrMany::Many(many) => many,
    })
}

fn dotted<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    Ok(String::deserialize(from)?.split('.').map(String::from).collect())
}

fn whole<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Regex>, D::Error> {
    let pattern = String::deserialize(from)?;
    Regex::new(&format!("^(?:{pattern})$")).map(Some).map_err(serde::de::Error::custom)
}
