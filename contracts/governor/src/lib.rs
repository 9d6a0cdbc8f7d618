//! OpenZeppelin's Governor for Arbitrum Stylus: proposals, decided by the votes of a token, executed by a timelock.
//!
//! | module | what it answers for |
//! |---|---|
//! | [`abi`] | the interface: every function, event and error, and the method of each function |
//! | [`rules`] | the rules as pure functions, where the property tests are |
//! | [`words`], [`storage`] | what is stored, packed, and all reads and writes of it |
//! | [`codec`] | how texts and proposals are stored: zeros are counted |
//! | [`setup`] | the constructor |
//! | [`propose`], [`vote`], [`ballot`], [`queue`], [`execute`], [`cancel`] | the phases of a proposal; votes by signature |
//! | [`state`], [`details`] | what a proposal is |
//! | [`clock`], [`quorum`] | the token's clock and votes; shares of its supply |
//! | [`at_once`] | all that a vote asks of the token, in one call |
//! | [`settings`], [`governance`] | settings, and the guard that leaves them to executed proposals alone |
//! | [`identity`] | names, domains, standards, deposits refused |
//!
//! The contract calls into itself by design (governor, timelock, governor), so the SDK's guard against that is off.
//! State guards it instead: each method checks, writes, logs and calls last.
//!
//! Where a function has `#[inline]`, it was measured: it makes the program smaller.
#![cfg_attr(not(test), no_std)]
#![allow(missing_docs, reason = "`#[entrypoint]` writes a public function without any")]

extern crate alloc;

mod abi;
mod at_once;
mod ballot;
mod cancel;
mod clock;
mod codec;
mod details;
mod execute;
mod governance;
mod identity;
mod propose;
mod queue;
mod quorum;
mod rules;
mod settings;
mod setup;
mod state;
mod storage;
mod vote;
mod words;

pub use storage::Governor;
