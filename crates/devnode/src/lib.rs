//! An embedded Arbitrum Nitro chain with Stylus.

pub mod evm;
pub mod stylus;
