//! ArbOS as contracts and owners meet it: what the recordings of a Nitro node cannot show, since its time stands still.

mod chain;
mod corners;
mod fees;
mod fragments;
mod owner;
mod prices;
mod program_cache;
mod programs;
mod recent;
mod resources;
mod tables;
mod upgrade;
