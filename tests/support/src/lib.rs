//! What the tests share.

pub mod chain;
pub mod dao;
pub mod declared;
pub mod deploy;
pub mod differential;
/// The ABI as the specification has it: values, their encodings, and ways to damage those. The ABI layer's own tests use it too.
#[allow(missing_docs, unreachable_pub)]
#[path = "../../../crates/abi/tests/support/mod.rs"]
pub mod encodings;
pub mod fidelity;
pub mod lookups;
pub mod npm;
pub mod peers;
pub mod raw_program;
pub mod typed_data;
