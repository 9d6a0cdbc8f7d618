//! The revenue splitter: what data earns reaches whom the DAO decided, to the last unit.
//!
//! | module | what it holds |
//! |---|---|
//! | [`abi`] | the interface, with every function, event and error |
//! | [`setup`] | the constructor |
//! | [`settings`] | treasury, registry, window |
//! | [`payments`] | what comes in |
//! | [`tables`] | who the payees are |
//! | [`ether`] | what payees are due in ether, and releasing it |
//! | [`tokens`] | the same of a token |
//! | [`epochs`] | publishing, disabling and recovering epochs |
//! | [`claims`] | claims against an epoch |
//! | [`signed`] | claims by signature |
//! | [`moving`] | the calls that move money |
//! | [`storage`] | what is stored, and every read and write of it |
//! | [`rules`] | the rules as pure functions |
//!
//! Ether needs no bookkeeping when it comes: what was received under the current table is the balance, and what was
//! paid, without what belongs to others. So receiving writes nothing, and a release writes two words. Of a token each
//! change of the balance is booked, because the balance alone does not say under which table it came, and because it
//! may shrink.
//!
//! Whoever could call back meets the guard against re-entrance. All is written before money moves; what a token really
//! moved is measured, and a difference is booked after it. A failed call fails the whole call, but in `claimMany`: a
//! claim that failed is as it was before, and can be claimed again.

#![cfg_attr(not(test), no_std)]
#![allow(missing_docs, reason = "`#[entrypoint]` writes a public function without any")]
extern crate alloc;

mod abi;
mod claims;
mod epochs;
mod ether;
mod moving;
mod payments;
mod rules;
mod settings;
mod setup;
mod signed;
mod storage;
mod tables;
mod tokens;

pub use storage::RevenueSplitter;
