//! Every component on the chain: a program made of all of them, and a Solidity twin made of OpenZeppelin's. Each call is
//! made on both in one transaction and must be answered alike, in return data, revert data and events.

// Values are named as the Solidity fields that they fill.
#![allow(non_snake_case)]

mod managed;
mod manager;
mod merkle;
mod nonces;
mod passkeys;
mod reentrance;
mod roles;
mod signers;
mod strangers;
mod trace;
mod twins;
mod upgrades;
