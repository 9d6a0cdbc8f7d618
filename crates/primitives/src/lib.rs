//! What contracts share: rules that belong to no contract, and need no storage of their own.
//!
//! No rule here knows an interface. A function that can fail says how in Rust's terms, and the contract answers with the
//! error that its own interface declares. What reaches out of the contract does so through [`consilium_abi::Chain`].
//!
//! - [`eip712`]: typed data to the hash that is signed, and the fragment of an interface that tells of the domain.
//! - [`signature`]: whether an account, with code or without, has signed a hash.

#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;

pub mod eip712;
pub mod signature;
