//! Has no code. It chooses features, so that what several builds share is compiled once.
//!
//! Cargo compiles a package once for each set of features that it is built with. `xtask` by itself asks for fewer than
//! the chain, and a macro for others than the programs. Without this crate the first run compiles `syn`, `serde`,
//! `wasmparser`, `alloy-primitives` and what depends on them two or three times.
//!
//! A missing entry breaks nothing. It costs time: its package is compiled twice.
