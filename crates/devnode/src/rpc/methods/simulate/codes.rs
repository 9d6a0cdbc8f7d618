//! Codes of errors that only simulations have, and those of others that they use (go-ethereum, `internal/ethapi/errors.go`).

/// Parameters that are well-formed and still cannot be.
pub(super) const INVALID_PARAMS: i32 = -32602;
/// Any other refusal.
pub(super) const INTERNAL: i32 = -32603;
/// The nonce was used already.
pub(super) const NONCE_TOO_LOW: i32 = -38010;
/// A transaction before is missing.
pub(super) const NONCE_TOO_HIGH: i32 = -38011;
/// Less gas than it costs before it runs.
pub(super) const INTRINSIC_GAS: i32 = -38013;
/// The sender cannot pay.
pub(super) const NO_FUNDS: i32 = -38014;
/// More gas than the block has.
pub(super) const BLOCK_GAS: i32 = -38015;
/// Block numbers out of order.
pub(super) const NUMBER: i32 = -38020;
/// Times out of order.
pub(super) const TIMESTAMP: i32 = -38021;
/// The sender is a contract.
pub(super) const SENDER_HAS_CODE: i32 = -38024;
/// Init code too long.
pub(super) const INIT_CODE: i32 = -38025;
/// More than a request may ask for.
pub(super) const LIMIT_EXCEEDED: i32 = -38026;
/// A call that reverted.
pub(super) const REVERTED: i32 = -32000;
/// A call that failed.
pub(super) const FAILED: i32 = -32015;
/// Most blocks of a simulation, those that fill gaps included.
pub(super) const MOST_BLOCKS: u64 = 256;
