//! `consilium registry`: offline, and on a chain.

mod access;
mod batches;
mod custody;
mod many;
mod newcomer;
mod offices;
mod passkeys;
mod pointers;
mod relaying;
mod scene;
mod signed;

use std::process::Command;

use crate::consilium;

/// `consilium registry` with these words.
fn registry(words: &[&str]) -> Command {
    consilium(&[&["registry"], words].concat())
}
