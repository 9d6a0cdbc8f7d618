//! Rules that settings have in common, for every part to use: accounts, amounts, names, spans, percents.

use std::fmt::Display;

use alloy::primitives::{Address, U256};
use toml::Spanned;

use super::error::Refusal;
use super::{Clock, amount};

/// The longest span that is taken: a year. A longer one is most likely meant in another unit, and would lock the DAO
/// that has it.
const YEAR: u64 = 365 * 24 * 60 * 60;

/// Seconds between two blocks of Ethereum, the parent chain whose blocks the block-number clock counts.
pub(super) const BLOCK: u64 = 12;

/// The longest text for people, in bytes. Each 32 bytes cost a slot of storage.
const LONGEST_NAME: usize = 128;

/// A text that is shown to people: not empty, without blanks around it or control characters, and nothing that cannot be seen.
///
/// # Errors
/// A refusal at its place.
pub fn named(text: &Spanned<String>, what: &str) -> Result<String, Refusal> {
    let name = text.get_ref();
    if name.is_empty() || name.trim() != name || name.chars().any(char::is_control) {
        return refuse(text, format!("{what} is empty, or has blanks around it or control characters"));
    }
    if let Some(unseen) = name.chars().find(|c| is_unseen(*c)) {
        return refuse(text, format!("{what} has U+{:04X}, which nobody sees: leave it out", u32::from(unseen)));
    }
    if name.len() > LONGEST_NAME {
        return refuse(text, format!("{what} has {} bytes; {LONGEST_NAME} are the most", name.len()));
    }
    Ok(name.clone())
}

/// Whether a character has no shape, or turns the text around it: with one, two names look alike. Joiners are left, since
/// some scripts are written with them.
pub(crate) const fn is_unseen(c: char) -> bool {
    let separates =
        matches!(c, '\u{ad}' | '\u{34f}' | '\u{200b}' | '\u{2028}' | '\u{2029}' | '\u{2060}'..='\u{2064}' | '\u{feff}');
    let turns = matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{206f}');
    separates || turns || matches!(c, '\u{e0000}'..='\u{e007f}')
}

/// An account with its EIP-55 checksum. A mistyped address is never completed to one that would pass.
///
/// # Errors
/// A refusal at its place.
pub fn account(text: &Spanned<String>, what: &str) -> Result<Address, Refusal> {
    let written = text.get_ref();
    let Ok(address) = written.parse::<Address>() else {
        return refuse(text, format!("{what} is no address: 0x and 40 hexadecimal digits"));
    };
    if address.is_zero() {
        return refuse(text, format!("{what} is the zero address"));
    }
    let spelled = address.to_string();
    if *written != spelled {
        let mixed = written.starts_with("0x") && written.bytes().any(|byte| byte.is_ascii_uppercase());
        return refuse(
            text,
            if mixed {
                format!("the checksum of {what} is wrong (EIP-55): a letter or digit is mistyped")
            } else {
                format!("{what} has no checksum (EIP-55): if it is {spelled}, write it so")
            },
        );
    }
    Ok(address)
}

/// An amount with up to 18 decimals, in its smallest unit. `what` names it in a refusal.
///
/// # Errors
/// A refusal at its place.
pub fn quantity(text: &Spanned<String>, what: &str) -> Result<U256, Refusal> {
    amount::read(text.get_ref()).or_else(|reason| refuse(text, format!("{what} {reason}")))
}

/// A whole number of percent, from `least` to 100.
///
/// # Errors
/// A refusal at its place.
pub fn percent(value: &Spanned<u64>, least: u8, what: &str) -> Result<u8, Refusal> {
    match u8::try_from(*value.get_ref()) {
        Ok(percent) if (least..=100).contains(&percent) => Ok(percent),
        _ => refuse(value, format!("{what} is not between {least} and 100 percent")),
    }
}

/// A span that protects somebody, and so is never zero.
///
/// # Errors
/// A refusal at its place.
pub fn span(value: &Spanned<u64>, clock: Clock, what: &str) -> Result<u64, Refusal> {
    if *value.get_ref() == 0 {
        return refuse(value, format!("{what} is zero"));
    }
    at_most_a_year(value, clock, what)
}

/// A span that may be zero.
///
/// # Errors
/// A refusal at its place.
pub fn at_most_a_year(value: &Spanned<u64>, clock: Clock, what: &str) -> Result<u64, Refusal> {
    let (most, unit) = match clock {
        Clock::Timestamp => (YEAR, "seconds"),
        Clock::BlockNumber => (YEAR / BLOCK, "blocks of 12 seconds"),
    };
    if *value.get_ref() > most {
        return refuse(value, format!("{what} is longer than {most}, a year in {unit}"));
    }
    Ok(*value.get_ref())
}

/// A refusal at a value.
///
/// # Errors
/// A refusal at its place.
pub fn refuse<T, V>(value: &Spanned<V>, reason: impl Display) -> Result<T, Refusal> {
    Err(refusal(value, reason))
}

/// A refusal of a value, at its place.
pub(crate) fn refusal<V>(value: &Spanned<V>, reason: impl Display) -> Refusal {
    Refusal { span: value.span(), reason: reason.to_string() }
}
