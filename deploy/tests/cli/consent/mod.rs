//! `consilium consent`: offline, on a chain, and in front of a node that lies.

mod asking;
mod documents;
mod logs;
mod relaying;
pub(crate) mod scene;
mod signing;
mod wallets;
