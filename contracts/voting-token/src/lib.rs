//! The voting token: ERC-20 with permit, delegated votes with a history, and a clock chosen at deployment.
//!
//! What OpenZeppelin ships for Stylus is taken from OpenZeppelin: balances and supply (`Erc20`), nonces (`Nonces`) and
//! typed-data hashing (`eip712`). The history of votes is searched by this project's own component. What `openzeppelin-stylus` 0.3.0 does not have, or answers otherwise than
//! OpenZeppelin's Solidity does, is written here; each module says what and why. The rules are those of OpenZeppelin
//! Contracts 5.7 (`ERC20`, `ERC20Permit`, `ERC20Votes`) to the order of checks, and the differential tests hold them to it.
//!
//! | module | concern |
//! |---|---|
//! | [`abi`] | the interface, documented: start here |
//! | [`setup`] | the constructor: names, clock, first holders |
//! | [`token`] | ERC-20: balances, transfers, allowances |
//! | [`votes`] | ERC-5805: delegation, moving votes, past votes |
//! | [`signed`] | ERC-2612 permit and delegation by signature, ERC-5267 domain |
//! | [`clock`] | ERC-6372 |
//! | [`words`], [`storage`] | what is stored, packed, and all reads and writes of it |
//! | [`keys`] | the slots of the contract's own maps |
#![cfg_attr(not(any(test, feature = "export-abi")), no_main)]
// The SDK's entrypoint makes a public function without a word on it; nothing else here is public.
#![allow(missing_docs)]

extern crate alloc;

mod abi;
mod clock;
mod keys;
mod setup;
mod signed;
mod storage;
mod token;
mod votes;
mod words;

pub use storage::VotingToken;
