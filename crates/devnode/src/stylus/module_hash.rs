//! Hash of a program's module as the fraud prover sees it.

use alloy_primitives::{B256, keccak256};

use super::wasm::{Binary, Figures};

/// Commits to a program's metered module.
pub(super) fn module_hash(binary: &Binary<'_>, _figures: &Figures, code_hash: B256, version: u16) -> B256 {
    keccak256([code_hash.as_slice(), &version.to_be_bytes(), &keccak256(binary.wasm).0].concat())
}
