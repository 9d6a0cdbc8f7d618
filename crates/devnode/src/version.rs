//! Versions of ArbOS.

use std::{fmt, str::FromStr};
use thiserror::Error;

/// A version of ArbOS. A chain has one from its first block on, and may be upgraded to a later one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum ArbosVersion {
    /// 51, as Nitro v3.9.8 has it.
    V51 = 51,
    /// 60: Stylus version 3, programs in fragments, among others (Nitro v3.10).
    V60 = 60,
    /// 61: 60 without its refunds where no price by several resources is set (Nitro v3.11). Arbitrum One went from 51 to it.
    #[default]
    V61 = 61,
}

impl ArbosVersion {
    /// All that this node has, in order.
    pub const ALL: [Self; 3] = [Self::V51, Self::V60, Self::V61];

    /// Its number.
    pub const fn number(self) -> u64 {
        self as u64
    }

    /// The Nitro whose node has it.
    pub(crate) const fn nitro(self) -> &'static str {
        match self {
            Self::V51 => "v3.9.8",
            Self::V60 => "v3.10.0",
            Self::V61 => "v3.11.0",
        }
    }

    /// The version of that number, if this node has it.
    pub fn numbered(number: u64) -> Option<Self> {
        Self::ALL.into_iter().find(|version| version.number() == number)
    }
}

impl fmt::Display for ArbosVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.number().fmt(f)
    }
}

/// A version that this node does not have.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("ArbOS {0} is not offered: 51, 60 and 61 are")]
pub struct UnknownVersion(String);

impl FromStr for ArbosVersion {
    type Err = UnknownVersion;

    fn from_str(text: &str) -> Result<Self, UnknownVersion> {
        let number = text.parse().ok();
        number.and_then(Self::numbered).ok_or_else(|| UnknownVersion(text.to_owned()))
    }
}

/// A value for each version.
#[derive(Clone, Debug)]
pub(crate) struct ByVersion<T>(Vec<(ArbosVersion, T)>);

impl<T> ByVersion<T> {
    /// Makes the values.
    pub(crate) fn new(mut make: impl FnMut(ArbosVersion) -> T) -> Self {
        Self(ArbosVersion::ALL.into_iter().map(|version| (version, make(version))).collect())
    }

    /// The value of a version.
    pub(crate) fn get(&self, version: ArbosVersion) -> &T {
        let found = self.0.iter().find(|(known, _)| *known == version);
        &found.expect("there is one for each version").1
    }
}
