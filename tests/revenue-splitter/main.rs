//! The revenue splitter on a chain, as deployed, behind a proxy, under a real access manager: each function with its
//! return, its events and each of its refusals; tokens that misbehave; OpenZeppelin's splitter and Uniswap's rules of
//! claims on the same chain.

// Values are named as the Solidity fields that they fill.
#![allow(non_snake_case)]

mod attacks;
mod beside;
mod book;
mod claims;
mod epochs;
mod faults;
mod gas;
mod layout;
mod licences;
mod limits;
mod losses;
mod malformed;
mod many;
mod model;
mod payments;
mod releases;
mod setup;
mod signed;
mod tables;
mod upgrades;
mod walk;
mod wild;
mod world;

use world::number;
