//! The governor on a chain, as deployed, and OpenZeppelin's: the same calls on both in the same transaction, each
//! answer compared byte for byte, and what the answer must be said by each test.

mod at_once;
mod ballots;
mod calls;
mod cancelling;
mod clocks;
mod early;
mod fickle;
mod layout;
mod life;
mod lookups;
mod malformed;
mod modes;
mod proposals;
mod proposing;
mod settings;
mod setup;
mod twins;
mod votes;
