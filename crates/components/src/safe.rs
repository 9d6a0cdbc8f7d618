//! What every version of Safe does: a wallet whose transactions need the signatures of enough of its owners.
//!
//! A contract keeps a [`SafeStorage`], says where it is ([`Stored`]), and what its version does otherwise ([`Version`]).
//! It brings the methods of all the traits below then, which the fragment [`SafeCore`] and the contract's own interface
//! name. Where a name, a number or an order of checks has no reason here, the reason is that Safe has it.
//!
//! | module | what it holds |
//! |---|---|
//! | [`abi`] | the part of the interface that all versions have, with every event |
//! | [`version`] | what differs from version to version |
//! | [`reasons`] | the refusals, by their numbers |
//! | [`setup`] | how a proxy begins, and how the singleton is closed |
//! | [`execute`] | a transaction of the owners, from its signatures to its events |
//! | [`signatures`] | who signed |
//! | [`refund`] | paying whoever sent the transaction |
//! | [`hashes`] | what is signed (EIP-712), and hashes that are approved on the chain |
//! | [`owners`] | the owners and the threshold |
//! | [`modules`] | the modules |
//! | [`guard`] | the contract that is asked before and after a transaction |
//! | [`fallback`] | ether that comes in, and calls of functions that a Safe does not have |
//! | [`accessors`] | reading storage, and simulating |
//! | [`calls`] | calls in the Safe's name |
//! | [`storage`] | what is stored, and every read and write of it |
//! | [`rules`] | the rules as pure functions |
//!
//! Owners may run any code in the Safe's own storage (a delegated call), and everything that a Safe does may call it
//! again. A transaction's nonce is used up before any call is made; so it cannot run twice. Nothing is read before a
//! call and used after it but what was signed, and the guard.

mod abi;
mod accessors;
mod calls;
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
mod version;

pub use abi::*;
pub use accessors::Accessors;
pub use calls::{ask, perform, supports};
pub use execute::Execution;
pub use fallback::Fallback;
pub use guard::Guarded;
pub use hashes::Hashes;
pub use modules::Modules;
pub use owners::Owners;
pub use reasons::{Gs, ONLY_MODULES};
pub use rules::{Operation, Signature, fixed_part};
pub use setup::Setup;
pub use signatures::{Signatures, check_n, check_threshold};
pub use storage::{SafeStorage, Stored};
pub use version::Version;
