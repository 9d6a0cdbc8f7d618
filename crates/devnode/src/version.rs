//! Versions of ArbOS.

use std::str::FromStr;
use thiserror::Error;

/// The version of ArbOS that a chain has from its first block on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum ArbosVersion {
    /// 51: what Nitro v3.9.8 and the chains have today.
    #[default]
    V51 = 51,
    /// 60: programs in fragments, among others (Nitro v3.10).
    V60 = 60,
}

impl ArbosVersion {
    /// Its number.
    pub const fn number(self) -> u64 {
        self as u64
    }
}

/// A version that this node does not have.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("ArbOS {0} is not offered: 51 and 60 are")]
pub struct UnknownVersion(String);

impl FromStr for ArbosVersion {
    type Err = UnknownVersion;

    fn from_str(text: &str) -> Result<Self, UnknownVersion> {
        match text {
            "51" => Ok(Self::V51),
            "60" => Ok(Self::V60),
            other => Err(UnknownVersion(other.to_owned())),
        }
    }
}
