//! A notice board: whom the authority lets post gives notice of a text, and the notice ends by itself.
//!
//! | module | what it holds |
//! |---|---|
//! | [`abi`] | the interface, with every function, event and error |
//! | [`setup`] | the constructor |
//! | [`notices`] | posting, withdrawing and reading |
//! | [`storage`] | what is stored, and every read and write of it |
//! | [`rules`] | the rules as pure functions |
//!
//! Nothing may be re-entered: the only call of another contract is the authority's, before anything is written.

#![cfg_attr(not(test), no_std)]
#![allow(missing_docs, reason = "`#[entrypoint]` writes a public function without any")]
extern crate alloc;

mod abi;
mod notices;
mod rules;
mod setup;
mod storage;

pub use storage::NoticeBoard;
