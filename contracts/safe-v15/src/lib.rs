//! Safe 1.5.0's singleton as a Stylus program: a wallet whose transactions need the signatures of enough of its owners.
//! Owners may have keys on P-256, as in the release after 1.5.0. Such a key signs the hash as it is: that of a secure
//! element, of a hardware security module, or of a PIV card or security key. A passkey (WebAuthn) signs other bytes, so
//! its owner is a contract (ERC-1271), as Safe's passkey signer.
//!
//! It is the code behind Safe's own proxies (`SafeProxy`, made by `SafeProxyFactory`), and works with everything else
//! that Safe ships for the EVM: fallback handlers, MultiSend, guards, modules. What it does is what every version of
//! Safe does, a [component](consilium_components::safe), and what is 1.5.0's own.
//!
//! | module | what it holds |
//! |---|---|
//! | [`abi`] | the interface |
//! | [`version`] | what 1.5.0 does otherwise than other versions |
//! | [`signatures`] | signatures for another executor, and those of keys on P-256 |
//! | [`module_guard`] | the contract that is asked before and after a module's transaction |
//! | [`modules`] | what modules execute |
//! | [`reasons`] | the refusals that other versions do not have |
//! | [`storage`] | what is stored |

#![cfg_attr(not(test), no_std)]
#![allow(missing_docs, reason = "`#[entrypoint]` writes a public function without any")]
extern crate alloc;

mod abi;
mod module_guard;
mod modules;
mod reasons;
mod signatures;
mod storage;
mod version;

pub use storage::SafeV15;
