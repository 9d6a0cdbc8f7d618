//! How the parts of an input are checked.

use std::borrow::Cow;

/// What is wrong with an input.
pub(super) type Text = Cow<'static, str>;
/// Whether a part of an input is in order.
pub(super) type Check = Result<(), Text>;

/// What is said of gas that does not suffice.
pub(super) const OUT_OF_GAS: &str = "out of gas";
/// What is said of an input that is too long or too short.
pub(super) const LENGTH: &str = "invalid input length";

pub(super) fn wrong<T>(text: &'static str) -> Result<T, Text> {
    Err(Cow::Borrowed(text))
}

pub(super) fn require(holds: bool, text: &'static str) -> Check {
    if holds { Ok(()) } else { wrong(text) }
}
