//! What everything is hashed from.

use alloy_primitives::{B256, Keccak256};
use wasmparser::ValType;

/// Number that the prover gives to the type of a function reference.
pub(super) const FUNCREF: u8 = 5;

pub(super) fn type_number(ty: ValType) -> u8 {
    match ty {
        ValType::I32 => 0,
        ValType::I64 => 1,
        ValType::F32 => 2,
        ValType::F64 => 3,
        _ => FUNCREF,
    }
}

/// Keccak of a prefix and parts.
pub(super) fn hash(prefix: &str, parts: &[&[u8]]) -> B256 {
    let mut hasher = Keccak256::new();
    hasher.update(prefix);
    for part in parts {
        hasher.update(part);
    }
    hasher.finalize()
}

pub(super) fn word(number: u64) -> B256 {
    B256::left_padding_from(&number.to_be_bytes())
}
