//! The voting token on a chain, as deployed: each function with its return, its event and each of its refusals. Each call is
//! also made on OpenZeppelin's token in the same transaction, and must be answered alike.

mod clock;
mod create;
mod erc20;
mod layout;
mod lookups;
mod low_gas;
mod malformed;
mod setup;
mod signed;
mod votes;
