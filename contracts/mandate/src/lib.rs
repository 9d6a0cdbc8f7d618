//! Mandates: what the DAO entrusts to a holder, typically a Safe. A mandate has an end, a purse that refills, and a duty
//! to report; each of the last two can be left out.
//!
//! | module | what it holds |
//! |---|---|
//! | [`abi`] | the interface, with every function, event and error |
//! | [`setup`] | the constructor |
//! | [`mandates`] | giving and ending mandates |
//! | [`reports`] | reports, and reports that are overdue |
//! | [`allowances`] | what a holder may spend, and spending it |
//! | [`money`] | the money: what comes, what goes, what the DAO takes back |
//! | [`storage`] | what is stored, and every read and write of it |
//! | [`rules`] | the rules as pure functions |
//!
//! The money is the contract's own balance: nobody approves anything, so what stands here is the most that can be lost.
//! All is written and logged before money moves, and a failed payment fails the whole call. Whoever could call back
//! meets the guard against re-entrance.

#![cfg_attr(not(test), no_std)]
#![allow(missing_docs, reason = "`#[entrypoint]` writes a public function without any")]
extern crate alloc;

mod abi;
mod allowances;
mod mandates;
mod money;
mod reports;
mod rules;
mod setup;
mod storage;

pub use storage::Mandate;
