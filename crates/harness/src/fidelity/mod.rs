//! Replays what a real Nitro node answered, and compares.
//!
//! A [`Recording`] is a list of requests with a Nitro node's answers. [`replay`] sends them, in order, to a fresh node
//! and compares every answer under a [`Mask`], which names what differs even between two Nitro nodes (wall-clock time
//! and whatever covers it). What is left is a [`Difference`]; where one is meant, an [`Exceptions`] file says why.
//!
//! The test binary `fidelity` and `cargo xtask fidelity` are both built on this.

mod client;
mod compare;
mod embedded;
mod exceptions;
mod fees;
mod kept;
mod mask;
pub mod page;
mod recording;
mod replay;
mod report;
mod times;

pub use client::Client;
pub use compare::{Comparer, Mismatch};
pub use embedded::replay_embedded;
pub use exceptions::{Exception, Exceptions};
pub use kept::{ALL, Kept};
pub use mask::{Mask, Rule};
pub use recording::{Call, Entry, HttpAnswer, HttpRequest, Key, Recording, Take};
pub use replay::{Selection, replay};
pub use report::{Difference, Group, Report};
pub use times::Times;

use std::path::PathBuf;

use crate::root;

/// Where the recordings, the mask and the exceptions lie.
pub fn data_dir() -> PathBuf {
    root().join("tests/fidelity/data")
}
