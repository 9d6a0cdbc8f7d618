//! OpenZeppelin's TimelockController as a Stylus program: the treasury, and the executor of what the DAO decides.
//!
//! | module | what it holds |
//! |---|---|
//! | [`abi`] | the interface: every function, event and error, and the method behind each function |
//! | [`rules`] | the rules as pure functions, where the property tests are |
//! | [`storage`] | what is stored, and all reads and writes of it |
//! | [`setup`] | the constructor |
//! | [`schedule`], [`execute`], [`cancel`] | the phases of an operation |
//! | [`delay`] | the minimum delay |
//! | [`roles`] | the names of the roles; the guard of what only the timelock may call |
//! | [`views`] | the state of operations, and their ids |
//! | [`receive`] | ether and tokens that arrive; ERC-165 |
//!
//! The program may be re-entered: an operation that changes the timelock's own roles or delay is a call of the timelock
//! to itself, and a governor queues from within its own execution. The state of the operation guards it: each must be
//! ready before its calls and after them.

#![cfg_attr(not(test), no_std)]
#![allow(missing_docs, reason = "`#[entrypoint]` writes a public function without any")]

extern crate alloc;

mod abi;
mod cancel;
mod delay;
mod execute;
mod receive;
mod roles;
mod rules;
mod schedule;
mod setup;
mod storage;
mod views;

pub use storage::Timelock;
