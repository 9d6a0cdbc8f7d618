//! `consilium consent`: offline, on a chain, and in front of a node that lies.

mod asking;
mod documents;
mod logs;
mod relaying;
mod scene;
mod signing;
mod wallets;
