//! The ABI layer against Solidity's compiler, and `abi/` against what clients expect.

mod deployed;
mod generated;
#[allow(dead_code, unreachable_pub)]
#[path = "../../crates/abi/tests/support/mod.rs"]
mod support;
mod twin;
