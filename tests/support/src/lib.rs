//! What the tests share.

pub mod fidelity;
pub mod peers;
