//! Names of what a metered program exports.

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
