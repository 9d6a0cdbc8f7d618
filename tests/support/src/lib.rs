//! What the tests share.

pub mod fidelity;
