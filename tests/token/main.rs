//! The voting token on a chain, as deployed: each function with its return, its event and each of its refusals, and the
//! same calls on OpenZeppelin's Solidity token beside it.

mod clock;
mod create;
mod erc20;
mod malformed;
#[path = "../../contracts/voting-token/src/rules.rs"]
mod rules;
mod setup;
mod signed;
mod twins;
mod votes;
mod walk;
