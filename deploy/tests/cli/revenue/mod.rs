//! `consilium revenue`: offline, and on a chain.

mod claims;
mod doubt;
mod epochs;
mod failing;
mod losses;
mod money;
mod scene;
mod strangers;

use std::process::Command;

use crate::consilium;

/// `consilium revenue` with these words.
fn revenue(words: &[&str]) -> Command {
    consilium(&[&["revenue"], words].concat())
}
