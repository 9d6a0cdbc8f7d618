//! The names that the settings give to Safes.

use std::fmt;

use serde::{Serialize, Serializer};
use toml::Spanned;

use super::error::Refusal;
use super::rules::refuse;

/// The most characters of a name.
const LONGEST: usize = 24;

/// A name of a Safe in the settings, as "council": small letters, digits and hyphens, at most 24.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SafeName {
    /// Zeros follow the name.
    text: [u8; LONGEST],
}

impl SafeName {
    /// Reads a name.
    ///
    /// # Errors
    /// A refusal at its place.
    pub fn read(text: &Spanned<String>) -> Result<Self, Refusal> {
        let name = text.get_ref().as_bytes();
        let is_known = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || *byte == b'-';
        if name.is_empty() || name.len() > LONGEST || !name.iter().all(is_known) {
            return refuse(
                text,
                format!("a Safe's name has 1 to {LONGEST} small letters, digits and hyphens: write it as \"council\""),
            );
        }
        let mut text = [0; LONGEST];
        text[..name.len()].copy_from_slice(name);
        Ok(Self { text })
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        let end = self.text.iter().position(|byte| *byte == 0).unwrap_or(LONGEST);
        // It has nothing but ASCII.
        std::str::from_utf8(&self.text[..end]).unwrap_or_default()
    }
}

impl fmt::Display for SafeName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for SafeName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.as_str())
    }
}

impl Serialize for SafeName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_short_and_plain() {
        let read = |text: &str| SafeName::read(&Spanned::new(3..4, text.to_owned()));
        for text in ["a", "council", "council-2", &"x".repeat(24)] {
            assert_eq!(read(text).expect(text).to_string(), text);
        }
        for text in ["", "Council", "the council", "r\u{e4}te", &"x".repeat(25)] {
            let refused = read(text).expect_err(text);
            assert!(refused.span == (3..4) && refused.reason.starts_with("a Safe's name has 1 to 24"), "{refused:?}");
        }
    }
}
