//! The vault (`deploy/vault/Vault.sol`): while the programs live its owner alone has a say, and if one of them can never
//! run again, the heir gets what is there.

// Values are named as the Solidity fields that they fill.
#![allow(non_snake_case)]

mod dao;
mod death;
mod escape;
mod gas;
mod life;
mod receiving;
mod retired;
mod settings;
mod setup;
mod starved;
mod voided;
mod walk;
