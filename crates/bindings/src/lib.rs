// Made by `cargo xtask abi`: do not edit.

//! Typed alloy bindings of every contract, made from the interfaces that the contracts declare.
//!
//! `Governor::new(address, provider)` calls one that is deployed; the modules of the same names hold calls, events and errors.

// The code that `sol!` makes.
#![allow(missing_docs, clippy::too_many_arguments)]

mod governor;
mod timelock;
mod voting_token;

pub use governor::Governor;
pub use timelock::Timelock;
pub use voting_token::VotingToken;
