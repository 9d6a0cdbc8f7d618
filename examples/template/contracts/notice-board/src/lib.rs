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

// The SDK's macros name these two.
use alloc::vec;
use alloc::vec::Vec;

use alloy_primitives::U256;
use consilium_abi::entrypoint;
use consilium_components::access_managed::Authority;
use stylus_sdk::prelude::*;
use stylus_sdk::storage::{StorageB256, StorageMap};

/// The board's storage. Only [`storage`] reads and writes it.
#[entrypoint]
#[storage]
pub struct NoticeBoard {
    /// Who says who may post.
    authority: Authority,
    /// [`storage::Settings`].
    settings: StorageB256,
    /// [`storage::Notice`], by the notice's id.
    notices: StorageMap<U256, StorageB256>,
    /// The hash of the text, by the notice's id.
    contents: StorageMap<U256, StorageB256>,
}
