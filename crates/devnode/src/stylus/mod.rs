//! Stylus: WASM programs, metered in ink.
//!
//! A program is checked and judged when it is activated ([`activate`]), rewritten so that it pays for itself, compiled
//! once, and run by frames whose code is one. What it asks of the chain are host calls.

mod activation;
mod cache;
mod call;
mod code;
mod engine;
mod host;
mod module_hash;
mod pages;
mod programs;
mod storage_cache;
mod wasm;

pub use activation::{Activation, ActivationError, ActivationRules, activate};
pub(crate) use code::Root;
pub use code::{CodeError, Component, component, decompress};
pub use programs::{ProgramCounts, Programs};
