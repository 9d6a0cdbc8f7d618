//! ArbOS as contracts and owners meet it: what the recordings of a Nitro node cannot show, since its time stands still.

mod common;
#[path = "common/wallet.rs"]
mod wallet;

#[path = "arbos/chain.rs"]
mod chain;
#[path = "arbos/fragments.rs"]
mod fragments;
#[path = "arbos/owner.rs"]
mod owner;
#[path = "arbos/prices.rs"]
mod prices;
#[path = "arbos/program_cache.rs"]
mod program_cache;
#[path = "arbos/programs.rs"]
mod programs;
#[path = "arbos/tables.rs"]
mod tables;
