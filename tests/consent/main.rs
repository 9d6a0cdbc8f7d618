//! The consent on a chain, as deployed, behind a proxy: each function with its return, its event and each of its refusals,
//! and what attackers would try.

// Values are named as the Solidity fields that they fill.
#![allow(non_snake_case)]

mod answers;
mod attacks;
mod authorities;
mod emergency;
mod forged;
mod gas;
mod gateway;
mod layout;
mod limits;
mod lists;
mod log;
mod malformed;
mod members;
mod passkeys;
mod policy;
mod provisions;
mod question;
mod recovery;
mod representatives;
mod revoking;
mod roles;
mod scale;
mod setup;
mod signed;
mod signing;
mod upgrades;
mod vectors;
mod walk;
mod wallets;
mod world;
