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

pub mod abi;
mod ballot;
mod cancel;
mod clock;
pub mod codec;
mod details;
mod execute;
mod governance;
mod identity;
mod propose;
mod queue;
mod quorum;
pub mod rules;
mod settings;
mod setup;
mod state;
pub mod storage;
mod vote;
pub mod words;

use alloc::vec;
use alloc::vec::Vec;

use alloy_primitives::B256;
use consilium_abi::entrypoint;
use consilium_components::nonces::Nonces;
use stylus_sdk::prelude::*;
use stylus_sdk::storage::{StorageB256, StorageMap};

use storage::{Proposal, Words};

/// The governor's storage. The words are what [`words`] says they are.
#[entrypoint]
#[storage]
pub struct Governor {
    /// [`words::Voting`]: what each vote reads.
    voting: StorageB256,
    /// [`words::Control`]: what proposing and executing read.
    control: StorageB256,
    /// [`words::Council`]: the guardian, and counters.
    council: StorageB256,
    /// The votes a proposer must have.
    proposal_threshold: StorageB256,
    /// The governor's name, packed by [`codec`].
    name: Words,
    /// The next nonce of each voter's ballots.
    nonces: Nonces,
    /// All proposals by their id.
    proposals: StorageMap<B256, Proposal>,
    /// The ids of all proposals, in the order they were made; [`words::Council`] has their number.
    proposal_ids: Words,
    /// [`words::Shares`] that were superseded, in the order of their time; [`words::Council`] has their number.
    superseded: Words,
    /// The hashes of the calls to this governor that the proposal in execution makes; a queue, empty at other times.
    calls: Words,
}
