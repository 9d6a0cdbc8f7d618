//! The ABI layer against Solidity's compiler, and `abi/` against what clients expect.

mod deployed;
mod generated;
mod twin;
