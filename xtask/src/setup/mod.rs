//! Set-up by itself: each tool that a build needs is found, else installed where that is possible, else named with the
//! command that mends it.

pub(crate) mod node;
mod packages;
mod rust;

pub(crate) use rust::{Choice, Toolchain, wasm_toolchain};
