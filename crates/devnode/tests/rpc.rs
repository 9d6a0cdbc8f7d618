//! The node as a client sees it.

mod common;
#[path = "common/wallet.rs"]
mod wallet;

#[path = "rpc/access_list.rs"]
mod access_list;
#[path = "rpc/bad_input.rs"]
mod bad_input;
#[path = "rpc/clients.rs"]
mod clients;
#[path = "rpc/fill.rs"]
mod fill;
#[path = "rpc/hardhat/mod.rs"]
mod hardhat;
#[path = "rpc/history.rs"]
mod history;
#[path = "rpc/inside.rs"]
mod inside;
#[path = "rpc/lagging.rs"]
mod lagging;
#[path = "rpc/logs.rs"]
mod logs;
#[path = "rpc/members.rs"]
mod members;
#[path = "rpc/neighbours.rs"]
mod neighbours;
#[path = "rpc/sending.rs"]
mod sending;
#[path = "rpc/socket.rs"]
mod socket;
#[path = "rpc/spelling.rs"]
mod spelling;
#[path = "rpc/start.rs"]
mod start;
#[path = "rpc/time.rs"]
mod time;
#[path = "rpc/transports.rs"]
mod transports;
#[path = "rpc/ws.rs"]
mod ws;
