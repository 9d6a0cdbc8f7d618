//! The data pointer registry: where health data is, who keeps it, and who asked for its key. The data itself is
//! elsewhere, encrypted.
//!
//! | module | what it holds |
//! |---|---|
//! | [`abi`] | the interface, with every function, event and error |
//! | [`setup`] | the constructor |
//! | [`settings`] | purpose of storing, time to answer, encryptions |
//! | [`pointers`] | registering, superseding, erasing and refusing; the list of a subject's pointers |
//! | [`batches`] | Merkle roots of many pointers, and pointers that are proven against them |
//! | [`access`] | requests for keys, and their answers: delivered or declined |
//! | [`custody`] | who is a custodian, their list, and handing over |
//! | [`schemas`] | the schemas of records |
//! | [`signed`] | registering, erasing and refusing by the subject's signature; asking by the actor's |
//! | [`storage`] | what is stored, and every read and write of it |
//! | [`rules`] | the rules as pure functions |
//!
//! Other contracts are called in three places. The authority is called before anything is written. The consent is
//! asked, and signers (ERC-1271, ERC-7913) and precompiles are called, statically, before anything is written. An
//! access is recorded in the consent after the request is stored. A failed call of the consent fails the whole call: it
//! is no answer.

#![cfg_attr(not(test), no_std)]
#![allow(missing_docs, reason = "`#[entrypoint]` writes a public function without any")]
extern crate alloc;

mod abi;
mod access;
mod batches;
mod custody;
mod pointers;
mod rules;
mod schemas;
mod settings;
mod setup;
mod signed;
mod storage;

pub use storage::DataPointerRegistry;
