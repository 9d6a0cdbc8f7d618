//! Consent: who may see whose health data, of which class, for which purpose. Patients decide, and any contract asks.
//!
//! | module | what it holds |
//! |---|---|
//! | [`abi`] | the interface, with every function, event and error |
//! | [`setup`] | the constructor |
//! | [`question`] | the question: `isPermitted` and its other forms |
//! | [`provisions`] | granting, amending and revoking |
//! | [`representatives`] | who may act for a grantor |
//! | [`recovery`] | a grantor's new key |
//! | [`signed`] | acts by signature |
//! | [`members`] | organisations, their members, and roles |
//! | [`policy`] | the DAO's policy and the tables of codes |
//! | [`emergency`] | breaking the glass, and reviews |
//! | [`log`] | the access log |
//! | [`storage`] | what is stored, and every read and write of it |
//! | [`rules`] | the rules as pure functions |
//!
//! Other contracts are called in four places. The authority is called before anything is written. Signers (ERC-1271,
//! ERC-7913) and precompiles are called statically, before anything of the act is written. The hook of an unjustified
//! emergency is called last, with a limit of gas.

#![cfg_attr(not(test), no_std)]
#![allow(missing_docs, reason = "`#[entrypoint]` writes a public function without any")]
extern crate alloc;

mod abi;
mod emergency;
mod log;
mod members;
mod policy;
mod provisions;
mod question;
mod recovery;
mod representatives;
mod rules;
mod setup;
mod signed;
mod storage;

pub use storage::Consent;
