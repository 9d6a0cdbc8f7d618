//! OpenZeppelin's AccessManager as a Stylus program: one table of who may call what, with grants that end.
//!
//! | module | what it holds |
//! |---|---|
//! | [`abi`] | the interface, with every function, event and error |
//! | [`setup`] | the constructor |
//! | [`access`] | who may call what: `canCall`, and the guard of the manager's own functions |
//! | [`roles`] | granting and revoking, and how roles are administered |
//! | [`targets`] | the functions of targets, their admin delays, closed targets |
//! | [`operations`] | scheduling, cancelling and consuming |
//! | [`execute`] | executing, and other calls to targets |
//! | [`multicall`] | several calls in one |
//! | [`storage`] | what is stored, packed, and every read and write of it |
//! | [`rules`] | the rules as pure functions |
//!
//! The program may be re-entered: a target asks `canCall` while the manager executes a call of it. State guards it: an
//! operation is consumed before its call is made, and the call in execution is known by its id.

#![cfg_attr(not(test), no_std)]
#![allow(missing_docs, reason = "`#[entrypoint]` writes a public function without any")]
extern crate alloc;

mod abi;
mod access;
mod execute;
mod multicall;
mod operations;
mod roles;
mod rules;
mod setup;
mod storage;
mod targets;

pub use storage::AccessManager;
