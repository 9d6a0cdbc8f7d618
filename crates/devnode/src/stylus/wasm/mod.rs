//! A program's WASM: read, checked as Nitro checks it, and rewritten so that it meters itself.

mod binary;
mod checks;
mod depth;
mod encode;
mod failure;
mod floats;
mod instrument;
mod limits;
mod prices;
mod validate;

pub(crate) use binary::Binary;
pub(crate) use checks::check_module;
pub(crate) use encode::encode;
pub(crate) use failure::Failure;
pub(crate) use instrument::{Figures, instrument};
pub(crate) use limits::check_limits;

/// Name of the program's entrypoint.
pub(crate) const ENTRYPOINT: &str = "user_entrypoint";
/// Exported global: ink left (i64).
pub(crate) const INK_LEFT: &str = "stylus_ink_left";
/// Exported global: 1 when the ink ran out (i32).
pub(crate) const INK_STATUS: &str = "stylus_ink_status";
/// Exported global that the metering of bulk memory uses (i32).
pub(crate) const SCRATCH: &str = "stylus_scratch_global";
/// Exported global: words of stack left (i32).
pub(crate) const STACK_LEFT: &str = "stylus_stack_left";
