//! OpenZeppelin's Governor for Arbitrum Stylus: proposals, decided by the votes of a token, carried out by a timelock.
//!
//! | module | what it answers for |
//! |---|---|
//! | [`abi`] | the interface: every function, event and error, and the method behind each function |
//! | [`rules`] | who may what, and what follows: pure functions, where the property tests are |
//! | [`words`], [`storage`] | what is stored, packed, and how it is read |
//! | [`codec`] | how the content of a proposal is stored: as the preimage of its id, zeros counted |
//! | [`setup`] | the constructor |
//! | [`propose`], [`vote`], [`ballot`], [`queue`], [`execute`], [`cancel`] | the phases of a proposal; votes by signature |
//! | [`state`], [`details`] | what a proposal is |
//! | [`clock`], [`quorum`] | the token's clock and votes; shares of its supply |
//! | [`settings`], [`governance`] | settings, and the guard that leaves them to executed proposals alone |
//! | [`identity`] | names, domains, standards, deposits refused |
//!
//! The contract calls into itself by design (governor, timelock, governor), so the SDK's guard against that is off.
//! State guards it instead: each method checks, writes, logs and only then calls.
//!
//! Where a function says whether it is to be inlined, it was measured: the program is smaller so.
#![cfg_attr(not(test), no_std)]
#![allow(missing_docs, reason = "`#[entrypoint]` writes a public function without any")]

extern crate alloc;

mod abi;
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
