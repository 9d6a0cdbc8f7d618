//! What tests and measurements share: a chain and accounts, DAOs, programs and OpenZeppelin's peers, the differential
//! machine and the replay of recordings.

use std::path::Path;

pub mod actor;
pub mod answer;
pub mod authority;
pub mod calls;
pub mod chain;
pub mod cost;
pub mod dao;
pub mod declared;
pub mod deploy;
pub mod differential;
mod driven;
pub mod fidelity;
pub mod front;
pub mod gas_table;
pub mod layout;
pub mod lookups;
pub mod merkle;
pub mod npm;
pub mod passkey;
pub mod peers;
pub mod process;
pub mod raw_program;
pub mod records;
pub mod safes;
pub mod scale_table;
pub mod slots;
pub mod twins;
pub mod typed_data;
pub mod walk;
pub mod wild_token;
pub mod wire;

/// The repository's folder.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).expect("crates/harness is in the repository")
}
