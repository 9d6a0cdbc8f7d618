//! The data pointer registry on a chain, as deployed, behind a proxy, with a real consent under a real access manager:
//! each function with its return, its event and each of its refusals, and what attackers would try.

// Values are named as the Solidity fields that they fill.
#![allow(non_snake_case)]

mod access;
mod asking;
mod attacks;
mod batches;
mod broken;
mod custody;
mod declining;
mod erasing;
mod gas;
mod hostile;
mod layout;
mod limits;
mod lists;
mod malformed;
mod many;
mod marketplace;
mod passkeys;
mod pointers;
mod refusing;
mod right;
mod schemas;
mod settings;
mod setup;
mod signed;
mod signing;
mod trees;
mod upgrades;
mod walk;
mod world;
