//! Mandates on a chain, as deployed, behind a proxy, under a real access manager: each function with its return, its
//! events and each of its refusals; tokens and recipients that misbehave; a holder that is a Safe; random steps beside a
//! model of the rules.

// Values are named as the Solidity fields that they fill.
#![allow(non_snake_case)]

mod allowances;
mod delays;
mod gas;
mod layout;
mod mandates;
mod money;
mod reports;
mod safes;
mod setup;
mod upgrades;
mod walk;
mod wild;
mod world;

use world::number;
