//! Clients that send exactly what they are told to, byte by byte, and an account that signs for them.
//!
//! They panic where a node breaks its protocol: what tests look at is what a node says within it.

mod client;
mod socket;
mod wallet;

pub use client::{Answer, Client, number};
pub use socket::{Received, Socket};
pub use wallet::Wallet;
