//! A program's WASM: read, checked as Nitro checks it, and rewritten so that it meters itself.

mod binary;
mod checks;
mod depth;
mod encode;
mod exports;
mod failure;
mod floats;
mod instrument;
mod limits;
mod places;
mod prices;
mod validate;

pub(crate) use binary::Binary;
pub(crate) use checks::check_module;
pub(crate) use encode::encode;
pub(crate) use exports::{ENTRYPOINT, INK_LEFT, INK_STATUS, SCRATCH, STACK_LEFT};
pub(crate) use failure::Failure;
pub(crate) use instrument::{Figures, instrument};
pub(crate) use limits::check_limits;
