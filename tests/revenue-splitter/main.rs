//! The revenue splitter on a chain, as deployed, behind a proxy, under a real access manager: each function with its
//! return, its events and each of its refusals; tokens that misbehave; OpenZeppelin's splitter and Uniswap's rules of
//! claims on the same chain.

// Values are named as the Solidity fields that they fill.
#![allow(non_snake_case)]

mod claims;
mod epochs;
mod gas;
mod losses;
mod payments;
mod releases;
mod setup;
mod tables;
mod wild;
mod world;

use world::number;
