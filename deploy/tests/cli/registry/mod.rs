//! `consilium registry`: offline, and on a chain.

mod access;
mod batches;
mod pointers;
mod scene;

use std::process::Command;

use crate::consilium;

/// `consilium registry` with these words.
fn registry(words: &[&str]) -> Command {
    consilium(&[&["registry"], words].concat())
}
