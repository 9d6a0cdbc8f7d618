//! The voting token: ERC-20 with permit, delegated votes with a history, and a clock chosen at deployment.
//!
//! What OpenZeppelin ships for Stylus is taken from OpenZeppelin: balances and supply (`Erc20`), nonces (`Nonces`) and
//! typed-data hashing (`eip712`). What `openzeppelin-stylus` 0.3.0 does not have, or answers otherwise than
//! OpenZeppelin's Solidity does, stands here; each module says what and why. The rules are those of OpenZeppelin
//! Contracts 5.7 (`ERC20`, `ERC20Permit`, `ERC20Votes`) to the order of checks, and the differential tests hold them to it.
//!
//! | module | concern |
//! |---|---|
//! | [`abi`] | the interface, documented: start here |
//! | [`create`] | the constructor: names, clock, first holders |
//! | [`token`] | ERC-20: balances, transfers, allowances |
//! | [`votes`] | ERC-5805: delegation, moving votes, past votes |
//! | [`signed`] | ERC-2612 permit and delegation by signature, ERC-5267 domain |
//! | [`clock`] | ERC-6372 |
//! | [`storage`] | seats and checkpoints: what is packed where |
//! | [`keys`] | the slots of the contract's own maps |
//! | [`rules`] | pure functions of the above, with property tests |
#![cfg_attr(not(any(test, feature = "export-abi")), no_main)]
// The SDK's entrypoint makes a public function without a word on it; nothing else here is public.
#![allow(missing_docs)]

extern crate alloc;

mod abi;
mod clock;
mod create;
mod keys;
mod rules;
mod signed;
mod storage;
mod token;
mod votes;

use consilium_abi::entrypoint;
use openzeppelin_stylus::{token::erc20::Erc20, utils::nonces::Nonces};
use stylus_sdk::{
    prelude::*,
    storage::{StorageMap, StorageU256},
};

use keys::{Allowance, At, Trace};
use storage::Text;

/// The token's state. Nothing in it can be changed but by the functions of [`abi`]: there is no owner.
#[entrypoint]
#[storage]
pub struct VotingToken {
    /// Balances and supply. Its own allowances stay empty: see [`token`].
    erc20: Erc20,
    /// One nonce an account, for permits and delegations alike.
    nonces: Nonces,
    /// What a spender may still move.
    allowances: StorageMap<Allowance, StorageU256>,
    /// A packed [`rules::Seat`] of each account, and of the supply: see [`storage`].
    seats: StorageMap<Trace, StorageU256>,
    /// Packed [`rules::Checkpoint`]s: see [`storage`].
    checkpoints: StorageMap<At, StorageU256>,
    name: Text,
    symbol: Text,
}
