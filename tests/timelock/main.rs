//! The timelock on a chain, as deployed, and OpenZeppelin's TimelockController: every transition, refusal and
//! event, and every answer the same on both.

// Values are named as the Solidity fields that they fill.
#![allow(non_snake_case)]

mod batch;
mod cancel;
mod create;
mod delay;
mod execute;
mod gas;
mod layout;
mod low_gas;
mod malformed;
mod receive;
mod reentry;
mod roles;
mod schedule;
mod setup;
mod twins;
