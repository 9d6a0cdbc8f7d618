//! Safe 1.4.1's singleton as a Stylus program: a wallet whose transactions need the signatures of enough of its owners.
//!
//! It is the code behind Safe's own proxies (`SafeProxy`, made by `SafeProxyFactory`), and works with everything else
//! that Safe ships for the EVM: fallback handlers, MultiSend, guards, modules. What it does is what every version of
//! Safe does, a [component](consilium_components::safe), and what is 1.4.1's own.
//!
//! | module | what it holds |
//! |---|---|
//! | [`abi`] | the interface |
//! | [`version`] | what 1.4.1 does otherwise than other versions |
//! | [`modules`] | what modules execute |
//! | [`reasons`] | the refusals that other versions do not have |
//! | [`storage`] | what is stored |

#![cfg_attr(not(test), no_std)]
#![allow(missing_docs, reason = "`#[entrypoint]` writes a public function without any")]
extern crate alloc;

mod abi;
mod modules;
mod reasons;
mod storage;
mod version;

pub use storage::Safe;
