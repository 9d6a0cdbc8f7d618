//! An embedded Arbitrum Nitro chain with Stylus: no Docker, starts in milliseconds, runs the very bytes that are deployed.
//!
//! ```no_run
//! let node = devnode::DevNode::spawn()?;
//! println!("{}", node.http_url());
//! # Ok::<(), eyre::Report>(())
//! ```
//!
//! Its layers, each of which imports only those before it (`tests/layers.rs`): [`trace`] receives what happens,
//! [`state`] what is stored, [`evm`] what an EVM does, [`stylus`] what a Stylus program sees, [`arbos`] what ArbOS adds
//! (activation, prices, precompiles), [`chain`] the blocks, and the rest the JSON-RPC server.

mod accounts;
pub mod arbos;
pub mod chain;
mod development;
pub mod evm;
mod genesis;
mod node;
mod rpc;
pub mod state;
pub mod stylus;
pub mod trace;
mod version;

pub use development::{CHAIN_ID, DEV_ACCOUNT, DEV_KEY, MNEMONIC};
pub use node::{DevNode, DevNodeBuilder};
pub use stylus::ProgramCounts;
pub use version::{ArbosVersion, UnknownVersion};
