//! The node as a client sees it.

mod common;
#[path = "common/wallet.rs"]
mod wallet;

#[path = "rpc/bad_input.rs"]
mod bad_input;
#[path = "rpc/clients.rs"]
mod clients;
#[path = "rpc/history.rs"]
mod history;
#[path = "rpc/inside.rs"]
mod inside;
#[path = "rpc/logs.rs"]
mod logs;
#[path = "rpc/sending.rs"]
mod sending;
#[path = "rpc/socket.rs"]
mod socket;
#[path = "rpc/start.rs"]
mod start;
#[path = "rpc/time.rs"]
mod time;
