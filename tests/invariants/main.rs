//! The rules that hold whatever happens, on a whole DAO as it is deployed. Random walks over all that people can do are made
//! once in a run of this binary, and recorded: before and after each step every view, and what the events alone tell. Each
//! test is one rule, asked of every step. `docs/invariants.md` lists them, with where they come from.

mod access;
mod actions;
mod book;
mod cast;
mod content;
mod errand;
mod events;
mod governor;
mod ledger;
mod nonces;
mod settings;
mod timelock;
mod trace;
mod view;
mod votes;
mod world;
