//! Host calls: what a program can ask of the machine, and what it pays for it.
//!
//! Prices and their order are Nitro's (arbitrator/wasm-libraries/user-host-trait, arbutil/src/{pricing.rs,evm}).
//! A program can hand over any pointer and any length: what does not lie in its memory ends it as a trap does, and
//! nothing is allocated for a length that was not checked.

mod account;
mod calls;
mod debug;
mod env;
pub(crate) mod imports;
mod info;
mod io;
mod math;
mod prices;
mod record;
mod storage;

pub(crate) use env::{Env, Escape, Frame, Handles};
