//! An embedded Arbitrum Nitro chain with Stylus.

pub mod arbos;
pub mod evm;
pub mod stylus;
