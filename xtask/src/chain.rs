//! The commands of `cargo xtask` that drive a chain.

fn main() {}
