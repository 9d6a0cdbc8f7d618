//! The node as a client sees it.

mod access_list;
mod bad_input;
mod clients;
mod fill;
mod hardhat;
mod history;
mod inside;
mod lagging;
mod logs;
mod members;
mod neighbours;
mod nests;
mod node_interface;
mod places;
mod precompiles;
mod prestate;
mod proof;
mod raw;
mod sending;
mod simulate;
mod socket;
mod spelling;
mod start;
mod steps;
mod time;
mod transports;
