//! The Safe on a chain, as deployed, beside Safe 1.4.1 itself on the same chain, each behind Safe's own proxy: every
//! answer, every refusal, every event and every slot the same on both.

// Values are named as the Solidity fields that they fill.
#![allow(non_snake_case)]

mod accessors;
mod attacks;
mod execute;
mod fallback;
mod gas;
mod guard;
mod handler;
mod helpers;
mod low_gas;
mod malformed;
mod modules;
mod owners;
mod reasons;
mod refund;
mod setup;
mod signatures;
mod singleton;
mod stipend;
mod transaction;
mod twins;
mod version;
mod walk;
