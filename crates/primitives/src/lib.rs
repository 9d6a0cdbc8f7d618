//! What the contracts share: storage components and functions that need no contract of their own.
//!
//! Nothing here knows an interface. A function that can fail says how in Rust's terms, and the contract answers with the
//! error that its own interface declares.
//!
//! - [`casts`]: numbers into narrower types, or not at all.
//! - [`checkpoints`]: a number's history in storage, one slot an entry, as OpenZeppelin's `Checkpoints.Trace208`.
//! - [`eip712`]: typed data to the hash that is signed.
//! - [`roles`]: who holds which role, as OpenZeppelin's `AccessControl`.
//! - [`signature`]: whether an account, with code or without, has signed a hash.

#![cfg_attr(not(test), no_std)]

extern crate alloc;

pub mod casts;
pub mod checkpoints;
pub mod eip712;
pub mod roles;
pub mod signature;
