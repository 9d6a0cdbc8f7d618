//! The access manager on a chain, as deployed, and OpenZeppelin's AccessManager on the same chain: every transition,
//! refusal and event, and every answer the same on both.

// Values are named as the Solidity fields that they fill.
#![allow(non_snake_case)]

mod cancel;
mod consume;
mod create;
mod delays;
mod ended;
mod execute;
mod faults;
mod gas;
mod hostile;
mod itself;
mod malformed;
mod multicall;
mod own;
mod roles;
mod schedule;
mod setup;
mod table;
mod targets;
mod twins;
mod walk;
