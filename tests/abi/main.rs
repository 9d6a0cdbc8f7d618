//! The ABI layer against Solidity's compiler, `abi/` against what clients expect, and the documentation against all of it.

mod access;
mod deployed;
mod docs;
mod example;
mod figures;
mod generated;
mod names;
mod natspec;
mod twin;
