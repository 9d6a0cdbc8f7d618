//! What is valid WASM to Nitro, and what it says of what is not (prover/src/binary.rs, `parse`).
//!
//! Stylus version 3 came with a newer parser, which refuses more and in other words. What passes is read by a still
//! newer one.

mod from_3;
mod until_2;

use super::failure::Failure;

/// Refuses what is not valid WASM, or uses more of it than programs of a Stylus version may. The module's name, empty if
/// it has none.
pub(super) fn validate(wasm: &[u8], stylus_version: u16) -> Result<String, Failure> {
    if stylus_version < 3 { until_2::validate(wasm) } else { from_3::validate(wasm) }
}
