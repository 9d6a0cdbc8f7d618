//! Safe 1.4.1's singleton as a Stylus program: a wallet whose transactions need the signatures of enough of its owners.
//!
//! It is the code behind Safe's own proxies (`SafeProxy`, made by `SafeProxyFactory`), and works with everything else
//! that Safe ships for the EVM: fallback handlers, MultiSend, guards, modules. Where a name, a number or an order of
//! checks has no reason here, the reason is that Safe 1.4.1 has it.
//!
//! | module | what it holds |
//! |---|---|
//! | [`abi`] | the interface, with every function and event |
//! | [`reasons`] | the refusals, by their numbers |
//! | [`setup`] | how a proxy begins, and how the singleton is closed |
//! | [`execute`] | a transaction of the owners, from its signatures to its events |
//! | [`signatures`] | who signed |
//! | [`refund`] | paying whoever sent the transaction |
//! | [`hashes`] | what is signed (EIP-712), and hashes that are approved on the chain |
//! | [`owners`] | the owners and the threshold |
//! | [`modules`] | the modules, and what they execute |
//! | [`guard`] | the contract that is asked before and after a transaction |
//! | [`fallback`] | ether that comes in, and calls of functions that a Safe does not have |
//! | [`accessors`] | reading storage, and simulating |
//! | [`storage`] | what is stored, and every read and write of it |
//! | [`rules`] | the rules as pure functions |
//!
//! Owners may run any code in the Safe's own storage (a delegated call), and everything that a Safe does may call it
//! again. A transaction's nonce is used up before any call is made; so it cannot run twice. Nothing is read before a
//! call and used after it but what was signed, and the guard.

#![cfg_attr(not(test), no_std)]
#![allow(missing_docs, reason = "`#[entrypoint]` writes a public function without any")]
extern crate alloc;

mod abi;
mod accessors;
mod execute;
mod fallback;
mod guard;
mod hashes;
mod modules;
mod owners;
mod reasons;
mod refund;
mod rules;
mod setup;
mod signatures;
mod storage;

pub use storage::Safe;
