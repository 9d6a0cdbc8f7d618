//! What the tests share.

pub mod chain;
pub mod deploy;
pub mod fidelity;
pub mod peers;
